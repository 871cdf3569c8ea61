import type { Contribution } from '../../desired/contribution.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { equalValues } from '../../ir/equal.ts';
import { PolledSource } from '../polled-source.ts';
import type { SourceResult } from '../source.ts';
import type { TableOptions } from './extract.ts';
import type { MappedRow, MappingOptions, RowProblem } from './mapping.ts';
import type { Table } from './row.ts';
import type { BadRows, TableService } from './services.ts';
import type { OriginKey } from '../../ir/origin.ts';
import type { Said } from '../../desired/provenance.ts';
import { placesOf, servicesByOrigin } from './explain.ts';
import { extractService, rowDiagnostic } from './extract.ts';
import { mapTable } from './mapping.ts';
import { printPlace } from './row.ts';
import { gatherServices } from './services.ts';

/** What a reader found. */
export interface TablesRead {
  readonly tables: readonly Table[];
  /** What could not be read; then nothing is deleted, and what was read of it before holds. */
  readonly failed: readonly FailedTable[];
  /** Beside failures. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** A table that could not be read. */
export interface FailedTable {
  /** As in the place of its table: the file, the query or the URL. */
  readonly file: string;
  readonly diagnostic: Diagnostic;
}

/** Where tables come from: files, a query, a URL. */
export interface TableReader {
  /** All tables. Never rejects but when the signal aborts: what cannot be read is `failed`. */
  read(signal: AbortSignal): Promise<TablesRead>;
  /** Calls back when something may have changed, until the signal aborts. Left out: it cannot be followed. */
  follow?(signal: AbortSignal, onChange: () => void): Promise<void>;
  /** Lets go of connections and files. */
  close?(): Promise<void>;
}

/** What a table source is made with. */
export interface TableSourceOptions extends TableOptions, MappingOptions {
  readonly badRows: BadRows;
  /** A table without rows is meant so. Otherwise it is taken for a mistake, and nothing is deleted. */
  readonly allowEmpty: boolean;
}

/** Tables as a source: rows are put together to services, services become cells. */
export class TableSource extends PolledSource {
  constructor(reader: TableReader, options: TableSourceOptions) {
    const rows = new RowKeeper(options);
    super(options.source, {
      read: async (signal) => rows.take(await reader.read(signal)),
      follow: async (signal, onChange) => reader.follow?.(signal, onChange),
      close: async () => reader.close?.(),
      explain: (contribution) => rows.explain(contribution),
    });
  }
}

/** Keeps the rows of tables, so that what was good before holds as long as nobody knows better. */
class RowKeeper {
  readonly #options: TableSourceOptions;
  /** The rows of every table as it was last good, by its place. */
  readonly #rows = new Map<string, readonly MappedRow[]>();
  /** Made when they are asked for. */
  #services: ReadonlyMap<OriginKey, TableService> | undefined;
  /** What was made last, and of what. */
  #last: { readonly of: TablesRead; readonly result: SourceResult } | undefined;

  constructor(options: TableSourceOptions) {
    this.#options = options;
  }

