import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PodPort } from './cluster.ts';

/** A place that answers for a pod. */
interface Place {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Small backends, one for each pod port, on free ports of the loopback: an HTTP server that says its pod's name, or for
 * UDP an echo with the name in front. The pods' own addresses need not exist on this machine.
 */
export class Backends {
  readonly #places = new Map<string, Place>();

  /** Starts a backend for a pod port that has none yet. */
  async start(pod: PodPort): Promise<void> {
    const key = `${pod.address} ${pod.port}`;
    if (this.#places.has(key)) return;
    this.#places.set(key, pod.protocol === 'UDP' ? await serveUdp(pod) : await serveHttp(pod));
  }

  /** Where a pod port is really reached. */
  reach(address: string, port: number): { readonly address: string; readonly port: number } {
    const place = this.#places.get(`${address} ${port}`);
    return place === undefined ? { address, port } : { address: place.address, port: place.port };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#places.values()].map((place) => place.close()));
  }
}

async function serveHttp(pod: PodPort): Promise<Place> {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(`${pod.service} on ${pod.address}:${pod.port} answers ${request.method} ${request.url}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { address, port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return { address, port, close };
}

async function serveUdp(pod: PodPort): Promise<Place> {
  const socket = createSocket('udp4');
  socket.on('message', (message, peer) => {
    socket.send(`${pod.service} on ${pod.address}:${pod.port} heard ${message.toString()}`, peer.port, peer.address);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', resolve);
  });
  const { address, port } = socket.address();
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      socket.close(() => resolve());
    });
  return { address, port, close };
}
