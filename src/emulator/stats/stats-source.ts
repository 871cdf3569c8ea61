import type { TrafficCounters } from '../dataplane/model.ts';
import type { ShownRecord } from '../dataplane/persistence/shown.ts';
import type { PolicyCount } from '../dataplane/policy/counts.ts';
import type { QueueCounters } from '../dataplane/pool-queue.ts';
import type { RuleCount } from '../dataplane/rule-book.ts';
import type { DnsCounts } from '../dns/counters.ts';
import type { ConfigObject } from '../store/object.ts';

/** Where counters come from: the data plane and DNS, or zeros. */
export interface StatsSource {
  readonly virtual: (fullPath: string) => TrafficCounters;
  readonly pool: (fullPath: string) => TrafficCounters;
  readonly queue: (pool: string) => QueueCounters;
  readonly member: (pool: string, member: string) => TrafficCounters;
  /** What an iRule did, by event; undefined if nothing yet. */
  readonly rule: (fullPath: string) => ReadonlyMap<string, RuleCount> | undefined;
  /** What a policy did; undefined if nothing yet. */
  readonly policy: (fullPath: string) => PolicyCount | undefined;
  /** Persistence records that have not expired, oldest touch first. */
  readonly persistence: () => readonly ShownRecord[];
  /** Forgets persistence records; gives how many there were. */
  readonly forgetPersistence: (isIt: (record: ShownRecord) => boolean) => number;
  /** What a profile did, by the names of its statistics; undefined if nothing yet. */
  readonly profile: (fullPath: string) => ReadonlyMap<string, number> | undefined;
  /** Of wide IPs, and of their pools and members. */
  readonly dns: (object: ConfigObject) => DnsCounts;
}

/** Counters at zero. */
export const zeroCounters: TrafficCounters = {
  bitsIn: 0,
  bitsOut: 0,
  pktsIn: 0,
  pktsOut: 0,
  curConns: 0,
  maxConns: 0,
  totConns: 0,
  totRequests: 0,
};
