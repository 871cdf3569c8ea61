/**
 * The keys under which extraction reads (see sources/cells.ts). Values:
 * `Node/<name>` -> NodeRecord with its `network`; `CiliumNode/<name>` -> CiliumNodeRecord;
 * `Blocks/<node>` -> readonly string[]: CIDRs of its Calico blocks, sorted; `Borrowed/<node>` -> readonly string[]: its
 * addresses in blocks of others, sorted; `HostSubnet/<name>` -> HostSubnetRecord; `Overdue/<node>` -> true: it has been
 * NotReady for longer than it may be; `Lease/<key>` -> ReadLease, a subnet in etcd; `NetConf` -> SeenNetConf.
 */
export const keys = {
  node: (name: string): string => `Node/${name}`,
  ciliumNode: (name: string): string => `CiliumNode/${name}`,
  blocks: (node: string): string => `Blocks/${node}`,
  borrowed: (node: string): string => `Borrowed/${node}`,
  hostSubnet: (name: string): string => `HostSubnet/${name}`,
  overdue: (node: string): string => `Overdue/${node}`,
  lease: (key: string): string => `Lease/${key}`,
  netConf: 'NetConf',
} as const;
