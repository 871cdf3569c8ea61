import type { MonitorRule } from '../../ir/pool.ts';
import type { ProfileUse, SourceTranslation } from '../../ir/virtual.ts';

/** The protocols that a BIG-IP balances. */
export type Protocol = 'tcp' | 'udp' | 'sctp';

/** What a service gets where its source is silent. */
export interface Defaults {
  readonly profiles: Readonly<Record<Protocol | 'http' | 'l4', readonly ProfileUse[]>>;
  readonly snat: SourceTranslation;
  /** Per protocol; `none`: members are not monitored. */
  readonly monitors: Readonly<Record<Protocol, MonitorRule | 'none'>>;
  /** Left out: the device's (round-robin). */
  readonly loadBalancingMode?: string;
}

/** What an operator expects of an untuned virtual server: stock profiles, automap, stock monitors. */
export const stockDefaults: Defaults = {
  profiles: {
    tcp: [{ path: '/Common/tcp', context: 'all' }],
    udp: [{ path: '/Common/udp', context: 'all' }],
    sctp: [{ path: '/Common/sctp', context: 'all' }],
    http: [
      { path: '/Common/http', context: 'all' },
      { path: '/Common/tcp', context: 'all' },
    ],
    l4: [{ path: '/Common/fastL4', context: 'all' }],
  },
  snat: { type: 'automap' },
  monitors: {
    tcp: { monitors: ['/Common/tcp'] },
    udp: { monitors: ['/Common/gateway_icmp'] },
    sctp: { monitors: ['/Common/gateway_icmp'] },
  },
};

/** What stands for the place of a value that nobody asked for. */
export const DEFAULT_PLACE = 'default';
