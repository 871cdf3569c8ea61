import { JsonLines } from '../watching/json-lines.ts';
import type { EtcdAnswer, EtcdOptions } from './client.ts';
import { EtcdClient, EtcdError, defaultEtcdTiming, jsonOf } from './client.ts';
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
    const answer = await this.#post('/v3/kv/range', this.#range(), { signal });
    const { header, kvs = [] } = (await jsonOf(answer)) as {
      readonly header?: { readonly revision?: string };
      readonly kvs?: readonly KeyValue[];
    };
    if (header?.revision === undefined) throw new EtcdError('its answer to a range has no revision');
    const items = new Map<string, string>();
    for (const { key, value } of kvs) {
      const rest = restOf(this.#options.prefix, text(key));
      if (rest !== undefined) items.set(rest, text(value));
    }
    return { items, position: header.revision };
  }

  /**
   * From the revision of the list on, not from the one after it: a watch that begins at a delete at which etcd was
   * compacted says nothing of it (etcd issue 18089, seen with 3.4.23), and does not say that it cannot. Begun one earlier it
   * is canceled then, and a list follows. What is told twice changes nothing.
   */
  async *watch(
    position: string,
    { signal, onOpen }: { readonly signal: AbortSignal; readonly onOpen: () => void },
  ): AsyncIterable<EtcdChanges> {
    const body = { create_request: { ...this.#range(), start_revision: position, progress_notify: true } };
    const answer = await this.#post('/v3/watch', body, { signal, silenceMs: this.#silenceMs });
    for await (const result of resultsOf(answer)) {
      if (result.created === true) onOpen();
      const changes = new Map<string, string | undefined>();
      for (const { type, kv = {} } of result.events ?? []) {
        const rest = restOf(this.#options.prefix, text(kv.key));
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

  async #post(
    path: string,
    body: unknown,
    { signal, silenceMs }: { readonly signal: AbortSignal; readonly silenceMs?: number },
  ): Promise<EtcdAnswer> {
    const send = async (): Promise<EtcdAnswer> => {
      const headers = this.#token === undefined ? {} : { authorization: this.#token };
      return this.#client.send({ method: 'POST', path, body, headers, signal }, silenceMs);
    };
    if (this.#options.user !== undefined && this.#token === undefined) await this.#login(signal);
    let answer = await send();
    // The token expired, or the member that gave it was restarted.
    if (answer.statusCode === 401 && this.#options.user !== undefined) {
      await answer.body.dump();
      await this.#login(signal);
      answer = await send();
    }
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

/** What a watch says, line by line; throws when it was canceled. */
async function* resultsOf(answer: EtcdAnswer): AsyncIterable<WatchResult> {
  const lines = new JsonLines();
  for await (const chunk of answer.body) {
    for (const line of lines.push(chunk as Uint8Array)) yield resultOf(line);
  }
}

function resultOf(line: unknown): WatchResult {
  const { result, error } = line as { readonly result?: WatchResult; readonly error?: { readonly message?: string } };
  if (error !== undefined) throw new EtcdError(`the watch ended: ${error.message ?? 'without a reason'}`);
  if (result?.canceled !== true) return result ?? {};
  const compacted = result.compact_revision !== undefined && result.compact_revision !== '0';
  const reason = compacted ? `compacted at revision ${result.compact_revision}` : (result.cancel_reason ?? 'no reason');
  throw new EtcdError(`the watch was canceled: ${reason}`, { gone: compacted });
}

async function refusalOf(answer: EtcdAnswer): Promise<EtcdError> {
  const { message, error } = await jsonOf(answer).catch((): Readonly<Record<string, unknown>> => ({}));
  const said = typeof message === 'string' ? message : typeof error === 'string' ? error : '';
  const words = said === '' ? '' : `: ${said.slice(0, 300)}`;
  return new EtcdError(`it answered ${answer.statusCode}${words}`, { status: answer.statusCode });
}

function base64(plain: string): string {
  return Buffer.from(plain).toString('base64');
}

function text(encoded: string | undefined): string {
  return Buffer.from(encoded ?? '', 'base64').toString();
}
