/** How many lines that are the same are shown around those that differ. */
const AROUND = 2;

/** Whether a value is one of several lines, of which a change is shown line by line. */
export function isMultiLine(...texts: readonly (string | undefined)[]): boolean {
  return texts.some((text) => text?.includes('\n') === true);
}

/**
 * What differs between two texts of several lines, as diff shows it: `-` and `+` before what goes and comes, a blank before a
 * few lines around, `...` for all others. Undefined stands for no text at all.
 */
export function linesOfChange(from: string | undefined, to: string | undefined): readonly string[] {
  const [before, after] = [linesOf(from), linesOf(to)];
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const first = Math.max(0, head - AROUND);
  const last = Math.min(tail, AROUND);
  return [
    ...(first > 0 ? ['...'] : []),
    ...before.slice(first, head).map((line) => `  ${line}`),
    ...before.slice(head, before.length - tail).map((line) => `- ${line}`),
    ...after.slice(head, after.length - tail).map((line) => `+ ${line}`),
    ...after.slice(after.length - tail, after.length - tail + last).map((line) => `  ${line}`),
    ...(last < tail ? ['...'] : []),
  ];
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split('\n');
}
