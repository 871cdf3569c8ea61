import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Member } from '../pool.ts';
import { IdleWatch } from '../session.ts';
import type { ServerSession } from '../session.ts';
import type { PlaneContext, VirtualServer } from '../virtual-server.ts';

/** What a flow needs of its listener. */
export interface UdpFlowOptions {
  readonly context: PlaneContext;
  readonly virtual: VirtualServer;
  readonly member: Member;
  /** Port of the member (the virtual server's if the member's is 0). */
  readonly port: number;
  /** Idle time-out, ms; 0 (`immediate`): the flow ends with its first answer. */
  readonly idleMs: number;
  /** Sends a datagram back to the client. */
  readonly answer: (bytes: Buffer) => void;
  readonly onEnd: () => void;
}

const DEFAULT_IDLE_SECONDS = 60;

/** Datagrams kept while the socket is made. */
const MAX_WAITING = 64;

/** One client's datagrams to one member, and back, until both are silent for the profile's `idleTimeout`. */
export class UdpFlow implements ServerSession {
  readonly #options: UdpFlowOptions;
  readonly #socket: Socket;
  readonly #idle: IdleWatch;
  #waiting: Buffer[] | undefined = [];
  #ended = false;

  constructor(options: UdpFlowOptions) {
    const { context, virtual, member } = options;
    const target = context.reach(member.config, options.port);
    this.#options = options;
    const idleMs = options.idleMs === 0 ? DEFAULT_IDLE_SECONDS * context.msPerSecond : options.idleMs;
    this.#idle = new IdleWatch(context.scheduler, idleMs, () => this.abort());
    this.#socket = createSocket(isIPv6(target.address) ? 'udp6' : 'udp4');
    // An ICMP "port unreachable" of the member shows as an error of the connected socket.
    this.#socket.on('error', () => this.abort());
    this.#socket.on('message', (bytes) => this.#received(bytes));
    this.#socket.connect(target.port, target.address, (error?: Error) => this.#connected(error));
    virtual.counters.open();
    member.open();
    member.sessions.add(this);
    context.sessions.add(this);
  }

  /** A datagram of the client. */
  send(bytes: Buffer): void {
    const { virtual, member } = this.#options;
    this.#idle.touch();
    for (const counters of [virtual.counters, member.counters, member.pool.counters]) counters.countIn(bytes.length);
    if (this.#waiting === undefined) this.#socket.send(bytes);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(bytes);
  }

  abort(): void {
    if (this.#ended) return;
    this.#ended = true;
    const { context, virtual, member, onEnd } = this.#options;
    this.#idle.stop();
    this.#socket.close();
    virtual.counters.close();
    member.close();
    member.sessions.delete(this);
    context.sessions.delete(this);
    onEnd();
  }

  /** Nobody is told: a socket has nothing to tell a UDP client anyway. */
  drop(): void {
    this.abort();
  }

  /** The client's next datagram begins a flow with another member. */
  reselect(): void {
    this.abort();
  }

  #received(bytes: Buffer): void {
    const { virtual, member, answer, idleMs } = this.#options;
    this.#idle.touch();
    for (const counters of [virtual.counters, member.counters, member.pool.counters]) counters.countOut(bytes.length);
    answer(bytes);
    if (idleMs === 0) this.abort();
  }

  #connected(error: Error | undefined): void {
    if (error !== undefined) this.abort();
    if (this.#ended) return;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const bytes of waiting) this.#socket.send(bytes);
  }
}
