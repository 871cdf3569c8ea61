import type { Flow } from '../../irules/flow.ts';
import { BodyReader, carryPassage, framed } from '../http/body.ts';
import { compress, encodingFor } from '../http/compression.ts';
import type { Passage } from '../http/body.ts';
import { keepsAlive, requestBody, responseBody } from '../http/framing.ts';
import type { BodyKind } from '../http/framing.ts';
import { HttpError, headerHas, headerValues, parseRequest, parseResponse, printHead } from '../http/head.ts';
import type { HeadLimits, RequestHead, ResponseHead } from '../http/head.ts';
import { countCompressed, HttpCounts } from '../http/http-counts.ts';
import { endsConnection, printReply } from '../http/replies.ts';
import type { OwnReply } from '../http/replies.ts';
import { carryBody, readHead } from '../http/transfer.ts';
import type { ProfileConfig } from '../model.ts';
import { memberOfCookie } from '../persistence/cookie.ts';
import { profilesOf } from '../persistence/records.ts';
import { lookingAtBytes } from '../persistence/values.ts';
import { requestEffects, responseEffects } from '../policy/effects.ts';
import type { Forward } from '../forward.ts';
import type { Effects } from '../policy/effects.ts';
import { PolicyRun } from '../policy/run.ts';
import type { Member } from '../pool.ts';
import { numberSetting, profileOf, settingsGroup, textSetting } from '../settings.ts';
import type { Settings } from '../settings.ts';
import { tcpIdleSeconds } from '../virtual-server.ts';
import type { ClientConnection } from './client-connection.ts';
import { asSent, asShown, readRetry, redirectTo, withLocation } from './http-edits.ts';
import { chosenOnFailure, MOST_RESELECTS, onHttpRequest, onHttpResponse } from './rule-hooks.ts';
import { onRequestSent, onResponseSent } from './rule-hooks.ts';
import type { Ruled } from './rule-hooks.ts';
import type { ServerConnection } from './server-connection.ts';
import { relay } from './wire.ts';
import type { Wire } from './wire.ts';

const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');
/** How an exchange begins. */
const UNSENT = { uploaded: false, continued: false, answered: false };
const NO_BODY: BodyKind = { type: 'none' };

const RESPONSE_LIMITS: HeadLimits = { maxSize: 65_536, maxCount: 256 };

/** HTTP/1.0 and HTTP/1.1 between a client and pool members, for one client connection. */
export async function serveHttp(connection: ClientConnection): Promise<void> {
  const proxy = new HttpProxy(connection);
  while (await proxy.exchange());
}

/** A request under way. */
interface Exchange {
  readonly request: RequestHead;
  readonly body: BodyKind;
  /** The request as policies leave it. */
  readonly head: RequestHead;
  /** The body, if rules collected some of it. */
  readonly passage: Passage | undefined;
  readonly server: ServerConnection;
  readonly policies: PolicyRun | undefined;
  /** The member that the client's cookie named. */
  readonly known: string | undefined;
  /** How often a rule has sent the request anew. */
  readonly retries: number;
  /** To be called when the answer is complete, or will not come. */
  readonly over: () => void;
  /** The request's body has been sent in full. */
  uploaded: boolean;
  /** The server asked for the body (100 Continue). */
  continued: boolean;
  /** The server has begun to answer. */
  answered: boolean;
}

/** A server's answer, of which the head has been sent on. */
interface Answer {
  readonly response: ResponseHead;
  /** Sends the body on. */
  readonly carry: () => Promise<void>;
  /** The client's connection ends with the body, for that has no other end. */
  readonly endsConnection?: boolean;
}

/**
 * Without OneConnect the first request of a connection picks the member and the others follow it, as on the device;
 * when the server ends, so does the client's connection. With OneConnect each request is balanced anew, and server
 * connections are kept for others. Pipelined requests are answered one after the other.
 */
