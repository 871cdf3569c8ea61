/**
 * A priority queue whose items can be taken back by key. Adding and taking the first cost O(log n), taking back O(1):
 * what was taken back stays in the heap until it comes up or until it is the greater part.
 */
export class KeyedHeap<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #live = new Map<string, { readonly key: string; readonly item: T }>();
  #heap: { readonly key: string; readonly item: T }[] = [];

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  /** Items that are in it. */
  get size(): number {
    return this.#live.size;
  }

  /** Adds an item; one of the same key is replaced. */
  add(key: string, item: T): void {
    const entry = { key, item };
    this.#live.set(key, entry);
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    if (this.#heap.length > 2 * this.#live.size + 16) this.#compact();
  }

  /** Takes an item back. */
  delete(key: string): void {
    this.#live.delete(key);
  }

  /** The first item, which stays. */
  first(): T | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (this.#live.get(top.key) === top) return top.item;
      this.#drop();
    }
    return undefined;
  }

  #compact(): void {
    this.#heap = [...this.#live.values()].sort((a, b) => this.#compare(a.item, b.item));
  }

  #drop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const least = this.#before(left + 1, left) ? left + 1 : left;
      if (!this.#before(least, index)) return;
      this.#swap(least, index);
      index = least;
    }
  }

  #before(a: number, b: number): boolean {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    return first !== undefined && second !== undefined && this.#compare(first.item, second.item) < 0;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
