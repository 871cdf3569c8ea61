import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** Told of every chunk that a wire carries. */
export interface WireObserver {
  received(bytes: number): void;
  sent(bytes: number): void;
}

/** Holds bytes back: takes what came (undefined: the peer has ended) and gives what may pass now. It may throw. */
export type Gate = (bytes: Buffer | undefined) => Buffer;

/** A read was called off: the bytes that it waited for will come to the next reader. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * One side of a proxied connection: bytes are pulled with `read` and pushed with `write`, both of which wait for the
 * peer, so that a slow one slows the other (backpressure). One reader and one writer at a time.
 */
export class Wire {
  readonly socket: Socket;
  /** What stands between the socket and its reader. */
  gate: Gate | undefined;
  #sent = 0;
  readonly #observer: WireObserver;
  readonly #unread: Buffer[] = [];
  readonly #waiting: (() => void)[] = [];
  #ended = false;
  #failure: Error | undefined;
  /** Counts interruptions. */
  #epoch = 0;
  #abandoned = false;

  constructor(socket: Socket, observer: WireObserver) {
    this.socket = socket;
    this.#observer = observer;
    socket.on('readable', this.#wake);
    socket.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('connection closed')));
  }

  /** How many bytes were sent. */
  get sent(): number {
    return this.#sent;
  }

  /** The next bytes; undefined when the peer has ended its side. Rejects when the connection is broken, or {@link interrupt} is called. */
  async read(): Promise<Buffer | undefined> {
    const epoch = this.#epoch;
    for (;;) {
      if (epoch !== this.#epoch) throw new Interrupted();
      const chunk = this.#unread.shift() ?? this.#take();
      if (chunk !== undefined) return chunk;
      if (this.#ended) return this.#last();
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  /** Puts bytes back, to be read next. */
  unread(bytes: Buffer): void {
    if (bytes.length > 0) this.#unread.unshift(bytes);
  }

  /** Sends bytes; resolves when more may be sent. Rejects when the connection is broken. */
  async write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    if (this.#failure !== undefined || !this.socket.writable) throw this.#failure ?? new Error('connection closed');
    this.#observer.sent(bytes.length);
    this.#sent += bytes.length;
    if (this.socket.write(bytes)) return;
    await new Promise<void>((resolve, reject) => {
      const done = (): void => {
        this.socket.off('drain', done).off('close', done);
        if (this.socket.destroyed) reject(this.#failure ?? new Error('connection closed'));
        else resolve();
      };
      this.socket.on('drain', done).on('close', done);
    });
  }

  /** Calls off the read that waits, if any. */
  interrupt(): void {
    this.#epoch += 1;
    this.#wake();
  }

  /** Lets go of the socket as it is: nothing more is read or written here, and it is not closed. */
  abandon(): Socket {
    this.#abandoned = true;
    this.socket.off('readable', this.#wake);
    this.#fail(new Error('connection abandoned'));
    return this.socket;
  }

  /** Ends our side (FIN); the peer may go on sending. */
  end(): void {
    if (!this.#abandoned) this.socket.end();
  }

  /** Breaks the connection: the peer sees a reset (RST). Over TLS it is merely cut. */
  reset(): void {
    if (!this.#abandoned) breakOff(this.socket);
  }

  #take(): Buffer | undefined {
    for (;;) {
      const chunk = this.socket.read() as Buffer | null;
      if (chunk === null) return undefined;
      this.#observer.received(chunk.length);
      const passed = this.gate?.(chunk) ?? chunk;
      if (passed.length > 0) return passed;
    }
  }

  /** What the gate still holds when the peer has ended. */
  #last(): Buffer | undefined {
    const held = this.gate?.(undefined);
    return held === undefined || held.length === 0 ? undefined : held;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  readonly #wake = (): void => {
    for (const wake of this.#waiting.splice(0)) wake();
  };
}

/** Breaks a connection by a reset; one of TLS is merely cut. */
export function breakOff(socket: Socket): void {
  if (socket.destroyed) return;
  // Node would wait for the connection first, and then reset it.
  const plain = !(socket instanceof TLSSocket) && !socket.connecting;
  if (!plain) socket.destroy();
  else socket.resetAndDestroy();
}

/** Carries bytes both ways until both sides have ended; one side's end (FIN) is passed on while the other goes on. */
export async function relay(one: Wire, other: Wire): Promise<void> {
  await Promise.all(carriers(one, other));
}

/**
 * As {@link relay}: what carries bytes each way.
 * @param before what is to be seen of the other side's bytes before they go on.
 */
export function carriers(one: Wire, other: Wire, before?: () => Promise<void>): readonly Promise<void>[] {
  const back = async (): Promise<void> => {
    await before?.();
    await carry(other, one);
  };
  return [carry(one, other), back()];
}

/** What was read and cannot be written any more is put back, for whoever comes next. */
async function carry(from: Wire, to: Wire): Promise<void> {
  for (let bytes = await from.read(); bytes !== undefined; bytes = await from.read()) {
    if (!to.socket.writable) from.unread(bytes);
    await to.write(bytes);
  }
  to.end();
}
