import type { CellKey, Contribution } from '../../desired/contribution.ts';
import type { Said } from '../../desired/provenance.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { OriginKey } from '../../ir/origin.ts';
import type { BookEntry } from './book-entry.ts';
import type { MappedRow, RowProblem } from './mapping.ts';
import type { Place, Table } from './row.ts';
import type { TableService, TableServices } from './services.ts';
import type { TableSourceOptions } from './table-source.ts';
import { equalValues } from '../../ir/equal.ts';
import { Relation } from '../../plan/relation.ts';
import { NO_ENTRY, readEntry } from './book-entry.ts';
import { placesOf, servicesByOrigin } from './explain.ts';
import { extractService, rowDiagnostic } from './extract.ts';
import { mapTable } from './mapping.ts';
import { gatherServices } from './services.ts';

/**
 * Rows that stand under keys (of a store, of containers), put together to services. A change of a key costs what the
 * services that it names cost, whatever else there is. What is refused (nothing left, a column that is nowhere) is noted and
 * not acted on: what the book gave before holds.
 */
export class EntryBook {
  readonly #options: TableSourceOptions;
  readonly #place: Place;
  readonly #entries = new Map<string, BookEntry>();
  /** How many entries have a column. */
  readonly #columns = new Map<string, number>();
  /** The keys whose rows name a service. */
  readonly #keysOf = new Relation<string, string>();
  readonly #groups = new Map<string, TableServices>();
  readonly #cells = new Map<CellKey, Contribution>();
  readonly #cellsOf = new Map<string, readonly CellKey[]>();
  /** Keys and services with problems of nobody, or in doubt. */
  readonly #troubledKeys = new Set<string>();
  readonly #troubledNames = new Set<string>();
  /** Names whose services are not what the cells say yet. */
  readonly #waiting = new Set<string>();
  /** Names whose cells were last given while a row was nobody's. */
  readonly #partial = new Set<string>();
  /** Made when they are asked for. */
  #services: ReadonlyMap<OriginKey, TableService> | undefined;
  #rows = 0;
  #refusals: readonly RowProblem[] = [];
  #extractions = 0;

  /** @param place what holds the keys, for messages. */
  constructor(options: TableSourceOptions, place: Place) {
    this.#options = options;
    this.#place = place;
    this.#refusals = this.#objections();
  }

  /** Cells extracted since the start. */
  get extractions(): number {
    return this.#extractions;
  }

  /** False while nobody can say that what is missing is gone. */
  get complete(): boolean {
    return this.#refusals.length === 0 && !this.#doubt;
  }

  get contributions(): Iterable<Contribution> {
    return this.#cells.values();
  }

  keys(): MapIterator<string> {
    return this.#entries.keys();
  }

  contribution(cell: CellKey): Contribution | undefined {
    return this.#cells.get(cell);
  }

  /** Where the rows say the fields of what a contribution gives. */
  explain({ origin, objects }: Contribution): Said {
    this.#services ??= servicesByOrigin(this.#groups.values(), this.#options);
    const service = this.#services.get(origin);
    return service === undefined ? new Map() : placesOf(service, objects);
  }

