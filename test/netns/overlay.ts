import { ip } from './namespaces.ts';
import { bridge } from './bed.ts';

/** One end of flannel's VXLAN on a node: `flannel.1`, or for IPv6 `flannel-v6.1`. */
export interface NodeEnd {
  readonly device: 'flannel.1' | 'flannel-v6.1';
  readonly mac: string;
  /** The node's address on the network of the nodes. */
  readonly local: string;
  /** The first address of the node's part of the pod network. */
  readonly gateway: string;
}

/** Another machine, as flannel learns it. */
export interface Machine {
  readonly subnet: string;
  /** The first address of its subnet. */
  readonly gateway: string;
  readonly mac: string;
  readonly publicIp: string;
}

/** Makes the end as flannel does (pkg/backend/vxlan): an address of its own, no learning. */
export function makeEnd(namespace: string, { device, mac, local, gateway }: NodeEnd): void {
  const on = ['-n', namespace];
  const vxlan = ['type', 'vxlan', 'id', '1', 'dev', 'net0', 'local', local, 'dstport', '8472', 'nolearning'];
  ip(...on, 'link', 'add', device, 'address', mac, ...vxlan);
  const isV6 = gateway.includes(':');
  ip(...on, 'address', 'add', `${gateway}/${isV6 ? 128 : 32}`, 'dev', device, ...(isV6 ? ['nodad'] : []));
  ip(...on, 'link', 'set', device, 'up');
}

/** What flanneld adds for another Node: a route, a neighbour and a record. */
export function meet(namespace: string, device: NodeEnd['device'], other: Machine): void {
  const on = ['-n', namespace];
  const { subnet, gateway, mac, publicIp } = other;
  ip(...on, 'route', 'replace', subnet, 'via', gateway, 'dev', device, 'onlink');
  ip(...on, 'neigh', 'replace', gateway, 'lladdr', mac, 'dev', device, 'nud', 'permanent');
  bridge(...on, 'fdb', 'replace', mac, 'dev', device, 'dst', publicIp);
}
