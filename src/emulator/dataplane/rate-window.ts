/** Counts connections by the second, for `rateLimit`: each second begins anew (K: the device measures alike). */
export class RateWindow {
  #second = Number.NaN;
  #count = 0;

  /** Whether `limit` connections came in this second; 0 is no limit. `second` numbers it. */
  isFull(limit: number, second: number): boolean {
    return limit > 0 && this.#second === second && this.#count >= limit;
  }

  /** One more. */
  count(second: number): void {
    if (this.#second !== second) this.#count = 0;
    this.#second = second;
    this.#count += 1;
  }
}

/** Rate windows by what is counted together. What nothing came for in the running second is forgotten. */
export class RateTable {
  #second = Number.NaN;
  readonly #windows = new Map<string, RateWindow>();

  /** Counts a connection unless `limit` came in this second already; says whether it may pass. */
  take(key: string, limit: number, second: number): boolean {
    if (this.#second !== second) this.#windows.clear();
    this.#second = second;
    const window = this.#windows.get(key) ?? new RateWindow();
    this.#windows.set(key, window);
    if (window.isFull(limit, second)) return false;
    window.count(second);
    return true;
  }
}
