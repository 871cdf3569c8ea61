import type { Answer } from './io.ts';
import type { Settings } from './options.ts';
import type { Transport } from './transport.ts';
import { Trouble } from './errors.ts';
import { isSporadic, judge } from './verdict.ts';
import { headline, readAnswer } from './words.ts';

/** Renewed this long before it expires. */
const EARLY_MS = 60_000;
/** The longest that the device allows (406 above that), counted from the login. */
const LONGEST_S = 36_000;
/** After a refused password: the first pause before the same one is tried again, doubled each time. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 600_000;

interface Token {
  readonly text: string;
  readonly since: number;
  readonly until: number;
  readonly extended: boolean;
}

/**
 * The login at one address: one token for all requests (a user may hold 100 at a time, so never one per request),
 * made when it is first needed and renewed before it expires. A token that expires for the first time is extended
 * rather than replaced, so short runs cost one login and nothing more.
 */
export class Session {
  readonly #transport: Transport;
  readonly #settings: Settings;
  #token: Token | undefined;
  #pending: Promise<Token> | undefined;
  #refused:
    | { readonly password: string; readonly until: number; readonly pauseMs: number; readonly words: string }
    | undefined;

  constructor(transport: Transport, settings: Settings) {
    this.#transport = transport;
    this.#settings = settings;
  }

  /**
   * A token that is good for another minute. Callers at the same time share one login.
   * @throws {Trouble} `login` if the user is refused; others if there is no answer.
   */
  async token(signal: AbortSignal): Promise<string> {
    const now = this.#settings.clock.now();
    if (this.#token !== undefined && now < this.#token.until - EARLY_MS) return this.#token.text;
    this.#pending ??= this.#renew().finally(() => (this.#pending = undefined));
    return (await untilAborted(this.#pending, signal)).text;
  }

  /** Forgets this token, because the device does not know it any more. One that came since is kept. */
  drop(text: string): void {
    if (this.#token?.text === text) this.#token = undefined;
  }

  /** Gives the token back to the device. Never throws: an unreachable device lets it expire. */
  async close(): Promise<void> {
    await this.#pending?.catch(() => undefined);
    const token = this.#token;
    this.#token = undefined;
    if (token === undefined) return;
    const path = `/mgmt/shared/authz/tokens/${encodeURIComponent(token.text)}`;
    const headers = { 'X-F5-Auth-Token': token.text };
    const signal = AbortSignal.timeout(this.#settings.timeouts.connectMs);
    await this.#transport.exchange({ method: 'DELETE', path, headers, signal }).catch(() => undefined);
  }

  async #renew(): Promise<Token> {
    const old = this.#token;
    if (old !== undefined && !old.extended && this.#settings.clock.now() < old.until) {
      const longer = await this.#extend(old);
      if (longer !== undefined) return (this.#token = longer);
    }
    return (this.#token = await this.#login());
  }

  /** PATCH of the token's timeout. Undefined if the device will not: then a new login is due. */
  async #extend(old: Token): Promise<Token | undefined> {
    const answer = await this.#send('PATCH', `/mgmt/shared/authz/tokens/${encodeURIComponent(old.text)}`, {
      headers: { 'X-F5-Auth-Token': old.text },
      body: { timeout: String(LONGEST_S) },
    });
    if (judge(answer) !== 'ok') return undefined;
    const { name, logger } = this.#settings;
    logger({ event: 'token-extended', device: name, address: this.#transport.origin });
    return { ...old, until: old.since + LONGEST_S * 1000, extended: true };
  }

  async #login(): Promise<Token> {
    const { username, loginProvider, clock, logger, name } = this.#settings;
    const password = await this.#password();
    this.#guard(password);
    const since = clock.now();
    const answer = await this.#send('POST', '/mgmt/shared/authn/login', {
      headers: {},
      body: { username, password, loginProviderName: loginProvider },
    });
    const verdict = judge(answer);
    if (verdict === 'busy' || verdict === 'slow' || isSporadic(answer.message)) {
      throw new Trouble('busy', `login: ${answer.status} ${headline(answer.message)}`);
    }
    if (verdict !== 'ok') throw this.#refuse(password, answer);
    this.#refused = undefined;
    const token = readToken(answer);
    if (token === undefined) throw new Trouble('busy', 'login: the answer holds no token');
    logger({ event: 'login', device: name, address: this.#transport.origin, user: username });
    return { text: token.text, since, until: since + token.seconds * 1000, extended: token.seconds >= LONGEST_S };
  }

  async #password(): Promise<string> {
    try {
      return await this.#settings.password();
    } catch (error) {
      const { name, username } = this.#settings;
      const reason = error instanceof Error ? error.message : 'unknown reason';
      throw new Trouble('login', `${name}: the password of user "${username}" cannot be read: ${reason}`);
    }
  }

  /** The same wrong password again would lock the user out. */
  #guard(password: string): void {
    const refused = this.#refused;
    const wait = refused === undefined ? 0 : refused.until - this.#settings.clock.now();
    if (refused === undefined || refused.password !== password || wait <= 0) return;
    const seconds = Math.ceil(wait / 1000);
    throw new Trouble(
      'login',
      `${refused.words} (not tried again for another ${seconds} s unless the password changes)`,
    );
  }

  #refuse(password: string, answer: Answer): Trouble {
    const { name, username, clock } = this.#settings;
    const before = this.#refused?.password === password ? this.#refused.pauseMs * 2 : FIRST_PAUSE_MS;
    const pauseMs = Math.min(before, LONGEST_PAUSE_MS);
    // The device does not echo passwords; something in between may.
    const said = `the device answered ${answer.status}: ${answer.message.replaceAll(password || '\0', '…')}`;
    const words = `${name} (${this.#transport.origin}): login refused for user "${username}": ${said}${advice(answer)}`;
    this.#refused = { password, until: clock.now() + pauseMs, pauseMs, words };
    return new Trouble('login', words);
  }

  async #send(
    method: 'POST' | 'PATCH',
    path: string,
    { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: object },
  ): Promise<Answer> {
    const raw = await this.#transport.exchange({
      method,
      path,
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      // Several callers wait for this one; the request's own time limit ends it.
      signal: new AbortController().signal,
    });
    return readAnswer(raw);
  }
}

function advice(answer: Answer): string {
  if (answer.message.includes('maximum active login tokens'))
    return '; a user may hold 100: let some expire, or use another user';
  if (answer.message.includes('loginProviderName')) return '; check loginProvider';
  return answer.status === 401 ? '; check the user name and the password' : '';
}

function readToken(answer: Answer): { readonly text: string; readonly seconds: number } | undefined {
  const token = answer.body?.['token'];
  if (typeof token !== 'object' || token === null) return undefined;
  const { token: text, timeout } = token as { readonly token?: unknown; readonly timeout?: unknown };
  if (typeof text !== 'string' || text === '') return undefined;
  const seconds = Number(timeout);
  // 1200 s is what every TMOS gives at login.
  return { text, seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : 1200 };
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
