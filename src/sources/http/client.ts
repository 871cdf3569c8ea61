import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { connectorWith } from '../tls-files.ts';
import type { HttpHeader, HttpOptions } from './options.ts';
import { ACCEPT_ENCODING, headerOf, textOfBody } from './body.ts';
import { nextLink } from './link.ts';
import { printUrl } from './options.ts';
import { HttpProblem } from './problem.ts';

/** What tells one version of a page from the next. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** A page as it was answered; `unchanged`: it is the one that the validators are of. */
export type Page =
  | { readonly unchanged: true }
  | {
      readonly text: string;
      readonly validators: Validators;
      /** Where it was found in the end, behind redirects. */
      readonly url: string;
      /** Where its Link leads on to. */
      readonly link: string | undefined;
    };

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Nobody is believed who says to come back much later. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** Reads pages of one server. Credentials go to the origin of its URL and to no other. */
export class HttpClient {
  readonly #options: HttpOptions;
  readonly #agent: Agent;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#agent = new Agent({
      connect: connectorWith(options.tls, { timeout: Math.min(options.timeoutMs, 10_000) }),
      allowH2: false,
    });
  }

  /** Reads a page. Throws {@link HttpProblem}, or the signal's reason. */
  async get(url: string, known: Validators, signal: AbortSignal): Promise<Page> {
    const limit = AbortSignal.timeout(this.#options.timeoutMs);
    try {
      return await this.#get(url, known, AbortSignal.any([signal, limit]));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HttpProblem) throw error;
      if (limit.aborted) throw new HttpProblem(`it did not answer within ${this.#options.timeoutMs} ms`);
      throw new HttpProblem(`it cannot be reached: ${wordsOf(error)}`);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #get(url: string, known: Validators, signal: AbortSignal): Promise<Page> {
    let at = url;
    for (let count = 0; count <= MAX_REDIRECTS; count += 1) {
      const answer = await this.#ask(at, known, signal);
      const { statusCode, headers, body } = answer;
      if (statusCode === 304) {
        await body.dump();
        if (Object.keys(known).length === 0)
          throw new HttpProblem('it answered 304 to a question that named no version');
        return { unchanged: true };
      }
      if (REDIRECTS.has(statusCode)) {
        await body.dump();
        at = await this.#redirected(at, headerOf(headers, 'location'));
        continue;
      }
      if (statusCode !== 200) {
        await body.dump();
        throw refusalOf(statusCode, headerOf(headers, 'retry-after'));
      }
      const text = await textOfBody(answer, this.#options.maxBytes);
      const [etag, lastModified] = [headerOf(headers, 'etag'), headerOf(headers, 'last-modified')];
      const validators = {
        ...(etag === undefined ? {} : { etag }),
        ...(lastModified === undefined ? {} : { lastModified }),
      };
      if (/^\s*</.test(text))
        throw new HttpProblem(`it answered ${typeOf(headers)} and not JSON; is that a page to log in?`);
      return { text, validators, url: at, link: nextLink(headers['link']) };
    }
    throw new HttpProblem(`it leads on more than ${MAX_REDIRECTS} times`);
  }

  async #ask(url: string, { etag, lastModified }: Validators, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { origin, pathname, search } = new URL(url);
    const own = origin === new URL(this.#options.url).origin ? this.#options.headers : [];
    const headers: Record<string, string> = {
      accept: 'application/json',
      'accept-encoding': ACCEPT_ENCODING,
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
      ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
    };
    for (const header of own) headers[header.name.toLowerCase()] = await valueOf(header);
    const timeout = this.#options.timeoutMs;
    return await this.#agent.request({
      origin,
      path: pathname + search,
      method: 'GET',
      headers,
      headersTimeout: timeout,
      bodyTimeout: timeout,
      signal,
    });
  }

  async #redirected(from: string, location: string | undefined): Promise<string> {
    if (location === undefined || !URL.canParse(location, from)) throw new HttpProblem('it leads on to nowhere');
    const to = new URL(location, from);
    if (to.origin === new URL(from).origin) return to.href;
    const secret = this.#options.headers.length > 0 || (await this.#options.tls?.())?.key !== undefined;
    const isWeaker = to.protocol !== 'https:' && new URL(from).protocol === 'https:';
    if (!/^https?:$/.test(to.protocol) || isWeaker || secret) {
      const why = secret ? ', and credentials do not go there' : '';
      throw new HttpProblem(`it leads on to ${printUrl(to.href)}, another server${why}; name that one as url`);
    }
    return to.href;
  }
}

/** The URL of the page that a page names as the next one. Throws {@link HttpProblem}: credentials go to no other server. */
export function nextPageUrl(from: string, target: string): string {
  const to = URL.canParse(target, from) ? new URL(target, from) : undefined;
  if (to === undefined) throw new HttpProblem('its next page has no URL');
  if (to.origin === new URL(from).origin) return to.href;
  throw new HttpProblem(`its next page is on another server (${to.origin}), expected it on ${new URL(from).origin}`);
}

async function valueOf({ name, value }: HttpHeader): Promise<string> {
  try {
    return await value();
  } catch (error) {
    throw new HttpProblem(`the header ${name} has no value (${wordsOf(error)})`);
  }
}

function refusalOf(status: number, retryAfter: string | undefined): HttpProblem {
  const advice = status === 401 || status === 403 ? '; check the credentials of the source' : '';
  const ms = retryAfterMs(retryAfter);
  const wait = ms === 0 ? '' : `, and to come back in ${Math.ceil(ms / 1000)} s`;
  return new HttpProblem(`it answered ${status}${wait}${advice}`, ms);
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfterMs(text: string | undefined): number {
  if (text === undefined) return 0;
  const ms = /^\d{1,9}$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

function typeOf(headers: Dispatcher.ResponseData['headers']): string {
  return (headerOf(headers, 'content-type') ?? 'something of no type').split(';', 1)[0]?.slice(0, 60) ?? '';
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return `${error.message.slice(0, 300)}${code}`;
}
