import type { Clock } from './clock.ts';
import type { TargetCounters } from '../../target.ts';

/** Counts requests, bytes and the time in which at least one answer was waited for. */
export class Meter {
  readonly #clock: Clock;
  #requests = 0;
  #writes = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #waitedMs = 0;
  #open = 0;
  #since = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The counts as of now, waits that still run included. Bytes are those of bodies. */
  get counters(): TargetCounters {
    return {
      requests: this.#requests,
      writes: this.#writes,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      waitedMs: this.#waitedMs + (this.#open > 0 ? this.#clock.now() - this.#since : 0),
    };
  }

  /** A request leaves. */
  sent(bytes: number, options: { readonly write: boolean }): void {
    this.#requests += 1;
    this.#bytesSent += bytes;
    if (options.write) this.#writes += 1;
  }

  /** A body came in. */
  received(bytes: number): void {
    this.#bytesReceived += bytes;
  }

  /** Runs `work` as waiting time; what overlaps is counted once. */
  async waiting<T>(work: () => Promise<T>): Promise<T> {
    if (this.#open === 0) this.#since = this.#clock.now();
    this.#open += 1;
    try {
      return await work();
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#waitedMs += this.#clock.now() - this.#since;
    }
  }
}
