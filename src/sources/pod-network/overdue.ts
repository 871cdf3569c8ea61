import type { NodeRecord } from '../kubernetes/model.ts';

/** Time, as far as the grace of nodes needs it; tests bring their own. */
export interface GraceClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once, after so many milliseconds; gives what takes it back. */
  after(ms: number, call: () => void): () => void;
}

/** The clock of the machine. A timer of it does not keep the process alive. */
export const systemGraceClock: GraceClock = {
  now: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, Math.min(ms, 2 ** 31 - 1));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Which nodes have been NotReady for longer than they may be. What counts is the time that the Node itself names, so that
 * a restart neither begins anew nor forgets; one that names none counts from when it was seen.
 */
export class OverdueNodes {
  readonly #graceMs: number;
  readonly #clock: GraceClock;
  readonly #tell: (node: string) => void;
  readonly #overdue = new Set<string>();
  readonly #waits = new Map<string, { readonly since: string; readonly cancel: () => void }>();

  constructor(options: {
    readonly graceMs: number;
    readonly clock: GraceClock;
    readonly tell: (node: string) => void;
  }) {
    this.#graceMs = options.graceMs;
    this.#clock = options.clock;
    this.#tell = options.tell;
  }

  has(node: string): boolean {
    return this.#overdue.has(node);
  }

  /** Takes a node as it is now, or that it is gone. True: whether it is overdue changed. */
  update(name: string, node: NodeRecord | undefined): boolean {
    const since = node?.network?.notReadySince;
    const wait = this.#waits.get(name);
    if (wait !== undefined && wait.since === since) return false;
    wait?.cancel();
    this.#waits.delete(name);
    const before = this.#overdue.delete(name);
    if (since === undefined) return before;
    const began = Date.parse(since);
    const left = (Number.isNaN(began) ? this.#clock.now() : began) + this.#graceMs - this.#clock.now();
    if (left <= 0) this.#overdue.add(name);
    const cancel = left <= 0 ? () => undefined : this.#clock.after(left, () => this.#expire(name));
    this.#waits.set(name, { since, cancel });
    return before !== left <= 0;
  }

  close(): void {
    for (const { cancel } of this.#waits.values()) cancel();
    this.#waits.clear();
  }

  #expire(name: string): void {
    this.#overdue.add(name);
    this.#tell(name);
  }
}
