import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import type { Cluster } from './harness.ts';

/** A way to the API server that can be disturbed, for one client alone. TLS goes through untouched. */
export interface Relay {
  /** A copy of a kubeconfig that goes through the relay. */
  kubeconfigVia(kubeconfig: string): string;
  /** Cuts all connections, and refuses new ones until {@link mend}. */
  cut(): void;
  /** Lets nothing through any more, in either direction, and tells nobody, until {@link mend}. */
  freeze(): void;
  /** Holds back what the API server sends, until {@link release}: the client waits. */
  hold(): void;
  release(): void;
  /** Connects again. Connections that were frozen stay so; new ones work. */
  mend(): void;
  close(): Promise<void>;
}

/** Starts a relay to the cluster's API server. */
export async function startRelay(cluster: Cluster): Promise<Relay> {
  const port = Number(new URL(cluster.url).port);
  const sockets = new Set<Socket>();
  /** The ends towards the API server. */
  const fars = new Set<Socket>();
  let state: 'open' | 'cut' | 'frozen' = 'open';
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    // A cut connection is what the tests ask for.
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    keep(near);
    if (state === 'cut') near.destroy();
    if (state !== 'open') return;
    const far = connect(port, '127.0.0.1');
    keep(far);
    fars.add(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => {
      fars.delete(far);
      near.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = (): void => {
    state = 'cut';
    for (const socket of sockets) socket.destroy();
  };
  return {
    kubeconfigVia: (kubeconfig) => {
      const file = `${kubeconfig}.${new URL(url).port}`;
      writeFileSync(file, readFileSync(kubeconfig, 'utf8').replaceAll(cluster.url, url), { mode: 0o600 });
      return file;
    },
    cut,
    freeze: () => {
      state = 'frozen';
      for (const socket of sockets) socket.unpipe().pause();
    },
    hold: () => {
      for (const socket of fars) socket.pause();
    },
    release: () => {
      for (const socket of fars) socket.resume();
    },
    mend: () => {
      state = 'open';
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
