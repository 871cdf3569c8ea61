import { request as httpRequest } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { performServerHandshake } from 'node:http2';
import type { IncomingHttpHeaders, OutgoingHttpHeaders as Http2Headers, ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { IdleWatch } from '../session.ts';
import { profileOf, secondsSetting } from '../settings.ts';
import type { PlaneContext, VirtualServer } from '../virtual-server.ts';
import { ClientConnection } from './client-connection.ts';
import type { AcceptedClient } from './client-connection.ts';
import { serveHttp } from './http-proxy.ts';
import { isEndToEnd } from './http2-headers.ts';
import { innerPair } from './inner-socket.ts';

/** The request's headers for HTTP/1: `:authority` is `Host`; cookies that came apart are one line again. */
function inner(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const found: OutgoingHttpHeaders = { host: headers[':authority'] ?? headers.host ?? '' };
  for (const [name, value] of Object.entries(headers)) {
    if (isEndToEnd(name) && name !== 'host' && value !== undefined) found[name] = value;
  }
  return found;
}

function outer({ statusCode = 502, headers }: IncomingMessage): Http2Headers {
  const kept = Object.entries(headers).filter(([name]) => isEndToEnd(name));
  return { ':status': statusCode, ...Object.fromEntries(kept) };
}

/** Sends the stream's request into the inner connection, and what comes back out of it. */
function translate(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, end: Duplex): void {
  const outgoing = httpRequest({
    createConnection: () => end,
    setHost: false,
    method: headers[':method'] ?? 'GET',
    path: headers[':path'] ?? '/',
    headers: { ...inner(headers), connection: 'close' },
  });
  const broken = (): void => {
    if (!stream.destroyed) stream.close(2);
  };
  outgoing.on('error', broken);
  outgoing.on('response', (response) => {
    if (stream.destroyed) return;
    stream.respond(outer(response));
    response.on('error', broken).pipe(stream);
  });
  stream.on('error', () => {}).on('close', () => outgoing.destroy());
  stream.pipe(outgoing);
}

/** iRules see each stream as a connection of its own (K). */
async function serveStream(connection: ClientConnection): Promise<void> {
  try {
    connection.rules?.fire('CLIENT_ACCEPTED');
    if (connection.rules?.flow.end !== undefined) connection.abort();
    else await serveHttp(connection);
  } catch {
    await connection.giveUp();
  }
}

/**
 * HTTP/2 with a client that chose it by ALPN, or that must speak it (activation mode `always`, also without TLS). Each stream is a request of its own; connections are counted as the client's, not as streams.
 */
export async function serveHttp2(context: PlaneContext, virtual: VirtualServer, client: AcceptedClient): Promise<void> {
  const { socket, origin } = client;
  const session = performServerHandshake(socket);
  const handle = { abort: (): void => session.destroy() };
  const settings = profileOf(virtual.config, 'http2')?.settings;
  const idleMs = secondsSetting(settings, 'connectionIdleTimeout', 300) * context.msPerSecond;
  const idle = new IdleWatch(context.scheduler, idleMs, () => session.close());
  virtual.counters.open();
  context.sessions.add(handle);
  virtual.sessions.add(handle);
  session.on('error', () => {});
  session.on('stream', (stream, headers) => {
    idle.touch();
    const [near, far] = innerPair(origin);
    void serveStream(new ClientConnection(context, virtual, { ...client, socket: far, isStream: true }));
    stream.on('close', () => far.destroy());
    translate(stream, headers, near);
  });
  await new Promise<void>((resolve) => {
    session.once('close', resolve);
  });
  idle.stop();
  context.sessions.delete(handle);
  virtual.sessions.delete(handle);
  virtual.counters.close();
}
