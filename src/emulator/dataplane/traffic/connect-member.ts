import { connect } from 'node:net';
import type { Socket, TcpNetConnectOpts } from 'node:net';
import { checkServerIdentity, connect as connectTls, TLSSocket } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { isLoopback } from '../addresses.ts';
import type { ProfileConfig, VirtualConfig } from '../model.ts';
import { profileOf, textSetting } from '../settings.ts';
import { contextOf } from '../tls/contexts.ts';
import { countFailure, countSecure } from '../tls/tls-counts.ts';
import type { PlaneContext } from '../virtual-server.ts';
import { bridgeToHttp2, speaksHttp2 } from './http2-server-side.ts';
import { innerPair } from './inner-socket.ts';
import type { Origin } from './inner-socket.ts';
import { ServerConnection } from './server-connection.ts';
import type { ConnectRequest } from './server-connection.ts';
import { countTcp } from './tcp-counts.ts';

/** Seconds that a member has to answer: what a TMOS tcp profile waits with its three repetitions of the SYN. */
const CONNECT_SECONDS = 45;
/** …but never less, however the time is scaled. */
const SHORTEST_CONNECT_MS = 1000;

/**
 * Connects to a member; over TLS if the virtual server has a server-ssl profile, in HTTP/2 if it has the profiles for that.
 * Rejects when the member refuses, does not answer, or shows a certificate that the profile does not take.
 */
export async function connectMember(request: ConnectRequest): Promise<ServerConnection> {
  const { virtual, origin } = request;
  const ssl = profileOf(virtual, 'server-ssl', 'serverside');
  const inner = innerSocket(request);
  const socket = openSocket(request, ssl, inner);
  if (inner === socket) return new ServerConnection(request, socket);
  socket.setNoDelay(true);
  const mode = speaksHttp2(virtual);
  if (mode === 'never') {
    const connection = new ServerConnection(request, socket);
    await established(request, ssl, socket);
    return connection;
  }
  const [near, far] = innerPair(origin);
  near.on('close', () => socket.destroySoon());
  socket.on('close', () => near.destroy());
  const connection = new ServerConnection(request, near);
  await established(request, ssl, socket);
  const isChosen = socket instanceof TLSSocket && socket.alpnProtocol === 'h2';
  if (isChosen || mode === 'always') bridgeToHttp2(socket, far);
  else far.pipe(socket).pipe(far);
  return connection;
}

function openSocket(request: ConnectRequest, ssl: ProfileConfig | undefined, inner: Socket | undefined): Socket {
  const options = (): TcpNetConnectOpts => connectOptions(request);
  if (ssl === undefined) return inner ?? connect({ ...options(), allowHalfOpen: true });
  const alpn = speaksHttp2(request.virtual) === 'never' ? {} : { ALPNProtocols: ['h2', 'http/1.1'] };
  return connectTls({ ...(inner === undefined ? options() : { socket: inner }), ...serverTls(ssl), ...alpn });
}

/** Waits until the member has accepted, and TLS is there if there is to be any. */
async function established(request: ConnectRequest, ssl: ProfileConfig | undefined, socket: Socket): Promise<void> {
  const { scheduler, msPerSecond, profileCounts } = request.context;
  const tcp = profileOf(request.virtual, 'tcp', 'serverside');
  const patience = Math.max(SHORTEST_CONNECT_MS, CONNECT_SECONDS * msPerSecond);
  const giveUp = scheduler.after(patience, () => socket.destroy(new Error('no answer')));
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(ssl === undefined ? 'connect' : 'secureConnect', resolve);
      socket.on('error', reject);
      socket.once('close', () => reject(new Error('connection closed')));
    });
    countTcp(profileCounts, tcp, { socket, as: 'connects' });
    if (ssl !== undefined && socket instanceof TLSSocket) {
      countSecure(profileCounts, { profile: ssl, secure: socket, asksForCertificate: true });
    }
  } catch (error) {
    if (isTlsFailure(error)) countFailure(profileCounts, ssl);
    else profileCounts.add(tcp, 'connfails');
    throw error;
  } finally {
    giveUp.cancel();
  }
}

/** Whether it was TLS that failed, and not the connection under it. */
function isTlsFailure(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return /^(ERR_(TLS|SSL)|CERT_|DEPTH_|UNABLE_|SELF_SIGNED)/.test(code);
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
