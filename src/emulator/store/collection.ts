import type { ConfigObject } from './object.ts';

function byPath(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** The objects of one kind (and parent), found by full path, listed by partition and name. Sorting is done when asked. */
export class Collection {
  readonly #objects = new Map<string, ConfigObject>();
  readonly #partitions = new Map<string, Set<string>>();
  readonly #sorted = new Map<string, readonly string[]>();

  get size(): number {
    return this.#objects.size;
  }

  get(fullPath: string): ConfigObject | undefined {
    return this.#objects.get(fullPath);
  }

  put(object: ConfigObject): void {
    if (!this.#objects.has(object.fullPath)) {
      const partition = object.partition ?? '';
      let paths = this.#partitions.get(partition);
      if (paths === undefined) {
        paths = new Set();
        this.#partitions.set(partition, paths);
      }
      paths.add(object.fullPath);
      this.#sorted.delete(partition);
    }
    this.#objects.set(object.fullPath, object);
  }

  remove(object: ConfigObject): void {
    const partition = object.partition ?? '';
    const paths = this.#partitions.get(partition);
    this.#objects.delete(object.fullPath);
    paths?.delete(object.fullPath);
    this.#sorted.delete(partition);
    if (paths?.size === 0) {
      this.#partitions.delete(partition);
    }
  }

  #pathsOf(partition: string): readonly string[] {
    const known = this.#sorted.get(partition);
    if (known !== undefined) {
      return known;
    }
    const sorted = [...(this.#partitions.get(partition) ?? [])].sort(byPath);
    this.#sorted.set(partition, sorted);
    return sorted;
  }

  #objectsAt(paths: readonly string[]): readonly ConfigObject[] {
    return paths.map((path) => this.#objects.get(path)).filter((object) => object !== undefined);
  }

  /**
   * Of the partitions that are wanted, in the order in which the device lists them: how many objects there are, and
   * those from `skip` up to `end`. Costs what it gives, once the names of a partition are in order.
   */
  slice(
    wanted: (partition: string) => boolean,
    skip: number,
    end: number,
  ): { readonly items: readonly ConfigObject[]; readonly total: number } {
    const parts: (readonly ConfigObject[])[] = [];
    let total = 0;
    for (const partition of [...this.#partitions.keys()].filter(wanted).sort(byPath)) {
      const size = this.#partitions.get(partition)?.size ?? 0;
      if (skip < total + size && end > total) {
        const paths = this.#pathsOf(partition).slice(Math.max(0, skip - total), end - total);
        parts.push(this.#objectsAt(paths));
      }
      total += size;
    }
    return { items: parts.flat(), total };
  }

  /** All objects, or those of one partition, in the order in which the device lists them. */
  *list(partition?: string): Generator<ConfigObject> {
    const partitions = partition === undefined ? [...this.#partitions.keys()].sort(byPath) : [partition];
    for (const each of partitions) {
      for (const path of this.#pathsOf(each)) {
        const object = this.#objects.get(path);
        if (object !== undefined) {
          yield object;
        }
      }
    }
  }
}
