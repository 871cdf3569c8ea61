import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Door } from '../faults/refusal.ts';
import type { CertificatePair } from '../options.ts';
import { DeviceError } from '../errors/device-error.ts';
import { restjavadError } from '../errors/restjavad.ts';
import type { Reply, Request } from './exchange.ts';
import { readBody } from './read-body.ts';
import { send } from './send.ts';

/** Answers a request, or throws a `DeviceError`. `cut` closes the connection instead of answering. */
export type Handler = (request: Request) => Promise<Reply | 'cut'>;

/** A server that listens. */
export interface ListeningServer {
  readonly address: string;
  readonly port: number;
  /** Closes the listening socket, and opens it again. */
  readonly door: Door;
  close(): Promise<void>;
}

function toRequest(message: IncomingMessage, bytes: Buffer): Request {
  const url = message.url ?? '/';
  const question = url.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: question < 0 ? url : url.slice(0, question),
    query: question < 0 ? '' : url.slice(question + 1),
    headers: message.headers,
    body: bytes.toString('utf8'),
    bytes,
    address: (message.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/v, ''),
  };
}

/** The reply for an error: the device's own, or 500 for a mistake of ours, which must not end the process. */
export function replyFor(error: unknown): Reply {
  if (error instanceof DeviceError) {
    return { status: error.status, body: error.body };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, body: restjavadError(500, `java.lang.RuntimeException: ${message}`).body };
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  options: { handler: Handler; bodyLimit: number; isOpen: () => boolean },
): Promise<void> {
  let reply: Reply | 'cut';
  try {
    reply = await options.handler(toRequest(message, await readBody(message, options.bodyLimit)));
  } catch (error) {
    reply = replyFor(error);
  }
  if (reply === 'cut') {
    message.socket.destroy();
  } else if (!response.destroyed) {
    response.shouldKeepAlive &&= options.isOpen();
    send(response, reply);
  }
}

async function listenAt(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Listens; with a certificate pair over TLS. */
export async function listen(options: {
  readonly host: string;
  readonly port: number;
  readonly tls: CertificatePair | undefined;
  readonly bodyLimit: number;
  readonly handler: Handler;
}): Promise<ListeningServer> {
  const { host, port, tls } = options;
  const onRequest = (message: IncomingMessage, response: ServerResponse): void => {
    void answer(message, response, { ...options, isOpen: () => server.listening });
  };
  const server: Server = tls === undefined ? createHttpServer(onRequest) : createHttpsServer(tls, onRequest);
  server.keepAliveTimeout = 60_000;
  await listenAt(server, port, host);
  // A connection that cannot be accepted is the client's trouble.
  server.on('error', () => undefined);
  const bound = server.address() as AddressInfo;
  return {
    address: bound.address,
    port: bound.port,
    door: {
      close: () => void server.close(),
      open: () =>
        listenAt(server, bound.port, host).then(
          () => true,
          () => false,
        ),
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
