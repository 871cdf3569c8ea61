import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { TLSSocketOptions } from 'node:tls';
import type { ProfileConfig, VirtualConfig } from '../model.ts';
import { profileOf, secondsSetting, textSetting } from '../settings.ts';
import type { PlaneContext } from '../virtual-server.ts';
import { contextOf, profileFor } from './contexts.ts';

/** Never shorter than this, however the time is scaled: it depends on the machine. */
const SHORTEST_HANDSHAKE_MS = 5000;

/** The client-ssl profiles of a virtual server; none: it does not end TLS. */
export function clientSslProfiles({ profiles }: VirtualConfig): readonly ProfileConfig[] {
  return profiles.filter(({ type, context }) => type === 'client-ssl' && context !== 'serverside');
}

function options(config: VirtualConfig, profiles: readonly ProfileConfig[]): TLSSocketOptions {
  const [first] = profiles;
  const fallback = profileFor(profiles, '') ?? first;
  const asks = profiles.some(({ settings }) => textSetting(settings, 'peerCertMode') !== 'ignore');
  return {
    isServer: true,
    ...(fallback === undefined ? {} : { secureContext: contextOf(fallback) }),
    SNICallback: (name, done) => {
      const profile = profileFor(profiles, name);
      if (profile === undefined) done(new Error('no profile for this server name'));
      else done(null, contextOf(profile));
    },
    requestCert: asks,
    rejectUnauthorized: false,
    ALPNProtocols: profileOf(config, 'http2') === undefined ? ['http/1.1'] : ['h2', 'http/1.1'],
  };
}

/** A profile that wants a certificate (`peerCertMode require`) gets one that its authorities vouch for, or nobody comes in. */
function isWelcome(socket: TLSSocket, profiles: readonly ProfileConfig[]): boolean {
  const name = typeof socket.servername === 'string' ? socket.servername : '';
  const profile = profileFor(profiles, name);
  if (profile === undefined) return false;
  return textSetting(profile.settings, 'peerCertMode') !== 'require' || socket.authorized;
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
    const secure = new TLSSocket(socket, options(config, profiles));
    await shakeHands(secure);
    if (!isWelcome(secure, profiles)) throw new Error('no client certificate, or one that nobody vouches for');
    return secure;
  } catch (error) {
    socket.on('error', () => {}).destroy();
    throw error;
  } finally {
    giveUp.cancel();
    context.sessions.delete(session);
  }
}

/** What goes wrong later is told to the connection's own listeners; this one only keeps it from being nobody's. */
async function shakeHands(secure: TLSSocket): Promise<void> {
  secure.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    secure.once('secure', resolve);
    secure.once('error', reject);
    secure.once('close', () => reject(new Error('the client left during the handshake')));
  });
}
