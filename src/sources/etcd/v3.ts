import { isUtf8 } from 'node:buffer';
import { JsonLines } from '../watching/json-lines.ts';
import type { EtcdAnswer, EtcdOptions } from './client.ts';
import { EtcdClient, EtcdError, defaultEtcdTiming, isDenied, jsonOf } from './client.ts';
import type { EtcdChanges, EtcdList, EtcdStore } from './store.ts';
import { restOf } from './store.ts';

interface KeyValue {
  readonly key?: string;
  readonly value?: string;
}

interface WatchResult {
  readonly created?: boolean;
  readonly canceled?: boolean;
  readonly compact_revision?: string;
  readonly cancel_reason?: string;
  readonly events?: readonly { readonly type?: string; readonly kv?: KeyValue }[];
}

/** What of a range came with one answer. */
interface Page {
  readonly kvs: readonly KeyValue[];
  readonly revision: string;
  /** The key that the next page begins with; undefined: this is the last one. */
  readonly next: string | undefined;
}

interface Patience {
  readonly signal: AbortSignal;
  readonly silenceMs?: number;
}

/** Keys of one answer: etcd puts all of them into one message otherwise, however long it becomes. */
const PAGE = 500;
/** A list that is compacted away under so many tries has no end. */
const LIST_TRIES = 5;
/** Metadata of gRPC, as the gateway takes it: a member without a leader ends a watch (clientv3 `WithRequireLeader`). */
const WITH_LEADER = { 'grpc-metadata-hasleader': 'true' };

/**
 * etcd v3 by its JSON gateway: keys and values are base64, numbers texts (etcd Documentation/dev-guide/api_grpc_gateway;
 * recorded from 3.4.23). Without a gRPC library: range, watch and authenticate are plain POSTs.
 */
export class EtcdV3 implements EtcdStore {
  readonly #client: EtcdClient;
  readonly #options: EtcdOptions;
  readonly #silenceMs: number;
  #token: string | undefined;

  constructor(options: EtcdOptions) {
    this.#options = options;
    this.#client = new EtcdClient(options);
    this.#silenceMs = options.timing?.silenceMs ?? defaultEtcdTiming.silenceMs;
  }

  async list(signal: AbortSignal): Promise<EtcdList> {
    for (let left = LIST_TRIES; ; left -= 1) {
      try {
        return await this.#listOnce(signal);
      } catch (error) {
        // Compacted while its pages were read: there is a newer revision to read.
        if (!(error instanceof EtcdError && error.gone) || left <= 1) throw error;
      }
    }
  }

  /** All pages at the revision of the first one, so that together they are what was there at one moment. */
  async #listOnce(signal: AbortSignal): Promise<EtcdList> {
    const items = new Map<string, string>();
    const { key: start, range_end } = this.#range();
    let revision: string | undefined;
    for (let key: string | undefined = start; key !== undefined;) {
      const page: Page = await this.#page({ key, range_end, ...(revision === undefined ? {} : { revision }) }, signal);
      revision ??= page.revision;
      for (const { key: name, value } of page.kvs) {
        const rest = restOf(this.#options.prefix, nameOf(name));
        if (rest !== undefined) items.set(rest, text(value));
      }
      key = page.next;
    }
    return { items, position: revision ?? '' };
  }

