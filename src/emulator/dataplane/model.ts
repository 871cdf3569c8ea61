/**
 * What the data plane needs to know of the configuration, and what it tells back. The configuration store of the
 * emulator translates its own objects into these; the data plane never sees iControl REST.
 */

import type { DataGroup } from '../irules/flow.ts';
import type { RuleCount } from './rule-book.ts';
import type { PolicyCount } from './policy/counts.ts';
import type { PolicyConfig } from './policy/model.ts';
import type { ShownRecord } from './persistence/shown.ts';
import type { QueueCounters } from './pool-queue.ts';
import type { TlsMaterial } from './tls/material.ts';

/** A health monitor. `type` as in the path of its collection: `http`, `tcp`, `gateway-icmp`. */
export interface MonitorConfig {
  readonly fullPath: string;
  readonly type: string;
  /** Seconds. */
  readonly interval: number;
  /** Seconds. */
  readonly timeout: number;
  /** Seconds between probes of what is up; 0 or left out: `interval`. */
  readonly upInterval?: number;
  /** Seconds of good answers before what was not up is so; left out: 0. */
  readonly timeUntilUp?: number;
  readonly send?: string;
  readonly recv?: string;
  readonly recvDisable?: string;
  readonly reverse?: boolean;
  /** `*:*`, `*:80`, `1.1.1.1:80`. */
  readonly destination?: string;
  /** A member that it took down stays so until {@link DataPlane.resume}. */
  readonly manualResume?: boolean;
  /** Slow answers take a member down: slower than the limit, or than the mean by more than the divergence. */
  readonly adaptive?: {
    /** Percent of the mean if relative, else milliseconds. */
    readonly divergence: number;
    readonly isRelative: boolean;
    readonly limitMs: number;
    /** How long answers count for the mean. */
    readonly timespanMs: number;
  };
  /** Its effective properties, without secrets: what the types know of their own (`username`, `qname`, `base`). */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** In clear. */
  readonly password?: string;
  /** The shared secret of RADIUS, in clear. */
  readonly secret?: string;
  /** What it shows and asks for when it speaks TLS; certificate and key in PEM. */
  readonly tls?: {
    readonly cert?: string;
    readonly key?: string;
    readonly ciphers?: string;
    readonly serverName?: string;
  };
}

/** Monitors of a pool or member: all of them, or at least `min`. */
export interface MonitorRuleConfig {
  readonly min?: number;
  readonly monitors: readonly string[];
}

export interface MemberConfig {
  /** Full path of the member: `/Common/10.0.0.1:80`. */
  readonly fullPath: string;
  /** Address without route domain. */
  readonly address: string;
  readonly routeDomain: number;
  readonly port: number;
  readonly session: 'user-enabled' | 'user-disabled';
  readonly state: 'user-up' | 'user-down';
  readonly ratio: number;
  /** Ratio of the member's node, for `ratio-node`; left out: 1. */
  readonly nodeRatio?: number;
  readonly priorityGroup: number;
  readonly connectionLimit: number;
  /** Most connections of the member's node, over all its members; 0 or left out: no limit. */
  readonly nodeConnectionLimit?: number;
  /** New connections a second, of the member and of its node; 0 or left out: no limit. */
  readonly rateLimit?: number;
  readonly nodeRateLimit?: number;
  /** `dynamicRatio` of the member and of its node, for `dynamic-ratio-*`; left out: 1. */
  readonly dynamicRatio?: number;
  readonly nodeDynamicRatio?: number;
  /** Full path of its node, for the health that it has from there. */
  readonly node?: string;
  /** Own monitors; undefined: the pool's. */
  readonly monitor?: MonitorRuleConfig;
  /** It stands for another virtual server, by its full path. */
  readonly virtual?: string;
}

/** An address with monitors of its own. */
export interface NodeConfig {
  /** Without route domain. */
  readonly address: string;
  readonly routeDomain: number;
  /** Left out: it is not watched. */
  readonly monitor?: MonitorRuleConfig;
}

