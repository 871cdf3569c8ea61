import type { CellKey, Contribution } from '../../desired/contribution.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Source, SourceCounters, SourceResult } from '../source.ts';
import type { TableOptions } from './extract.ts';
import type { MappedRow, Mapping, RowProblem } from './mapping.ts';
import type { Table } from './row.ts';
import type { BadRows, TableService } from './services.ts';
import { equalValues } from '../../ir/equal.ts';
import type { OriginKey } from '../../ir/origin.ts';
import type { Said } from '../../desired/provenance.ts';
import { placesOf } from './explain.ts';
import { extractService, originOfService, rowDiagnostic } from './extract.ts';
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
export interface TableSourceOptions extends TableOptions {
  readonly mapping: Mapping;
  readonly badRows: BadRows;
  /** A table without rows is meant so. Otherwise it is taken for a mistake, and nothing is deleted. */
  readonly allowEmpty: boolean;
}

type WatchOptions = Parameters<NonNullable<Source['watch']>>[0];

/** Tables as a source: rows are put together to services, services become cells. */
export class TableSource implements Source {
  readonly name: string;
  readonly #reader: TableReader;
  readonly #options: TableSourceOptions;
  /** The rows of every table as it was last good, by its place. */
  readonly #rows = new Map<string, readonly MappedRow[]>();
  #cells = new Map<CellKey, Contribution>();
  #diagnostics: readonly Diagnostic[] = [];
  #complete = false;
  #extractions = 0;
  #turn: Promise<unknown> = Promise.resolve();
  /** Made when they are asked for. */
  #services: ReadonlyMap<OriginKey, TableService> | undefined;

  constructor(reader: TableReader, options: TableSourceOptions) {
    this.name = options.source;
    this.#reader = reader;
    this.#options = options;
  }

  get counters(): SourceCounters {
    return { extractions: this.#extractions };
  }

  get complete(): boolean {
    return this.#complete;
  }

  async read({ signal }: Parameters<Source['read']>[0]): Promise<SourceResult> {
    await this.#refresh(signal);
    signal.throwIfAborted();
    return { contributions: [...this.#cells.values()], complete: this.#complete, diagnostics: this.#diagnostics };
  }

  async watch({ signal, onChange, onProblem }: WatchOptions): Promise<void> {
    let told = new Set(this.#diagnostics.map(({ summary }) => summary));
    const look = async (): Promise<void> => {
      const before = { cells: this.#cells, complete: this.#complete };
      await this.#refresh(signal);
      if (signal.aborted) return;
      for (const diagnostic of this.#diagnostics) if (!told.has(diagnostic.summary)) onProblem?.(diagnostic);
      told = new Set(this.#diagnostics.map(({ summary }) => summary));
      const changed = changedCells(before.cells, this.#cells);
      if (changed.length > 0 || before.complete !== this.#complete) onChange(changed);
    };
    await this.#reader.follow?.(signal, () => void look());
    await this.#turn;
  }

  extract(cells: Iterable<CellKey>): readonly Contribution[] {
    const given = [...cells].flatMap((cell) => this.#cells.get(cell) ?? []);
    this.#extractions += given.length;
    return given;
  }

  /** Services are put together once more for it: what is asked for by people alone is not kept. */
  explain({ origin, objects }: Contribution): Said {
    this.#services ??= servicesByOrigin(this.#rows, this.#options);
    const service = this.#services.get(origin);
    return service === undefined ? new Map() : placesOf(service, objects);
  }

  async close(): Promise<void> {
    await this.#reader.close?.();
  }

  /** One at a time: a read may come while changes are followed. */
  #refresh(signal: AbortSignal): Promise<void> {
    const next = this.#turn.then(async () => {
      if (signal.aborted) return;
      const found = await this.#reader.read(signal).catch((error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      });
      if (found !== undefined) this.#take(found);
    });
    this.#turn = next.catch(() => undefined);
    return next;
  }

  #take({ tables, failed, diagnostics = [] }: TablesRead): void {
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
    this.#extract({ told, isWhole: doubtful.size === 0 && !broken, unknown });
  }

  /** The rows of a table; undefined: it cannot be used. */
  #rowsOf(table: Table, told: Diagnostic[]): readonly MappedRow[] | undefined {
    const { mapping, allowEmpty, badRows, source } = this.#options;
    const { problems, read } = mapTable(mapping, table.columns, table.place);
    const rows = problems.length > 0 ? [] : table.rows.flatMap((row) => read(row) ?? []);
    const broken = table.broken ?? [];
    const found: RowProblem[] = [...problems, ...(badRows === 'refuse' ? broken : [])];
    if (badRows !== 'refuse') told.push(...broken.map((problem) => rowDiagnostic(problem, source)));
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
  }): void {
    const { services, problems, doubt } = gatherServices([...this.#rows.values()].flat(), this.#options);
    const cells = new Map<CellKey, Contribution>();
    for (const service of services.values()) {
      // A table that nobody has seen yet may hold more rows of any service.
      const known = unknown ? { ...service, frozen: true } : service;
      for (const contribution of extractService(known, this.#options)) {
        const before = this.#cells.get(contribution.cell);
        this.#extractions += 1;
        cells.set(contribution.cell, before !== undefined && equalValues(before, contribution) ? before : contribution);
      }
    }
    const complete = isWhole && !doubt;
    // A service that went while something is in doubt stays.
    if (!complete) for (const [cell, before] of this.#cells) if (!cells.has(cell)) cells.set(cell, before);
    this.#cells = cells;
    this.#complete = complete;
    this.#diagnostics = [...told, ...problems.map((problem) => rowDiagnostic(problem, this.#options.source))];
  }
}

/** Whether a printed place is that of a table in this file. */
function isOf(key: string, file: string): boolean {
  return key === file || key.startsWith(`${file}, `);
}

function changedCells(
  before: ReadonlyMap<CellKey, Contribution>,
  after: ReadonlyMap<CellKey, Contribution>,
): readonly CellKey[] {
  const changed = [...after].filter(([cell, contribution]) => before.get(cell) !== contribution).map(([cell]) => cell);
  return [...changed, ...[...before.keys()].filter((cell) => !after.has(cell))];
}

function servicesByOrigin(
  rows: ReadonlyMap<string, readonly MappedRow[]>,
  options: TableSourceOptions,
): ReadonlyMap<OriginKey, TableService> {
  const { services } = gatherServices([...rows.values()].flat(), options);
  return new Map([...services.values()].map((service) => [originOfService(service, options), service]));
}
