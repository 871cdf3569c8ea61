import { directoryOf } from './auth/directory.ts';
import { TokenStore } from './auth/tokens.ts';
import type { DataPlane, Listener } from './dataplane/model.ts';
import { EMPTY_QUEUE } from './dataplane/pool-queue.ts';
import type { Dns } from './dns/index.ts';
import { failIfAsked } from './faults/before-operation.ts';
import { Disturbance } from './faults/disturb.ts';
import { Faults } from './faults/faults.ts';
import { keepDoor } from './faults/refusal.ts';
import { slowCommit } from './faults/slow-commit.ts';
import { Feed } from './feed/feed.ts';
import { FileStore } from './files/file-store.ts';
import { answer } from './http/answer.ts';
import { RequestLog } from './http/request-log.ts';
import type { RouteContext } from './http/route.ts';
import { listen } from './http/server.ts';
import { runTemplate } from './iapps/run-template.ts';
import { allKinds } from './kinds/all.ts';
import { buildRegistry } from './kinds/registry.ts';
import { page, type DeviceEntry } from './page/page.ts';
import type { Taught } from './control/taught.ts';
import type { Kernel } from './kernel/kernel.ts';
import { closeLive, listenersOf, startLive, tellerOf, type Live, type Teller } from './live.ts';
import type { CertificatePair, EmulatorOptions } from './options.ts';
import { MinUpMembers } from './pair/min-up-members.ts';
import type { PairNode } from './pair/pair-node.ts';
import type { PairKeeper } from './pair/kept.ts';
import { makePair, startPair } from './pair/start-pair.ts';
import type { Clock, Device } from './session/device.ts';
import { zeroCounters, type StatsSource } from './stats/stats-source.ts';
import { loadStock } from './stock/load-stock.ts';
import { dump, type Dump } from './store/dump.ts';
import { Store, type JournalEntry } from './store/store.ts';
import { systemResources } from './system/all.ts';
import type { SystemResource } from './system/system-resource.ts';
import { loadConfig } from './tmsh/index.ts';
import { namesFor } from './tls/self-signed.ts';
import { TaskStore } from './tasks/task-store.ts';
import { TransactionStore } from './transaction/transaction.ts';
import { ownCertificate } from './state/own-certificate.ts';
import type { State } from './state/state.ts';
import { atLeast, versionOf, type Version } from './version/version.ts';

/** An emulator that runs. */
export interface Emulator {
  /** `https://127.0.0.1:8443`. */
  readonly url: string;
  /** PEM of the certificate that it shows; undefined over plain HTTP. */
  readonly certificate: string | undefined;
  readonly log: RequestLog;
  readonly faults: Faults;
  /** How it stands among the devices that it trusts. */
  readonly pair: PairNode;
  /** The data plane that it was given, if any. */
  readonly dataPlane: DataPlane | undefined;
  /** What answers DNS, if it is on. */
  readonly dns: Dns | undefined;
  /** What applies the configuration to the kernel, if it is on. */
  readonly kernel: Kernel | undefined;
  /** All objects, for comparisons. */
  dump(): Dump;
  /** Where virtual servers and DNS listeners listen. */
  listeners(): readonly Listener[];
  close(): Promise<void>;
}

const systemClock: Clock = { now: () => Date.now() };
const defaultTmos = '17.1';
const defaultHostname = 'bigip1.example.com';

/** The parts that an emulator is given or opens before it is a device. */
interface Parts {
  readonly clock: Clock;
  readonly state: State | undefined;
  readonly live: Live;
  /** How the page calls this device, once it listens. */
  readonly self: () => DeviceEntry;
}

