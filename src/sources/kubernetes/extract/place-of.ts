/**
 * Where an item belongs, or is, in a list that is in order: the place of the first that does not come before it.
 * O(log n).
 */
export function placeOf<T>(list: readonly T[], item: T, compare: (a: T, b: T) => number): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = list[middle];
    if (other !== undefined && compare(other, item) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
