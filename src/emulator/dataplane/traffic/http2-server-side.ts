import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { VirtualConfig } from '../model.ts';
import { profileOf } from '../settings.ts';
import { isEndToEnd } from './http2-headers.ts';

/** Whether an http2 profile of a side makes every connection HTTP/2, without being asked (`activationModes`). */
function isAlways(modes: unknown): boolean {
  return Array.isArray(modes) && modes.includes('always');
}

/**
 * Whether members are spoken to in HTTP/2: with an `httprouter` profile and an http2 profile on the server side; over TLS
 * if they choose it by ALPN, without TLS or ALPN by activation mode `always` (K).
 */
export function speaksHttp2(virtual: VirtualConfig): 'never' | 'by-alpn' | 'always' {
  const http2 = profileOf(virtual, 'http2', 'serverside');
  const isRouted = virtual.profiles.some(({ type }) => type === 'httprouter');
  if (http2 === undefined || !isRouted || profileOf(virtual, 'http') === undefined) return 'never';
  if (isAlways(http2.settings['activationModes'])) return 'always';
  return profileOf(virtual, 'server-ssl', 'serverside') === undefined ? 'never' : 'by-alpn';
}

/** Whether all clients of a virtual server speak HTTP/2, without TLS and ALPN, too. */
export function mustSpeakHttp2(virtual: VirtualConfig): boolean {
  const http2 = profileOf(virtual, 'http2');
  return profileOf(virtual, 'http') !== undefined && isAlways(http2?.settings['activationModes']);
}

/** The session that requests of an inner connection go to. */
const sessions = new WeakMap<Socket, ClientHttp2Session>();

/** Never listens: inner connections are handed to it. */
const translator = createServer((request, response) => translate(request, response));
translator.keepAliveTimeout = 0;
translator.timeout = 0;
translator.requestTimeout = 0;
translator.headersTimeout = 0;

/** Speaks HTTP/2 on a connection to a member, and HTTP/1 on an inner one: a stream a request. */
export function bridgeToHttp2(socket: Socket, inner: Socket): void {
  const session = connect('http://member', { createConnection: () => socket });
  sessions.set(inner, session);
  session.on('error', () => inner.destroy());
  session.on('goaway', () => session.close());
  session.on('close', () => inner.destroySoon());
  inner.on('close', () => session.destroy());
  Object.assign(inner, { setTimeout: () => inner, setKeepAlive: () => inner });
  translator.emit('connection', inner);
}

/** The request's headers for HTTP/2: `Host` is `:authority`. */
function headersOf({ method, url, headers }: IncomingMessage, scheme: string): OutgoingHttpHeaders {
  const found: OutgoingHttpHeaders = { ':method': method, ':path': url, ':scheme': scheme };
  if (headers.host !== undefined) found[':authority'] = headers.host;
  for (const [name, value] of Object.entries(headers)) {
    if (isEndToEnd(name) && name !== 'host' && name !== 'expect') found[name] = value;
  }
  return found;
}

function translate(request: IncomingMessage, response: ServerResponse): void {
  const session = sessions.get(request.socket);
  const broken = (): void => void request.socket.destroy();
  if (session === undefined || session.closed || session.destroyed) return broken();
  const scheme = session.socket instanceof TLSSocket || session.encrypted === true ? 'https' : 'http';
  const hasBody = request.headers['transfer-encoding'] !== undefined || request.headers['content-length'] !== undefined;
  const stream = session.request(headersOf(request, scheme), { endStream: !hasBody });
  if (hasBody) request.pipe(stream);
  stream.on('response', (headers: IncomingHttpHeaders) => {
    const { ':status': status = 502 } = headers as { ':status'?: number };
    response.sendDate = false;
    response.removeHeader('connection');
    response.writeHead(status, Object.fromEntries(Object.entries(headers).filter(([name]) => isEndToEnd(name))));
    stream.pipe(response);
  });
  // A member that resets the stream breaks the answer.
  stream.on('error', broken).on('aborted', broken);
  response.on('close', () => stream.destroy());
}