function makeDevice(options: EmulatorOptions, { clock, state, live }: Parts): Device {
  const version = versionOf(options.tmos ?? defaultTmos);
  const hostname = options.hostname ?? defaultHostname;
  const store = new Store();
  const users = options.users ?? [{ name: 'admin', password: 'admin' }];
  const { managementIp, modules = [] } = options;
  loadStock(allKinds, store, {
    hostname,
    version,
    modules,
    users,
    ...(managementIp === undefined ? {} : { managementIp }),
  });
  const paths = offered(version).map((resource) => resource.path);
  return {
    version,
    hostname,
    clock,
    store,
    kinds: buildRegistry(allKinds, paths),
    files: new FileStore(undefined, state?.files),
    keep: (changes) => state?.commit(changes, store),
    health: (pool, member) => live.plane?.health(pool, member) ?? 'checking',
    nodeHealth: (node) => live.plane?.nodeHealth(node) ?? 'checking',
    connections: (virtual) => live.plane?.virtualCounters(virtual).curConns ?? 0,
    gtmHealth: (monitor, at) => live.dns?.health(monitor, at) ?? 'checking',
  };
}

/** System resources that a release has. */
function offered(version: Version): readonly SystemResource[] {
  return systemResources.filter(({ since }) => since === undefined || atLeast(version, since));
}

function statsSource(live: Live): StatsSource {
  const { plane } = live;
  return {
    virtual: (fullPath) => plane?.virtualCounters(fullPath) ?? zeroCounters,
    pool: (fullPath) => plane?.poolCounters(fullPath) ?? zeroCounters,
    member: (pool, member) => plane?.memberCounters(pool, member) ?? zeroCounters,
    queue: (pool) => plane?.queueCounters(pool) ?? EMPTY_QUEUE,
    profile: (fullPath) => plane?.profileCounts(fullPath),
    policy: (fullPath) => plane?.policyCounts(fullPath),
    rule: (fullPath) => plane?.ruleCounts(fullPath),
    persistence: () => plane?.persistenceRecords() ?? [],
    forgetPersistence: (isIt) => plane?.deletePersistenceRecords(isIt) ?? 0,
    dns: (object) => live.dns?.counts(object) ?? {},
  };
}

function certificateFor(
  options: EmulatorOptions,
  host: string,
  { clock, state }: Pick<Parts, 'clock' | 'state'>,
): CertificatePair | undefined {
  if (options.tls === undefined || options.tls === false) {
    return undefined;
  }
  const names = namesFor(host, options.hostname ?? defaultHostname);
  return options.tls === 'self-signed' ? ownCertificate(state, names, clock.now()) : options.tls;
}

/** Puts back what was kept, else loads what it starts from; gives what differs from an empty box. */
function firstChanges(options: EmulatorOptions, state: State | undefined, device: Device): readonly JournalEntry[] {
  for (const [path, content] of state?.keptFiles() ?? []) {
    device.files.restore(path, content);
  }
  const isNew = state?.isNew ?? true;
  const restored = state?.restore(device.store, device.kinds) ?? [];
  const { conf, onLeftOut } = options;
  if (conf === undefined || !isNew) {
    return restored;
  }
  const loading = { merge: true, ...(onLeftOut === undefined ? {} : { onUnknown: onLeftOut }) };
  return [...restored, ...loadConfig(device, conf, loading)];
}

/** Trust is kept beside the configuration. */
function keeperOf(state: State | undefined): PairKeeper | undefined {
  return state === undefined
    ? undefined
    : { read: () => state.note('pair'), write: (text) => state.putNote('pair', text) };
}

/** What answers requests; nobody has been told yet what was restored or loaded. */
interface Made {
  readonly teller: Teller;
  readonly context: RouteContext & { readonly pair: PairNode };
  readonly restored: readonly JournalEntry[];
}

/** The kernel, and what neighbours told of: by hand, and what a routing daemon put into the kernel. */
function kernelParts(live: Live): Pick<RouteContext, 'kernel' | 'taught' | 'learned'> {
  const taught: Taught = { routes: [] };
  return {
    kernel: () => live.kernel,
    taught,
    learned: async () => [...taught.routes, ...((await live.kernel?.learned()) ?? [])],
  };
}

