interface Turns {
  readonly addresses: readonly string[];
  turn: number;
}

/** SNAT pools by full path, and whose turn it is. */
export class SnatPools {
  readonly #pools = new Map<string, Turns>();

  /** The addresses of a pool; undefined: it is gone. */
  set(fullPath: string, addresses: readonly string[] | undefined): void {
    if (addresses === undefined) this.#pools.delete(fullPath);
    else this.#pools.set(fullPath, { addresses, turn: 0 });
  }

  has(fullPath: string): boolean {
    return this.#pools.has(fullPath);
  }

  /** The next address of a pool; undefined if it has none. They take turns; the device takes the least used. */
  next(fullPath: string): string | undefined {
    const pool = this.#pools.get(fullPath);
    if (pool === undefined || pool.addresses.length === 0) return undefined;
    pool.turn = (pool.turn + 1) % pool.addresses.length;
    return pool.addresses[pool.turn];
  }
}
