import { createSocket } from 'node:dgram';
import { createServer, isIPv6, type Socket } from 'node:net';
import type { SocketAddress } from '../../dataplane/model.ts';
import { plainAddress } from '../../dataplane/addresses.ts';

/** Answers a message from an address; undefined: no answer. `limit` is set over TCP, where length is no matter. */
export type Handler = (message: Buffer, client: string, limit?: number) => Buffer | undefined;

/** A socket that answers. `close` ends it and its connections. */
export interface OpenSocket {
  readonly at: SocketAddress;
  close(): void;
}

/** Milliseconds that a silent TCP client is kept (RFC 7766 6.2.3 leaves it to the server). */
const idleMs = 30_000;
const mostConnections = 1000;
const longestMessage = 65_535;

/** Answers over UDP. Rejects with the system's error. */
export async function openUdp(at: SocketAddress, handle: Handler): Promise<OpenSocket> {
  const socket = createSocket(isIPv6(at.address) ? 'udp6' : 'udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: at.address, port: at.port }, resolve);
  });
  let isOpen = true;
  socket.removeAllListeners('error').on('error', () => {});
  socket.on('message', (message, { address, port }) => {
    const answer = handle(message, plainAddress(address));
    if (answer !== undefined && isOpen) {
      socket.send(answer, port, address);
    }
  });
  const close = (): void => {
    isOpen = false;
    socket.close();
  };
  return { at: { address: at.address, port: socket.address().port }, close };
}

/** Splits a stream into messages, each after its length in two bytes (RFC 1035 4.2.2). */
function messagesIn(take: (message: Buffer) => void): (chunk: Buffer) => void {
  let kept = Buffer.alloc(0);
  return (chunk) => {
    kept = Buffer.concat([kept, chunk]);
    while (kept.length >= 2 && kept.length >= 2 + kept.readUInt16BE(0)) {
      const end = 2 + kept.readUInt16BE(0);
      take(kept.subarray(2, end));
      kept = kept.subarray(end);
    }
  };
}

function serve(socket: Socket, handle: Handler): void {
  const client = plainAddress(socket.remoteAddress ?? '');
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on(
    'data',
    messagesIn((message) => {
      const answer = handle(message, client, longestMessage);
      if (answer === undefined) {
        socket.destroy();
        return;
      }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      // A client that asks and does not read is cut off before its answers fill the memory.
      if (!socket.destroyed && !socket.write(Buffer.concat([length, answer])) && socket.writableLength > 1 << 20) {
        socket.destroy();
      }
    }),
  );
}

/** Answers over TCP, several queries a connection. Rejects with the system's error. */
export async function openTcp(at: SocketAddress, handle: Handler): Promise<OpenSocket> {
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    serve(socket, handle);
  });
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: at.address, port: at.port }, resolve);
  });
  server.removeAllListeners('error').on('error', () => {});
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : at.port;
  const close = (): void => {
    server.close();
    for (const socket of connections) {
      socket.destroy();
    }
  };
  return { at: { address: at.address, port }, close };
}