function makeContext(options: EmulatorOptions, parts: Parts): Made {
  const { clock, state, live } = parts;
  const { plane } = live;
  const device = makeDevice(options, parts);
  const restored = firstChanges(options, state, device);
  const tokens = new TokenStore(clock);
  const faults = new Faults(clock, () => tokens.expireAll());
  const minUp = new MinUpMembers(device, faults);
  const feed = plane === undefined ? undefined : new Feed(device, plane, (pool) => minUp.check(pool));
  plane?.onStatus(({ pool }) => minUp.check(pool));
  feed?.stock();
  const users = directoryOf(device.store);
  const teller = tellerOf(feed, live);
  const { changed: onChange, failedOver: onFailover } = teller;
  device.pair = makePair(device, options, { users, onChange, onFailover, keeper: keeperOf(state) });
  const gate = { users, tokens };
  const transactions = new TransactionStore(clock);
  options.faults?.forEach((fault) => faults.add(fault));
  const log = new RequestLog(options.logLimit ?? 10_000);
  const stats = statsSource(live);
  const shown = {
    device,
    gate,
    log,
    faults,
    stats,
    listeners: () => listenersOf(live),
    devices: options.devices ?? ((): readonly DeviceEntry[] => [parts.self()]),
    openPage: options.openPage ?? false,
    kept: state !== undefined,
  };
  const context: Made['context'] = {
    device,
    pair: device.pair,
    gate,
    log,
    faults,
    page: (request) => page(request, shown),
    transactions,
    disturbance: new Disturbance({ faults, device, tokens, transactions }),
    tasks: new TaskStore(clock),
    system: new Map(offered(device.version).map((resource) => [resource.path, resource])),
    stats,
    onChange,
    ...kernelParts(live),
    beforeOperation: (operation) => failIfAsked(faults, operation, device.kinds),
    slowCommit: (uri) => slowCommit(faults, uri),
  };
  return { context, teller, restored };
}

async function serve(options: EmulatorOptions, given: Omit<Parts, 'self'>): Promise<Emulator> {
  const { live } = given;
  const host = options.host ?? '127.0.0.1';
  let url = '';
  const { tmos = defaultTmos, hostname = defaultHostname } = options;
  const made = makeContext(options, { ...given, self: () => ({ hostname, tmos, url }) });
  const { device, log, faults, pair } = made.context;
  device.runTemplate = (service, session) => runTemplate(service, session, made.context);
  await startLive(options, live, { device, ...made });
  const tls = certificateFor(options, host, given);
  const bodyLimit = options.bodyLimit ?? 16 * 1024 * 1024;
  const handler = (request: Parameters<typeof answer>[0]): ReturnType<typeof answer> => answer(request, made.context);
  const server = await listen({ host, port: options.port ?? 0, tls, bodyLimit, handler });
  const shownHost = server.address.includes(':') ? `[${server.address}]` : server.address;
  url = `${tls === undefined ? 'http' : 'https'}://${shownHost}:${server.port}`;
  const unlatch = keepDoor(faults, server.door);
  const leave = startPair(pair, { url, certificate: tls?.cert }, options.heartbeat);
  return {
    url,
    pair,
    certificate: tls?.cert,
    log,
    faults,
    dataPlane: live.plane,
    dns: live.dns,
    kernel: live.kernel,
    dump: () => dump(device.store, device.kinds),
    listeners: () => listenersOf(live),
    close: async () => {
      unlatch();
      leave();
      await server.close();
      await closeLive(live);
      given.state?.close();
    },
  };
}

/** Opens what is kept; SQLite is loaded for that alone. Rejects with a `StateError`. */
async function openState({ state, tmos = defaultTmos }: EmulatorOptions): Promise<State | undefined> {
  if (state === undefined) {
    return undefined;
  }
  const { State } = await import('./state/state.ts');
  return new State(state, tmos);
}

/** Starts an emulator and resolves when it listens. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const state = await openState(options);
  const live: Live = { plane: await options.dataPlane?.() };
  try {
    return await serve(options, { clock: options.clock ?? systemClock, state, live });
  } catch (error) {
    await closeLive(live);
    state?.close();
    throw error;
  }
}
