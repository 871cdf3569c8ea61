import type { ConfigObject } from './object.ts';

/** One index: key -> objects. A single object is kept without a set, which most keys have. */
export class IndexTable {
  readonly #entries = new Map<string, ConfigObject | Set<ConfigObject>>();

  add(key: string, object: ConfigObject): void {
    const known = this.#entries.get(key);
    if (known === undefined) {
      this.#entries.set(key, object);
    } else if (known instanceof Set) {
      known.add(object);
    } else {
      this.#entries.set(key, new Set([known, object]));
    }
  }

  remove(key: string, object: ConfigObject): void {
    const known = this.#entries.get(key);
    if (known === object) {
      this.#entries.delete(key);
    } else if (known instanceof Set) {
      known.delete(object);
      if (known.size === 0) {
        this.#entries.delete(key);
      }
    }
  }

  find(key: string): Iterable<ConfigObject> {
    const known = this.#entries.get(key);
    if (known === undefined) {
      return [];
    }
    return known instanceof Set ? known : [known];
  }
}
