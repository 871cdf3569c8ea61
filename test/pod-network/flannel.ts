import { node } from './bed.ts';

/** One machine of a flannel network, as each of the places says it where flannel may keep it. */
export interface Machine {
  readonly number: number;
  readonly mac?: string;
  readonly publicIp?: string;
  readonly vni?: number;
}

/** The hardware address of the machine's `flannel.1`, unless it says otherwise. */
export function macOf(number: number): string {
  return `c6:d2:32:6f:8f:0${number}`;
}

function publicIpOf({ number, publicIp }: Machine): string {
  return publicIp ?? `10.1.20.10${number}`;
}

/** As kube-subnet-mgr annotates the Node; `mac: ''` leaves the MAC address out. */
export function annotatedNode(
  machine: Machine,
  more: Readonly<Record<string, string>> = {},
  moreCIDRs: readonly string[] = [],
): object {
  const { number, mac = macOf(number), vni } = machine;
  const data = { ...(vni === undefined ? {} : { VNI: vni }), ...(mac === '' ? {} : { VtepMAC: mac }) };
  return node(number, {
    podCIDRs: [`10.244.${number}.0/24`, ...moreCIDRs],
    addresses: [{ type: 'InternalIP', address: `172.16.0.${number}` }],
    annotations: {
      'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
      'flannel.alpha.coreos.com/backend-type': 'vxlan',
      'flannel.alpha.coreos.com/backend-data': JSON.stringify(data),
      'flannel.alpha.coreos.com/public-ip': publicIpOf(machine),
      ...more,
    },
  });
}

/** The key and value of the machine's subnet in etcd; `v2`: without what flannel added since. */
export function subnetOf(machine: Machine, api: 'v2' | 'v3' = 'v3'): readonly [key: string, value: string] {
  const { number, mac = macOf(number), vni = 1 } = machine;
  const value =
    api === 'v2'
      ? { PublicIP: publicIpOf(machine), BackendType: 'vxlan', BackendData: { VtepMAC: mac } }
      : {
          PublicIP: publicIpOf(machine),
          PublicIPv6: null,
          BackendType: 'vxlan',
          BackendData: { VNI: vni, VtepMAC: mac },
        };
  return [`10.244.${number}.0-24`, JSON.stringify(value)];
}

/** What flannel's own configuration says. */
export const NET_CONF = JSON.stringify({
  Network: '10.244.0.0/16',
  SubnetLen: 24,
  Backend: { Type: 'vxlan', VNI: 1, Port: 8472 },
});

/** The ConfigMap that holds {@link NET_CONF}. */
export const CONFIG_MAP = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kube-flannel-cfg', namespace: 'kube-flannel' },
  data: { 'net-conf.json': NET_CONF },
};

/** The hardware address of the machine's `flannel-v6.1`. */
export function macV6Of(number: number): string {
  return `0a:d2:32:6f:8f:0${number}`;
}

const V6_ATTRIBUTES = (
  number: number,
): { readonly address: string; readonly data: object; readonly subnet: string } => ({
  address: `2001:db8:20::10${number}`,
  data: { VNI: 1, VtepMAC: macV6Of(number) },
  subnet: `fd00:244:0:${number}::`,
});

/** The Node of a dual-stack network; with `only`, of one of IPv6 alone. */
export function dualStackNode(number: number, only?: 'ipv6'): object {
  const { address, data, subnet } = V6_ATTRIBUTES(number);
  const more = {
    'flannel.alpha.coreos.com/backend-v6-data': JSON.stringify(data),
    'flannel.alpha.coreos.com/public-ipv6': address,
  };
  if (only === undefined) return annotatedNode({ number, vni: 1 }, more, [`${subnet}/64`]);
  return node(number, {
    podCIDRs: [`${subnet}/64`],
    addresses: [{ type: 'InternalIP', address }],
    // Flannel writes these also where it has no IPv4 (pkg/subnet/kube).
    annotations: {
      'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
      'flannel.alpha.coreos.com/backend-type': 'vxlan',
      'flannel.alpha.coreos.com/backend-data': 'null',
      'flannel.alpha.coreos.com/public-ip': '0.0.0.0',
      ...more,
    },
  });
}

/** The same in etcd. */
export function dualStackSubnet(number: number, only?: 'ipv6'): readonly [key: string, value: string] {
  const { address, data, subnet } = V6_ATTRIBUTES(number);
  const [four, value] = subnetOf({ number });
  const fields = only === undefined ? (JSON.parse(value) as object) : { PublicIP: '0.0.0.0', BackendType: 'vxlan' };
  const key = `${only === undefined ? four : '0.0.0.0-0'}&${subnet}-64`;
  return [key, JSON.stringify({ ...fields, PublicIPv6: address, BackendV6Data: data })];
}