  /** Services are put together once more for it: what is asked for by people alone is not kept. */
  explain({ origin, objects }: Contribution): Said {
    this.#services ??= servicesByOrigin(
      [gatherServices([...this.#rows.values()].flat(), this.#options)],
      this.#options,
    );
    const service = this.#services.get(origin);
    return service === undefined ? new Map() : placesOf(service, objects);
  }

  /** The very result of the last time where nothing changed: tables are looked at again and again. */
  take(read: TablesRead): SourceResult {
    if (this.#last === undefined || !isSame(this.#last.of, read)) this.#last = { of: read, result: this.#make(read) };
    return this.#last.result;
  }

  #make({ tables, failed, diagnostics = [] }: TablesRead): SourceResult {
    const told: Diagnostic[] = [...diagnostics, ...failed.map(({ diagnostic }) => diagnostic)];
    const doubtful = new Set(failed.map(({ file }) => file));
    const accepted = new Map<string, readonly MappedRow[]>();
    for (const table of tables) {
      const rows = this.#rowsOf(table, told);
      if (rows === undefined) doubtful.add(table.place.file);
      else accepted.set(printPlace(table.place), rows);
    }
    // What was good before holds as long as nobody knows better.
    let unknown = false;
    for (const file of doubtful) {
      const before = [...this.#rows].filter(([key]) => isOf(key, file) && !accepted.has(key));
      unknown ||= before.length === 0;
      for (const [key, rows] of before) accepted.set(key, rows);
    }
    this.#services = undefined;
    this.#rows.clear();
    for (const [key, rows] of accepted) this.#rows.set(key, rows);
    const broken = this.#options.badRows !== 'skip' && tables.some((table) => (table.broken ?? []).length > 0);
    return this.#extract({ told, isWhole: doubtful.size === 0 && !broken, unknown: unknown || broken });
  }

  /** The rows of a table; undefined: it cannot be used. */
  #rowsOf(table: Table, told: Diagnostic[]): readonly MappedRow[] | undefined {
    const { allowEmpty, badRows, source } = this.#options;
    const mapped = mapTable(this.#options, table.columns, table.place);
    const { read } = mapped;
    // A list without rows has no columns to name.
    const problems = table.columns.length === 0 && table.rows.length === 0 ? [] : mapped.problems;
    const rows = problems.length > 0 ? [] : table.rows.flatMap((row) => read(row) ?? []);
    const broken = table.broken ?? [];
    const found: RowProblem[] = [...problems, ...(badRows === 'refuse' ? broken.slice(0, NAMED) : [])];
    if (badRows !== 'refuse') told.push(...nobodysDiagnostics(broken, source));
    if (problems.length === 0 && rows.length === 0 && !allowEmpty) {
      found.push({ place: table.place, text: 'has no rows, expected at least one (or allowEmpty)' });
    }
    told.push(...found.map((problem) => ({ ...rowDiagnostic(problem, source), code: 'table-refused' })));
    return found.length > 0 ? undefined : rows;
  }

  #extract({
    told,
    isWhole,
    unknown,
  }: {
    readonly told: readonly Diagnostic[];
    readonly isWhole: boolean;
    readonly unknown: boolean;
  }): SourceResult {
    const { services, problems, doubt, nameless } = gatherServices([...this.#rows.values()].flat(), this.#options);
    // A table that nobody has seen yet, or a row of which nobody can tell whose it is, may be about any service.
    const isPartial = unknown || nameless;
    return {
      contributions: [...services.values()].flatMap((service) => extractService(service, this.#options, isPartial)),
      complete: isWhole && !doubt,
      diagnostics: [...told, ...nobodysDiagnostics(problems, this.#options.source)],
    };
  }
}

/** Whether two looks found the same. Tables are made anew only where something changed. */
function isSame(before: TablesRead, after: TablesRead): boolean {
  return (
    before.tables.length === after.tables.length &&
    before.tables.every((table, index) => table === after.tables[index]) &&
    equalValues(before.failed, after.failed) &&
    equalValues(before.diagnostics, after.diagnostics)
  );
}

/** Most rows of which nobody can tell whose they are that are named one by one. */
const NAMED = 20;

/** Problems of rows that are nobody's: a column that is wrong altogether is not told a hundred thousand times. */
function nobodysDiagnostics(problems: readonly RowProblem[], source: string): readonly Diagnostic[] {
  const named = problems.slice(0, NAMED).map((problem) => rowDiagnostic(problem, source));
  const [next] = problems.slice(NAMED);
  if (next === undefined) return named;
  const { file, sheet } = next.place;
  const place = { file, ...(sheet === undefined ? {} : { sheet }) };
  const text = `${problems.length - NAMED} more rows of which nobody can tell whose they are`;
  return [...named, rowDiagnostic({ place, text }, source)];
}

/** Whether a printed place is that of a table in this file. */
function isOf(key: string, file: string): boolean {
  return key === file || key.startsWith(`${file}, `);
}
