import type { MappedRow, RowProblem } from './mapping.ts';
import type { BrokenRow, Table } from './row.ts';
import type { TableSourceOptions } from './table-source.ts';
import { mapTable } from './mapping.ts';
import { namelessProblems } from './services.ts';

/** What stands under one key. */
export interface BookEntry {
  readonly columns: readonly string[];
  /** Rows by the names of their services. */
  readonly rows: ReadonlyMap<string, readonly MappedRow[]>;
  /** How many rows there are, those of no service among them. */
  readonly size: number;
  /** Problems of rows that are of no service. */
  readonly problems: readonly RowProblem[];
  /** It may say something of any service. */
  readonly doubt: boolean;
  /** What it last said when all of it could be read. */
  readonly good: Readable;
}

interface Readable {
  readonly columns: readonly string[];
  readonly rows: readonly MappedRow[];
}

/** Nothing stands there. */
export const NO_ENTRY: BookEntry = {
  columns: [],
  rows: new Map(),
  size: 0,
  problems: [],
  doubt: false,
  good: { columns: [], rows: [] },
};

/**
 * Reads what a key holds. Of what cannot be read, what the key said before holds: its services stay as they are, and are
 * told why. Without that, as much of it as is known all the same.
 */
export function readEntry(table: Table, options: TableSourceOptions, before: BookEntry | undefined): BookEntry {
  const { read } = mapTable(options, table.columns, table.place);
  const now: Readable = { columns: table.columns, rows: table.rows.flatMap((row) => read(row) ?? []) };
  const { broken = [] } = table;
  if (broken.length === 0) return entryOf(now, { good: now, lost: [], options });
  if (options.badRows === 'skip') return entryOf(now, { good: now, lost: broken, options });
  const good = before?.good ?? { columns: [], rows: [] };
  if (good.rows.length === 0) {
    const guessed = broken.flatMap((row) => guess(row, options));
    const nobodys = broken.filter((row) => guess(row, options).length === 0);
    return entryOf({ ...now, rows: [...now.rows, ...guessed] }, { good, lost: nobodys, options });
  }
  const names = new Set(good.rows.map(({ fields }) => fields.service));
  const others = now.rows.filter(({ fields }) => !names.has(fields.service));
  return entryOf(
    { columns: good.columns, rows: [...spoil(good.rows, broken), ...others] },
    { good, lost: [], options },
  );
}

function entryOf(
  { columns, rows }: Readable,
  about: { readonly good: Readable; readonly lost: readonly BrokenRow[]; readonly options: TableSourceOptions },
): BookEntry {
  const byName = new Map<string, MappedRow[]>();
  const problems: RowProblem[] = about.lost.map(({ place, text }) => ({ place, text }));
  for (const row of rows) {
    const name = row.fields.service;
    if (name === undefined) problems.push(...namelessProblems(row));
    else byName.set(name, [...(byName.get(name) ?? []), row]);
  }
  const doubt = problems.length > 0 && about.options.badRows !== 'skip';
  return { columns, rows: byName, size: rows.length, problems, doubt, good: about.good };
}

/** The first row of each service says what is wrong. */
function spoil(rows: readonly MappedRow[], broken: readonly BrokenRow[]): readonly MappedRow[] {
  const told = new Set<string | undefined>();
  return rows.map((row) => {
    if (told.has(row.fields.service)) return row;
    told.add(row.fields.service);
    return { ...row, problems: [...row.problems, ...broken.map(({ place, text }) => ({ place, text }))] };
  });
}

/** A row of which the service is known and nothing else; none if not even that is. */
function guess({ place, text, values = new Map() }: BrokenRow, options: TableSourceOptions): readonly MappedRow[] {
  const row = mapTable(options, [...values.keys()], place).read({ place, values });
  const service = row?.fields.service;
  if (row === undefined || service === undefined) return [];
  return [{ ...row, fields: { service }, problems: [{ place, text }], lost: true }];
}