export interface PoolConfig {
  readonly fullPath: string;
  readonly loadBalancingMode: string;
  readonly minActiveMembers: number;
  readonly monitor?: MonitorRuleConfig;
  readonly members: readonly MemberConfig[];
  readonly serviceDownAction: string;
  /**
   * How many other members are tried when one refuses a connection. Left out: 0, the device's default: the client's
   * connection is reset.
   */
  readonly reselectTries?: number;
  /** Seconds until a member that begins to take connections has its full share; 0 or left out: at once. */
  readonly slowRampTime?: number;
  /** Connections wait while members are at their connection limits; left out: they are refused. */
  readonly queueOnConnectionLimit?: boolean;
  /** Most connections that wait; 0 or left out: no limit. */
  readonly queueDepthLimit?: number;
  /** Milliseconds that they wait; 0 or left out: no limit. */
  readonly queueTimeLimit?: number;
  /** Connections that persistence sends to a member do not count as its turns. */
  readonly ignorePersistedWeight?: boolean;
}

/** What a virtual server's `rateLimit` counts together: everything of the virtual server, or of client or destination networks. */
export interface RateLimitConfig {
  /** New connections a second. */
  readonly perSecond: number;
  /** `object`, `source`, `destination`, or several of them joined by hyphens. */
  readonly mode: string;
  /** Length of the networks in bits; 0: each address. */
  readonly sourceMask: number;
  readonly destinationMask: number;
}

/** A profile in use, resolved: `settings` are the profile's effective properties. */
export interface ProfileConfig {
  readonly fullPath: string;
  /** As in the path of its collection: `tcp`, `http`, `fastl4`, `client-ssl`. */
  readonly type: string;
  readonly context: 'all' | 'clientside' | 'serverside';
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of an SSL profile: what its files hold. */
  readonly tls?: TlsMaterial;
}