class HttpProxy {
  readonly #connection: ClientConnection;
  readonly #settings: Settings | undefined;
  readonly #limits: HeadLimits;
  readonly #oneConnect: Settings | undefined;
  readonly #compression: ProfileConfig | undefined;
  readonly #counts: HttpCounts;
  #pinned: ServerConnection | undefined;
  #known: string | undefined;
  #busy = false;
  #isFirst = true;

  constructor(connection: ClientConnection) {
    this.#connection = connection;
    this.#settings = profileOf(connection.config, 'http')?.settings;
    this.#oneConnect = profileOf(connection.config, 'one-connect')?.settings;
    this.#compression = profileOf(connection.config, 'http-compression');
    this.#counts = new HttpCounts(connection.context.profileCounts, profileOf(connection.config, 'http'));
    const enforcement = settingsGroup(this.#settings, 'enforcement');
    this.#limits = {
      maxSize: numberSetting(enforcement, 'maxHeaderSize', 32_768),
      maxCount: numberSetting(enforcement, 'maxHeaderCount', 64),
    };
  }

  /** One request and its response. False when the connection is over. */
  async exchange(): Promise<boolean> {
    const { wire, virtual } = this.#connection;
    this.#busy = false;
    if (this.#pinned?.hasEnded === true && !this.#pinned.hasMoved) return this.#finish();
    const bytes = await readHead(wire, this.#limits);
    if (bytes === undefined) return this.#finish();
    this.#busy = true;
    const request = parseRequest(bytes, this.#limits);
    const body = requestBody(request);
    virtual.counters.countRequest();
    this.#counts.request(request);
    const policies = this.#policiesOf();
    const policed = this.#onRequest(policies, request);
    this.#connection.overrides = policed.overrides ?? {};
    const effects = await this.#ruled(policed, body);
    if (effects.reset === true) throw new HttpError('reset by a policy or a rule');
    const reply = effects.redirect === undefined ? effects.reply : redirectTo(effects.redirect);
    const rest = effects.passage?.reader.isDone === true ? NO_BODY : body;
    if (reply !== undefined) return this.#reply(reply, request, rest);
    const server = (await this.#serverFor(request, effects.forward)) ?? (await this.#serverElsewhere(request));
    if (server === undefined) return this.#nobodyAnswers(request, rest);
    const { passage } = effects;
    const head = framed(onRequestSent(this.#connection.rules, effects.head), passage);
    const state = { known: this.#known, retries: 0, ...UNSENT };
    const over = server.member.request();
    return await this.#send({ request, head, body, passage, server, policies, over, ...state });
  }

  /** Sends a request to its server; once more if that turns out to be gone. */
  async #send(exchange: Exchange): Promise<boolean> {
    const { server, over } = exchange;
    server.uses += 1;
    try {
      return await this.#forward(exchange);
    } catch (error) {
      const fresh = this.#mayRepeat(exchange) ? await this.#connection.reopenServer(server.member) : undefined;
      if (fresh === undefined) throw error;
      return await this.#forward({ ...exchange, server: fresh });
    } finally {
      over();
      countRequest(server.member);
    }
  }

  /** A client that waits for `100 Continue` gets it from here when a rule collects the body (K). */
  async #ruled(effects: Effects<RequestHead>, body: BodyKind): Promise<Ruled<RequestHead>> {
    const { rules, wire } = this.#connection;
    const waits = headerHas(effects.head, 'expect', '100-continue');
    const invite = async (): Promise<void> => await wire.write(CONTINUE);
    return await onHttpRequest(rules, effects, { wire, body, ...(waits ? { invite } : {}) });
  }

  /** A kept connection that the server closed as the request set out: nothing has happened to the request yet. */
  #mayRepeat({ server, body, answered }: Exchange): boolean {
    const gone = !answered && server.uses > 1 && !this.#connection.wire.socket.destroyed;
    return this.#oneConnect !== undefined && gone && body.type === 'none';
  }

  /**
   * The first request of a connection has the policies that this began with, as it has its rules: the two belong together.
   * Later ones are judged anew, by the policies of the virtual server now (K).
   */
  #policiesOf(): PolicyRun | undefined {
    const { context, virtual, config } = this.#connection;
    const { policies = [] } = this.#isFirst ? config : virtual.config;
    this.#isFirst = false;
    return policies.length === 0 ? undefined : new PolicyRun(policies, context.policyCounts);
  }

  #onRequest(policies: PolicyRun | undefined, request: RequestHead): Effects<RequestHead> {
    if (policies === undefined) return { head: request };
    const view = { ...this.#connection.view(), request };
    const early = [...policies.due('clientAccepted', view), ...policies.due('sslClientHello', view)];
    const due = [...early, ...policies.due('request', view)];
    if (headerHas(request, 'upgrade', 'websocket')) due.push(...policies.due('wsRequest', view));
    return requestEffects(due, request, view);
  }

  /**
   * A request that a policy sends elsewhere than the one before leaves the member that the connection stood on. One that no
   * rule sends anywhere stays there (K: the reason why rules are written with a default pool).
   */
  async #serverFor(
    request: RequestHead,
    forward: Forward | undefined,
    exclude?: ReadonlySet<string>,
  ): Promise<ServerConnection | undefined> {
    const pool = this.#connection.poolFor(forward);
    const wanted = forward?.to === 'pool' ? forward.member : undefined;
    if (this.#pinned !== undefined) {
      const { member } = this.#pinned;
      const isThere = member.pool === pool && (wanted ?? member.config.fullPath) === member.config.fullPath;
      const stays = (forward === undefined || isThere) && !this.#detaches();
      if (stays && !this.#pinned.hasMoved) return this.#pinned;
      this.#unpin(this.#pinned);
    }
    if (pool === undefined) return undefined;
    const config = this.#connection.effective();
    const looksAtBytes = lookingAtBytes(profilesOf(config)).length > 0;
    const subject = { request, ...(looksAtBytes ? { bytes: printHead(request) } : {}) };
    this.#known = memberOfCookie(config, pool, { client: this.#connection.client, ...subject });
    const server = await this.#connection.openServer(pool, { preferred: wanted, subject, exclude });
    if (server !== undefined && this.#oneConnect === undefined) this.#pin(server);
    return server;
  }

  /** Whether a rule wants the connection off its server (`LB::detach`). */
  #detaches(): boolean {
    const { rules } = this.#connection;
    if (rules?.flow.detach !== true) return false;
    rules.flow.detach = false;
    return true;
  }

  #unpin(server: ServerConnection): void {
    this.#pinned = undefined;
    server.onEnd = undefined;
    this.#connection.release(server);
    server.close();
  }

  #pin(server: ServerConnection): void {
    this.#pinned = server;
    server.onEnd = () => {
      if (!this.#busy && !server.hasMoved) this.#connection.wire.end();
    };
  }

  /** No member is available, or none accepts: rules may choose anew, a few times. */
  async #serverElsewhere(request: RequestHead): Promise<ServerConnection | undefined> {
    const { rules } = this.#connection;
    for (let tries = 0; tries < MOST_RESELECTS && rules?.awaits('LB_FAILED') === true; tries += 1) {
      const forward = chosenOnFailure(rules);
      if (forward === 'none') return undefined;
      const server = await this.#serverFor(request, forward);
      if (server !== undefined) return server;
    }
    return undefined;
  }

  /** No rule found a member: a rule may have answered, then the profile's `fallbackHost`, else a reset. */
  async #nobodyAnswers(request: RequestHead, body: BodyKind): Promise<boolean> {
    const { rules } = this.#connection;
    if (rules?.flow.end !== undefined) throw new HttpError('ended by a rule');
    if (rules?.flow.reply !== undefined) return this.#reply(rules.flow.reply, request, body);
    const location = textSetting(this.#settings, 'fallbackHost');
    if (location === undefined) throw new HttpError('no pool member available');
    return this.#reply(redirectTo({ location, code: 302 }), request, body);
  }

  async #reply(reply: OwnReply, request: RequestHead, body: BodyKind): Promise<boolean> {
    const mayStay = !endsConnection(reply) && this.#connection.rules?.flow.closes !== true;
    const keep = mayStay && keepsAlive(request) && body.type === 'none';
    await this.#connection.wire.write(printReply(reply, this.#settings, keep));
    return keep ? true : this.#finish();
  }

