import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Small HTTP servers that stand for pods: what the data plane sends to a pod's address, the pod's server answers. */
export class Backends {
  readonly #servers = new Map<string, Server>();

  /** Starts the server of the pod with this address; it answers any request with that address. */
  async start(ip: string): Promise<void> {
    const server = createServer((_, response) => response.end(ip));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#servers.set(ip, server);
  }

  /** Where the pod with this address really is; its own address if it has no server: nothing answers there. */
  readonly reach = (member: { readonly address: string; readonly port: number }) => {
    const bound = this.#servers.get(member.address)?.address() as AddressInfo | undefined;
    return bound === undefined ? { address: '127.0.0.1', port: 1 } : { address: '127.0.0.1', port: bound.port };
  };

  async close(): Promise<void> {
    for (const server of this.#servers.values()) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
