const EMPTY: ReadonlySet<never> = new Set<never>();

/**
 * Many-to-many, from the one side: key -> values. Most keys have one value, which is kept without a set: a node is
 * mostly behind one pool, and there may be a hundred thousand nodes.
 */
export class Relation<K, V extends string> {
  readonly #values = new Map<K, V | Set<V>>();

  /** The values of a key; empty if there is none. */
  of(key: K): ReadonlySet<V> {
    const values = this.#values.get(key);
    if (values === undefined) return EMPTY;
    return typeof values === 'string' ? new Set([values]) : values;
  }

  /** The keys that have a value. No order. */
  keys(): Iterable<K> {
    return this.#values.keys();
  }

  add(key: K, value: V): void {
    const values = this.#values.get(key);
    if (values === undefined) this.#values.set(key, value);
    else if (typeof values !== 'string') values.add(value);
    else if (values !== value) this.#values.set(key, new Set([values, value]));
  }

  remove(key: K, value: V): void {
    const values = this.#values.get(key);
    if (values === value) this.#values.delete(key);
    if (values === undefined || typeof values === 'string') return;
    values.delete(value);
    if (values.size === 0) this.#values.delete(key);
  }
}
