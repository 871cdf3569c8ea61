/** Lets at most so many probes run at once; the others wait in their order. */
export class ProbeQueue {
  readonly #limit: number;
  readonly #waiting: { readonly signal: AbortSignal; readonly probe: () => Promise<void> }[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  /** Runs a probe, now or later; not at all if its signal is aborted before its turn. */
  run(signal: AbortSignal, probe: () => Promise<void>): void {
    this.#waiting.push({ signal, probe });
    this.#next();
  }

  #next(): void {
    while (this.#running < this.#limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      if (!next.signal.aborted) void this.#start(next.probe);
    }
  }

  async #start(probe: () => Promise<void>): Promise<void> {
    this.#running += 1;
    try {
      await probe();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }
}
