import type { TargetCounters } from '../../target.ts';
import type { Json, RestRequest } from '../request.ts';
import type { Answer, Channel, Command, Query } from './io.ts';
import type { Settings } from './options.ts';
import type { Patience } from './patience.ts';
import type { HttpCall, Transport } from './transport.ts';
import { FAILOVER_STATUS, failoverStateOf } from './device.ts';
import { RestError, Trouble, UnknownOutcome } from './errors.ts';
import { limit } from './limit.ts';
import { Meter } from './meter.ts';
import { patiently } from './patience.ts';
import { Session } from './session.ts';
import { createTransport } from './transport.ts';
import { isSporadic, judge, shakesObjects } from './verdict.ts';
import { headline, readAnswer } from './words.ts';

/** One address of the device, with the login there. */
interface Station {
  readonly transport: Transport;
  readonly session: Session;
}

/**
 * The device as one thing to talk to: login, repetition of reads, waiting for restarts, change of address. It knows
 * nothing of what is configured.
 */
export class BigipClient {
  readonly #settings: Settings;
  readonly #meter: Meter;
  readonly #stations: readonly Station[];
  readonly #read: <T>(work: () => Promise<T>) => Promise<T>;
  #current = 0;
  /** The address that is known to be the active unit's; others are asked before anything is written there. */
  #active: number | undefined;
  /** When objects were last in doubt (mcpd or restjavad restarting). */
  #shakenAt = Number.NEGATIVE_INFINITY;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#meter = new Meter(settings.clock);
    this.#stations = settings.urls.map((url) => {
      const transport = createTransport(url, settings, this.#meter);
      return { transport, session: new Session(transport, settings) };
    });
    this.#read = limit(settings.readers);
  }

  get counters(): TargetCounters {
    return this.#meter.counters;
  }

  /** The address in use. */
  get address(): string {
    return this.#station.transport.origin;
  }

  /** How many addresses the device has. */
  get addresses(): number {
    return this.#stations.length;
  }

  /**
   * Requests bound to this signal.
   * @param deadlineMs how long to wait for a device that is away, instead of the configured time.
   */
  channel(signal: AbortSignal, deadlineMs?: number): Channel {
    const patience: Patience = {
      settings: this.#settings,
      meter: this.#meter,
      signal,
      address: () => this.address,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    };
    const command = (given: Command): Promise<Answer> =>
      patiently(
        patience,
        this.#oneLogin(signal, (relogin) => this.#sendOnce(given, signal, relogin)),
      );
    return {
      signal,
      get: (path, options) => this.#read(() => this.#get(withQuery(path, options?.query), patience)),
      send: (request, transaction) => command(toCommand(request, transaction)),
      command,
      pause: (ms) => this.#meter.waiting(() => this.#settings.clock.sleep(ms, signal)),
    };
  }

  /** Turns to the device's next address, if it has one. */
  nextAddress(reason: string): void {
    if (this.#stations.length < 2) return;
    this.#current = (this.#current + 1) % this.#stations.length;
    const { name, logger } = this.#settings;
    logger({ event: 'address-changed', device: name, address: this.address, reason: headline(reason) });
  }

  /** The unit at the address in use is the active one: it may be written to. */
  confirmActive(): void {
    this.#active = this.#current;
  }

  /** Turns to this one of the device's addresses. */
  useAddress(origin: string): void {
    this.#current = Math.max(
      0,
      this.#stations.findIndex(({ transport }) => transport.origin === origin),
    );
  }

  /** One request without a login to each address, to see whether anything answers. Never throws. */
  async knockAll(signal: AbortSignal): Promise<readonly { readonly origin: string; readonly error?: string }[]> {
    const call: HttpCall = { method: 'GET', path: '/mgmt/shared/authn/login', headers: {}, signal };
    return Promise.all(
      this.#stations.map(async ({ transport }) => {
        const { origin } = transport;
        try {
          const answer = readAnswer(await transport.exchange(call));
          const away = judge(answer) === 'busy';
          return away ? { origin, error: `${answer.status} ${headline(answer.message)}` } : { origin };
        } catch (error) {
          return { origin, error: error instanceof Error ? error.message : String(error) };
        }
      }),
    );
  }

  /** Logs out everywhere and lets go of all connections. */
  async close(): Promise<void> {
    await Promise.all(this.#stations.map(({ session }) => session.close()));
    await Promise.all(this.#stations.map(({ transport }) => transport.close()));
  }

  get #station(): Station {
    const station = this.#stations[this.#current];
    if (station === undefined) throw new Error('the device has no address');
    return station;
  }

  async #get(path: string, patience: Patience): Promise<Json | undefined> {
    const { signal } = patience;
    const attempt = this.#oneLogin(signal, async (relogin): Promise<Json | undefined> => {
      const answer = await this.#authorized({ method: 'GET', path, headers: {}, signal }, relogin);
      const verdict = judge(answer);
      // Without a body nothing is known: taken for an empty collection it would say that all is gone.
      if (verdict === 'ok' && answer.body === undefined)
        throw new Trouble('busy', `GET ${path}: an answer without a body`);
      if (verdict === 'ok') return answer.body;
      this.#notice(answer);
      if (verdict === 'busy' || verdict === 'slow') throw busy(answer);
      if (verdict === 'unauthorized') throw unauthorized(answer);
      if (verdict === 'refused') throw new RestError(`GET ${path}`, answer);
      if (!(await this.#settled(signal))) return attempt();
      return undefined;
    });
    return patiently(patience, attempt);
  }

  /**
   * Whether a 404 may be believed. After a restart of mcpd the device calls existing objects missing for a while;
   * then this waits until that is over and says no.
   */
  async #settled(signal: AbortSignal): Promise<boolean> {
    const { clock, timeouts } = this.#settings;
    const rest = this.#shakenAt + timeouts.settleMs - clock.now();
    if (rest <= 0) return true;
    await this.#meter.waiting(() => clock.sleep(rest, signal));
    return false;
  }

  #notice(answer: Answer): void {
    if (shakesObjects(answer)) this.#shakenAt = this.#settings.clock.now();
  }

  async #sendOnce(command: Command, signal: AbortSignal, relogin: Relogin): Promise<Answer> {
    const { method, path, write } = command;
    await this.#expectActive(signal, relogin);
    const call: HttpCall = {
      method,
      path,
      ...contentOf(command),
      write: write === true,
      signal,
    };
    const what = `${method} ${path}`;
    const answer = await this.#authorized(call, relogin, (trouble) => openEnd(what, trouble));
    const verdict = judge(answer);
    this.#notice(answer);
    if (verdict === 'unauthorized') throw unauthorized(answer);
    if (verdict === 'busy' || verdict === 'slow') {
      const message = `${what}: ${answer.status} ${headline(answer.message)}`;
      throw new UnknownOutcome(message, { mayStillRun: verdict === 'slow' });
    }
    return answer;
  }

  /** After a change of address in the middle of a unit: what the standby unit is told, the next sync takes away. */
  async #expectActive(signal: AbortSignal, relogin: Relogin): Promise<void> {
    if (this.#stations.length < 2 || this.#active === this.#current) return;
    const { address } = this;
    const answer = await this.#authorized({ method: 'GET', path: FAILOVER_STATUS, headers: {}, signal }, relogin);
    const state = failoverStateOf(answer.body);
    const verdict = judge(answer);
    if (verdict !== 'ok' && verdict !== 'missing') throw busy(answer);
    if (state === undefined || state === 'ACTIVE') return this.confirmActive();
    this.nextAddress(`it is ${state}`);
    throw new Trouble('busy', `${address} is ${state}, and only the active unit is written to`);
  }

  /** Sends with a token; on 401 logs in once and sends again (a 401 proves that nothing was done). */
  async #authorized(call: HttpCall, relogin: Relogin, onTrouble?: (trouble: Trouble) => Error): Promise<Answer> {
    const station = this.#station;
    const first = await this.#exchange(station, call, onTrouble);
    if (judge(first.answer) !== 'unauthorized' || relogin.done) return first.answer;
    relogin.done = true;
    station.session.drop(first.token);
    return (await this.#exchange(station, call, onTrouble)).answer;
  }

  async #exchange(
    station: Station,
    call: HttpCall,
    onTrouble: (trouble: Trouble) => Error = (trouble) => trouble,
  ): Promise<{ readonly token: string; readonly answer: Answer }> {
    const { session, transport } = station;
    let sending = false;
    try {
      const token = await session.token(call.signal);
      sending = true;
      const headers = { ...call.headers, 'X-F5-Auth-Token': token };
      return { token, answer: readAnswer(await transport.exchange({ ...call, headers })) };
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      // Readers fail together: only the first of them moves on.
      if (error.kind === 'unreachable' && station === this.#station) this.nextAddress(error.message);
      throw sending ? onTrouble(error) : error;
    }
  }

  /** All rounds of one request share one repeated login: a device that keeps saying 401 is not hammered. */
  #oneLogin<T>(signal: AbortSignal, attempt: (relogin: Relogin) => Promise<T>): () => Promise<T> {
    const relogin: Relogin = { done: false };
    return () => {
      signal.throwIfAborted();
      return attempt(relogin);
    };
  }
}

