/** The distance between the ordinals of rules that are numbered anew, so that later ones find room between them. */
const STEP = 1000;

/** Rules as the device has them. */
export interface Ordered {
  readonly names: readonly string[];
  /** Of each, ascending; left out or too few: they are not known. */
  readonly ordinals: readonly number[];
}

/**
 * The ordinals of rules in their new order, ascending. As many as possible keep theirs (the longest run that is in
 * order already), the others go between them; if there is no room, all are numbered anew.
 */
export function placeBetween(before: Ordered, names: readonly string[]): readonly number[] {
  const known = new Map(before.names.map((name, index) => [name, before.ordinals[index]]));
  const kept = longestRise(names.map((name) => known.get(name)));
  const result: number[] = [];
  let low = 0;
  for (let at = 0; at < names.length;) {
    const own = kept[at];
    const next = own === undefined ? kept.findIndex((ordinal, index) => index > at && ordinal !== undefined) : at;
    const end = next < 0 ? names.length : next;
    const count = end - at;
    const anchor = kept[end];
    const step = anchor === undefined ? STEP : Math.floor((anchor - low) / (count + 1));
    if (count > 0 && step < 1) return names.map((_, index) => (index + 1) * STEP);
    for (let index = 1; index <= count; index += 1) result.push(low + step * index);
    if (anchor !== undefined) {
      result.push(anchor);
      low = anchor;
    }
    at = end + 1;
  }
  return result;
}

/** The same list with only those left that make up the longest strictly rising run, which need not be adjacent. */
function longestRise(values: readonly (number | undefined)[]): readonly (number | undefined)[] {
  /** Of runs of each length, where the one with the lowest end ends. */
  const ends: number[] = [];
  /** The values there. */
  const tails: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [index, value] of values.entries()) {
    if (value === undefined) continue;
    const length = lengthBelow(tails, value);
    tails[length] = value;
    previous[index] = ends[length - 1];
    ends[length] = index;
  }
  const kept: (number | undefined)[] = values.map(() => undefined);
  for (let index = ends.at(-1); index !== undefined; index = previous[index]) kept[index] = values[index];
  return kept;
}

/** How many of the runs end below a value: a binary search, as the values at their ends rise. */
function lengthBelow(tails: readonly number[], value: number): number {
  let [low, high] = [0, tails.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const tail = tails[middle];
    if (tail !== undefined && tail < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
