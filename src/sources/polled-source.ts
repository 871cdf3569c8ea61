import type { CellKey, Contribution } from '../desired/contribution.ts';
import type { Said } from '../desired/provenance.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { equalValues } from '../ir/equal.ts';
import type { Source, SourceCounters, SourceResult } from './source.ts';

/** What stands behind a source that is always read whole. */
export interface Poller {
  /**
   * All of it. Rejects only if the signal aborts: what cannot be read makes it incomplete. The very result of the last time
   * says that nothing changed.
   */
  read(signal: AbortSignal): Promise<SourceResult>;
  /** Calls back when something may have changed, until the signal aborts. Left out: it cannot be followed. */
  follow?(signal: AbortSignal, onChange: () => void): Promise<void>;
  /** Where the fields of what it contributes are said. */
  explain?(contribution: Contribution): Said;
  /** Lets go of connections and files. */
  close?(): Promise<void>;
}

type WatchOptions = Parameters<NonNullable<Source['watch']>>[0];

/**
 * A source that is read whole whenever something may have changed: what differs is named cell by cell. While it is
 * incomplete, a cell that is gone stays as it was.
 */
export class PolledSource implements Source {
  readonly name: string;
  readonly #poller: Poller;
  #cells = new Map<CellKey, Contribution>();
  #diagnostics: readonly Diagnostic[] = [];
  #complete = false;
  #extractions = 0;
  #last: SourceResult | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(name: string, poller: Poller) {
    this.name = name;
    this.#poller = poller;
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
    let waiting = false;
    const look = async (): Promise<void> => {
      // One look that has not begun sees whatever happened until it does: a file that is renamed rings several times.
      if (waiting) return;
      waiting = true;
      await this.#turn;
      waiting = false;
      const before = { cells: this.#cells, complete: this.#complete };
      await this.#refresh(signal);
      if (signal.aborted) return;
      for (const diagnostic of this.#diagnostics) if (!told.has(diagnostic.summary)) onProblem?.(diagnostic);
      told = new Set(this.#diagnostics.map(({ summary }) => summary));
      const changed = changedCells(before.cells, this.#cells);
      if (changed.length > 0 || before.complete !== this.#complete) onChange(changed);
    };
    await this.#poller.follow?.(signal, () => void look());
    await this.#turn;
  }

  extract(cells: Iterable<CellKey>): readonly Contribution[] {
    const found = [...cells].flatMap((cell) => this.#cells.get(cell) ?? []);
    this.#extractions += found.length;
    return found;
  }

  explain(contribution: Contribution): Said {
    return this.#poller.explain?.(contribution) ?? new Map();
  }

  async close(): Promise<void> {
    await this.#poller.close?.();
  }

  /** One at a time: a read may come while changes are followed. */
  #refresh(signal: AbortSignal): Promise<void> {
    const next = this.#turn.then(async () => {
      if (signal.aborted) return;
      const found = await this.#poller.read(signal).catch((error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      });
      if (found !== undefined && found !== this.#last) this.#take(found);
      this.#last = found;
    });
    this.#turn = next.catch(() => undefined);
    return next;
  }

  #take({ contributions, complete, diagnostics }: SourceResult): void {
    const cells = new Map<CellKey, Contribution>();
    for (const contribution of contributions) {
      const before = this.#cells.get(contribution.cell);
      this.#extractions += 1;
      cells.set(contribution.cell, before !== undefined && equalValues(before, contribution) ? before : contribution);
    }
    // A cell that went while something is in doubt stays.
    if (!complete) for (const [cell, before] of this.#cells) if (!cells.has(cell)) cells.set(cell, before);
    this.#cells = cells;
    this.#complete = complete;
    this.#diagnostics = diagnostics;
  }
}

function changedCells(
  before: ReadonlyMap<CellKey, Contribution>,
  after: ReadonlyMap<CellKey, Contribution>,
): readonly CellKey[] {
  const changed = [...after].filter(([cell, contribution]) => before.get(cell) !== contribution).map(([cell]) => cell);
  return [...changed, ...[...before.keys()].filter((cell) => !after.has(cell))];
}
