import { createSocket } from 'node:dgram';
import { createServer, isIPv6 } from 'node:net';
import type { SocketAddress } from './model.ts';
import { acceptConnection } from './traffic/accept.ts';
import { UdpProxy } from './traffic/udp-proxy.ts';
import type { PlaneContext, VirtualServer } from './virtual-server.ts';

/** A listening socket. `close` frees its address at once; TCP connections that it accepted live on. */
export interface OpenListener {
  readonly at: SocketAddress;
  close(): void;
}

/** Listens for a virtual server on an address (port 0: any free one). Rejects with the system's error. */
export async function openListener(
  context: PlaneContext,
  virtual: VirtualServer,
  { protocol, at }: { readonly protocol: 'tcp' | 'udp'; readonly at: SocketAddress },
): Promise<OpenListener> {
  return protocol === 'tcp' ? await listenTcp(context, virtual, at) : await listenUdp(context, virtual, at);
}

async function listenTcp(context: PlaneContext, virtual: VirtualServer, at: SocketAddress): Promise<OpenListener> {
  const server = createServer({ allowHalfOpen: true }, (socket) => acceptConnection(context, virtual, { socket }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: at.address, port: at.port, backlog: 1024 }, resolve);
  });
  server.removeAllListeners('error').on('error', () => {});
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : at.port;
  return { at: { address: at.address, port }, close: () => void server.close() };
}

async function listenUdp(context: PlaneContext, virtual: VirtualServer, at: SocketAddress): Promise<OpenListener> {
  const socket = createSocket(isIPv6(at.address) ? 'udp6' : 'udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: at.address, port: at.port }, resolve);
  });
  socket.removeAllListeners('error').on('error', () => {});
  const proxy = new UdpProxy(context, virtual, socket);
  const close = (): void => {
    proxy.close();
    socket.close();
  };
  return { at: { address: at.address, port: socket.address().port }, close };
}
