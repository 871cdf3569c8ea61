import type { CellFault, CellValue, Row, Table } from '../tables/row.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { foldName } from '../tables/row.ts';
import { SqlProblem } from './problem.ts';
import type { SqlResult } from './rows.ts';
import type { SqlValue } from './values.ts';

/** How a result becomes a table. */
export interface TableNames {
  /** What places call it: `query of inventory`. */
  readonly file: string;
  /** The columns that tell one row from the others; none: rows are counted. */
  readonly key: readonly string[];
}

/**
 * The table of a result. Rows with a key are told by it and stand in its order, for a database gives them in any.
 * Throws {@link SqlProblem} if columns have the same name, or one of the key is missing.
 */
export function tableOf({ columns, rows }: SqlResult, { file, key }: TableNames): Table {
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined)
    throw new SqlProblem(
      `gives two columns ${JSON.stringify(twice)}, expected each once (give one another name, with AS)`,
    );
  const keys = key.map((name) => keyColumn(name, columns));
  const table = rows.map((values, index): Row => {
    const name = keys.map((at) => `${columns[at]}=${keyText(values[at])}`).join(' ');
    return rowOf(columns, values, { file, ...(name === '' ? { row: index + 1 } : { key: name }) });
  });
  if (keys.length > 0) table.sort((a, b) => ORDER.compare(a.place.key ?? '', b.place.key ?? ''));
  return { place: { file }, columns, rows: table };
}

function keyColumn(name: string, columns: readonly string[]): number {
  const at = columns.findIndex((column) => foldName(column) === foldName(name));
  if (at >= 0) return at;
  const meant = nearest(name, columns);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new SqlProblem(
    `gives no column ${JSON.stringify(name)}, which key names; there are ${columns.join(', ')}${hint}`,
  );
}

function keyText(value: SqlValue | undefined): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'string' ? value : `(${value.found})`;
}

/** `id=9` stands before `id=10`. One for all: making one costs far more than comparing. */
const ORDER = new Intl.Collator('en', { numeric: true });

function rowOf(columns: readonly string[], found: readonly SqlValue[], place: Row['place']): Row {
  const values = new Map<string, CellValue>();
  const faults = new Map<string, CellFault>();
  for (const [index, column] of columns.entries()) {
    const value = found[index] ?? null;
    if (value === null || typeof value === 'string') values.set(column, value);
    else faults.set(column, value);
  }
  return { place, values, ...(faults.size === 0 ? {} : { faults }) };
}
