import type { CellKey } from '../../desired/contribution.ts';
import { parseOrigin } from '../../ir/origin.ts';
import { NetworkBook } from './network-book.ts';

/** The pod networks of one device, that must not overlap. Each is told when the word of another changes its own. */
export class NetworkPeers {
  readonly book = new NetworkBook();
  readonly #members = new Map<string, (cells: ReadonlySet<CellKey>) => void>();

  /** Adds a source; gives its rank: the first one wins. `hear` is told of its cells that are to be worked out again. */
  join(source: string, hear: (cells: ReadonlySet<CellKey>) => void): number {
    this.#members.set(source, hear);
    return this.#members.size;
  }

  /** Tells the sources of these cells. */
  tell(cells: ReadonlySet<CellKey>): void {
    if (cells.size === 0) return;
    for (const [source, some] of Map.groupBy(cells, (cell) => parseOrigin(cell).source)) {
      this.#members.get(source)?.(new Set(some));
    }
  }
}
