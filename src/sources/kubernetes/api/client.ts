import { createHash } from 'node:crypto';

import { Agent, ProxyAgent } from 'undici';
import type { Dispatcher } from 'undici';

import type { Timing } from '../options.ts';
import type { Access, AccessProvider } from './access.ts';
import { ApiError, errorOfAnswer, redact } from './errors.ts';

/** One request to the API server. */
export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  /** `/api/v1/services`, below the server's own path. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly signal: AbortSignal;
}

/** Bytes of an answer as they come. */
export type ByteStream = AsyncIterable<Uint8Array> & { destroy(): unknown };

// Tokens and certificates rotate on disk; client-go looks again once a minute, too.
const ACCESS_LASTS_MS = 60_000;

// Requests refused within this time share one renewal.
const RENEW_MS = 1000;

interface Held {
  readonly value: Promise<Access>;
  readonly since: number;
  readonly until: number;
  readonly renewed: boolean;
}

/** Requests to one API server, with credentials that renew themselves. */
export class ApiClient {
  readonly #provider: AccessProvider;
  readonly #timing: Timing;
  #access: Held | undefined;
  #dispatcher: { readonly value: Dispatcher; readonly key: string } | undefined;
  readonly #retired = new Set<Dispatcher>();
  #closed = false;

  constructor(provider: AccessProvider, timing: Timing) {
    this.#provider = provider;
    this.#timing = timing;
  }

  /** Sends, and reads a JSON answer whole. Rejects with {@link ApiError}. */
  async json(request: ApiRequest): Promise<unknown> {
    const answer = await this.#send(request, this.#timing.requestMs);
    const text = await answer.body.text().catch((error: unknown) => {
      throw networkError(error, answer.secrets);
    });
    return parseJson(text);
  }

  /** Sends, and gives the bytes as they come. Rejects with {@link ApiError} unless the answer is 2xx. */
  async stream(request: ApiRequest): Promise<ByteStream> {
    const answer = await this.#send(request, 0);
    return answer.body;
  }

  /** A connection was found dead without a word: the idle ones may be as dead. New requests make new connections. */
  distrust(): void {
    const old = this.#dispatcher?.value;
    this.#dispatcher = undefined;
    if (old === undefined) return;
    // What runs on the old connections ends by itself.
    this.#retired.add(old);
    void old
      .close()
      .catch(() => undefined)
      .finally(() => this.#retired.delete(old));
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    this.#closed = true;
    this.distrust();
    await Promise.all([...this.#retired].map((dispatcher) => dispatcher.destroy()));
  }

  async #send(request: ApiRequest, bodyTimeout: number): Promise<Dispatcher.ResponseData & { secrets: string[] }> {
    const first = await this.#once(request, bodyTimeout);
    if (first.statusCode !== 401) return this.#accept(first);
    await first.body.dump();
    this.#renewAccess();
    return this.#accept(await this.#once(request, bodyTimeout));
  }

  async #once(request: ApiRequest, bodyTimeout: number): Promise<Dispatcher.ResponseData & { secrets: string[] }> {
    const access = await this.#currentAccess();
    const secrets = secretsOf(access);
    if (this.#closed) throw new ApiError('the connection was closed', { failure: 'network' });
    const base = new URL(access.server);
    const query = new URLSearchParams(request.query).toString();
    try {
      const answer = await this.#dispatch(access).request({
        origin: base.origin,
        path: `${base.pathname.replace(/\/$/, '')}${request.path}${query === '' ? '' : `?${query}`}`,
        method: request.method ?? 'GET',
        headers: {
          accept: 'application/json',
          'user-agent': 'fairlead',
          ...access.headers,
          ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        headersTimeout: this.#timing.requestMs,
        bodyTimeout,
        signal: request.signal,
      });
      return Object.assign(answer, { secrets });
    } catch (error) {
      throw networkError(error, secrets);
    }
  }

  async #accept<T extends Dispatcher.ResponseData & { secrets: string[] }>(answer: T): Promise<T> {
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
    const text = await answer.body.text().catch(() => '');
    const header = answer.headers['retry-after'];
    const retryAfter = Array.isArray(header) ? header[0] : header;
    throw errorOfAnswer(answer.statusCode, retryAfter, tryJson(redact(text, answer.secrets)));
  }

  #currentAccess(): Promise<Access> {
    const held = this.#access;
    return held !== undefined && Date.now() < held.until ? held.value : this.#getAccess(false);
  }

  // Requests that are refused together ask once.
  #renewAccess(): void {
    if (this.#access?.renewed !== true || Date.now() > this.#access.since + RENEW_MS) {
      void this.#getAccess(true).catch(() => undefined);
    }
  }

  #getAccess(refresh: boolean): Promise<Access> {
    const now = Date.now();
    const entry = { value: this.#provider(refresh), since: now, until: now + ACCESS_LASTS_MS, renewed: refresh };
    this.#access = entry;
    entry.value.catch(() => {
      if (this.#access === entry) this.#access = undefined;
    });
    return entry.value;
  }

  #dispatch(access: Access): Dispatcher {
    const key = fingerprint(access);
    if (this.#dispatcher?.key === key) return this.#dispatcher.value;
    this.distrust();
    const value = createDispatcher(access);
    this.#dispatcher = { value, key };
    return value;
  }
}

function createDispatcher(access: Access): Dispatcher {
  const connect = { ...access.tls, keepAlive: true, keepAliveInitialDelay: 30_000, timeout: 10_000 };
  if (access.proxyUrl !== undefined) {
    return new ProxyAgent({ uri: access.proxyUrl, requestTls: access.tls, allowH2: false });
  }
  return new Agent({ connect, allowH2: false });
}

function fingerprint(access: Access): string {
  const hash = createHash('sha256').update(`${access.server}\n${access.proxyUrl ?? ''}\n`);
  for (const [name, value] of Object.entries(access.tls)) hash.update(`${name}\n`).update(Buffer.from(String(value)));
  return hash.digest('base64');
}

function secretsOf(access: Access): string[] {
  const authorization = access.headers['authorization'] ?? '';
  return [authorization, authorization.replace(/^\w+ /, '')].filter((secret) => secret !== '');
}

/** The error of a connection that did not work, in words without secrets. */
function networkError(error: unknown, secrets: readonly string[]): ApiError {
  if (error instanceof ApiError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const said = error instanceof Error ? error.message.slice(0, 300) : 'unknown error';
  const text = code === '' || said.includes(code) ? said : `${said} (${code})`;
  return new ApiError(`the API server cannot be reached: ${redact(text, secrets)}`, { failure: 'network' });
}

function parseJson(text: string): unknown {
  const value = tryJson(text);
  if (value !== undefined) return value;
  throw new ApiError(`the API server answered ${text.length} characters that are not JSON`, { failure: 'protocol' });
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