  async #page(range: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Page> {
    const answer = await this.#post('/v3/kv/range', { ...range, limit: String(PAGE) }, { signal });
    const {
      header,
      kvs = [],
      more,
    } = (await jsonOf(answer)) as {
      readonly header?: { readonly revision?: string };
      readonly kvs?: readonly KeyValue[];
      readonly more?: boolean;
    };
    if (header?.revision === undefined) throw new EtcdError('its answer to a range has no revision');
    const last = kvs.at(-1)?.key;
    if (more === true && last === undefined)
      throw new EtcdError('its answer to a range has no keys, and says that there are more');
    return { kvs, revision: header.revision, next: more === true ? after(last) : undefined };
  }

  /**
   * From the revision of the list on, not from the one after it: a watch that begins at a delete at which etcd was
   * compacted says nothing of it (etcd issue 18089, seen with 3.4.23), and does not say that it cannot. Begun one earlier it
   * is canceled then, and a list follows. What is told twice changes nothing.
   * A member that lost its cluster would say nothing, for ever, unless it is asked to have a leader.
   */
  async *watch(
    position: string,
    { signal, onOpen }: { readonly signal: AbortSignal; readonly onOpen: () => void },
  ): AsyncIterable<EtcdChanges> {
    const body = { create_request: { ...this.#range(), start_revision: position, progress_notify: true } };
    const answer = await this.#post('/v3/watch', body, { signal, silenceMs: this.#silenceMs });
    for await (const result of this.#resultsOf(answer)) {
      if (result.created === true) onOpen();
      const changes = new Map<string, string | undefined>();
      for (const { type, kv = {} } of result.events ?? []) {
        const rest = restOf(this.#options.prefix, nameOf(kv.key));
        if (rest !== undefined) changes.set(rest, type === 'DELETE' ? undefined : text(kv.value));
      }
      if (changes.size > 0) yield changes;
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #range(): { readonly key: string; readonly range_end: string } {
    const { prefix } = this.#options;
    // All keys that begin with `prefix/`: up to the next one, whose last character is the one after the slash.
    return { key: base64(`${prefix}/`), range_end: base64(`${prefix}0`) };
  }

  /** What a watch says, line by line; throws when it was canceled. */
  async *#resultsOf(answer: EtcdAnswer): AsyncIterable<WatchResult> {
    const lines = new JsonLines();
    for await (const chunk of answer.body) {
      for (const line of lines.push(chunk as Uint8Array)) {
        const result = resultOf(line);
        if (!(result instanceof EtcdError)) yield result;
        else if (this.#options.user === undefined || !result.stale) throw result;
        else {
          // The list that follows logs in.
          this.#token = undefined;
          throw new EtcdError(result.message, { gone: true });
        }
      }
    }
  }

  /** Logs in if need be: also when the token expired, the member that gave it was restarted, or users were changed. */
  async #post(path: string, body: unknown, how: Patience): Promise<EtcdAnswer> {
    if (this.#options.user === undefined) return await this.#send(path, body, how);
    if (this.#token === undefined) await this.#login(how.signal);
    try {
      return await this.#send(path, body, how);
    } catch (error) {
      if (!(error instanceof EtcdError && error.stale)) throw error;
      await this.#login(how.signal);
      return await this.#send(path, body, how);
    }
  }

  async #send(path: string, body: unknown, { signal, silenceMs }: Patience): Promise<EtcdAnswer> {
    const headers = { ...WITH_LEADER, ...(this.#token === undefined ? {} : { authorization: this.#token }) };
    const answer = await this.#client.send({ method: 'POST', path, body, headers, signal }, silenceMs);
    if (answer.statusCode === 200) return answer;
    throw await refusalOf(answer);
  }

  async #login(signal: AbortSignal): Promise<void> {
    const { user } = this.#options;
    if (user === undefined) return;
    const body = { name: user.name, password: await user.password() };
    const answer = await this.#client.send({ method: 'POST', path: '/v3/auth/authenticate', body, signal });
    if (answer.statusCode !== 200) throw await refusalOf(answer);
    const { token } = await jsonOf(answer);
    if (typeof token !== 'string') throw new EtcdError('its answer to a login has no token');
    this.#token = token;
  }
}

/** One line of a watch; an error says why it ended. */
function resultOf(line: unknown): WatchResult | EtcdError {
  const { result, error } = line as { readonly result?: WatchResult; readonly error?: { readonly message?: string } };
  if (error !== undefined) return refused('the watch ended', error.message ?? 'without a reason');
  if (result?.canceled !== true) return result ?? {};
  const compacted = result.compact_revision !== undefined && result.compact_revision !== '0';
  const reason = compacted ? `compacted at revision ${result.compact_revision}` : (result.cancel_reason ?? 'no reason');
  return refused('the watch was canceled', reason.replace(/^rpc error: code = \w+ desc = /, ''));
}

async function refusalOf(answer: EtcdAnswer): Promise<EtcdError> {
  const { message, error } = await jsonOf(answer).catch((): Readonly<Record<string, unknown>> => ({}));
  const said = typeof message === 'string' ? message : typeof error === 'string' ? error : '';
  // etcd 3.3 and older have the gateway elsewhere; later ones may have it turned off.
  const hint = answer.statusCode === 404 ? ' to /v3, expected the gateway of etcd 3.4 or later' : '';
  return refused(`it answered ${answer.statusCode}${hint}`, said, answer.statusCode);
}

/** What etcd says of a token that was good once (rpctypes of 3.4 and 3.5; the first recorded from 3.4.23). */
const STALE = /invalid auth token|revision of auth store is old/;
/** What etcd says, with 400, of whoever may not come in (recorded from 3.4.23). */
const DENIED = /authentication failed|user name is empty|permission denied/;

function refused(what: string, said: string, status = 0): EtcdError {
  const stale = STALE.test(said);
  return new EtcdError(said === '' ? what : `${what}: ${said.slice(0, 300)}`, {
    gone: /\bcompacted\b/.test(said),
    stale,
    denied: stale || isDenied(status) || DENIED.test(said),
  });
}

/** The first key after another one. */
function after(key: string | undefined): string {
  return Buffer.concat([Buffer.from(key ?? '', 'base64'), Buffer.of(0)]).toString('base64');
}

function base64(plain: string): string {
  return Buffer.from(plain).toString('base64');
}

function text(encoded: string | undefined): string {
  return Buffer.from(encoded ?? '', 'base64').toString();
}

/** The name of a key; one that is no UTF-8 has the characters of its bytes, so that no two are taken for one. */
function nameOf(encoded: string | undefined): string {
  const bytes = Buffer.from(encoded ?? '', 'base64');
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}
