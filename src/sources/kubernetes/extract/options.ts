import type { OverlayUse } from '../overlay.ts';
import type { MonitorRule } from '../../../ir/pool.ts';
import type { DnsOptions } from './dns/options.ts';
import type { IngressOptions } from './ingress-options.ts';
import type { ProfileUse, SourceTranslation } from '../../../ir/virtual.ts';

/** The protocols of Service ports that a BIG-IP balances. */
export type Protocol = 'tcp' | 'udp' | 'sctp';

/**
 * `fairlead`: `<namespace>_<name>_<port name or number>`. `codeshare`: the names of the example that this program grew
 * from, `<name>_<port number>_vs` and `_pool`, without a namespace.
 */
export type Naming = 'fairlead' | 'codeshare';

/**
 * Where pool members come from: pods (EndpointSlices), nodes and the Service's node ports, or the ports of nodes that
 * Antrea's NodePortLocal leads to single pods.
 */
export type MemberMode = 'cluster' | 'nodeport' | 'nodeportlocal' | 'auto';

/** Addresses that Services get if they name none. */
export interface AddressPool {
  /** Chosen with the annotation `address-pool`; names are unique. */
  readonly name: string;
  /** `10.0.0.0/24`, `10.0.0.10-10.0.0.20`, `10.0.0.7`, or the same in IPv6; see `parseRange`. */
  readonly ranges: readonly string[];
  /** Only for Services of these namespaces; left out: all. */
  readonly namespaces?: readonly string[];
}

/** What a Service gets where its annotations are silent. */
export interface Defaults {
  readonly profiles: Readonly<Record<Protocol | 'http' | 'l4', readonly ProfileUse[]>>;
  readonly snat: SourceTranslation;
  /** Per protocol; `none`: members are not monitored. */
  readonly monitors: Readonly<Record<Protocol, MonitorRule | 'none'>>;
  /** Left out: the device's (round-robin). */
  readonly loadBalancingMode?: string;
}

/** What an operator expects of an untuned virtual server: stock profiles, automap, stock monitors. */
const stockDefaults: Defaults = {
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

/** All that extraction knows beside the objects themselves. */
export interface ExtractOptions {
  /** The source's name: it starts every cell and origin key. No colon. */
  readonly source: string;
  /** The partition that objects are made in. */
  readonly partition: string;
  /** The route domain of addresses and members; left out: the partition's default. */
  readonly routeDomain?: number;
  readonly members: MemberMode;
  /** Services of type LoadBalancer with this `spec.loadBalancerClass` are ours. */
  readonly loadBalancerClass: string;
  /** Services of type LoadBalancer without a class are ours, too. */
  readonly claimUnclassed: boolean;
  /** With the slash: `fairlead.io/`. */
  readonly annotationPrefix: string;
  /** `codeshare`: the annotations of the example that this program grew from are read, too. */
  readonly annotations: 'fairlead' | 'codeshare';
  /** How objects are named: see `names.ts`. */
  readonly naming: Naming;
  readonly addressPools: readonly AddressPool[];
  readonly defaults: Defaults;
  /** Hosts become wide IPs; left out: none do. */
  readonly dns?: DnsOptions;
  /** Which addresses of nodes are members in mode `nodeport`. */
  readonly nodeAddressType: 'InternalIP' | 'ExternalIP';
  /** Left out: Ingresses are not read. */
  readonly ingress?: IngressOptions;
  /** Members are reached through an overlay; left out: they are not. */
  readonly overlay?: OverlayUse;
}

/** Options with every default filled in: only the source and the partition have none. */
export function extractOptions(
  given: Partial<ExtractOptions> & Pick<ExtractOptions, 'source' | 'partition'>,
): ExtractOptions {
  return {
    members: 'auto',
    loadBalancerClass: 'fairlead.io/bigip',
    claimUnclassed: false,
    annotationPrefix: 'fairlead.io/',
    annotations: 'fairlead',
    naming: 'fairlead',
    addressPools: [],
    defaults: stockDefaults,
    nodeAddressType: 'InternalIP',
    ...given,
  };
}
