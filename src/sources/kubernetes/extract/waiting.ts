import type { OwnerKey } from '../model.ts';
import type { Plot } from './address-space.ts';
import type { Claimer } from './slots.ts';
import { KeyedHeap } from './keyed-heap.ts';
import { compareAge } from './slots.ts';

/** Who waits for an address of which plot; the oldest is served first. */
export class Waiting {
  readonly #queues = new Map<Plot, KeyedHeap<Claimer>>();

  /** Starts to wait for whichever of these plots has something first. */
  add(claimer: Claimer, plots: readonly Plot[]): void {
    for (const plot of plots) this.#queue(plot).add(claimer.key, claimer);
  }

  /** Stops to wait. */
  remove(key: OwnerKey, plots: readonly Plot[]): void {
    for (const plot of plots) this.#queue(plot).delete(key);
  }

  /** The oldest that waits for a plot. */
  first(plot: Plot): Claimer | undefined {
    return this.#queue(plot).first();
  }

  #queue(plot: Plot): KeyedHeap<Claimer> {
    const known = this.#queues.get(plot);
    if (known !== undefined) return known;
    const queue = new KeyedHeap<Claimer>(compareAge);
    this.#queues.set(plot, queue);
    return queue;
  }
}
