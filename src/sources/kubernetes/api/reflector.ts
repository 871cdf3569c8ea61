import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import { changeOf } from '../changes.ts';
import type { ChangeContext } from '../changes.ts';
import type { FeedHost } from '../feed.ts';
import type { ObjectKey } from '../model.ts';
import type { Timing } from '../options.ts';
import { identify } from '../records.ts';
import type { RecordChange } from '../store.ts';
import { Backoff, pause } from '../../watching/backoff.ts';
import { listThenWatch } from '../../watching/list-then-watch.ts';
import type { ApiClient } from './client.ts';
import { ApiError, isDenied, isGone } from './errors.ts';
import { listPages } from './list.ts';
import { scopeProblem } from './resources.ts';
import type { Scope } from './resources.ts';
import { watchOnce } from './watch.ts';
import type { WatchEvent } from './watch.ts';

/** What a reflector works with. */
export interface ReflectorOptions {
  readonly client: ApiClient;
  readonly scope: Scope;
  readonly host: FeedHost;
  readonly context: ChangeContext;
  readonly timing: Timing;
  readonly pageSize: number;
}

// A watch that ends sooner than this, without an event, counts as a failure: nobody reconnects in a tight loop.
const SHORT_WATCH_MS = 1000;

/** Keeps one scope as the server has it: lists, watches, resumes, and lists again when the server forgot its version. */
export class Reflector {
  readonly scope: Scope;
  readonly #options: ReflectorOptions;
  readonly #backoff: Backoff;
  #version: string | undefined;
  #listed = false;
  #current = false;
  #problem: Diagnostic | undefined;
  #progress = false;
  /** The last watch was refused because its version is too old, and none has brought anything since. */
  #forgotten = false;
  /** The last watch ended before its time: the server may be another one now, or have been set back. */
  #cut = false;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.scope = options.scope;
    this.#backoff = new Backoff(options.timing.backoffMs, options.timing.backoffCapMs);
  }

  /** True once a list came to its end. */
  get listed(): boolean {
    return this.#listed;
  }

  /** True if what was read is whole, and the last attempt to go on from there worked. */
  get current(): boolean {
    return this.#listed && this.#current;
  }

  get problem(): Diagnostic | undefined {
    return this.#problem;
  }

  /** Lists once; a failure that may pass is tried again `retries` times. Failures become {@link problem}. */
  async load(signal: AbortSignal, retries: number): Promise<void> {
    for (let left = retries; !signal.aborted; left -= 1) {
      try {
        await this.#list(signal);
        this.#backoff.reset();
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#fail('list', error);
        if (left <= 0 || isDenied(error)) return;
        await pause(this.#waitAfter(error), signal);
      }
    }
  }

  /** Lists if need be, and watches, until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    await listThenWatch(
      {
        canWatch: () => this.#version !== undefined,
        list: () => this.#list(signal),
        watch: () => this.#watch(signal),
        recover: (verb, error) => this.#recover(verb, error, signal),
      },
      signal,
    );
  }

  async #recover(verb: 'list' | 'watch', error: unknown, signal: AbortSignal): Promise<void> {
    if (!(error instanceof ApiError)) throw error;
    const gone = isGone(error) && verb === 'watch';
    // A server that forgot the version is routine, unless it forgets the one that it has just given.
    const routine = gone && !this.#forgotten;
    if (isGone(error)) this.#version = undefined;
    this.#forgotten = gone;
    if (routine) {
      this.#setState(false, this.#problem);
      return;
    }
    this.#fail(verb, error);
    await pause(this.#waitAfter(error), signal);
  }

  async #list(signal: AbortSignal): Promise<void> {
    let limit = this.#options.pageSize;
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#version = await this.#listOnce(limit, signal);
        this.#listed = true;
        this.#cut = false;
        this.#setState(true, undefined);
        return;
      } catch (error) {
        // The continue token expired: larger pages finish sooner.
        if (!isGone(error) || attempt === 4) throw error;
        limit *= 4;
      }
    }
  }

  async #listOnce(limit: number, signal: AbortSignal): Promise<string> {
    const { client, host, context, scope } = this.#options;
    const seen = new Set<ObjectKey>();
    let version = '';
    for await (const page of listPages(client, scope, { limit, signal })) {
      signal.throwIfAborted();
      const changes = page.items.map((item) => changeOf(scope.resource.kind, item, context));
      for (const item of page.items) seen.add(identify(item, scope.resource.kind).key);
      ({ version } = page);
      host.changed(changes);
    }
    const only = scope.name === undefined ? undefined : `${scope.namespace}/${scope.name}`;
    const gone = [...host.known(scope.resource.kind, scope.namespace)].filter(
      (key) => !seen.has(key) && (only === undefined || key === only),
    );
    if (gone.length > 0) host.changed(gone.map((key) => ({ type: 'remove', kind: scope.resource.kind, key })));
    return version;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { client, scope, timing } = this.#options;
    if (this.#cut && (await this.#isSetBack(signal))) {
      this.#version = undefined;
      this.#setState(false, this.#problem);
      return;
    }
    const started = performance.now();
    this.#progress = false;
    this.#cut = true;
    await watchOnce(client, scope, {
      version: this.#version ?? '',
      timing,
      signal,
      onOpen: () => this.#setState(true, undefined),
      onEvents: (events) => this.#take(events),
    });
    const lasted = performance.now() - started;
    this.#cut = lasted < timing.watchSeconds * 900;
    if (this.#progress || lasted >= SHORT_WATCH_MS) this.#backoff.reset();
    else await pause(this.#backoff.next(), signal);
  }

  /**
   * True if the server's version is older than ours, as after etcd was restored from a backup. A watch from a version that
   * is yet to come is accepted and brings nothing, so it has to be asked for: one object of a list will do.
   */
  async #isSetBack(signal: AbortSignal): Promise<boolean> {
    const { client, scope } = this.#options;
    for await (const { version } of listPages(client, scope, { limit: 1, signal })) {
      return isOlder(version, this.#version ?? '');
    }
    return false;
  }

  #take(events: readonly WatchEvent[]): void {
    const { host, context, scope } = this.#options;
    const { kind } = scope.resource;
    const changes: RecordChange[] = [];
    for (const event of events) {
      this.#version = event.version;
      if (event.type === 'BOOKMARK') continue;
      if (event.type === 'DELETED') changes.push({ type: 'remove', kind, key: identify(event.object, kind).key });
      else changes.push(changeOf(kind, event.object, context));
    }
    this.#progress = true;
    this.#forgotten = false;
    this.#backoff.reset();
    if (changes.length > 0) host.changed(changes);
  }

  #waitAfter(error: unknown): number {
    const { timing } = this.#options;
    // A starting API server denies everything for a moment: denials, too, are tried again soon at first.
    const next = this.#backoff.next();
    const step = isDenied(error) ? Math.min(timing.deniedMs, next) : next;
    return error instanceof ApiError ? Math.max(step, error.retryAfterMs ?? 0) : step;
  }

  #fail(verb: 'list' | 'watch', error: unknown): void {
    this.#setState(false, scopeProblem(this.#options.context.source, this.scope, { verb, error }));
  }

  #setState(current: boolean, problem: Diagnostic | undefined): void {
    const same = this.#current === current && this.#problem?.summary === problem?.summary;
    this.#current = current;
    this.#problem = problem;
    if (!same || current) this.#options.host.stateChanged();
  }
}

/** Compares versions, which are numbers that grow (KEP 5504); of others nothing is known. */
function isOlder(a: string, b: string): boolean {
  const areNumbers = [a, b].every((text) => /^\d{1,30}$/.test(text));
  return areNumbers && BigInt(a) < BigInt(b);
}
