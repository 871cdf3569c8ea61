/** Something to be done at a time; `cancel` before that undoes it. */
export interface Scheduled {
  cancel(): void;
}

/** The clock of the configuration. */
export interface PlaneClock {
  /** Milliseconds since some moment in the past. */
  now(): number;
  after(delay: number, run: () => void): Scheduled;
  /** Milliseconds of a second of the configuration. */
  readonly msPerSecond: number;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;
}

const COMPACT_FROM = 1024;

/**
 * All that the data plane does later (probes, deadlines, idle time-outs) hangs on this one timer: a heap of
 * deadlines, and a single timeout for the earliest. Thousands of virtual servers cost no timer of their own.
 */
export class Scheduler {
  readonly #heap: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Infinity;
  #order = 0;
  #closed = false;
  #cancelled = 0;

  /** Milliseconds since some moment in the past; never runs backwards. */
  now(): number {
    return performance.now();
  }

  /** Runs `run` in `delay` ms. Nothing runs after {@link close}. */
  after(delay: number, run: () => void): Scheduled {
    const entry: Entry = { at: this.now() + Math.max(0, delay), order: this.#order++, run };
    if (!this.#closed) {
      this.#push(entry);
      this.#arm();
    }
    return { cancel: () => this.#cancel(entry) };
  }

  /** Cancelled entries stay until due, unless they become the most of the heap (many short connections). */
  #cancel(entry: Entry): void {
    if (entry.run === undefined) return;
    entry.run = undefined;
    this.#cancelled += 1;
    if (this.#cancelled < COMPACT_FROM || this.#cancelled * 2 < this.#heap.length) return;
    const live = this.#heap.filter((one) => one.run !== undefined).sort((a, b) => a.at - b.at || a.order - b.order);
    this.#heap.length = 0;
    for (const one of live) this.#heap.push(one);
    this.#cancelled = 0;
  }

  /** Drops everything. */
  close(): void {
    this.#closed = true;
    this.#heap.length = 0;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    const next = this.#heap[0];
    if (next === undefined || next.at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = next.at;
    this.#timer = setTimeout(() => this.#fire(), Math.min(2 ** 30, Math.max(0, next.at - this.now())));
  }

  #fire(): void {
    this.#timerAt = Infinity;
    for (let next = this.#heap[0]; next !== undefined && next.at <= this.now(); next = this.#heap[0]) {
      this.#pop();
      const { run } = next;
      if (run === undefined) this.#cancelled -= 1;
      next.run = undefined;
      run?.();
    }
    if (!this.#closed) this.#arm();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfLater(parent, at)) return;
      at = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const child = this.#later(left, left + 1) ? left + 1 : left;
      if (!this.#swapIfLater(at, child)) return;
      at = child;
    }
  }

  /** Whether the entry at `a` is due after the one at `b` (both must exist). */
  #later(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return false;
    return one.at > other.at || (one.at === other.at && one.order > other.order);
  }

  #swapIfLater(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined || !this.#later(a, b)) return false;
    this.#heap[a] = other;
    this.#heap[b] = one;
    return true;
  }
}
