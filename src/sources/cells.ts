import type { CellKey, Contribution } from '../desired/contribution.ts';
import { Relation } from '../plan/relation.ts';

/** Reads what is known under a key, and remembers that this cell read it. `undefined`: nothing there (also remembered). */
export type Read = (key: string) => unknown;

/** Extracts one cell. Pure: everything it knows comes through `read`. Undefined: the cell does not exist (any more). */
export type Extract = (cell: CellKey, read: Read) => Contribution | undefined;

/**
 * Which cell read which key: a change of a key names the cells to run again, and no others. Holds no facts of its own:
 * `lookup` is the store. Two indexes (key -> cells, cell -> keys), both as large as what was read.
 */
export class CellIndex {
  readonly #lookup: (key: string) => unknown;
  readonly #extract: Extract;
  readonly #readers = new Relation<string, CellKey>();
  readonly #reads = new Map<CellKey, readonly string[]>();
  #extractions = 0;

  constructor(options: { readonly lookup: (key: string) => unknown; readonly extract: Extract }) {
    this.#lookup = options.lookup;
    this.#extract = options.extract;
  }

  /** Cells extracted since the start. */
  get extractions(): number {
    return this.#extractions;
  }

  /** The cells that read any of these keys when they last ran. */
  readersOf(keys: Iterable<string>): Set<CellKey> {
    const cells = new Set<CellKey>();
    for (const key of keys) for (const cell of this.#readers.of(key)) cells.add(cell);
    return cells;
  }

  /** Runs one cell and records anew what it read. A cell that gives nothing stays a reader: it may come back. */
  run(cell: CellKey): Contribution | undefined {
    const keys = new Set<string>();
    this.#extractions += 1;
    const contribution = this.#extract(cell, (key) => {
      keys.add(key);
      return this.#lookup(key);
    });
    this.#record(cell, keys);
    return contribution;
  }

  /** Forgets a cell and all that it read. */
  forget(cell: CellKey): void {
    this.#record(cell, new Set());
    this.#reads.delete(cell);
  }

  #record(cell: CellKey, keys: ReadonlySet<string>): void {
    for (const key of this.#reads.get(cell) ?? []) if (!keys.has(key)) this.#readers.remove(key, cell);
    for (const key of keys) this.#readers.add(key, cell);
    this.#reads.set(cell, [...keys]);
  }
}
