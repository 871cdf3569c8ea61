import type { IpRange } from './ip-range.ts';
import { compareValues, joinRanges } from './ip-range.ts';
import { KeyedHeap } from './keyed-heap.ts';

/**
 * Finds the lowest free address of some ranges of one family without listing them: addresses from the frontier on were
 * never given, those below it that came back wait in a heap. Who has what is known elsewhere (`isTaken`).
 */
export class FreeAddresses {
  /** How many addresses there are, taken ones among them. */
  readonly size: bigint;
  readonly #ranges: readonly IpRange[];
  readonly #isTaken: (value: bigint) => boolean;
  readonly #returned = new KeyedHeap<bigint>(compareValues);
  #range = 0;
  #frontier: bigint;

  constructor(ranges: readonly IpRange[], isTaken: (value: bigint) => boolean) {
    this.#ranges = joinRanges(ranges);
    this.#isTaken = isTaken;
    this.#frontier = this.#ranges[0]?.low ?? 0n;
    this.size = this.#ranges.reduce((sum, { low, high }) => sum + high - low + 1n, 0n);
  }

  /** Whether an address is in one of the ranges. O(log ranges). */
  contains(value: bigint): boolean {
    let [from, to] = [0, this.#ranges.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const range = this.#ranges[middle];
      if (range === undefined || value < range.low) to = middle;
      else if (value > range.high) from = middle + 1;
      else return true;
    }
    return false;
  }

  /** The lowest address that is not taken; undefined: all are. The same until it is taken. Amortised O(log n). */
  lowest(): bigint | undefined {
    for (let first = this.#returned.first(); first !== undefined; first = this.#returned.first()) {
      if (!this.#isTaken(first)) return first;
      this.#returned.delete(String(first));
    }
    for (let range = this.#ranges[this.#range]; range !== undefined; range = this.#nextRange()) {
      while (this.#frontier <= range.high) {
        if (!this.#isTaken(this.#frontier)) return this.#frontier;
        this.#frontier += 1n;
      }
    }
    return undefined;
  }

  /** An address is free again. */
  giveBack(value: bigint): void {
    if (value < this.#frontier && this.contains(value)) this.#returned.add(String(value), value);
  }

  #nextRange(): IpRange | undefined {
    if (this.#range >= this.#ranges.length) return undefined;
    this.#range += 1;
    const next = this.#ranges[this.#range];
    if (next !== undefined) this.#frontier = next.low;
    return next;
  }
}