  /** Problems of the whole, and of rows that are of no service. */
  get diagnostics(): readonly Diagnostic[] {
    const { source } = this.#options;
    const refusals = this.#refusals.map((problem) => ({ ...rowDiagnostic(problem, source), code: 'table-refused' }));
    const keys = [...this.#troubledKeys].sort().flatMap((key) => this.#entries.get(key)?.problems ?? []);
    const names = [...this.#troubledNames].sort().flatMap((name) => this.#problemsOf(name));
    return [...refusals, ...[...keys, ...names].map((problem) => rowDiagnostic(problem, source))];
  }

  /** Takes what stands under these keys now; undefined: nothing any more. Gives the cells that say something new. */
  change(changes: ReadonlyMap<string, Table | undefined>): ReadonlySet<CellKey> {
    const dirty = new Set<string>();
    for (const [key, table] of changes) for (const name of this.#put(key, table)) dirty.add(name);
    for (const name of dirty) this.#gather(name);
    this.#refusals = this.#objections();
    return this.#refusals.length === 0 ? this.#publish() : new Set();
  }

  /** Gives the names of the services that have to be put together anew. */
  #put(key: string, table: Table | undefined): ReadonlySet<string> {
    const known = this.#entries.get(key);
    const before = known ?? NO_ENTRY;
    const after = table === undefined ? NO_ENTRY : readEntry(table, this.#options, known);
    for (const column of before.columns) this.#count(column, -1);
    for (const column of after.columns) this.#count(column, 1);
    this.#rows += after.size - before.size;
    if (table === undefined) this.#entries.delete(key);
    else this.#entries.set(key, after);
    if (after.problems.length > 0) this.#troubledKeys.add(key);
    else this.#troubledKeys.delete(key);
    const names = new Set([...before.rows.keys(), ...after.rows.keys()]);
    for (const name of names) {
      if (equalValues(before.rows.get(name), after.rows.get(name))) names.delete(name);
      else if (after.rows.has(name)) this.#keysOf.add(name, key);
      else this.#keysOf.remove(name, key);
    }
    return names;
  }

  #count(column: string, by: number): void {
    const count = (this.#columns.get(column) ?? 0) + by;
    if (count === 0) this.#columns.delete(column);
    else this.#columns.set(column, count);
  }

  #gather(name: string): void {
    const rows: MappedRow[] = [];
    for (const key of [...this.#keysOf.of(name)].sort()) rows.push(...(this.#entries.get(key)?.rows.get(name) ?? []));
    const group = gatherServices(rows, this.#options);
    this.#services = undefined;
    if (rows.length === 0) this.#groups.delete(name);
    else this.#groups.set(name, group);
    if (group.doubt || group.problems.length > 0) this.#troubledNames.add(name);
    else this.#troubledNames.delete(name);
    this.#waiting.add(name);
  }

  get #doubt(): boolean {
    return this.#nameless || [...this.#troubledNames].some((name) => this.#groups.get(name)?.doubt);
  }

  /** A row stands under some key of which nobody can tell whose it is. */
  get #nameless(): boolean {
    return [...this.#troubledKeys].some((key) => this.#entries.get(key)?.doubt);
  }

  /** Why nothing is taken. */
  #objections(): readonly RowProblem[] {
    const { allowEmpty, badRows } = this.#options;
    const place = this.#place;
    if (this.#rows === 0) {
      return allowEmpty ? [] : [{ place, text: 'has no rows, expected at least one (or allowEmpty)' }];
    }
    const { problems } = mapTable(this.#options, [...this.#columns.keys()].sort(), place);
    if (problems.length > 0 || badRows !== 'refuse' || !this.#doubt) return problems;
    return [{ place, text: 'has rows that cannot be used, so nothing is taken (badRows: refuse)' }];
  }

  #publish(): ReadonlySet<CellKey> {
    const changed = new Set<CellKey>();
    const doubt = this.#doubt;
    const nameless = this.#nameless;
    if (!nameless) for (const name of this.#partial) this.#waiting.add(name);
    if (!nameless) this.#partial.clear();
    for (const name of this.#waiting) {
      const services = this.#groups.get(name)?.services.values() ?? [];
      // What did not change since all could be read lacks nothing.
      if (nameless) this.#partial.add(name);
      const now = [...services].flatMap((service) => extractService(service, this.#options, nameless));
      this.#extractions += now.length;
      for (const contribution of now) {
        if (equalValues(this.#cells.get(contribution.cell), contribution)) continue;
        this.#cells.set(contribution.cell, contribution);
        changed.add(contribution.cell);
      }
      const there = new Set(now.map(({ cell }) => cell));
      const gone = (this.#cellsOf.get(name) ?? []).filter((cell) => !there.has(cell));
      // What went while something is in doubt stays.
      if (doubt && gone.length > 0) {
        this.#cellsOf.set(name, [...there, ...gone]);
        continue;
      }
      for (const cell of gone) {
        this.#cells.delete(cell);
        changed.add(cell);
      }
      if (there.size === 0) this.#cellsOf.delete(name);
      else this.#cellsOf.set(name, [...there]);
      this.#waiting.delete(name);
    }
    return changed;
  }

  /** Refused, the problems of services stand in no contribution. */
  #problemsOf(name: string): readonly RowProblem[] {
    const group = this.#groups.get(name);
    if (group === undefined) return [];
    const own = this.#options.badRows === 'refuse' ? [...group.services.values()] : [];
    return [...group.problems, ...own.flatMap(({ problems }) => problems)];
  }
}
