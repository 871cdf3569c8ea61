import type { Clock } from './clock.ts';
import type { CellKey } from '../desired/contribution.ts';
import type { Source } from '../sources/source.ts';

/** Cells that wait to be extracted again. The same cell named twice is one: the last state wins. */
export class Inbox {
  #cells = new Map<Source, Set<CellKey>>();
  #wake: (() => void) | undefined;

  get size(): number {
    return this.#cells.size;
  }

  /** Without cells it wakes all the same: the source has something to say, such as that it is complete now. */
  put(source: Source, cells: Iterable<CellKey>): void {
    const known = this.#cells.get(source) ?? new Set<CellKey>();
    for (const cell of cells) known.add(cell);
    this.#cells.set(source, known);
    this.#wake?.();
  }

  /** All that waits, by source; the inbox is empty afterwards. */
  take(): ReadonlyMap<Source, ReadonlySet<CellKey>> {
    const cells = this.#cells;
    this.#cells = new Map();
    return cells;
  }

  /** Resolves when something is there, the time is over, or the signal aborts. */
  async wait(ms: number, { signal, clock }: { readonly signal: AbortSignal; readonly clock: Clock }): Promise<void> {
    if (this.size > 0 || signal.aborted) return;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await clock.sleep(ms, AbortSignal.any([signal, woken.signal]));
    this.#wake = undefined;
  }
}
