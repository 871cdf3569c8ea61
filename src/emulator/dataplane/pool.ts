import { createHash } from 'node:crypto';
import { activeGroups, Balancer } from './balancing.ts';
import type { Candidate } from './balancing.ts';
import { Counters } from './counters.ts';
import type { MemberConfig, MemberHealth, PoolConfig } from './model.ts';
import { PoolQueue } from './pool-queue.ts';
import { RateWindow } from './rate-window.ts';
import type { PlaneClock } from './scheduler.ts';
import type { ServerSession } from './session.ts';

/** What health monitoring knows of a member. */
export interface HealthView {
  readonly health: MemberHealth;
  /** A `recvDisable` string was found: up, but for persistent connections only. */
  readonly draining: boolean;
  /** What a monitor of performance (`snmp-dca`) makes of the member's load: the more, the more it can take. */
  readonly dynamicRatio?: number;
}

const UNCHECKED: HealthView = { health: 'unchecked', draining: false };

/** What all members with one address (a node) do, across pools. */
export interface NodeLoad {
  connections: number;
  /** HTTP requests that are not answered in full yet. */
  requests: number;
  /** Connections of the running second. */
  readonly rate: RateWindow;
}

/** A node that does nothing yet. */
export function idleNode(): NodeLoad {
  return { connections: 0, requests: 0, rate: new RateWindow() };
}

/** A clock that stands, for pools that nothing is timed of. */
const STANDING: PlaneClock = { now: () => 0, after: () => ({ cancel: () => {} }), msPerSecond: 1000 };

/** The smallest part of its share that a member gets: one that has only just come up is still better than none. */
const SMALLEST_RAMP = 0.001;

/** A pool member at work. It outlives its configuration as long as connections use it. */
export class Member {
  readonly counters = new Counters();
  /** Made with the first connection: most members of a large configuration never have one. */
  #sessions: Set<ServerSession> | undefined;
  readonly node: NodeLoad;
  readonly pool: Pool;
  readonly #rate = new RateWindow();
  #config: MemberConfig;
  #view: HealthView = UNCHECKED;
  #requests = 0;
  #nodeHealth: MemberHealth = 'unchecked';
  /** Since when it takes connections of anyone; undefined: it does not. */
  #since: number | undefined;

  constructor(config: MemberConfig, pool: Pool, node: NodeLoad) {
    this.#config = config;
    this.pool = pool;
    this.node = node;
  }

  get config(): MemberConfig {
    return this.#config;
  }

  /** Takes over a configuration at a moment (ms): the same for all members that change with it. */
  configure(config: MemberConfig, now: number): void {
    this.#config = config;
    this.#note(now);
  }

  get view(): HealthView {
    return this.#view;
  }

  set view(view: HealthView) {
    this.#view = view;
    this.#note(this.pool.clock.now());
  }

  /** What monitors of its node found. */
  set nodeHealth(health: MemberHealth) {
    this.#nodeHealth = health;
    this.#note(this.pool.clock.now());
  }

  /** By its own monitors and its node's: down with its node; without own monitors as its node. */
  get health(): MemberHealth {
    const own = this.#view.health;
    return this.#nodeHealth === 'down' || own === 'unchecked' ? this.#nodeHealth : own;
  }

  /** Server-side connections and flows, to be ended with the member. */
  get sessions(): Set<ServerSession> {
    this.#sessions ??= new Set();
    return this.#sessions;
  }

  /** A server-side connection begins. */
  open(): void {
    this.counters.open();
    this.pool.counters.open();
    this.node.connections += 1;
    this.#rate.count(this.pool.second());
    this.node.rate.count(this.pool.second());
  }

  /** …and ends. */
  close(): void {
    this.counters.close();
    this.pool.counters.close();
    this.node.connections -= 1;
    this.pool.queue.pump();
  }

  /** HTTP requests that are not answered in full yet. */
  get requests(): number {
    return this.#requests;
  }

