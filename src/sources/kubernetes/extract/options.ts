import type { FullPath } from '../../../ir/ref.ts';
import type { OverlayUse } from '../overlay.ts';
import type { DnsOptions } from './dns/options.ts';
import type { IngressOptions } from './ingress-options.ts';
import type { Defaults } from '../../values/defaults.ts';
import { stockDefaults } from '../../values/defaults.ts';

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

/** All that extraction knows beside the objects themselves. */
export interface ExtractOptions {
  /** The source's name: it starts every cell and origin key. No colon. */
  readonly source: string;
  /** The partition that objects are made in. */
  readonly partition: string;
  /** Pools of others, in whatever partition, to which members may be given. */
  readonly lentPools?: ReadonlySet<FullPath> | undefined;
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
  /** It was decided that hosts are not answered from here: nobody needs to be told. */
  readonly dnsElsewhere?: true;
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