/** What is sent along, and what it is. */
function contentOf({ body, bytes, headers = {} }: Command): Pick<HttpCall, 'headers' | 'body'> {
  if (bytes !== undefined) return { headers: { ...headers, 'Content-Type': 'application/octet-stream' }, body: bytes };
  if (body === undefined) return { headers };
  return { headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

interface Relogin {
  done: boolean;
}

function toCommand(request: RestRequest, transaction: string | undefined): Command {
  return {
    method: request.method,
    path: request.path,
    write: true,
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(transaction === undefined ? {} : { headers: { 'X-F5-REST-Coordination-Id': transaction } }),
  };
}

function busy(answer: Answer): Trouble {
  return new Trouble('busy', `the device answered ${answer.status}: ${headline(answer.message)}`);
}

function unauthorized(answer: Answer): Trouble {
  const words = `the device answered ${answer.status}: ${headline(answer.message)}`;
  if (isSporadic(answer.message)) return new Trouble('busy', words);
  return new Trouble('refused', `the login is accepted, its token is not: ${words}`);
}

/** Trouble on the way of a write: nothing was sent, or nobody knows. */
function openEnd(what: string, trouble: Trouble): Error {
  if (trouble.kind === 'unreachable' || trouble.kind === 'refused') return trouble;
  return new UnknownOutcome(`${what}: ${trouble.message}`, { mayStillRun: trouble.kind === 'timeout', cause: trouble });
}

/** `$` stays as it is in names; values are encoded whole. */
function withQuery(path: string, query: Query | undefined): string {
  const pairs = Object.entries(query ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}
