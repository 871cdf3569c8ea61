import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { RuleFailure } from '../../irules/engine.ts';
import type { RuleConnection } from '../../irules/engine.ts';
import { newFlow } from '../../irules/flow.ts';
import type { Flow, Side } from '../../irules/flow.ts';
import type { Forward } from '../forward.ts';
import type { VirtualConfig } from '../model.ts';
import { overridden } from '../overrides.ts';
import type { Overrides } from '../overrides.ts';
import type { PersistenceSubject } from '../persistence/values.ts';
import type { PolicyView } from '../policy/values.ts';
import type { Member, Pool } from '../pool.ts';
import { awaitMember } from '../selection.ts';
import type { SelectionRequest } from '../selection.ts';
import { IdleWatch } from '../session.ts';
import { profileOf } from '../settings.ts';
import { tcpIdleSeconds } from '../virtual-server.ts';
import type { PlaneContext, VirtualServer } from '../virtual-server.ts';
import type { Origin } from './inner-socket.ts';
import { ruleGate } from './rule-gate.ts';
import { RuleHands } from './rule-hands.ts';
import { connectMember } from './connect-member.ts';
import { leaveSilent } from './silent-peer.ts';
import type { ServerConnection, ServerUser } from './server-connection.ts';
import { Wire } from './wire.ts';

/** What a protocol does with an accepted connection; when it resolves, the connection is over. */
export type ServeConnection = (connection: ClientConnection) => Promise<void>;

/** How long a client may take to end its side after ours. Never scaled: it depends on the network. */
const FIN_WAIT_MS = 30_000;

/** A client as it was accepted. */
export interface AcceptedClient {
  readonly socket: Socket;
  /** The client's address and port, IPv4-mapped ones as IPv4. */
  readonly origin: Origin;
  /** How many virtual servers sent the connection on before. */
  readonly depth: number;
  /** Its TLS connection, if that ends here. */
  readonly tls?: TLSSocket | undefined;
  /** One stream of a connection that is counted already. */
  readonly isStream?: boolean;
}

/** What a connection wants of the choice of its member. */
interface ServerWish {
  readonly preferred?: string | undefined;
  readonly subject?: Partial<PersistenceSubject>;
  /** Members (full paths) that it does not want. */
  readonly exclude?: ReadonlySet<string> | undefined;
}

/** A client's TCP connection to a virtual server, with what every protocol needs of it. */
export class ClientConnection implements ServerUser {
  readonly context: PlaneContext;
  readonly virtual: VirtualServer;
  /** The configuration when the connection began; later changes are for later connections. */
  readonly config: VirtualConfig;
  readonly wire: Wire;
  /** The client's address, IPv4-mapped ones as IPv4. */
  readonly client: string;
  /** What policies put in the place of the configuration. */
  overrides: Overrides = {};
  /** What iRules do on this connection; undefined without any. */
  readonly rules: RuleConnection | undefined;
  readonly #accepted: AcceptedClient;
  readonly #tls: TLSSocket | undefined;
  readonly #idle: IdleWatch;
  readonly #servers = new Set<ServerConnection>();
  readonly #hands: RuleHands | undefined;
  /** Variables that policies have set. */
  readonly #variables = new Map<string, string>();
  readonly #isStream: boolean;
  #isOver = false;

