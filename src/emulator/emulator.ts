import { TokenStore } from './auth/tokens.ts';
import type { User } from './auth/users.ts';
import type { Listener } from './dataplane/model.ts';
import { header, type Reply, type Request } from './http/exchange.ts';
import { isWrite, loggedBody, RequestLog } from './http/request-log.ts';
import { route, type RouteContext } from './http/route.ts';
import { listen, replyFor } from './http/server.ts';
import { allKinds } from './kinds/all.ts';
import { buildRegistry } from './kinds/registry.ts';
import type { CertificatePair, EmulatorOptions } from './options.ts';
import type { Clock, Device } from './session/device.ts';
import { loadStock } from './stock/load-stock.ts';
import { dump, type Dump } from './store/dump.ts';
import { Store } from './store/store.ts';
import { namesFor, selfSigned } from './tls/self-signed.ts';
import { versionOf } from './version/version.ts';

/** An emulator that runs. */
export interface Emulator {
  /** `https://127.0.0.1:8443`. */
  readonly url: string;
  /** PEM of the certificate that it shows; undefined over plain HTTP. */
  readonly certificate: string | undefined;
  readonly log: RequestLog;
  /** All objects, for comparisons. */
  dump(): Dump;
  /** Where virtual servers listen. */
  listeners(): readonly Listener[];
  close(): Promise<void>;
}

const systemClock: Clock = { now: () => Date.now() };

function makeDevice(options: EmulatorOptions, clock: Clock): Device {
  const store = new Store();
  loadStock(allKinds, store);
  return {
    version: versionOf(options.tmos ?? '17.1'),
    hostname: options.hostname ?? 'bigip1.example.com',
    clock,
    store,
    kinds: buildRegistry(allKinds, []),
    health: () => 'checking',
  };
}

function certificateFor(options: EmulatorOptions, host: string, clock: Clock): CertificatePair | undefined {
  if (options.tls === undefined || options.tls === false) {
    return undefined;
  }
  const hostname = options.hostname ?? 'bigip1.example.com';
  return options.tls === 'self-signed' ? selfSigned(namesFor(host, hostname), clock.now()) : options.tls;
}

function usersByName(users: readonly User[]): ReadonlyMap<string, User> {
  return new Map(users.map((user) => [user.name, user]));
}

async function answer(request: Request, context: RouteContext, log: RequestLog): Promise<Reply | 'cut'> {
  const time = context.device.clock.now();
  let user: string | undefined;
  let reply: Reply;
  try {
    const routed = route(request, context);
    user = routed.principal?.name;
    reply = await routed.reply;
  } catch (error) {
    reply = replyFor(error);
  }
  const { method, path, query, body } = request;
  const transaction = header(request, 'x-f5-rest-coordination-id');
  log.add({
    method,
    path,
    query,
    body: loggedBody(body),
    status: reply.status,
    user,
    time,
    transaction,
    write: isWrite(method, path),
  });
  return reply;
}

/** Starts an emulator and resolves when it listens. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = options.clock ?? systemClock;
  const host = options.host ?? '127.0.0.1';
  const device = makeDevice(options, clock);
  const log = new RequestLog(options.logLimit ?? 10_000);
  const users = usersByName(options.users ?? [{ name: 'admin', password: 'admin' }]);
  const context: RouteContext = { device, gate: { users, tokens: new TokenStore(clock) }, onChange: () => undefined };
  const tls = certificateFor(options, host, clock);
  const server = await listen({
    host,
    port: options.port ?? 0,
    tls,
    bodyLimit: options.bodyLimit ?? 16 * 1024 * 1024,
    handler: (request) => answer(request, context, log),
  });
  const shownHost = server.address.includes(':') ? `[${server.address}]` : server.address;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${shownHost}:${server.port}`,
    certificate: tls?.cert,
    log,
    dump: () => dump(device.store, device.kinds),
    listeners: () => [],
    close: () => server.close(),
  };
}