/** A persistence profile in use: `type` as in the path of its collection, `settings` its effective properties. */
export interface PersistenceConfig {
  readonly type: string;
  /** What a rule or a policy says to persist on (universal, hash). */
  readonly key?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** An iRule with its text. */
export interface RuleConfig {
  readonly fullPath: string;
  readonly text: string;
}

export interface VirtualConfig {
  readonly fullPath: string;
  /** Destination address without route domain; `0.0.0.0` or `::` for any. */
  readonly address: string;
  readonly routeDomain: number;
  /** 0 = any. */
  readonly port: number;
  readonly ipProtocol: string;
  readonly enabled: boolean;
  /** Another device is active for its traffic group: it does not listen. */
  readonly standby?: boolean;
  /** CIDR of clients. */
  readonly source: string;
  readonly pool?: string;
  readonly profiles: readonly ProfileConfig[];
  /** Persistence profile, resolved. */
  readonly persistence?: PersistenceConfig;
  /** For clients that `persistence` knows nothing of; address persistence only. */
  readonly fallbackPersistence?: PersistenceConfig;
  readonly sourceAddressTranslation: 'none' | 'automap' | 'snat' | 'lsn';
  /** Of `snat`: the addresses of a SNAT pool (its full path), or one address. */
  readonly snat?: { readonly pool?: string; readonly address?: string };
  readonly connectionLimit: number;
  /** Left out: no limit. */
  readonly rateLimit?: RateLimitConfig;
  /** iRules, in the order of the virtual server. */
  readonly rules?: readonly RuleConfig[];
  /** Published LTM policies, in the order of the virtual server. */
  readonly policies?: readonly PolicyConfig[];
}

/** A member's health as its monitors found it; `unchecked` without monitors. */
export type MemberHealth = 'unchecked' | 'checking' | 'up' | 'down';

/** Counters of a virtual server, pool or member, since start. */
export interface TrafficCounters {
  readonly bitsIn: number;
  readonly bitsOut: number;
  readonly pktsIn: number;
  readonly pktsOut: number;
  readonly curConns: number;
  readonly maxConns: number;
  readonly totConns: number;
  readonly totRequests: number;
}

/** Where a virtual server listens for real. */
export interface Listener {
  readonly virtual: string;
  /** The configured destination, `10.1.10.50:80`. */
  readonly destination: string;
  readonly protocol: string;
  /** Where a client must go: the same, or a mapped address and port; undefined with `problem` if it cannot listen. */
  readonly address?: string;
  readonly port?: number;
  readonly problem?: string;
}

/** A member's health has changed. */
export interface MemberStatusChange {
  readonly pool: string;
  readonly member: string;
  readonly health: MemberHealth;
  readonly previous: MemberHealth;
}

/** An address and port to connect to, or where one was mapped. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** How the data plane meets the machine that it runs on. */
export interface DataPlaneOptions {
  /**
   * `auto` (default): a virtual server listens on its own address where this machine has it, else on a port of
   * `mapAddress`; `always`: always mapped; `never`: its own address or a problem.
   */
  readonly map?: 'auto' | 'always' | 'never';
  /** Loopback address for mapped listeners; default `127.0.0.1`. */
  readonly mapAddress?: string;
  /** False: nothing listens and nothing is probed; for an API without traffic. Default true. */
  readonly listen?: boolean;
  /** Probe members; default: as `listen`. Without probes, monitored members stay `checking`. */
  readonly probe?: boolean;
  /** Factor on every time of the configuration (intervals, time-outs, persistence): 0.01 is 100 times faster. Default 1. */
  readonly timeScale?: number;
  /** Probes under way at once; default 256. */
  readonly probeConcurrency?: number;
  /** Where a member is really reached, for connections and probes alike; default: at its own address and port. */
  readonly reach?: (member: SocketAddress & { readonly routeDomain: number }) => SocketAddress;
}

/** The running data plane. Setters return at once; listeners follow, `settled` says when. */
export interface DataPlane {
  setMonitor(fullPath: string, monitor: MonitorConfig | undefined): void;
  setPool(fullPath: string, pool: PoolConfig | undefined): void;
  setNode(fullPath: string, node: NodeConfig | undefined): void;
  setVirtual(fullPath: string, virtual: VirtualConfig | undefined): void;
  /** Somebody switched a member on: what `manualResume` of a monitor keeps down may be up again. */
  resume(pool: string, member: string): void;
  /** Resolves when all listeners follow the configuration set so far. */
  settled(): Promise<void>;
  /** Health of a member of a pool, its node's included. */
  health(pool: string, member: string): MemberHealth;
  /** Health of a node by its own monitors. */
  nodeHealth(fullPath: string): MemberHealth;
  virtualCounters(fullPath: string): TrafficCounters;
  poolCounters(fullPath: string): TrafficCounters;
  memberCounters(pool: string, member: string): TrafficCounters;
  /** A pool's connection queue. */
  queueCounters(pool: string): QueueCounters;
  /** The addresses of a SNAT pool. */
  setSnatPool(fullPath: string, addresses: readonly string[] | undefined): void;
  /** Persistence records that have not expired, oldest touch first; `age` in seconds since that. */
  persistenceRecords(): readonly ShownRecord[];
  /** Forgets records; gives how many there were. */
  deletePersistenceRecords(isIt: (record: ShownRecord) => boolean): number;
  /** A data-group that iRules look into. */
  setDataGroup(fullPath: string, group: DataGroup | undefined): void;
  /** What an iRule did, by event; undefined if nothing yet. */
  ruleCounts(fullPath: string): ReadonlyMap<string, RuleCount> | undefined;
  /** What iRules and policies logged last, oldest first. */
  ruleLog(): readonly string[];
  /** What a policy did; undefined if nothing yet. */
  policyCounts(fullPath: string): PolicyCount | undefined;
  /** What a profile did, by the names of its statistics; undefined if nothing yet. */
  profileCounts(fullPath: string): ReadonlyMap<string, number> | undefined;
  listeners(): readonly Listener[];
  /** Calls back whenever a member's health changes; gives a function that ends this. */
  onStatus(callback: (change: MemberStatusChange) => void): () => void;
  /** Ends listeners, connections and probes, promptly. */
  close(): Promise<void>;
}
