import type { SyncEvent } from '../../sync/options.ts';
import type { TargetCounters } from '../../targets/target.ts';
import type { Lane } from '../assemble.ts';
import { runController } from '../../sync/controller.ts';

type Cycle = Extract<SyncEvent, { readonly type: 'cycle' }>;

const LONGEST_WAIT_MS = 15_000;

/** The continuous run on a lane, and what it tells. */
export class Follower {
  readonly #lane: Lane;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #cycles: Cycle[] = [];
  #waiting: (() => void) | undefined;
  /** Resolves when the first full pass is done. */
  readonly started: Promise<void>;

  constructor(lane: Lane) {
    this.#lane = lane;
    let begin = (): void => undefined;
    this.started = new Promise((resolve) => {
      begin = resolve;
    });
    const onEvent = (event: SyncEvent): void => {
      if (event.type !== 'cycle') return;
      if (event.reason === 'start') begin();
      else this.#cycles.push(event);
      this.#waiting?.();
    };
    this.#running = runController({ ...lane.options, signal: this.#stop.signal, idleMs: 2_000, onEvent });
  }

  get counters(): TargetCounters {
    return this.#lane.options.target.counters;
  }

  /** The next cycle that matches; those before it are dropped. */
  async next(what: string, matches: (cycle: Cycle) => boolean, signal: AbortSignal): Promise<Cycle> {
    const end = performance.now() + LONGEST_WAIT_MS;
    for (;;) {
      signal.throwIfAborted();
      const cycle = this.#cycles.shift();
      if (cycle !== undefined && matches(cycle)) return cycle;
      if (performance.now() > end) throw new Error(`${what}: waited ${LONGEST_WAIT_MS / 1000} s in vain`);
      if (this.#cycles.length === 0) await this.#nextEvent();
    }
  }

  /** Ends the run as a signal would: what was written is saved. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#lane.close();
  }

  #nextEvent(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 200);
      this.#waiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