  /** An HTTP request sets out for the member; gives what to call when it is over (more calls do nothing). */
  request(): () => void {
    this.#requests += 1;
    this.node.requests += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#requests -= 1;
      this.node.requests -= 1;
    };
  }

  /** Up, not yet known to be down, or not monitored: traffic is let through. */
  isAlive(): boolean {
    return this.config.state === 'user-up' && this.health !== 'down';
  }

  /** Takes new connections of anyone; a disabled one takes only those that persist. */
  isEnabled(): boolean {
    return this.config.session === 'user-enabled' && !this.view.draining;
  }

  /** Neither the member nor its node is at its connection limit or its rate limit. */
  hasRoom(): boolean {
    const { rateLimit = 0, nodeRateLimit = 0 } = this.config;
    const second = this.pool.second();
    return (
      this.isBelowLimit() && !this.#rate.isFull(rateLimit, second) && !this.node.rate.isFull(nodeRateLimit, second)
    );
  }

  /** Neither the member nor its node is at its connection limit. */
  isBelowLimit(): boolean {
    const { connectionLimit, nodeConnectionLimit = 0 } = this.config;
    if (connectionLimit !== 0 && this.counters.current >= connectionLimit) return false;
    return nodeConnectionLimit === 0 || this.node.connections < nodeConnectionLimit;
  }

  /** The part of its share that it gets: as long as it has been there, out of the pool's `slowRampTime`. */
  ramp(now: number): number {
    const rampMs = (this.pool.config.slowRampTime ?? 0) * this.pool.clock.msPerSecond;
    if (rampMs === 0 || this.#since === undefined) return 1;
    return Math.min(1, Math.max(SMALLEST_RAMP, (now - this.#since) / rampMs));
  }

  #note(now: number): void {
    if (!this.isAlive() || !this.isEnabled()) this.#since = undefined;
    else this.#since ??= now;
  }
}

/** What a connection wants of a pool. */
export interface MemberWish {
  /** Full path of the member that persistence names. */
  readonly persistent?: string | undefined;
  /** Persistence goes before the member's connection limit (`overrideConnectionLimit`). */
  readonly overrideLimit?: boolean;
  /** Members that refused this connection already. */
  readonly exclude?: ReadonlySet<string>;
  /** What points out the member by CARP, in place of load balancing. */
  readonly hashedBy?: string | undefined;
  /** How many persistence records name a member (full path), for `least-sessions`. */
  readonly sessionsOf?: (member: string) => number;
  /** Whether an idle connection to a member is kept, which needs no room. */
  readonly isKept?: (member: Member) => boolean;
}

/** A pool at work: its members by full path, and its choices. */
export class Pool {
  readonly counters = new Counters();
  readonly members = new Map<string, Member>();
  readonly clock: PlaneClock;
  /** Connections that wait for a member with room. */
  readonly queue: PoolQueue;
  readonly #balancer = new Balancer();
  config: PoolConfig;

  /** Without a clock nothing ramps up, and rates are those of one long second. */
  constructor(config: PoolConfig, clock: PlaneClock = STANDING) {
    this.config = config;
    this.clock = clock;
    this.queue = new PoolQueue(clock);
  }

  /** The running second of the configuration. */
  second(): number {
    return Math.floor(this.clock.now() / this.clock.msPerSecond);
  }

  /** Takes over a new configuration; members keep their counters and connections by full path. */
  update(config: PoolConfig, nodeOf: (member: MemberConfig) => NodeLoad): void {
    this.config = config;
    const wanted = new Set(config.members.map((one) => one.fullPath));
    for (const path of this.members.keys()) if (!wanted.has(path)) this.members.delete(path);
    this.#balancer.retain(wanted);
    const now = this.clock.now();
    for (const one of config.members) {
      const member = this.members.get(one.fullPath) ?? new Member(one, this, nodeOf(one));
      member.configure(one, now);
      this.members.set(one.fullPath, member);
    }
    this.queue.pump();
  }

  /** Whether a connection that finds no member may wait: members are there, but at their connection limits. */
  isQueueing(): boolean {
    if (this.config.queueOnConnectionLimit !== true) return false;
    return [...this.members.values()].some((one) => one.isAlive() && one.isEnabled() && !one.isBelowLimit());
  }

  /**
   * The member for a new connection: the persistent one unless it is down, forced down or full; else by load
   * balancing among those that are up, enabled and not full, in the active priority groups. Undefined: nobody.
   */
  select(wish: MemberWish = {}): Member | undefined {
    const persistent = wish.persistent === undefined ? undefined : this.members.get(wish.persistent);
    const { loadBalancingMode: mode } = this.config;
    if (persistent?.isAlive() === true && !this.#excluded(persistent, wish)) {
      if (wish.overrideLimit === true || hasRoom(persistent, wish)) {
        if (countsPersisted(this.config)) {
          this.#balancer.charge(mode, this.#candidates(wish), persistent.config.fullPath);
        }
        return persistent;
      }
    }
    if (wish.hashedBy !== undefined) return byCarp(this.#open(wish), wish.hashedBy);
    return this.#balancer.choose(mode, this.#candidates(wish), this.second())?.member;
  }

  /** Members that take connections of anyone, in the active priority groups. */
  #open(wish: MemberWish): readonly Member[] {
    const available = [...this.members.values()].filter(
      (one) => one.isAlive() && one.isEnabled() && hasRoom(one, wish),
    );
    const active = activeGroups(available, this.config.minActiveMembers, (one) => one.config.priorityGroup);
    return active.filter((one) => !this.#excluded(one, wish));
  }

  #candidates(wish: MemberWish): readonly (Candidate & { readonly member: Member })[] {
    const now = this.clock.now();
    return this.#open(wish).map((one) => asCandidate(one, wish, now));
  }

  #excluded(member: Member, wish: MemberWish): boolean {
    return wish.exclude?.has(member.config.fullPath) === true;
  }
}

/** Whether connections that persist take turns of their member: under ratios, unless the pool ignores their weight. */
function countsPersisted({ ignorePersistedWeight, loadBalancingMode }: PoolConfig): boolean {
  return ignorePersistedWeight !== true && /^(dynamic-)?ratio-(member|node|session)$/.test(loadBalancingMode);
}

function hasRoom(member: Member, wish: MemberWish): boolean {
  return member.hasRoom() || wish.isKept?.(member) === true;
}

/**
 * The member of a value by CARP: each scores by a hash of its name and the value, the highest has it. When a member goes,
 * only its values move. The device's own hash is not public: it may point elsewhere.
 */
function byCarp(members: readonly Member[], value: string): Member | undefined {
  const score = ({ config }: Member): string => createHash('md5').update(`${config.fullPath} ${value}`).digest('hex');
  const scored = members.map((member) => ({ member, score: score(member) }));
  return scored.toSorted((a, b) => (a.score < b.score ? 1 : -1))[0]?.member;
}

function asCandidate(member: Member, wish: MemberWish, now: number): Candidate & { readonly member: Member } {
  const { config, view } = member;
  return {
    id: config.fullPath,
    ratio: config.ratio,
    nodeRatio: config.nodeRatio ?? 1,
    connectionLimit: config.connectionLimit,
    nodeConnectionLimit: config.nodeConnectionLimit ?? 0,
    requests: member.requests,
    nodeRequests: member.node.requests,
    sessions: wish.sessionsOf?.(config.fullPath) ?? 0,
    connections: member.counters.current,
    nodeConnections: member.node.connections,
    dynamicRatio: view.dynamicRatio ?? config.dynamicRatio ?? 1,
    nodeDynamicRatio: view.dynamicRatio ?? config.nodeDynamicRatio ?? 1,
    ramp: member.ramp(now),
    member,
  };
}
