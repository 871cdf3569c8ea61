import { connect } from 'node:net';
import type { Socket, TcpNetConnectOpts } from 'node:net';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { isLoopback } from '../addresses.ts';
import type { ProfileConfig, VirtualConfig } from '../model.ts';
import type { Member } from '../pool.ts';
import type { ServerSession, Session } from '../session.ts';
import { profileOf, textSetting } from '../settings.ts';
import { contextOf } from '../tls/contexts.ts';
import { tcpIdleSeconds } from '../virtual-server.ts';
import type { PlaneContext } from '../virtual-server.ts';
import type { Origin } from './inner-socket.ts';
import { leaveSilent } from './silent-peer.ts';
import { Wire } from './wire.ts';

/** The owner of a server-side connection: told of traffic, ended with the member if the pool says so. */
export interface ServerUser extends Session {
  touch(): void;
  /** The connection is closed. */
  left(server: ServerConnection): void;
  /** Lets go of the client without a word. */
  drop(): void;
}

/** How long a server may take to accept what is left when a connection closes. Never scaled: it depends on the network. */
const FLUSH_MS = 30_000;

/** A connection to a pool member. It is counted for the member and its pool from the first attempt to its end. */
export class ServerConnection implements ServerSession {
  readonly member: Member;
  readonly wire: Wire;
  /** Requests that went over it (OneConnect `maxReuse`). */
  uses = 0;
  /** Called when the server ends its side, or the connection is gone. */
  onEnd: (() => void) | undefined;
  /** Called when its client is to go to another member; see {@link hasMoved}. */
  onMove: (() => void) | undefined;
  #hasMoved = false;
  #isOver = false;
  readonly #idleMs: number;
  readonly #context: PlaneContext;
  #user: ServerUser | undefined;

  constructor({ member, context, user, virtual }: ConnectRequest, socket: Socket) {
    this.#idleMs = tcpIdleSeconds(virtual) * context.msPerSecond;
    this.member = member;
    this.#context = context;
    this.#user = user;
    this.wire = new Wire(socket, {
      received: (bytes) => this.#count('countOut', bytes),
      sent: (bytes) => this.#count('countIn', bytes),
    });
    member.open();
    member.sessions.add(this);
    context.sessions.add(this);
    socket.once('end', () => this.onEnd?.());
    socket.once('close', () => this.#over());
  }

  /** The member is down, and the client is to be sent to another one (`serviceDownAction reselect`). */
  get hasMoved(): boolean {
    return this.#hasMoved;
  }

  /** The server has ended its side, or the connection is gone. */
  get hasEnded(): boolean {
    return this.wire.socket.readableEnded || this.wire.socket.destroyed;
  }

  /** Another client's turn; undefined: idle. */
  assign(user: ServerUser | undefined): void {
    this.#user = user;
  }

  /** Ends the connection and the client's that uses it now. */
  abort(): void {
    this.wire.reset();
    this.#user?.abort();
  }

  drop(): void {
    const { socket } = this.wire;
    if (socket.destroyed) return;
    leaveSilent(this.#context, this.wire.abandon(), this.#idleMs);
    const user = this.#user;
    this.#over();
    user?.drop();
  }

  reselect(): void {
    this.#hasMoved = true;
    this.onMove?.();
    this.wire.reset();
  }

  /** Ends the connection in order; what was written is still sent. */
  close(): void {
    if (this.#isOver) return;
    const { socket } = this.wire;
    socket.destroySoon();
    if (socket.destroyed) return;
    const giveUp = this.#context.scheduler.after(FLUSH_MS, () => this.wire.reset());
    socket.once('close', () => giveUp.cancel());
  }

  /** It does no longer count, once for all. */
  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.member.close();
    this.member.sessions.delete(this);
    this.#context.sessions.delete(this);
    this.#user?.left(this);
    this.onEnd?.();
  }

  #count(direction: 'countIn' | 'countOut', bytes: number): void {
    this.member.counters[direction](bytes);
    this.member.pool.counters[direction](bytes);
    this.#user?.touch();
  }
}

/** What is needed to connect to a member. */
export interface ConnectRequest {
  readonly context: PlaneContext;
  readonly virtual: VirtualConfig;
  readonly member: Member;
  readonly user: ServerUser;
  /** The client. */
  readonly origin: Origin;
  /** How many virtual servers sent the connection on before this one. */
  readonly depth: number;
}

/** Seconds that a member has to answer: what a TMOS tcp profile waits with its three repetitions of the SYN. */
const CONNECT_SECONDS = 45;
/** …but never less, however the time is scaled. */
const SHORTEST_CONNECT_MS = 1000;

/**
 * Connects to a member; over TLS if the virtual server has a server-ssl profile. Rejects when the member refuses, does not
 * answer, or shows a certificate that the profile does not take.
 */
export async function connectMember(request: ConnectRequest): Promise<ServerConnection> {
  const ssl = profileOf(request.virtual, 'server-ssl', 'serverside');
  const secure = ssl !== undefined;
  const inner = innerSocket(request);
  const plain = (): Socket => inner ?? connect({ ...connectOptions(request), allowHalfOpen: true });
  const socket = secure
    ? connectTls({ ...(inner === undefined ? connectOptions(request) : { socket: inner }), ...serverTls(ssl) })
    : plain();
  socket.setNoDelay(true);
  const connection = new ServerConnection(request, socket);
  if (inner === socket) return connection;
  const { scheduler, msPerSecond } = request.context;
  const patience = Math.max(SHORTEST_CONNECT_MS, CONNECT_SECONDS * msPerSecond);
  const giveUp = scheduler.after(patience, () => socket.destroy(new Error('no answer')));
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(secure ? 'secureConnect' : 'connect', resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('connection closed')));
    });
    return connection;
  } finally {
    giveUp.cancel();
  }
}

