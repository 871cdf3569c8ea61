/** What is kept of Kubernetes objects for the sake of pod networks; see model.ts. */

/** What a Node says of its part of the pod network. */
export interface NodeNetwork {
  /** `spec.podCIDRs`, or `spec.podCIDR` alone. */
  readonly podCIDRs: readonly string[];
  /** Only those that CNIs write: see {@link NETWORK_ANNOTATIONS}. */
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly created: string;
  /** Since when the condition Ready is not True, RFC 3339 (empty: it does not say); left out: it is ready. */
  readonly notReadySince?: string;
}

/** Prefixes of the annotations that CNIs write to Nodes. Flannel's may be another one by its configuration. */
export const NETWORK_ANNOTATIONS: readonly string[] = [
  'flannel.alpha.coreos.com/',
  'k8s.ovn.org/',
  'network.cilium.io/',
  'io.cilium.network.',
  'projectcalico.org/',
];

/** `cilium.io/v2 CiliumNode`. */
export interface CiliumNodeRecord {
  readonly kind: 'CiliumNode';
  readonly name: string;
  /** `spec.ipam.podCIDRs`, and of multi-pool IPAM `spec.ipam.pools.allocated[].cidrs`. */
  readonly podCIDRs: readonly string[];
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
}

/** `crd.projectcalico.org/v1 BlockAffinity`: a block of addresses that a node has to itself. */
export interface BlockAffinityRecord {
  readonly kind: 'BlockAffinity';
  readonly name: string;
  readonly node: string;
  readonly cidr: string;
  /** It is confirmed and not being deleted. */
  readonly inForce: boolean;
}

/** `crd.projectcalico.org/v1 IPAMBlock`, of which only the addresses are kept that another node than the block's borrowed. */
export interface IpamBlockRecord {
  readonly kind: 'IPAMBlock';
  readonly name: string;
  readonly borrowed: readonly { readonly address: string; readonly node: string }[];
}

/** `network.openshift.io/v1 HostSubnet`. */
export interface HostSubnetRecord {
  readonly kind: 'HostSubnet';
  readonly name: string;
  readonly host: string;
  readonly hostIP: string;
  readonly subnet: string;
  /** It stands for a machine outside the cluster (annotation `assign-subnet`), such as the BIG-IP itself. */
  readonly outside: boolean;
}

/** The `net-conf.json` of flannel's ConfigMap. */
export interface FlannelConfigRecord {
  readonly kind: 'ConfigMap';
  readonly namespace: string;
  readonly name: string;
  readonly netConf?: string;
}

export type NetworkRecord =
  | CiliumNodeRecord
  | BlockAffinityRecord
  | IpamBlockRecord
  | HostSubnetRecord
  | FlannelConfigRecord;
