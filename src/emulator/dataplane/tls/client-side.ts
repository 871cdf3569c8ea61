import { Socket as NetSocket } from 'node:net';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { SecureContext, Server, TLSSocket } from 'node:tls';
import type { ProfileConfig, VirtualConfig } from '../model.ts';
import { profileOf, secondsSetting, textSetting } from '../settings.ts';
import type { PlaneContext } from '../virtual-server.ts';
import { contextOf, profileFor, tlsOptions } from './contexts.ts';
import { countFailure, countSecure } from './tls-counts.ts';

/** Never shorter than this, however the time is scaled: it depends on the machine. */
const SHORTEST_HANDSHAKE_MS = 5000;

/** The client-ssl profiles of a virtual server; none: it does not end TLS. */
export function clientSslProfiles({ profiles }: VirtualConfig): readonly ProfileConfig[] {
  return profiles.filter(({ type, context }) => type === 'client-ssl' && context !== 'serverside');
}

/** Handshakes under way: by the client's address and port, for Node does not tell which socket a TLS connection is in. */
type Waiting = Map<string, (secure: TLSSocket) => void>;

/** The TLS end of a virtual server. It never listens: connections are handed to it. */
interface TlsEnd {
  readonly server: Server;
  readonly waiting: Waiting;
  readonly keyOf: (socket: Socket) => string;
}

const ends = new WeakMap<VirtualConfig, TlsEnd>();

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}

/** @throws {Error} if no profile fits the name, or its certificate is no good. */
function contextFor(profiles: readonly ProfileConfig[], name: string): SecureContext {
  const profile = profileFor(profiles, name);
  if (profile === undefined) throw new Error('no profile for this server name');
  return contextOf(profile);
}

/** An http2 profile works on top of an http profile. */
function speaksHttp2(config: VirtualConfig): boolean {
  return profileOf(config, 'http2') !== undefined && profileOf(config, 'http') !== undefined;
}

function makeEnd(config: VirtualConfig, key: TlsEnd['keyOf']): TlsEnd {
  const profiles = clientSslProfiles(config);
  const fallback = profileFor(profiles, '') ?? profiles[0];
  const waiting: Waiting = new Map();
  const server = createServer({
    ...(fallback === undefined ? {} : tlsOptions(fallback)),
    SNICallback: (name, done) => {
      try {
        done(null, contextFor(profiles, name));
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
    requestCert: asks(profiles),
    rejectUnauthorized: false,
    ALPNProtocols: speaksHttp2(config) ? ['h2', 'http/1.1'] : ['http/1.1'],
    // `acceptTls` watches over time-outs.
    handshakeTimeout: 2 ** 31 - 1,
    allowHalfOpen: true,
  });
  server.on('secureConnection', (secure) => waiting.get(key(secure))?.(secure));
  server.on('tlsClientError', (_error, secure) => secure.destroy());
  return { server, waiting, keyOf: key };
}

/**
 * A connection within the process has an end of its own: its TLS connection has no address to be known by.
 * @throws {Error} if a certificate or key is no good.
 */
function endOf(config: VirtualConfig, socket: Socket): TlsEnd {
  if (!(socket instanceof NetSocket)) return makeEnd(config, () => '');
  const end = ends.get(config) ?? makeEnd(config, keyOf);
  ends.set(config, end);
  return end;
}

function nameOf({ servername }: TLSSocket): string {
  return typeof servername === 'string' ? servername : '';
}

/** Whether clients are asked for a certificate. */
function asks(profiles: readonly ProfileConfig[]): boolean {
  return profiles.some(({ settings }) => textSetting(settings, 'peerCertMode') !== 'ignore');
}

/** A profile that wants a certificate (`peerCertMode require`) gets one that its authorities vouch for, or nobody comes in. */
function isWelcome(secure: TLSSocket, profiles: readonly ProfileConfig[]): boolean {
  const profile = profileFor(profiles, nameOf(secure));
  if (profile === undefined) return false;
  return textSetting(profile.settings, 'peerCertMode') !== 'require' || secure.authorized;
}

/**
 * Ends TLS for a client of a virtual server with client-ssl profiles.
 * @returns the connection inside; rejects if the handshake fails or takes longer than `handshakeTimeout`. The socket is
 *   destroyed then.
 */
export async function acceptTls(context: PlaneContext, config: VirtualConfig, socket: Socket): Promise<TLSSocket> {
  const profiles = clientSslProfiles(config);
  const session = { abort: (): void => void socket.destroy() };
  context.sessions.add(session);
  const seconds = secondsSetting(profiles[0]?.settings, 'handshakeTimeout', 10);
  const patience = Math.max(SHORTEST_HANDSHAKE_MS, seconds * context.msPerSecond);
  const giveUp = context.scheduler.after(patience, () => socket.destroy());
  try {
    const secure = await shakeHands(endOf(config, socket), socket);
    if (!isWelcome(secure, profiles)) throw new Error('no client certificate, or one that nobody vouches for');
    const profile = profileFor(profiles, nameOf(secure));
    countSecure(context.profileCounts, { profile, secure, outside: socket, asksForCertificate: asks(profiles) });
    return secure;
  } catch (error) {
    countFailure(context.profileCounts, profileFor(profiles, '') ?? profiles[0]);
    socket.on('error', () => {}).destroy();
    throw error;
  } finally {
    giveUp.cancel();
    context.sessions.delete(session);
  }
}

async function shakeHands({ server, waiting, keyOf: keyFor }: TlsEnd, socket: Socket): Promise<TLSSocket> {
  const key = keyFor(socket);
  try {
    return await new Promise<TLSSocket>((resolve, reject) => {
      waiting.set(key, resolve);
      socket.once('close', () => reject(new Error('the client left during the handshake')));
      socket.on('error', () => {});
      server.emit('connection', socket);
    });
  } finally {
    waiting.delete(key);
  }
}
