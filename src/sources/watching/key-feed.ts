import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { Backoff, pause } from './backoff.ts';
import { listThenWatch } from './list-then-watch.ts';

/** Keys and their values, as one list. */
export interface KeyList<V> {
  readonly items: ReadonlyMap<string, V>;
  /** Where a watch goes on, opaque. */
  readonly position: string;
}

/** Keys that changed; undefined: gone. */
export type KeyChanges<V> = ReadonlyMap<string, V | undefined>;

/** A store of keys that tells what changes in it. */
export interface KeyStore<V> {
  /** Reads all. Rejects if that fails. */
  list(signal: AbortSignal): Promise<KeyList<V>>;
  /** Changes since a position, as they come; ends or throws when the server ends it. `onOpen`: it stands. */
  watch(
    position: string,
    options: { readonly signal: AbortSignal; readonly onOpen: () => void },
  ): AsyncIterable<KeyChanges<V>>;
  close(): Promise<void>;
}

/** What a feed of keys tells of what it reads. */
export interface KeyHost<V> {
  /** Keys that changed, or all of them after a list, with those that are gone. */
  keysChanged(changes: KeyChanges<V>): void;
  /** The keys that are held. */
  knownKeys(): Iterable<string>;
  /** `complete` or `problems` of the feed may be different now. */
  stateChanged(): void;
}

/** Waits of a feed. */
export interface KeyFeedTiming {
  /** First wait after a failure; doubles with jitter. */
  readonly backoffMs: number;
  /** The longest wait after failures. */
  readonly backoffCapMs: number;
  /** How often the first read tries again after a failure before it gives an incomplete result. */
  readonly readRetries: number;
}

/** What a feed of keys is made of. */
export interface KeyFeedParts<V> {
  readonly store: KeyStore<V>;
  readonly host: KeyHost<V>;
  readonly timing: KeyFeedTiming;
  /** A failure as people are told; `routine`: nobody is told, a list follows. */
  readonly explain: (verb: 'list' | 'watch', error: unknown) => Diagnostic | 'routine';
}

/**
 * Keys as a store has them: a list, then a watch from there. Whatever ends a watch (a restart, a compaction, a server set
 * back to a backup), a list follows, so that no delete is missed; until it came to its end nothing counts as gone.
 */
export class KeyFeed<V> {
  /** Its keys are all known: a list names them. */
  readonly doubt = false;
  readonly #parts: KeyFeedParts<V>;
  readonly #backoff: Backoff;
  #position: string | undefined;
  #watching = false;
  #listing: Promise<void> | undefined;
  #current = false;
  #problem: Diagnostic | undefined;

  constructor(parts: KeyFeedParts<V>) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.timing.backoffMs, parts.timing.backoffCapMs);
  }

  /** False from the end of a watch to the end of the list after it. */
  get complete(): boolean {
    return this.#current;
  }

  /** What is wrong now. */
  get problems(): readonly Diagnostic[] {
    return this.#problem === undefined ? [] : [this.#problem];
  }

  /** Whether all was read. */
  ready(): boolean {
    return this.#current;
  }

  /** Reads all. Rejects only if the signal aborts. */
  async load(signal: AbortSignal): Promise<void> {
    // While a watch runs, what is held is as new as a list would be.
    if (this.#watching && this.#current) return;
    const { readRetries } = this.#parts.timing;
    for (let left = readRetries; !signal.aborted; left -= 1) {
      try {
        await this.#list(signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        // Whoever follows from here begins with a list.
        this.#position = undefined;
        this.#fail('list', error);
        if (left <= 0) return;
        await pause(this.#backoff.next(), signal);
      }
    }
  }

  /** Follows changes until the signal aborts, then returns. */
  async follow(signal: AbortSignal): Promise<void> {
    await listThenWatch(
      {
        canWatch: () => this.#position !== undefined,
        list: () => this.#list(signal),
        watch: () => this.#watch(signal),
        recover: (verb, error) => this.#recover(verb, error, signal),
      },
      signal,
    );
  }

  async close(): Promise<void> {
    await this.#parts.store.close();
  }

  /** One at a time: of two lists, the older must not be the last to be taken. */
  async #list(signal: AbortSignal): Promise<void> {
    while (this.#listing !== undefined) {
      await this.#listing.catch(() => undefined);
      signal.throwIfAborted();
      if (this.#current) return;
    }
    this.#listing = this.#takeList(signal);
    try {
      await this.#listing;
    } finally {
      this.#listing = undefined;
    }
  }

  async #takeList(signal: AbortSignal): Promise<void> {
    const { store, host } = this.#parts;
    const { items, position } = await store.list(signal);
    const changes = new Map<string, V | undefined>(items);
    for (const key of host.knownKeys()) if (!items.has(key)) changes.set(key, undefined);
    host.keysChanged(changes);
    this.#position = position;
    this.#setState(true, undefined);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const position = this.#position ?? '0';
    const onOpen = (): void => this.#backoff.reset();
    const { store, host } = this.#parts;
    this.#watching = true;
    try {
      for await (const changes of store.watch(position, { signal, onOpen })) host.keysChanged(changes);
    } finally {
      this.#watching = false;
    }
    if (!signal.aborted) throw new Error('the watch ended');
  }

  async #recover(verb: 'list' | 'watch', error: unknown, signal: AbortSignal): Promise<void> {
    // The next step is a list: a watch that broke may have missed something, or the server be another one now.
    this.#position = undefined;
    this.#fail(verb, error);
    await pause(this.#backoff.next(), signal);
  }

  #fail(verb: 'list' | 'watch', error: unknown): void {
    const told = this.#parts.explain(verb, error);
    this.#setState(false, told === 'routine' ? this.#problem : told);
  }

  #setState(current: boolean, problem: Diagnostic | undefined): void {
    const same = this.#current === current && this.#problem?.summary === problem?.summary;
    this.#current = current;
    this.#problem = problem;
    if (!same || current) this.#parts.host.stateChanged();
  }
}
