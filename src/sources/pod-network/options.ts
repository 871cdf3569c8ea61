import type { Address } from '../../ir/address.ts';
import type { Interface, Network } from '../../ir/network.ts';
import type { FullPath } from '../../ir/ref.ts';

/** The pod networks that are known, by the plug-in that makes them. `none`: there is none any more, what was made goes. */
export type Cni =
  | 'flannel'
  | 'ovn-kubernetes'
  | 'cilium'
  | 'calico'
  | 'calico-bgp'
  | 'openshift-sdn'
  | 'antrea'
  | 'default'
  | 'none';

/** How the device reaches pods: a static route to each node's part of the network, or as a machine of the VXLAN. */
export type NetworkMode = 'routes' | 'vxlan';

/** The device's end of a VXLAN: flannel has one for each family, over addresses of that family. */
export interface VxlanEnd {
  /** The device's address on the network of the nodes: its `public-ip` to flannel, or `public-ipv6`. */
  readonly localAddress: Address;
  /** An address of its own in the pod network, with the length of the whole network: `10.244.20.60/16`. */
  readonly selfIp: Interface;
  /** A second one that floats in a pair, with its traffic group. */
  readonly floating?: { readonly address: Interface; readonly trafficGroup: FullPath };
  /** Name of the tunnel; the self IPs, and of the first end the profile, are named after it. */
  readonly tunnelName: string;
}

/** What a VXLAN overlay of flannel is joined with: the first end, of either family. */
export interface VxlanOptions extends VxlanEnd {
  /** The second end, of IPv6, in a dual-stack network. */
  readonly ipv6?: VxlanEnd;
  /** Left out: what flannel's configuration says, else 1. */
  readonly vni?: number;
  /** UDP port. Left out: what flannel's configuration says, else 8472. */
  readonly port?: number;
  /** One entry (ARP, of IPv6 a neighbour) for each pod that is a member, or a route and one entry for each node. */
  readonly pods: 'arp' | 'routes';
}

/** The ends of an overlay: one, or in a dual-stack network two. */
export function endsOf(vxlan: VxlanOptions): readonly VxlanEnd[] {
  return vxlan.ipv6 === undefined ? [vxlan] : [vxlan, vxlan.ipv6];
}

/** How pod networks become objects of the device. */
export interface PodNetworkOptions {
  /** The name of the Kubernetes source. It begins the names of objects. */
  readonly cluster: string;
  /** The name of this source in cells, origins and marks: {@link networkSourceName}. */
  readonly source: string;
  readonly partition: string;
  /** How routes are named; left out: as everything of the cluster, `<cluster>_<node>_<network>`. */
  readonly naming?: 'fairlead' | 'codeshare';
  readonly cni: Cni;
  readonly mode: NetworkMode;
  /** Which addresses of nodes routes lead to. */
  readonly gatewayAddressType: 'InternalIP' | 'ExternalIP';
  /** Only addresses of nodes in these networks are taken: of machines on several networks. Empty: any. */
  readonly nodeNetworks: readonly Network[];
  /** Addresses of the device itself: what stands for it among the machines has no route. */
  readonly deviceAddresses?: readonly Address[];
  /** Left out: the partition's default. */
  readonly routeDomain?: number;
  /** How long a node may be NotReady before its routes go, milliseconds. */
  readonly notReadyGraceMs: number;
  /** Calico: a route for each address that a node borrowed from the block of another. */
  readonly borrowedAddresses: boolean;
  /** Flannel: what the names of its annotations on Nodes begin with, `-` or `/` at the end. */
  readonly annotationPrefix: string;
  /** Flannel: where its ConfigMap is. */
  readonly flannelNamespace: string;
  /** Flannel keeps its subnets in etcd: nothing is read of Kubernetes. */
  readonly etcd: boolean;
  /** In mode `vxlan`. */
  readonly vxlan?: VxlanOptions;
}

/** A name that no source in a config file can have: those hold no dot. */
export function networkSourceName(cluster: string): string {
  return `${cluster}.network`;
}
