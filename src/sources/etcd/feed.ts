import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { Backoff, pause } from '../watching/backoff.ts';
import type { EtcdOptions } from './client.ts';
import { EtcdError, defaultEtcdTiming, wordsOf } from './client.ts';
import type { EtcdChanges, EtcdStore } from './store.ts';

/** What a feed of keys tells of what it reads. */
export interface EtcdHost {
  /** Keys that changed, or all of them after a list, with those that are gone. */
  keysChanged(changes: EtcdChanges): void;
  /** The keys that are held. */
  knownKeys(): Iterable<string>;
  /** `complete` or `problems` of the feed may be different now. */
  stateChanged(): void;
}

/** What a feed of keys is made of. */
export interface EtcdFeedParts {
  readonly store: EtcdStore;
  readonly host: EtcdHost;
  /** The name of the source, for messages. */
  readonly source: string;
  readonly options: EtcdOptions;
  /** What the keys are: `the subnets of flannel`. */
  readonly subject: string;
  /** The field of the configuration that says how etcd is reached. */
  readonly field: string;
  /** Why a list is not believed; undefined: it is. */
  readonly objectionTo?: (items: ReadonlyMap<string, string>) => string | undefined;
}

/**
 * Keys as etcd has them: a list, then a watch from there. Whatever ends a watch (a restart, a compaction, a member set
 * back to a backup), a list follows, so that no delete is missed; until it came to its end nothing counts as gone.
 */
export class EtcdFeed {
  readonly doubt = false;
  readonly #parts: EtcdFeedParts;
  readonly #backoff: Backoff;
  #position: string | undefined;
  #watching = false;
  #listing: Promise<void> | undefined;
  #current = false;
  #problem: Diagnostic | undefined;

  constructor(parts: EtcdFeedParts) {
    this.#parts = parts;
    const { backoffMs, backoffCapMs } = { ...defaultEtcdTiming, ...parts.options.timing };
    this.#backoff = new Backoff(backoffMs, backoffCapMs);
  }

  get complete(): boolean {
    return this.#current;
  }

  get problems(): readonly Diagnostic[] {
    return this.#problem === undefined ? [] : [this.#problem];
  }

  ready(): boolean {
    return this.#current;
  }

  async load(signal: AbortSignal): Promise<void> {
    // While a watch runs, what is held is as new as a list would be.
    if (this.#watching && this.#current) return;
    const { readRetries } = { ...defaultEtcdTiming, ...this.#parts.options.timing };
    for (let left = readRetries; !signal.aborted; left -= 1) {
      try {
        await this.#list(signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        this.#fail('list', error);
        if (left <= 0) return;
        await pause(this.#backoff.next(), signal);
      }
    }
  }

  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const verb = this.#position === undefined ? 'list' : 'watch';
      try {
        if (verb === 'list') await this.#list(signal);
        else await this.#watch(signal);
      } catch (error) {
        if (signal.aborted) return;
        await this.#recover(verb, error, signal);
      }
    }
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
    const { store, host, objectionTo } = this.#parts;
    const { items, position } = await store.list(signal);
    const objection = objectionTo?.(items);
    if (objection !== undefined) throw new EtcdError(objection);
    const changes = new Map<string, string | undefined>(items);
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
    if (!signal.aborted) throw new EtcdError('the watch ended');
  }

  async #recover(verb: 'list' | 'watch', error: unknown, signal: AbortSignal): Promise<void> {
    const isRoutine = error instanceof EtcdError && error.gone;
    // The next step is a list: a watch that broke may have missed something, or the server be another one now.
    this.#position = undefined;
    if (isRoutine) this.#setState(false, this.#problem);
    else this.#fail(verb, error);
    await pause(this.#backoff.next(), signal);
  }

  #fail(verb: 'list' | 'watch', error: unknown): void {
    const { source, options, subject, field } = this.#parts;
    const denied = error instanceof EtcdError && (error.status === 401 || error.status === 403);
    this.#setState(false, {
      code: denied ? 'etcd-denied' : `etcd-${verb}-failed`,
      severity: 'error',
      origin: source,
      summary: `${source}: cannot ${verb} ${subject} in etcd (${options.endpoints.join(', ')}): ${wordsOf(error)}`,
      ...(denied ? { detail: `Check username and password, or the client certificate, of ${field}.` } : {}),
    });
  }

  #setState(current: boolean, problem: Diagnostic | undefined): void {
    const same = this.#current === current && this.#problem?.summary === problem?.summary;
    this.#current = current;
    this.#problem = problem;
    if (!same || current) this.#parts.host.stateChanged();
  }
}
