import type { MonitorConfig } from '../model.ts';

/** How an `adaptive` monitor judges the time that answers take; times in milliseconds. */
export type AdaptiveConfig = NonNullable<MonitorConfig['adaptive']>;

/** So many slow answers in a row are too many (device documentation of adaptive monitors). */
const MOST_SLOW = 3;

/** The times that the answers of one address took, and what they say of it. */
export class Latency {
  readonly #history: { readonly at: number; readonly ms: number }[] = [];
  #slow = 0;

  /**
   * Notes an answer that took `ms` at a moment, both in milliseconds. False when it was too slow, and so were those before
   * it: slower than the limit, or than the mean of the sampling time span by more than the allowed divergence.
   */
  accepts(ms: number, at: number, { divergence, isRelative, limitMs, timespanMs }: AdaptiveConfig): boolean {
    while ((this.#history[0]?.at ?? at) < at - timespanMs) this.#history.shift();
    const mean = this.#history.reduce((sum, one) => sum + one.ms, 0) / this.#history.length;
    const most = isRelative ? mean * (1 + divergence / 100) : mean + divergence;
    // Without a history there is no mean, and nothing diverges from it.
    const isSlow = ms > limitMs || ms > most;
    this.#history.push({ at, ms });
    this.#slow = isSlow ? this.#slow + 1 : 0;
    return this.#slow < MOST_SLOW;
  }
}
