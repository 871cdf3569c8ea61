/** Below this, the last column goes to lines of its own. */
const NARROWEST = 32;
const OWN_LINE = '      ';

/**
 * Rows as columns, two spaces apart, the last one ragged. Widths count characters; ANSI codes must come after.
 * With a `width` (that of a terminal), the last column is broken between words so that lines fit; where there is too
 * little room beside the others, what does not fit stands below them, indented.
 */
export function table(rows: readonly (readonly string[])[], width = Number.POSITIVE_INFINITY): string {
  const last = Math.max(0, ...rows.map((row) => row.length)) - 1;
  const widths = columnWidths(rows);
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + 2, 0);
  const longest = before + (widths[last] ?? 0);
  const layout = { widths, last, before, width };
  if (longest <= width) return rows.map((row) => `${rowText(row, widths)}\n`).join('');
  const print = width - before < NARROWEST ? below : beside;
  return rows.map((row) => print(row, layout)).join('');
}

interface Layout {
  readonly widths: readonly number[];
  readonly last: number;
  /** Characters before the last column. */
  readonly before: number;
  readonly width: number;
}

function columnWidths(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, text] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, text.length);
  }
  return widths;
}

function rowText(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((text, column) => text.padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd();
}

function beside(row: readonly string[], { widths, last, before, width }: Layout): string {
  const [first = '', ...more] = wrap(row[last] ?? '', width - before);
  const head = rowText([...row.slice(0, last), first], widths);
  return [head, ...more.map((line) => `${' '.repeat(before)}${line}`)].map((line) => `${line}\n`).join('');
}

function below(row: readonly string[], { widths, last, width }: Layout): string {
  const whole = rowText(row, widths);
  if (whole.length <= width) return `${whole}\n`;
  const own = row.slice(last).flatMap((text) => wrap(text, width - OWN_LINE.length));
  const lines = own.map((line) => `${OWN_LINE}${line}`.trimEnd());
  return [rowText(row.slice(0, last), widths), ...lines].map((line) => `${line}\n`).join('');
}

/** Breaks a text between words. A word that is longer than a line stays whole: addresses and paths are copied. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
