import { activeGroups, Balancer } from './balancing.ts';
import type { Candidate } from './balancing.ts';
import { Counters } from './counters.ts';
import type { MemberConfig, MemberHealth, PoolConfig } from './model.ts';
import type { Session } from './session.ts';

/** What health monitoring knows of a member. */
export interface HealthView {
  readonly health: MemberHealth;
  /** A `recvDisable` string was found: up, but for persistent connections only. */
  readonly draining: boolean;
}

const UNCHECKED: HealthView = { health: 'unchecked', draining: false };

/** What all members with one address (a node) do, across pools. */
export interface NodeLoad {
  connections: number;
  /** HTTP requests that are not answered in full yet. */
  requests: number;
}

/** A pool member at work. It outlives its configuration as long as connections use it. */
export class Member {
  readonly counters = new Counters();
  /** Made with the first connection: most members of a large configuration never have one. */
  #sessions: Set<Session> | undefined;
  readonly node: NodeLoad;
  readonly pool: Pool;
  config: MemberConfig;
  view: HealthView = UNCHECKED;
  #requests = 0;

  constructor(config: MemberConfig, pool: Pool, node: NodeLoad) {
    this.config = config;
    this.pool = pool;
    this.node = node;
  }

  /** Server-side connections and flows, to be ended with the member. */
  get sessions(): Set<Session> {
    this.#sessions ??= new Set();
    return this.#sessions;
  }

  /** A server-side connection begins. */
  open(): void {
    this.counters.open();
    this.pool.counters.open();
    this.node.connections += 1;
  }

  /** …and ends. */
  close(): void {
    this.counters.close();
    this.pool.counters.close();
    this.node.connections -= 1;
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
    return this.config.state === 'user-up' && this.view.health !== 'down';
  }

  /** Takes new connections of anyone; a disabled one takes only those that persist. */
  isEnabled(): boolean {
    return this.config.session === 'user-enabled' && !this.view.draining;
  }

  /** Neither the member nor its node is at its connection limit. */
  hasRoom(): boolean {
    const { connectionLimit, nodeConnectionLimit = 0 } = this.config;
    if (connectionLimit !== 0 && this.counters.current >= connectionLimit) return false;
    return nodeConnectionLimit === 0 || this.node.connections < nodeConnectionLimit;
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
  /** How many persistence records name a member (full path), for `least-sessions`. */
  readonly sessionsOf?: (member: string) => number;
}

/** A pool at work: its members by full path, and its choices. */
export class Pool {
  readonly counters = new Counters();
  readonly members = new Map<string, Member>();
  readonly #balancer = new Balancer();
  config: PoolConfig;

  constructor(config: PoolConfig) {
    this.config = config;
  }

  /** Takes over a new configuration; members keep their counters and connections by full path. */
  update(config: PoolConfig, nodeOf: (member: MemberConfig) => NodeLoad): void {
    this.config = config;
    const wanted = new Set(config.members.map((one) => one.fullPath));
    for (const path of this.members.keys()) if (!wanted.has(path)) this.members.delete(path);
    this.#balancer.retain(wanted);
    for (const one of config.members) {
      const known = this.members.get(one.fullPath);
      if (known === undefined) this.members.set(one.fullPath, new Member(one, this, nodeOf(one)));
      else known.config = one;
    }
  }

  /**
   * The member for a new connection: the persistent one unless it is down, forced down or full; else by load
   * balancing among those that are up, enabled and not full, in the active priority groups. Undefined: nobody.
   */
  select(wish: MemberWish = {}): Member | undefined {
    const persistent = wish.persistent === undefined ? undefined : this.members.get(wish.persistent);
    if (persistent?.isAlive() === true && !this.#excluded(persistent, wish)) {
      if (wish.overrideLimit === true || persistent.hasRoom()) return persistent;
    }
    const available = [...this.members.values()].filter((one) => one.isAlive() && one.isEnabled() && one.hasRoom());
    const active = activeGroups(available, this.config.minActiveMembers, (one) => one.config.priorityGroup);
    const open = active.filter((one) => !this.#excluded(one, wish));
    return this.#balancer.choose(
      this.config.loadBalancingMode,
      open.map((one) => asCandidate(one, wish)),
    )?.member;
  }

  #excluded(member: Member, wish: MemberWish): boolean {
    return wish.exclude?.has(member.config.fullPath) === true;
  }
}

function asCandidate(member: Member, wish: MemberWish): Candidate & { readonly member: Member } {
  const { config } = member;
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
    member,
  };
}
