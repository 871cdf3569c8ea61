import { errors } from 'undici';
import { pause } from '../watching/backoff.ts';
import type { EtcdAnswer, EtcdOptions } from './client.ts';
import { EtcdClient, EtcdError, defaultEtcdTiming, isDenied, jsonOf, objectOf } from './client.ts';
import type { EtcdChanges, EtcdList, EtcdStore } from './store.ts';
import { restOf } from './store.ts';

interface V2Node {
  readonly key?: string;
  readonly value?: string;
  readonly dir?: boolean;
  readonly nodes?: readonly V2Node[];
  readonly modifiedIndex?: number;
}

interface V2Event {
  readonly action?: string;
  readonly node?: V2Node;
  readonly errorCode?: number;
}

/** Error codes of the v2 API (etcd Documentation/v2/errorcode.md). */
const KEY_NOT_FOUND = 100;
const EVENT_INDEX_CLEARED = 401;

/** What means that a key is gone. */
const GONE: ReadonlySet<unknown> = new Set(['delete', 'expire', 'compareAndDelete']);

/** etcd's v2 API, which the first flannel used: off by default since 3.4, gone in 3.6. Recorded from 3.4.23. */
export class EtcdV2 implements EtcdStore {
  readonly #client: EtcdClient;
  readonly #options: EtcdOptions;
  readonly #silenceMs: number;
  readonly #emptyMs: number;

  constructor(options: EtcdOptions) {
    this.#options = options;
    this.#client = new EtcdClient(options);
    const { silenceMs, backoffMs } = { ...defaultEtcdTiming, ...options.timing };
    this.#silenceMs = silenceMs;
    this.#emptyMs = backoffMs;
  }

  async list(signal: AbortSignal): Promise<EtcdList> {
    // By consensus: a member that is behind would not know keys that another one has told of.
    const answer = await this.#get('?recursive=true&quorum=true', { signal });
    const index = answer.headers['x-etcd-index'];
    const { node, errorCode } = (await jsonOf(answer)) as { readonly node?: V2Node; readonly errorCode?: number };
    if (answer.statusCode !== 200 && errorCode !== KEY_NOT_FOUND) throw refusalOf(answer.statusCode, errorCode);
    const items = new Map<string, string>();
    for (const { key, value = '' } of leavesOf(node)) {
      const rest = this.#restOf(key);
      if (rest !== undefined) items.set(rest, value);
    }
    return { items, position: String(Array.isArray(index) ? index[0] : (index ?? '0')) };
  }

  /** One event an answer: the next one is asked for from the index after it. */
  async *watch(
    position: string,
    { signal, onOpen }: { readonly signal: AbortSignal; readonly onOpen: () => void },
  ): AsyncIterable<EtcdChanges> {
    onOpen();
    for (let from = Number(position) + 1; !signal.aborted;) {
      const query = `?recursive=true&wait=true&waitIndex=${from}`;
      const event = await this.#event(query, signal);
      if (event === undefined) {
        // What is in between may answer so at once.
        await pause(this.#emptyMs, signal);
        continue;
      }
      from = (event.node?.modifiedIndex ?? from) + 1;
      const isGone = GONE.has(event.action);
      const rest = event.node?.dir === true ? undefined : this.#restOf(event.node?.key);
      // A whole directory that is deleted is told as one event: what was below it is found by a list.
      if (rest === undefined && isGone) throw new EtcdError('a directory is gone', { gone: true });
      if (rest !== undefined) yield new Map([[rest, isGone ? undefined : (event.node?.value ?? '')]]);
    }
  }

  /** Undefined: nothing happened for as long as the server, what is in between, or we wait. */
  async #event(query: string, signal: AbortSignal): Promise<V2Event | undefined> {
    try {
      const answer = await this.#get(query, { signal, silenceMs: this.#silenceMs });
      const text = await answer.body.text();
      if (answer.statusCode === 200 && text.trim() === '') return undefined;
      const event: V2Event = objectOf(text, answer.statusCode);
      if (answer.statusCode !== 200) throw refusalOf(answer.statusCode, event.errorCode);
      return event;
    } catch (error) {
      if (error instanceof errors.BodyTimeoutError) return undefined;
      throw error;
    }
  }

  /** Keys of this API begin with a slash, whatever the prefix. */
  #restOf(key: string | undefined): string | undefined {
    return restOf(this.#prefix, key ?? '');
  }

  get #prefix(): string {
    const { prefix } = this.#options;
    return prefix.startsWith('/') ? prefix : `/${prefix}`;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #get(
    query: string,
    { signal, silenceMs }: { readonly signal: AbortSignal; readonly silenceMs?: number },
  ): Promise<EtcdAnswer> {
    const { user } = this.#options;
    const credentials = user === undefined ? undefined : `${user.name}:${await user.password()}`;
    const headers =
      credentials === undefined ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
    const path = this.#prefix.split('/').map(encodeURIComponent).join('/');
    return this.#client.send({ method: 'GET', path: `/v2/keys${path}${query}`, headers, signal }, silenceMs);
  }
}

function* leavesOf(node: V2Node | undefined): Iterable<V2Node> {
  if (node === undefined) return;
  // An empty directory has no nodes, and is none.
  if (node.nodes === undefined && node.dir !== true) yield node;
  for (const child of node.nodes ?? []) yield* leavesOf(child);
}

function refusalOf(status: number, code: number | undefined): EtcdError {
  const hint = status === 404 && code === undefined ? '; is the v2 API turned on (--enable-v2)?' : '';
  const number = code === undefined ? '' : `, error ${code}`;
  return new EtcdError(`it answered ${status}${number}${hint}`, {
    denied: isDenied(status),
    gone: code === EVENT_INDEX_CLEARED,
  });
}
