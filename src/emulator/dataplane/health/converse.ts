import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { SocketAddress } from '../model.ts';
import { Wire } from '../traffic/wire.ts';
import type { ProbeRequest, ProbeResult } from './probe.ts';

/** No line of a server that is well is longer, in bytes. */
const LONGEST_LINE = 8192;

/** The peer does not speak the protocol, or says no. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
}

/** One conversation with a server: what comes is read in lines, or in so many bytes. */
export class Talk {
  #socket: Socket;
  #wire: Wire;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#wire = wireOf(socket);
  }

  /** The local address, for servers that are to connect to us. */
  get localAddress(): string {
    return this.#socket.localAddress ?? '127.0.0.1';
  }

  async send(bytes: Buffer | string): Promise<void> {
    await this.#wire.write(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  }

  /** What comes next, whatever it is. Rejects at the end. */
  async some(): Promise<Buffer> {
    const bytes = await this.#wire.read();
    if (bytes === undefined) throw new ProbeFailure('the server ended');
    return bytes;
  }

  /** Exactly so many bytes. */
  async bytes(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      const part = await this.some();
      parts.push(part.subarray(0, missing));
      this.#wire.unread(part.subarray(missing));
      missing -= Math.min(missing, part.length);
    }
    return Buffer.concat(parts);
  }

  /** The next line, without its end. */
  async line(): Promise<string> {
    let text = Buffer.alloc(0);
    for (;;) {
      text = Buffer.concat([text, await this.some()]);
      const end = text.indexOf(0x0a);
      if (end !== -1) {
        this.#wire.unread(text.subarray(end + 1));
        return text.toString('utf8', 0, end).replace(/\r$/, '');
      }
      if (text.length > LONGEST_LINE) throw new ProbeFailure('a line that is too long');
    }
  }

  /** Goes on over TLS on the same connection (STARTTLS). */
  async secure(): Promise<void> {
    const socket = connectTls({ socket: this.#wire.abandon(), rejectUnauthorized: false });
    await opened(socket, 'secureConnect');
    this.#socket = socket;
    this.#wire = wireOf(socket);
  }

  end(): void {
    this.#socket.destroy();
  }
}

function wireOf(socket: Socket): Wire {
  return new Wire(socket, { received: () => {}, sent: () => {} });
}

async function opened(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new ProbeFailure('connection closed')));
  });
}

/**
 * Connects and talks; the probe's signal ends it. Never rejects: whatever goes wrong is a failure.
 * @param tls speaks TLS from the start; no certificate is checked unless it says so.
 * @param at where, if not where the probe says.
 */
export async function converse(
  { at: usual, signal }: ProbeRequest,
  talk: (talk: Talk) => Promise<ProbeResult>,
  { tls, at = usual }: { readonly tls?: ConnectionOptions | undefined; readonly at?: SocketAddress } = {},
): Promise<ProbeResult> {
  if (signal.aborted) return 'failure';
  const target = { host: at.address, port: at.port };
  const socket = tls === undefined ? connect(target) : connectTls({ ...target, rejectUnauthorized: false, ...tls });
  const stop = (): void => void socket.destroy(new ProbeFailure('too late'));
  socket.on('error', () => {});
  signal.addEventListener('abort', stop, { once: true });
  try {
    await opened(socket, tls === undefined ? 'connect' : 'secureConnect');
    return await talk(new Talk(socket));
  } catch {
    return 'failure';
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

/** Fails a conversation unless `condition` holds. */
export function need(condition: boolean, what: string): asserts condition {
  if (!condition) throw new ProbeFailure(what);
}
