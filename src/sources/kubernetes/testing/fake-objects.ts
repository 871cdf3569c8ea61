/** An object as the API server keeps it. */
export interface FakeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly resourceVersion?: string;
    readonly uid?: string;
  };
  readonly [field: string]: unknown;
}

/** One change in the history. */
export interface FakeEvent {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: FakeObject;
  /** The object before; a selector may have matched it. */
  readonly before: FakeObject | undefined;
}

/** The objects of one resource with their history; all resources share one version counter. */
export class FakeCollection {
  readonly #objects = new Map<string, FakeObject>();
  readonly #clock: { version: number };
  #history: FakeEvent[] = [];
  #compacted = 0;
  readonly listeners = new Set<(event: FakeEvent) => void>();

  constructor(clock: { version: number }) {
    this.#clock = clock;
  }

  /** All objects, sorted by key. */
  get objects(): readonly FakeObject[] {
    return [...this.#objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  get(key: string): FakeObject | undefined {
    return this.#objects.get(key);
  }

  /** Creates or replaces. */
  put(given: FakeObject): FakeObject {
    const key = keyOf(given);
    const before = this.#objects.get(key);
    const version = this.#next();
    const uid = given.metadata.uid ?? before?.metadata.uid ?? `uid-${key}-${version}`;
    const object = { ...given, metadata: { ...given.metadata, uid, resourceVersion: String(version) } };
    this.#objects.set(key, object);
    this.#record({ version, type: before === undefined ? 'ADDED' : 'MODIFIED', object, before });
    return object;
  }

  remove(key: string): void {
    const before = this.#objects.get(key);
    if (before === undefined) return;
    const version = this.#next();
    this.#objects.delete(key);
    const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(version) } };
    this.#record({ version, type: 'DELETED', object, before });
  }

  /** What happened after a version; undefined: that is forgotten (410 Gone). */
  since(version: number): readonly FakeEvent[] | undefined {
    return version < this.#compacted ? undefined : this.#history.filter((event) => event.version > version);
  }

  /** Forgets the history: older watches get 410. */
  compact(): void {
    this.#compacted = this.#next();
    this.#history = [];
  }

  /** Forgets the history, and that there was one: a watch from a version that is yet to come is accepted. */
  forget(): void {
    this.#compacted = 0;
    this.#history = [];
  }

  #next(): number {
    this.#clock.version += 1;
    return this.#clock.version;
  }

  #record(event: FakeEvent): void {
    this.#history.push(event);
    for (const listener of this.listeners) listener(event);
  }
}

/** `namespace/name`, or `name`. */
export function keyOf({ metadata }: FakeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** True if an object is in the namespace and has the labels. */
export function matches(object: FakeObject, filter: { readonly namespace?: string; readonly labels: string }): boolean {
  if (filter.namespace !== undefined && object.metadata.namespace !== filter.namespace) return false;
  const pairs = filter.labels === '' ? [] : filter.labels.split(',').map((pair) => pair.split('='));
  return pairs.every(([name = '', value]) => object.metadata.labels?.[name] === value);
}
