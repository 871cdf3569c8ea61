import type { Scheduled, Scheduler } from './scheduler.ts';

/** A client's connection or UDP flow through the data plane, as its surroundings see it. */
export interface Session {
  /** Ends both sides at once; a TCP peer sees a reset. */
  abort(): void;
}

/** What goes on with a member, as health monitoring sees it. */
export interface ServerSession extends Session {
  /** Lets go of both sides without a word: a peer that still sends something is reset then. */
  drop(): void;
  /** Leaves the member for another one, where that is possible. */
  reselect(): void;
}

/** Ends what has been silent for too long. `touch` costs nothing; the clock is looked at once a period. */
export class IdleWatch {
  readonly #scheduler: Scheduler;
  readonly #timeout: number;
  readonly #onIdle: () => void;
  #last: number;
  #check: Scheduled | undefined;

  /** `timeout` in ms; Infinity watches nothing. */
  constructor(scheduler: Scheduler, timeout: number, onIdle: () => void) {
    this.#scheduler = scheduler;
    this.#timeout = timeout;
    this.#onIdle = onIdle;
    this.#last = scheduler.now();
    if (Number.isFinite(timeout)) this.#arm(timeout);
  }

  /** Something moved. */
  touch(): void {
    this.#last = this.#scheduler.now();
  }

  stop(): void {
    this.#check?.cancel();
  }

  #arm(delay: number): void {
    this.#check = this.#scheduler.after(delay, () => {
      const left = this.#last + this.#timeout - this.#scheduler.now();
      if (left > 0) this.#arm(left);
      else this.#onIdle();
    });
  }
}
