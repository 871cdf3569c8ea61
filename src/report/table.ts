/** Rows as columns, two spaces apart, the last one ragged. Widths count characters; ANSI codes must come after. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = new Map<number, number>();
  const widthOf = (column: number): number => widths.get(column) ?? 0;
  for (const row of rows) {
    for (const [column, text] of row.entries()) widths.set(column, Math.max(widthOf(column), text.length));
  }
  return rows.map((row) => `${rowText(row, widthOf)}\n`).join('');
}

function rowText(row: readonly string[], widthOf: (column: number) => number): string {
  return row
    .map((text, column) => text.padEnd(widthOf(column)))
    .join('  ')
    .trimEnd();
}
