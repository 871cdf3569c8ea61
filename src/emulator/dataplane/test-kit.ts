import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createDataPlane } from './index.ts';
import type { DataPlane, DataPlaneOptions, MemberConfig, PoolConfig, ProfileConfig, VirtualConfig } from './model.ts';

/** Helpers for the data plane's tests: servers, clients and configurations. Nothing else uses them. */

const cleanups: (() => Promise<void> | void)[] = [];

/** Ends everything that the helpers opened; for `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

/** To be done by {@link cleanUp}. */
export function later(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup);
}

/** Polls until `check` gives something true; throws after 15 s. */
export async function until<T>(what: string, check: () => T | Promise<T>): Promise<T> {
  // Generous: it only bounds a test that has failed, and machines are shared.
  const deadline = Date.now() + 15_000;
  for (;;) {
    const result = await check();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A data plane that maps every virtual server to a free port, and is closed by {@link cleanUp}. */
export function startPlane(options: DataPlaneOptions = {}): DataPlane {
  const plane = createDataPlane({ map: 'always', ...options });
  later(async () => await plane.close());
  return plane;
}

export interface Backend {
  readonly address: string;
  readonly port: number;
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** A TCP server on a loopback address. Half-open connections are allowed. */
export async function tcpBackend(serve: (socket: Socket) => void, at = '127.0.0.1', port = 0): Promise<Backend> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, at, resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  later(close);
  return { address: at, port: (server.address() as AddressInfo).port, sockets, close };
}

/** A TCP server that says its name and ends. */
export async function namedBackend(name: string, at = '127.0.0.1'): Promise<Backend> {
  return await tcpBackend((socket) => socket.end(name), at);
}

/** An HTTP server; by default it answers with its name. */
export async function httpBackend(name: string, listener?: RequestListener): Promise<Backend> {
  const sockets = new Set<Socket>();
  const server = createHttpServer(listener ?? ((_request, response) => response.end(name)));
  server.on('connection', (socket) => void sockets.add(socket.on('close', () => sockets.delete(socket))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  later(close);
  return { address: '127.0.0.1', port: (server.address() as AddressInfo).port, sockets, close };
}

/** A port of 127.0.0.1 where nobody listens. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

export function member(at: { address: string; port: number }, more: Partial<MemberConfig> = {}): MemberConfig {
  return {
    fullPath: `/Common/${at.address}:${at.port}`,
    address: at.address,
    routeDomain: 0,
    port: at.port,
    session: 'user-enabled',
    state: 'user-up',
    ratio: 1,
    priorityGroup: 0,
    connectionLimit: 0,
    ...more,
  };
}

export function pool(members: readonly MemberConfig[], more: Partial<PoolConfig> = {}): PoolConfig {
  return {
    fullPath: '/Common/web',
    loadBalancingMode: 'round-robin',
    minActiveMembers: 0,
    members,
    serviceDownAction: 'none',
    ...more,
  };
}

export function profile(type: string, settings: Record<string, unknown> = {}): ProfileConfig {
  return { fullPath: `/Common/${type}`, type, context: 'all', settings };
}

export function virtual(more: Partial<VirtualConfig> = {}): VirtualConfig {
  return {
    fullPath: '/Common/vs',
    address: '10.1.10.50',
    routeDomain: 0,
    port: 80,
    ipProtocol: 'tcp',
    enabled: true,
    source: '0.0.0.0/0',
    pool: '/Common/web',
    profiles: [profile('tcp')],
    sourceAddressTranslation: 'automap',
    connectionLimit: 0,
    ...more,
  };
}

/** Sets a pool and a virtual server, and gives the port where that listens. */
export async function serve(plane: DataPlane, poolConfig: PoolConfig, virtualConfig = virtual()): Promise<number> {
  plane.setPool(poolConfig.fullPath, poolConfig);
  plane.setVirtual(virtualConfig.fullPath, virtualConfig);
  await plane.settled();
  const port = plane.listeners().find((one) => one.virtual === virtualConfig.fullPath)?.port;
  if (port === undefined) throw new Error(`no listener: ${JSON.stringify(plane.listeners())}`);
  return port;
}

/** A client's connection that gathers what it receives. */
export interface Client {
  readonly socket: Socket;
  /** All that came so far. */
  text(): string;
  /** How many bytes came so far. */
  bytes(): number;
  /** How it ended: in order, by a reset or another error; undefined while it is open. */
  ended(): 'end' | 'reset' | undefined;
}

/** Connects to a port of 127.0.0.1 (or another address), and sends `text` if given. */
export function dial(port: number, text = '', options: { host?: string; localAddress?: string } = {}): Client {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, ...options });
  const chunks: Buffer[] = [];
  let ended: 'end' | 'reset' | undefined;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('end', () => (ended ??= 'end'));
  socket.on('error', () => (ended = 'reset'));
  if (text !== '') socket.write(text);
  later(() => void socket.destroy());
  const bytes = (): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return { socket, text: () => Buffer.concat(chunks).toString('latin1'), bytes, ended: () => ended };
}

/** Sends `text`, ends, and gives what came back until the end; `reset` if the connection was reset. */
export async function ask(port: number, text = '', options: { localAddress?: string } = {}): Promise<string> {
  const client = dial(port, text, options);
  if (text === '') client.socket.on('end', () => client.socket.end());
  else client.socket.end();
  await until('the connection ended', () => client.ended());
  return client.ended() === 'reset' ? 'reset' : client.text();
}

/** Asks several times, one after the other. */
export async function askTimes(count: number, port: number, text = ''): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let i = 0; i < count; i += 1) answers.push(await ask(port, text));
  return answers;
}

/** A throw-away self-signed certificate for `localhost`, used nowhere else. */
export const TEST_CERTIFICATE = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgaB8iG/TWG9HfBY9g
eNaRD2binrfmp/pdZXXaz29KmoihRANCAARJ1FBKbnjkZGO10Z+hRmxmE4UNKBa/
JCBvboPPb7DYzVRlvjD5kPNjPEmuvYFnkUh3hJ/4aWpmPw/UATYhYe3N
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIULz0wEumdMQ1CqhWmOmji5k6qqoUwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzE4MTQ1NloYDzIxMjYxMDMw
MTgxNDU2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARJ1FBKbnjkZGO10Z+hRmxmE4UNKBa/JCBvboPPb7DYzVRlvjD5kPNj
PEmuvYFnkUh3hJ/4aWpmPw/UATYhYe3No1MwUTAdBgNVHQ4EFgQUFEX2vgUVanhU
kOguIAMgjU8am+8wHwYDVR0jBBgwFoAUFEX2vgUVanhUkOguIAMgjU8am+8wDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAxXibDKF1qdx5ObRy+Nma
T07ZG0Foi9olWK4qNbPuOHECIQCPcmPsLcpQ12xfX7S+hyt+u6bjnJetLSvbJb6o
HwKGag==
-----END CERTIFICATE-----`,
};
