import type { Socket } from 'node:net';
import { inNetwork, plainAddress } from '../addresses.ts';
import type { VirtualConfig } from '../model.ts';
import { profileOf } from '../settings.ts';
import type { PlaneContext, VirtualServer } from '../virtual-server.ts';
import { ClientConnection } from './client-connection.ts';
import type { ServeConnection } from './client-connection.ts';
import { serveHttp } from './http-proxy.ts';
import { serveTcp } from './tcp-proxy.ts';

/**
 * A client has connected to a virtual server. It is reset if its address is outside `source` (no virtual server
 * matches it, as on the device) or the virtual server is at its connection limit.
 */
export function acceptConnection(context: PlaneContext, virtual: VirtualServer, socket: Socket): void {
  const client = plainAddress(socket.remoteAddress ?? '');
  if (!virtual.config.enabled || !virtual.hasRoom() || !inNetwork(client, virtual.config.source)) {
    socket.on('error', () => {});
    socket.resetAndDestroy();
    return;
  }
  socket.setNoDelay(true);
  const connection = new ClientConnection(context, virtual, socket);
  protocolOf(virtual.config)(connection).catch(() => connection.abort());
}

/** The first of these that fits; another protocol (HTTP/2, TLS) is another line. */
function protocolOf(config: VirtualConfig): ServeConnection {
  if (profileOf(config, 'http') !== undefined) return serveHttp;
  return serveTcp;
}
