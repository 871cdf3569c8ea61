import type { Socket } from 'node:net';
import type { DataGroup } from '../irules/flow.ts';
import { printDestination } from './addresses.ts';
import { Counters } from './counters.ts';
import { HealthMonitoring } from './health/health-monitoring.ts';
import { ProbeQueue } from './health/probe-queue.ts';
import { Listeners } from './listeners.ts';
import type {
  DataPlane,
  DataPlaneOptions,
  Listener,
  MemberConfig,
  MemberHealth,
  MemberStatusChange,
  MonitorConfig,
  NodeConfig,
  PoolConfig,
  SocketAddress,
  TrafficCounters,
  VirtualConfig,
} from './model.ts';
import { Nodes } from './nodes.ts';
import { PolicyCounts } from './policy/counts.ts';
import type { PolicyCount } from './policy/counts.ts';
import { shownRecord } from './persistence/shown.ts';
import type { ShownRecord } from './persistence/shown.ts';
import { PersistenceTable } from './persistence/table.ts';
import { idleNode, Pool } from './pool.ts';
import { EMPTY_QUEUE } from './pool-queue.ts';
import type { QueueCounters } from './pool-queue.ts';
import type { Member, NodeLoad } from './pool.ts';
import { ProfileCounts } from './profile-counts.ts';
import { RateTable } from './rate-window.ts';
import { RuleBook } from './rule-book.ts';
import type { RuleCount } from './rule-book.ts';
import { Scheduler } from './scheduler.ts';
import type { PlaneClock } from './scheduler.ts';
import type { Session } from './session.ts';
import { SnatPools } from './snat-pools.ts';
import { acceptConnection } from './traffic/accept.ts';
import { innerPair } from './traffic/inner-socket.ts';
import { VirtualServer } from './virtual-server.ts';
import type { PlaneContext } from './virtual-server.ts';

/**
 * A data plane with nothing configured. Setters never throw: what can't be done shows in the listeners' problems.
 * Close it, or its sockets keep the process alive.
 */
export function createDataPlane(options: DataPlaneOptions = {}): DataPlane {
  return new Plane(options);
}

/** Virtual servers that may send a connection on, one after the other; there is an end to it on the device too (K). */
const MOST_HOPS = 10;

const NO_TRAFFIC: TrafficCounters = new Counters().snapshot();

