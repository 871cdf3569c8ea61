import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import type { ReadTls } from '../tls-files.ts';
import { connectorWith } from '../tls-files.ts';

/** How etcd is reached. */
export interface EtcdOptions {
  /** `https://10.1.20.11:2379`; the next one is asked when one is away. */
  readonly endpoints: readonly string[];
  /** `auto`: by the version of the server. */
  readonly api: 'v2' | 'v3' | 'auto';
  /** `/coreos.com/network`: keys begin with it and a slash. */
  readonly prefix: string;
  readonly tls?: ReadTls;
  readonly user?: { readonly name: string; readonly password: () => Promise<string> };
  readonly timing?: Partial<EtcdTiming>;
}

/** Waits, milliseconds. */
export interface EtcdTiming {
  /** First wait after a failure; doubles with jitter. */
  readonly backoffMs: number;
  /** The longest wait after failures. */
  readonly backoffCapMs: number;
  /** A single request, from start to its last byte. */
  readonly requestMs: number;
  /** A watch without a byte for so long is dead: v3 tells of its progress every ten minutes. */
  readonly silenceMs: number;
  /** How often the first read tries again after a failure before it gives an incomplete result. */
  readonly readRetries: number;
}

/** The defaults of {@link EtcdTiming}. */
export const defaultEtcdTiming: EtcdTiming = {
  backoffMs: 250,
  backoffCapMs: 15_000,
  requestMs: 20_000,
  silenceMs: 13 * 60_000,
  readRetries: 2,
};

/** What went wrong in talking to etcd; no credential is in the message. */
export class EtcdError extends Error {
  override readonly name = 'EtcdError';
  /** What was asked for is no longer kept: a list tells what there is. */
  readonly gone: boolean;
  /** The credentials are not enough. */
  readonly denied: boolean;
  /** The login that it was asked under does not hold any more. */
  readonly stale: boolean;

  constructor(
    message: string,
    how: { readonly gone?: boolean; readonly denied?: boolean; readonly stale?: boolean } = {},
  ) {
    super(message);
    this.gone = how.gone ?? false;
    this.denied = how.denied ?? false;
    this.stale = how.stale ?? false;
  }
}

/** One request. */
export interface EtcdRequest {
  readonly method: 'GET' | 'POST';
  /** From `/v2` or `/v3` on. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** An answer whose body is still to be read. */
export type EtcdAnswer = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>;

/** Plain HTTP to the members of an etcd cluster, one at a time: the one that answered last is asked first. */
export class EtcdClient {
  readonly #endpoints: readonly string[];
  readonly #timing: EtcdTiming;
  readonly #agent: Agent;
  #at = 0;

  constructor({ endpoints, tls, timing }: EtcdOptions) {
    this.#endpoints = endpoints;
    this.#timing = { ...defaultEtcdTiming, ...timing };
    this.#agent = new Agent({ connect: connectorWith(tls, { keepAlive: true, timeout: 5000 }), allowH2: false });
  }

  /** Sends to the first member that answers at all; `silenceMs`: how long the body may be quiet. */
  async send(request: EtcdRequest, silenceMs = this.#timing.requestMs): Promise<EtcdAnswer> {
    let failure: unknown;
    for (let count = 0; count < this.#endpoints.length; count += 1) {
      const endpoint = this.#endpoints[this.#at % this.#endpoints.length] ?? '';
      try {
        const answer = await this.#once(endpoint, request, silenceMs);
        // A member without a leader answers 5xx: another one may have it.
        if (answer.statusCode < 500 || count === this.#endpoints.length - 1) return answer;
        await answer.body.dump();
      } catch (error) {
        request.signal.throwIfAborted();
        failure = error;
      }
      this.#at += 1;
    }
    throw new EtcdError(`none of its endpoints can be reached: ${wordsOf(failure)}`);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #once(endpoint: string, request: EtcdRequest, bodyTimeout: number): Promise<EtcdAnswer> {
    const { method, path, body, headers, signal } = request;
    return this.#agent.request({
      origin: new URL(endpoint).origin,
      path,
      method,
      headers: {
        accept: 'application/json',
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      // A watch that has nothing to tell may not even send its head.
      headersTimeout: Math.max(bodyTimeout, this.#timing.requestMs),
      bodyTimeout,
      signal,
    });
  }
}

/** An error in words. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return `${error.message.slice(0, 300)}${code}`;
}

/** The JSON object of an answer; anything else is an error. */
export async function jsonOf(answer: EtcdAnswer): Promise<Readonly<Record<string, unknown>>> {
  return objectOf(await answer.body.text(), answer.statusCode);
}

/** The same, of an answer whose text was read. */
export function objectOf(text: string, statusCode: number): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new EtcdError(`it answered ${statusCode} with ${text.length} characters that are no JSON`, {
    denied: isDenied(statusCode),
  });
}

/** Whether an answer says that the credentials are not enough. */
export function isDenied(statusCode: number): boolean {
  return statusCode === 401 || statusCode === 403;
}
