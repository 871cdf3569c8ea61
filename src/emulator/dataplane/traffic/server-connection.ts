import type { Socket } from 'node:net';
import type { VirtualConfig } from '../model.ts';
import type { Member } from '../pool.ts';
import type { ServerSession, Session } from '../session.ts';
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