/** A member that stands for another virtual server is reached within the process. Throws if that takes no connection. */
function innerSocket({ context, member, origin, depth }: ConnectRequest): Socket | undefined {
  const { virtual } = member.config;
  if (virtual === undefined) return undefined;
  const socket = context.enter(virtual, origin, depth + 1);
  if (socket === undefined) throw new Error('the virtual server takes no connection');
  return socket;
}

/** `peerCertMode require` asks for a certificate that `caFile` vouches for; `authenticateName`, if set, has to be in it. */
function serverTls(profile: ProfileConfig): ConnectionOptions {
  const { settings } = profile;
  const servername = textSetting(settings, 'serverName');
  const expected = textSetting(settings, 'authenticateName');
  return {
    secureContext: contextOf(profile),
    rejectUnauthorized: textSetting(settings, 'peerCertMode') === 'require',
    checkServerIdentity: (_host, certificate) =>
      expected === undefined ? undefined : checkServerIdentity(expected, certificate),
    ...(servername === undefined ? {} : { servername }),
  };
}

/**
 * Without source address translation a BIG-IP connects from the client's own address, with a SNAT pool from one of its
 * addresses. That works here among loopback addresses only; else the member sees this machine's.
 */
function connectOptions({ context, virtual, member, origin }: ConnectRequest): TcpNetConnectOpts {
  const source = sourceOf(virtual, context, origin);
  const { address, port } = context.reach(member.config, member.config.port === 0 ? virtual.port : member.config.port);
  const mayChoose = source?.startsWith('127.') === true && address.startsWith('127.') && isLoopback(address);
  return { host: address, port, ...(mayChoose ? { localAddress: source } : {}) };
}

/** The address that a member is to see; undefined: any of this machine (automap). */
function sourceOf(virtual: VirtualConfig, { snatPools }: PlaneContext, origin: Origin): string | undefined {
  const { sourceAddressTranslation: type, snat } = virtual;
  if (type === 'none') return origin.address === '127.0.0.1' ? undefined : origin.address;
  if (type !== 'snat') return undefined;
  return snat?.address ?? (snat?.pool === undefined ? undefined : snatPools.next(snat.pool));
}
