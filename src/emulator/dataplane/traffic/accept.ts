import type { Socket } from 'node:net';
import { RuleFailure } from '../../irules/engine.ts';
import { plainAddress } from '../addresses.ts';
import { admits } from '../admission.ts';
import type { VirtualConfig } from '../model.ts';
import { profileOf } from '../settings.ts';
import { acceptTls, clientSslProfiles } from '../tls/client-side.ts';
import type { PlaneContext, VirtualServer } from '../virtual-server.ts';
import { ClientConnection } from './client-connection.ts';
import type { AcceptedClient, ServeConnection } from './client-connection.ts';
import { serveHttp } from './http-proxy.ts';
import { serveHttp2 } from './http2-proxy.ts';
import { mustSpeakHttp2 } from './http2-server-side.ts';
import { countTcp } from './tcp-counts.ts';
import { serveTcp } from './tcp-proxy.ts';

/**
 * A client has connected to a virtual server. It is reset if its address is outside `source` (no virtual server
 * matches it, as on the device) or the virtual server is at its connection limit or its rate limit.
 * @param client its socket, and how many virtual servers sent it on before.
 */
export function acceptConnection(
  context: PlaneContext,
  virtual: VirtualServer,
  { socket, depth = 0 }: { readonly socket: Socket; readonly depth?: number },
): void {
  const origin = { address: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 };
  const profile = profileOf(virtual.config, 'tcp');
  if (!admits(context, virtual, origin.address)) {
    context.profileCounts.add(profile, 'acceptfails');
    socket.on('error', () => {});
    socket.resetAndDestroy();
    return;
  }
  socket.setNoDelay(true);
  countTcp(context.profileCounts, profile, { socket, as: 'accepts' });
  void begin(context, virtual, { socket, origin, depth });
}

/** A client that fails the TLS handshake is cut off, and never was a connection of the virtual server. */
async function begin(context: PlaneContext, virtual: VirtualServer, client: AcceptedClient): Promise<void> {
  const { config } = virtual;
  const always = mustSpeakHttp2(config);
  if (clientSslProfiles(config).length === 0) {
    return always ? await serveHttp2(context, virtual, client) : await serve(context, virtual, client);
  }
  const tls = await acceptTls(context, config, client.socket).catch(() => undefined);
  if (tls === undefined) return;
  const secure = { ...client, socket: tls, tls };
  if (always || tls.alpnProtocol === 'h2') await serveHttp2(context, virtual, secure);
  else await serve(context, virtual, secure);
}

async function serve(context: PlaneContext, virtual: VirtualServer, client: AcceptedClient): Promise<void> {
  const connection = new ClientConnection(context, virtual, client);
  try {
    connection.rules?.fire('CLIENT_ACCEPTED');
    if (client.tls !== undefined) connection.rules?.fire('CLIENTSSL_HANDSHAKE');
    if (connection.rules?.flow.end !== undefined) throw new RuleFailure('ended by a rule');
    await connection.collected();
    await protocolOf(virtual.config)(connection);
  } catch {
    await connection.giveUp();
  }
}

/** The first of these that fits; another protocol is another line. */
function protocolOf(config: VirtualConfig): ServeConnection {
  if (profileOf(config, 'http') !== undefined) return serveHttp;
  return serveTcp;
}
