import type { CellKey, Contribution } from '../desired/contribution.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Network } from '../ir/network.ts';
import type { WantedReach } from '../plan/reach.ts';
import type { Target } from '../targets/target.ts';
import { missingRoutes } from '../plan/reach.ts';

/** What cells want to be reached, and what the device's routing table had when it was read last. Only reads. */
export class ReachBook {
  readonly #wanted = new Map<CellKey, readonly WantedReach[]>();
  #routes: readonly Network[] | undefined;
  #unread: Diagnostic | undefined;

  /** What a cell wants now; a frozen one wants what it wanted. */
  take({ cell, origin, reaches = [], frozen }: Contribution): void {
    if (frozen === true) return;
    if (reaches.length === 0) this.#wanted.delete(cell);
    else
      this.#wanted.set(
        cell,
        reaches.map((reach) => ({ ...reach, origin })),
      );
  }

  drop(cell: CellKey): void {
    this.#wanted.delete(cell);
  }

  /** Reads the routing table, if anybody wants to be reached. One that cannot be read is a finding, and stops nothing. */
  async read(target: Pick<Target, 'name' | 'routes'>, signal: AbortSignal): Promise<void> {
    this.#routes = undefined;
    this.#unread = undefined;
    if (this.#wanted.size === 0) return;
    try {
      this.#routes = await target.routes?.({ signal });
    } catch (error) {
      signal.throwIfAborted();
      const said = error instanceof Error ? error.message : String(error);
      const summary = `${target.name}: its routing table cannot be read, so nobody knows whether pods are reached: ${said}`;
      this.#unread = { code: 'routes-unread', severity: 'warning', summary };
    }
  }

  /** Who is not reached, as far as was read. */
  get problems(): readonly Diagnostic[] {
    if (this.#unread !== undefined) return [this.#unread];
    return this.#routes === undefined ? [] : missingRoutes([...this.#wanted.values()].flat(), this.#routes);
  }

  /** How many networks are wanted. */
  get size(): number {
    return [...this.#wanted.values()].flat().length;
  }
}