class Plane implements DataPlane {
  readonly #pools = new Map<string, Pool>();
  readonly #virtuals = new Map<string, VirtualServer>();
  readonly #nodes = new Map<string, NodeLoad>();
  readonly #sessions = new Set<Session>();
  readonly #policyCounts = new PolicyCounts();
  readonly #profileCounts = new ProfileCounts();
  readonly #persistence = new PersistenceTable();
  readonly #snatPools = new SnatPools();
  readonly #ruleBook = new RuleBook({
    pools: this.#pools,
    virtuals: this.#virtuals,
    snatPools: this.#snatPools,
  });
  readonly #scheduler = new Scheduler();
  readonly #callbacks = new Set<(change: MemberStatusChange) => void>();
  readonly #clock: PlaneClock;
  readonly #listeners: Listeners;
  readonly #health: HealthMonitoring;
  readonly #watchedNodes: Nodes;

  constructor(options: DataPlaneOptions) {
    const msPerSecond = 1000 * (options.timeScale ?? 1);
    const scheduler = this.#scheduler;
    this.#clock = {
      msPerSecond,
      now: () => scheduler.now(),
      after: (delay, run) => scheduler.after(delay, run),
    };
    const reach = (member: MemberConfig, port: number): SocketAddress => {
      const at = { address: member.address, port };
      return options.reach?.({ ...at, routeDomain: member.routeDomain }) ?? at;
    };
    const context: PlaneContext = {
      scheduler: this.#scheduler,
      msPerSecond,
      pools: this.#pools,
      sessions: this.#sessions,
      policyCounts: this.#policyCounts,
      profileCounts: this.#profileCounts,
      persistence: this.#persistence,
      snatPools: this.#snatPools,
      log: (line) => this.#ruleBook.log(line),
      enter: (path, origin, depth) => this.#enter(context, { path, origin, depth }),
      rates: new RateTable(),
      reach,
    };
    this.#listeners = new Listeners(context, options);
    this.#watchedNodes = new Nodes({
      clock: this.#clock,
      health: () => this.#health,
      onChange: (member, previous) => this.#healthChanged(member, previous),
    });
    this.#health = new HealthMonitoring({
      context: {
        scheduler: this.#scheduler,
        queue: new ProbeQueue(options.probeConcurrency ?? 256),
        msPerSecond,
      },
      probe: options.probe ?? options.listen ?? true,
      reach,
      onChange: (member, previous) => this.#healthChanged(member, previous),
    });
  }

  setMonitor(fullPath: string, monitor: MonitorConfig | undefined): void {
    this.#health.setMonitor(fullPath, monitor);
  }

  setPool(fullPath: string, config: PoolConfig | undefined): void {
    const pool = this.#pools.get(fullPath) ?? (config === undefined ? undefined : new Pool(config, this.#clock));
    if (pool === undefined) return;
    const before = [...pool.members.values()];
    pool.update(config ?? { ...pool.config, members: [] }, (member) => this.#nodeOf(member));
    if (config === undefined) this.#pools.delete(fullPath);
    else this.#pools.set(fullPath, pool);
    for (const member of pool.members.values()) {
      this.#watchedNodes.attach(member);
      this.#health.watch(member);
    }
    for (const member of before.filter((one) => pool.members.get(one.config.fullPath) !== one)) {
      this.#watchedNodes.detach(member);
      this.#health.unwatch(member);
    }
  }

  setNode(fullPath: string, config: NodeConfig | undefined): void {
    this.#watchedNodes.set(fullPath, config);
  }

  setVirtual(fullPath: string, config: VirtualConfig | undefined): void {
    const known = this.#virtuals.get(fullPath);
    if (config === undefined) {
      known?.cache.clear();
      this.#virtuals.delete(fullPath);
      this.#persistence.forgetVirtual(fullPath);
      this.#listeners.remove(fullPath);
      return;
    }
    const previous = known?.config;
    if (config.standby === true && previous?.standby !== true) known?.leave();
    const virtual = known ?? new VirtualServer(config);
    virtual.config = config;
    virtual.takeRules(this.#ruleBook);
    this.#virtuals.set(fullPath, virtual);
    this.#listeners.set(virtual, previous);
  }

  resume(pool: string, member: string): void {
    const found = this.#pools.get(pool)?.members.get(member);
    if (found !== undefined) this.#health.resume(found);
  }

  async settled(): Promise<void> {
    await this.#listeners.settled();
  }

  health(pool: string, member: string): MemberHealth {
    return this.#pools.get(pool)?.members.get(member)?.health ?? 'unchecked';
  }

  nodeHealth(fullPath: string): MemberHealth {
    return this.#watchedNodes.health(fullPath);
  }

  virtualCounters(fullPath: string): TrafficCounters {
    return this.#virtuals.get(fullPath)?.counters.snapshot() ?? NO_TRAFFIC;
  }

  poolCounters(fullPath: string): TrafficCounters {
    return this.#pools.get(fullPath)?.counters.snapshot() ?? NO_TRAFFIC;
  }

  memberCounters(pool: string, member: string): TrafficCounters {
    return this.#pools.get(pool)?.members.get(member)?.counters.snapshot() ?? NO_TRAFFIC;
  }

  queueCounters(pool: string): QueueCounters {
    return this.#pools.get(pool)?.queue.counters() ?? EMPTY_QUEUE;
  }

  setSnatPool(fullPath: string, addresses: readonly string[] | undefined): void {
    this.#snatPools.set(fullPath, addresses);
  }

  persistenceRecords(): readonly ShownRecord[] {
    const at = this.#surroundings();
    return this.#persistence.list(at.now).map((record) => shownRecord(record, at));
  }

  deletePersistenceRecords(isIt: (record: ShownRecord) => boolean): number {
    const at = this.#surroundings();
    return this.#persistence.delete((record) => isIt(shownRecord(record, at)));
  }

  setDataGroup(fullPath: string, group: DataGroup | undefined): void {
    this.#ruleBook.setDataGroup(fullPath, group);
  }

  ruleCounts(fullPath: string): ReadonlyMap<string, RuleCount> | undefined {
    return this.#ruleBook.counts(fullPath);
  }

  ruleLog(): readonly string[] {
    return this.#ruleBook.lines;
  }

  policyCounts(fullPath: string): PolicyCount | undefined {
    return this.#policyCounts.get(fullPath);
  }

  profileCounts(fullPath: string): ReadonlyMap<string, number> | undefined {
    return this.#profileCounts.get(fullPath);
  }

  listeners(): readonly Listener[] {
    return this.#listeners.table();
  }

  onStatus(callback: (change: MemberStatusChange) => void): () => void {
    this.#callbacks.add(callback);
    return () => void this.#callbacks.delete(callback);
  }

  async close(): Promise<void> {
    this.#health.close();
    this.#listeners.close();
    for (const virtual of this.#virtuals.values()) virtual.cache.clear();
    for (const session of this.#sessions) session.abort();
    this.#scheduler.close();
    await this.#listeners.settled();
  }

  #surroundings(): Parameters<typeof shownRecord>[1] {
    const destinationOf = (path: string): string => {
      const config = this.#virtuals.get(path)?.config;
      return config === undefined ? '' : printDestination(config.address, config.port);
    };
    return { now: this.#clock.now(), msPerSecond: this.#clock.msPerSecond, destinationOf };
  }

  #enter(
    context: PlaneContext,
    { path, origin, depth }: { readonly path: string; readonly origin: SocketAddress; readonly depth: number },
  ): Socket | undefined {
    const virtual = this.#virtuals.get(path);
    if (virtual === undefined || virtual.config.standby === true || depth > MOST_HOPS) return undefined;
    const [near, far] = innerPair(origin);
    acceptConnection(context, virtual, { socket: far, depth });
    return near;
  }

  /** Tells everyone, and does to the member's connections what the pool's `serviceDownAction` says. */
  #healthChanged(member: Member, previous: MemberHealth): void {
    if (this.#watchedNodes.takes(member)) return;
    const { health } = member;
    if (health === 'down') endSessions(member);
    else member.pool.queue.pump();
    const change = { pool: member.pool.config.fullPath, member: member.config.fullPath, health, previous };
    for (const callback of this.#callbacks) callback(change);
  }

  /** Nodes are kept once seen: an address is little, and its connections may outlive its members. */
  #nodeOf({ address, routeDomain }: MemberConfig): NodeLoad {
    const key = `${address}%${routeDomain}`;
    const node = this.#nodes.get(key) ?? idleNode();
    this.#nodes.set(key, node);
    return node;
  }
}

/** `serviceDownAction` of the pool: `none` lets connections live. */
function endSessions({ pool, sessions }: Member): void {
  const action = pool.config.serviceDownAction;
  for (const session of action === 'none' ? [] : [...sessions]) {
    if (action === 'drop') session.drop();
    else if (action === 'reselect') session.reselect();
    else session.abort();
  }
}
