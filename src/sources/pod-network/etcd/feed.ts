import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import { Backoff, pause } from '../../watching/backoff.ts';
import type { Feed } from '../../kubernetes/feed.ts';
import type { EtcdOptions } from '../../etcd/client.ts';
import { EtcdError, defaultEtcdTiming, wordsOf } from '../../etcd/client.ts';
import type { EtcdChange, EtcdStore } from '../../etcd/store.ts';

/** What a feed of subnets tells of what it reads. */
export interface LeaseHost {
  /** Subnets that changed, by key; undefined: gone. */
  leasesChanged(changes: ReadonlyMap<string, string | undefined>): void;
  /** Flannel's own configuration. */
  netConfChanged(text: string | undefined): void;
  /** The keys that are held. */
  knownLeases(): Iterable<string>;
  stateChanged(): void;
}

/**
 * Flannel's subnets as etcd has them: a list, then a watch from there. Whatever ends a watch (a restart, a compaction, a
 * member set back to a backup), a list follows, so that no delete is missed; until it came to its end nothing counts as
 * gone. A list without any subnet is not believed: a flannel network has some.
 */
export class EtcdFeed implements Feed {
  readonly doubt = false;
  readonly #store: EtcdStore;
  readonly #host: LeaseHost;
  readonly #source: string;
  readonly #options: EtcdOptions;
  readonly #backoff: Backoff;
  #position: string | undefined;
  #current = false;
  #problem: Diagnostic | undefined;

  constructor(given: {
    readonly store: EtcdStore;
    readonly host: LeaseHost;
    readonly source: string;
    readonly options: EtcdOptions;
  }) {
    this.#store = given.store;
    this.#host = given.host;
    this.#source = given.source;
    this.#options = given.options;
    const { backoffMs, backoffCapMs } = { ...defaultEtcdTiming, ...given.options.timing };
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
    if (this.#position !== undefined && this.#current) return;
    const { readRetries } = { ...defaultEtcdTiming, ...this.#options.timing };
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
    await this.#store.close();
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { items, config, position } = await this.#store.list(signal);
    if (items.size === 0) {
      throw new EtcdError(`there is no subnet below ${this.#options.prefix}/subnets, expected those of flannel`);
    }
    const changes = new Map<string, string | undefined>(items);
    for (const key of this.#host.knownLeases()) if (!items.has(key)) changes.set(key, undefined);
    this.#host.netConfChanged(config);
    this.#host.leasesChanged(changes);
    this.#position = position;
    this.#setState(true, undefined);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const position = this.#position ?? '0';
    const onOpen = (): void => this.#backoff.reset();
    for await (const changes of this.#store.watch(position, { signal, onOpen })) this.#take(changes);
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

  #take(changes: readonly EtcdChange[]): void {
    const leases = new Map<string, string | undefined>();
    for (const change of changes) {
      if ('config' in change) this.#host.netConfChanged(change.config);
      else leases.set(change.key, change.value);
    }
    if (leases.size > 0) this.#host.leasesChanged(leases);
  }

  #fail(verb: 'list' | 'watch', error: unknown): void {
    const { endpoints } = this.#options;
    const denied = error instanceof EtcdError && (error.status === 401 || error.status === 403);
    this.#setState(false, {
      code: denied ? 'etcd-denied' : `etcd-${verb}-failed`,
      severity: 'error',
      origin: this.#source,
      summary: `${this.#source}: cannot ${verb} the subnets of flannel in etcd (${endpoints.join(', ')}): ${wordsOf(error)}`,
      ...(denied
        ? { detail: 'Check username and password, or the client certificate, of podNetwork.flannel.etcd.' }
        : {}),
    });
  }

  #setState(current: boolean, problem: Diagnostic | undefined): void {
    const same = this.#current === current && this.#problem?.summary === problem?.summary;
    this.#current = current;
    this.#problem = problem;
    if (!same || current) this.#host.stateChanged();
  }
}
