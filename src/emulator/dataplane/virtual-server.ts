import type { Socket } from 'node:net';
import type { RuleSet } from '../irules/engine.ts';
import { Counters } from './counters.ts';
import type { MemberConfig, SocketAddress, VirtualConfig } from './model.ts';
import type { PolicyCounts } from './policy/counts.ts';
import type { ProfileCounts } from './profile-counts.ts';
import type { PersistenceTable } from './persistence/table.ts';
import { idleNode, Pool } from './pool.ts';
import type { RateTable } from './rate-window.ts';
import { ServerCache } from './traffic/server-cache.ts';
import type { RuleBook } from './rule-book.ts';
import type { Scheduler } from './scheduler.ts';
import type { SnatPools } from './snat-pools.ts';
import type { Session } from './session.ts';
import { profileOf, secondsSetting } from './settings.ts';

/** What connections share: the clock, the pools by full path, and all that must end when the data plane does. */
export interface PlaneContext {
  readonly scheduler: Scheduler;
  /** Milliseconds of a second of the configuration. */
  readonly msPerSecond: number;
  readonly pools: ReadonlyMap<string, Pool>;
  readonly sessions: Set<Session>;
  readonly policyCounts: PolicyCounts;
  readonly profileCounts: ProfileCounts;
  readonly persistence: PersistenceTable;
  readonly snatPools: SnatPools;
  /** A line for the log of the device. */
  readonly log: (line: string) => void;
  /**
   * Begins a connection to a virtual server from within.
   * @param depth how many virtual servers sent it on.
   * @returns its other end; undefined if nobody is there, or too many sent it on.
   */
  readonly enter: (virtual: string, origin: SocketAddress, depth: number) => Socket | undefined;
  /** Rate limits of virtual servers. */
  readonly rates: RateTable;
  readonly reach: (member: MemberConfig, port: number) => SocketAddress;
}

/** A virtual server at work. Connections keep the configuration that they began with. */
export class VirtualServer {
  readonly counters = new Counters();
  /** Idle server-side connections that OneConnect keeps for the next request. */
  readonly cache = new ServerCache();
  /** Connections of clients. */
  readonly sessions = new Set<Session>();
  config: VirtualConfig;
  readonly #nodePools = new Map<string, Pool>();
  #rules: RuleSet | undefined;
  #rulesKey = '[]';

  constructor(config: VirtualConfig) {
    this.config = config;
  }

  /** iRules of new connections; undefined without any. */
  get rules(): RuleSet | undefined {
    return this.#rules;
  }

  /** Makes the rules anew if they are others than before. */
  takeRules(book: RuleBook): void {
    const { rules = [] } = this.config;
    const key = JSON.stringify(rules);
    if (key === this.#rulesKey) return;
    this.#rulesKey = key;
    this.#rules = book.ruleSet(rules);
  }

  /** A node that a policy sends requests to, as a pool of one that nobody monitors. */
  nodePool(address: string, port: number): Pool {
    const key = `${address} ${port}`;
    const pool = this.#nodePools.get(key) ?? poolOfNode(address, port);
    this.#nodePools.set(key, pool);
    return pool;
  }

  /** Another virtual server that connections are sent on to, as a pool of one. */
  chainPool(fullPath: string): Pool {
    const pool = this.#nodePools.get(fullPath) ?? poolOfOne({ fullPath, address: '', port: 0, virtual: fullPath });
    this.#nodePools.set(fullPath, pool);
    return pool;
  }

  /**
   * Another device takes over: connections are reset, and none is kept. On a device the active unit resets them at their next
   * packet, for without mirroring it knows nothing of them (K).
   */
  leave(): void {
    this.cache.clear();
    for (const session of this.sessions) session.abort();
  }

  hasRoom(): boolean {
    return this.config.connectionLimit === 0 || this.counters.current < this.config.connectionLimit;
  }
}

function poolOfNode(address: string, port: number): Pool {
  return poolOfOne({ fullPath: `${address}${address.includes(':') ? '.' : ':'}${port}`, address, port });
}

function poolOfOne(at: Pick<MemberConfig, 'fullPath' | 'address' | 'port' | 'virtual'>): Pool {
  const { fullPath } = at;
  const session = 'user-enabled' as const;
  const state = 'user-up' as const;
  const member = {
    ...at,
    routeDomain: 0,
    session,
    state,
    ratio: 1,
    priorityGroup: 0,
    connectionLimit: 0,
  };
  const config = {
    fullPath,
    loadBalancingMode: 'round-robin',
    minActiveMembers: 0,
    serviceDownAction: 'none',
    members: [member],
  };
  const pool = new Pool(config);
  pool.update(config, idleNode);
  return pool;
}

/** Idle time-out of a TCP connection in seconds: the shortest of both sides' profiles; the device's default is 300. */
export function tcpIdleSeconds(config: VirtualConfig): number {
  const fastl4 = profileOf(config, 'fastl4');
  if (fastl4 !== undefined) return secondsSetting(fastl4.settings, 'idleTimeout', 300);
  const sides = [profileOf(config, 'tcp', 'clientside'), profileOf(config, 'tcp', 'serverside')];
  return Math.min(...sides.map((profile) => secondsSetting(profile?.settings, 'idleTimeout', 300)));
}