  constructor(context: PlaneContext, virtual: VirtualServer, accepted: AcceptedClient) {
    const { socket, tls, isStream = false } = accepted;
    this.#accepted = accepted;
    this.#tls = tls;
    this.context = context;
    this.virtual = virtual;
    this.config = virtual.config;
    this.client = accepted.origin.address;
    this.rules = virtual.rules?.begin(flowOf(this));
    this.#idle = new IdleWatch(context.scheduler, tcpIdleSeconds(this.config) * context.msPerSecond, () => {
      context.profileCounts.add(profileOf(this.config, 'tcp'), 'expires');
      this.abort();
    });
    this.wire = new Wire(socket, {
      received: (bytes) => this.#count('countIn', bytes),
      sent: (bytes) => this.#count('countOut', bytes),
    });
    if (this.rules !== undefined) {
      this.wire.gate = ruleGate(this.rules, 'client');
      this.#hands = new RuleHands(this);
      this.rules.flow.hands = this.#hands;
    }
    if (!isStream) virtual.counters.open();
    context.sessions.add(this);
    virtual.sessions.add(this);
    this.#isStream = isStream;
    socket.once('close', (broken: boolean) => this.#closed(broken));
  }

  touch(): void {
    this.#idle.touch();
  }

  left(server: ServerConnection): void {
    if (this.#servers.delete(server)) this.#lastWords('SERVER_CLOSED');
  }

  /** Resets the client and its servers. */
  abort(): void {
    this.wire.reset();
    for (const server of this.#servers) server.wire.reset();
  }

  /** Waits until rules have let go what they collect of the client's first bytes. */
  async collected(): Promise<void> {
    if (this.rules?.flow.tcp.client.wanted === undefined) return;
    const bytes = await this.wire.read();
    if (bytes !== undefined) this.wire.unread(bytes);
  }

  /** It can't go on: a rule closed it in order, or it is reset. */
  async giveUp(): Promise<void> {
    if (this.rules?.flow.end === 'close') await this.finish().catch(() => {});
    else this.abort();
  }

  drop(): void {
    if (this.wire.socket.destroyed) return;
    const idleMs = tcpIdleSeconds(this.config) * this.context.msPerSecond;
    leaveSilent(this.context, this.wire.abandon(), idleMs);
    this.#closed(true);
  }

  /** The virtual server's pool as it is now; undefined without one. */
  pool(): Pool | undefined {
    return this.config.pool === undefined ? undefined : this.context.pools.get(this.config.pool);
  }

  /** The pool that a policy or rule chose, else {@link pool}. A node, and another virtual server, is a pool of its own. */
  poolFor(forward: Forward | undefined): Pool | undefined {
    if (forward === undefined) return this.pool();
    if (forward.to === 'pool') return this.context.pools.get(forward.pool);
    if (forward.to === 'virtual') return this.virtual.chainPool(forward.virtual);
    const { address } = forward;
    const port = forward.port === 0 ? this.config.port : forward.port;
    return this.virtual.nodePool(address, port);
  }

  /** The configuration with what rules and policies put in its place. */
  effective(): VirtualConfig {
    const overrides = { ...this.overrides, ...this.rules?.flow.overrides };
    return Object.keys(overrides).length === 0 ? this.config : overridden(this.config, overrides);
  }

  /** The connection as one that looks for a member, with what is known of it besides. */
  seeker(more: Partial<PersistenceSubject>): SelectionRequest {
    const { context, virtual, client } = this;
    return { context, virtual, config: this.effective(), subject: { client, ...more } };
  }

  /** The wires of a side. */
  wires(side: Side): readonly Wire[] {
    return side === 'client' ? [this.wire] : [...this.#servers].map(({ wire }) => wire);
  }

  /** What policies can know of the connection. */
  view(): PolicyView {
    const { address, port, routeDomain } = this.config;
    const setVariable = (name: string, value: string): void => {
      this.#variables.set(name, value);
      this.rules?.setVariable(name, value);
    };
    return {
      log: this.context.log,
      setVariable,
      variables: this.#variables,
      client: this.#accepted.origin,
      local: { address, port },
      routeDomain,
      ...(this.#tls === undefined ? {} : tlsView(this.#tls)),
    };
  }

  /**
   * Chooses a member of the pool and connects to it. When a member refuses, up to `reselectTries` others are tried (device
   * default: none). With a queue the connection waits for a member that is full. Undefined when nobody takes it.
   * @param wish the member that a rule names, and what else persistence can go by.
   */
  async openServer(pool: Pool, wish: ServerWish = {}): Promise<ServerConnection | undefined> {
    const seeker = { ...this.seeker(wish.subject ?? {}), preferred: wish.preferred };
    const refused = new Set<string>(wish.exclude);
    for (let tries = pool.config.reselectTries ?? 0; tries >= 0 && !this.wire.socket.destroyed; tries -= 1) {
      const request = { ...seeker, exclude: refused };
      const member = await awaitMember(pool, request, (end) => this.wire.socket.once('close', end));
      if (member === undefined) return undefined;
      this.#selected(member);
      const server = this.virtual.cache.take(member) ?? (await this.#connect(member));
      if (server !== undefined) {
        return this.#connected(server);
      }
      refused.add(member.config.fullPath);
    }
    return undefined;
  }

  /** Rules hear of a server that is connected. */
  #connected(server: ServerConnection): ServerConnection | undefined {
    const adopted = this.#adopt(server);
    if (this.rules === undefined || adopted === undefined) return adopted;
    adopted.wire.gate = ruleGate(this.rules, 'server');
    this.#fire(this.rules, 'SERVER_CONNECTED');
    return adopted;
  }

  /** An event in which a rule may end the connection. */
  #fire(rules: RuleConnection, event: string): void {
    rules.fire(event);
    if (rules.flow.end !== undefined) throw new RuleFailure('ended by a rule');
  }

  /** A new connection to the same member, for a cached one that turned out to be dead. */
  async reopenServer(member: Member): Promise<ServerConnection | undefined> {
    const server = await this.#connect(member);
    return server === undefined ? undefined : this.#adopt(server);
  }

  /**
   * Ends the client's connection in order: what was written is delivered, what still comes is thrown away (closing
   * with unread bytes would make the kernel send a reset, and the client lose the answer).
   */
  async finish(): Promise<void> {
    const giveUp = this.context.scheduler.after(FIN_WAIT_MS, () => this.wire.reset());
    this.wire.end();
    try {
      while ((await this.wire.read()) !== undefined);
    } finally {
      giveUp.cancel();
    }
  }

  /** The server connection is no longer this client's. */
  release(server: ServerConnection): void {
    this.#servers.delete(server);
    server.wire.gate = undefined;
    server.assign(undefined);
  }

  /** Rules hear of the member before it is connected to. */
  #selected({ config: { address, port, fullPath }, pool }: Member): void {
    if (this.rules === undefined) return;
    this.rules.flow.server = { address, port, pool: pool.config.fullPath, fullPath };
    this.#fire(this.rules, 'LB_SELECTED');
  }

  async #connect(member: Member): Promise<ServerConnection | undefined> {
    const { context } = this;
    const virtual = this.effective();
    const { origin, depth } = this.#accepted;
    try {
      return await connectMember({ context, virtual, member, user: this, origin, depth });
    } catch {
      return undefined;
    }
  }

  /** The client may be gone by the time that a server answers. */
  #adopt(server: ServerConnection): ServerConnection | undefined {
    server.assign(this);
    if (this.wire.socket.destroyed) {
      server.close();
      return undefined;
    }
    this.#servers.add(server);
    return server;
  }

  /** There is nobody left to be hurt by a rule that fails. */
  #lastWords(event: 'CLIENT_CLOSED' | 'SERVER_CLOSED'): void {
    try {
      this.rules?.fire(event);
    } catch {
      // It is counted and logged.
    }
  }

  #count(direction: 'countIn' | 'countOut', bytes: number): void {
    this.virtual.counters[direction](bytes);
    this.touch();
  }

  /** What the client sent before it left in order still reaches the servers; a broken connection breaks theirs. */
  #closed(broken: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.#isStream) this.virtual.counters.close();
    this.#idle.stop();
    this.#lastWords('CLIENT_CLOSED');
    this.#hands?.close();
    this.context.sessions.delete(this);
    this.virtual.sessions.delete(this);
    for (const server of this.#servers) {
      if (broken) server.wire.reset();
      else server.close();
    }
  }
}

/** The connection as iRules see it. */
function flowOf(connection: ClientConnection): Flow {
  const { client, local, tls, hello } = connection.view();
  const { fullPath, pool } = connection.config;
  return newFlow({ virtual: fullPath, defaultPool: pool, client, local, tls, serverName: hello?.serverName });
}

/** What a client's TLS connection is like. */
function tlsView(socket: TLSSocket): Pick<PolicyView, 'tls' | 'hello'> {
  const { name, standardName } = socket.getCipher();
  const cipherBits = Number(/(?:AES_?|CAMELLIA_?)(\d+)/.exec(standardName)?.[1] ?? 256);
  const serverName = typeof socket.servername === 'string' ? socket.servername : '';
  const alpn = typeof socket.alpnProtocol === 'string' ? [socket.alpnProtocol] : [];
  return { tls: { protocol: socket.getProtocol() ?? '', cipher: name, cipherBits }, hello: { serverName, alpn } };
}