  async #forward(exchange: Exchange): Promise<boolean> {
    const { request, head, server, body } = exchange;
    const { wire } = this.#connection;
    const given = { settings: this.#settings, compression: this.#compression };
    await server.wire.write(printHead(asSent(head, this.#connection, given)));
    const upload = this.#upload(exchange);
    const answer = await this.#answer(exchange);
    if (answer === undefined) return this.#replaced(exchange);
    const { response } = answer;
    if (response.status === 101 || (request.method === 'CONNECT' && response.status < 300)) {
      await upload;
      await relay(wire, server.wire);
      return false;
    }
    const kind = responseBody(response, request.method);
    const before = wire.sent;
    await answer.carry();
    this.#counts.body(wire.sent - before);
    exchange.over();
    const serverStays = keepsAlive(response) && kind.type !== 'until-close';
    const bodyWillNotCome = headerHas(request, 'expect', '100-continue') && !exchange.continued && !exchange.uploaded;
    const stays = serverStays && keepsAlive(request) && !bodyWillNotCome && answer.endsConnection !== true;
    if (stays && body.type !== 'none') await upload;
    if (serverStays && exchange.uploaded) this.#giveBack(server);
    return stays || this.#finish();
  }

  /** Sends the request's body, beside the wait for the answer: a server may ask for it, or refuse it. */
  async #upload(exchange: Exchange): Promise<void> {
    const { server, body, passage } = exchange;
    try {
      if (passage === undefined) await carryBody(this.#connection.wire, server.wire, body);
      else await carryPassage(passage, server.wire);
      exchange.uploaded = true;
    } catch {
      // A server that stopped listening may still have something to say; a client that broke off has not.
      if (server.wire.socket.writable) this.#connection.abort();
    }
  }

  /** A rule answered in place of the server, or wants another request: what the server sends is of no use any more. */
  async #replaced(exchange: Exchange): Promise<boolean> {
    const { server, request, body } = exchange;
    const { rules } = this.#connection;
    this.#unpin(server);
    if (rules?.flow.retry !== undefined) return await this.#retry(exchange, rules.flow);
    if (rules?.flow.reply === undefined) return this.#finish();
    return this.#reply(rules.flow.reply, request, body);
  }

  /** `HTTP::retry`: another request in place of one whose answer is not wanted; after `LB::reselect` to another member. */
  async #retry(exchange: Exchange, flow: Flow): Promise<boolean> {
    const { server: before, policies, request } = exchange;
    // What the client still sends would be taken for its next request.
    const hasAll = exchange.uploaded || exchange.body.type === 'none' || exchange.passage?.reader.isDone === true;
    if (!hasAll || exchange.retries >= MOST_RESELECTS) throw new HttpError('a retry that cannot be made');
    const { head, passage } = readRetry(flow, this.#connection.wire, this.#limits);
    const exclude = flow.reselect ? new Set([before.member.config.fullPath]) : undefined;
    Object.assign(flow, { request: head, response: undefined, retry: undefined, reselect: false });
    const server = (await this.#serverFor(head, flow.forward, exclude)) ?? (await this.#serverElsewhere(head));
    if (server === undefined) return this.#nobodyAnswers(request, NO_BODY);
    const over = server.member.request();
    const anew = { request, head, body: NO_BODY, passage, server, policies, over, known: this.#known, ...UNSENT };
    return await this.#send({ ...anew, retries: exchange.retries + 1 });
  }

  /**
   * The final response's head, sent on; interim ones (100, 103) are passed as they come. Undefined: a rule has its own
   * answer.
   */
  async #answer(exchange: Exchange): Promise<Answer | undefined> {
    const { wire, rules } = this.#connection;
    for (;;) {
      const bytes = await readHead(exchange.server.wire, RESPONSE_LIMITS);
      if (bytes === undefined) throw new HttpError('the server ended without an answer');
      exchange.answered = true;
      const response = parseResponse(bytes, RESPONSE_LIMITS);
      if (response.status >= 200 || response.status === 101) {
        const body = response.status === 101 ? NO_BODY : responseBody(response, exchange.request.method);
        const incoming = { wire: exchange.server.wire, body };
        const effects = await onHttpResponse(rules, this.#onResponse(exchange, response), incoming);
        if (effects.reply !== undefined || rules?.flow.retry !== undefined) return undefined;
        if (effects.reset === true) throw new HttpError('ended by a rule');
        const { head, redirect: to, passage } = effects;
        const given = framed(to === undefined ? head : withLocation(head, to), passage);
        const shown = onResponseSent(rules, this.#incoming(exchange, given));
        this.#counts.response(shown);
        const compressed = await this.#compressed(exchange.request, shown, { body, passage, from: incoming.wire });
        if (compressed !== undefined) return { response, ...compressed };
        await wire.write(printHead(shown));
        const carry = async (): Promise<void> =>
          passage === undefined ? await carryBody(incoming.wire, wire, body) : await carryPassage(passage, wire);
        return { response, carry };
      }
      if (response.status === 100) exchange.continued = true;
      await wire.write(bytes);
    }
  }

  /** Sends the head of an answer that an http-compression profile compresses; undefined: it does not. */
  async #compressed(
    request: RequestHead,
    response: ResponseHead,
    { body, passage, from }: { readonly body: BodyKind; readonly passage: Passage | undefined; readonly from: Wire },
  ): Promise<Omit<Answer, 'response'> | undefined> {
    const profile = this.#compression;
    const encoding = body.type === 'none' ? undefined : encodingFor(profile?.settings, request, response);
    if (profile === undefined || encoding === undefined) return undefined;
    const whole = passage ?? { payload: Buffer.alloc(0), replaced: 0, reader: new BodyReader(from, body) };
    const coded = await compress({ settings: profile.settings, encoding, request, response, body: whole });
    const { wire, context } = this.#connection;
    await wire.write(printHead(coded.head)).catch((error: unknown) => {
      coded.abort();
      throw error;
    });
    const carry = async (): Promise<void> => {
      const sizes = await coded.carry(wire);
      const type = headerValues(response, 'content-type')[0] ?? '';
      countCompressed(context.profileCounts, profile, { type, ...sizes });
    };
    return { carry, endsConnection: coded.endsConnection };
  }

  #onResponse({ policies, head: request }: Exchange, response: ResponseHead): Effects<ResponseHead> {
    if (policies === undefined) return { head: response };
    const view = { ...this.#connection.view(), request, response };
    const due = [...policies.due('response', view)];
    if (response.status === 101) due.push(...policies.due('wsResponse', view));
    const effects = responseEffects(due, response, view);
    if (effects.reset === true) throw new HttpError('reset by a policy');
    return effects;
  }

  /** The response as the client sees it. */
  #incoming({ server: { member }, known, request }: Exchange, response: ResponseHead): ResponseHead {
    const given = { settings: this.#settings, request, member, known };
    const { head, hasCookie } = asShown(response, this.#connection, given);
    if (hasCookie) this.#counts.cookieInserted();
    return head;
  }

  /** With OneConnect the server connection waits for the next request of anyone. */
  #giveBack(server: ServerConnection): void {
    if (this.#oneConnect === undefined) return;
    const { context, virtual, config } = this.#connection;
    this.#connection.release(server);
    const worn = server.uses >= numberSetting(this.#oneConnect, 'maxReuse', 1000);
    if (worn || server.hasEnded) server.close();
    else virtual.cache.put(context, server, tcpIdleSeconds(config) * context.msPerSecond);
  }

  async #finish(): Promise<false> {
    await this.#connection.finish();
    return false;
  }
}

function countRequest(member: Member): void {
  member.counters.countRequest();
  member.pool.counters.countRequest();
}
