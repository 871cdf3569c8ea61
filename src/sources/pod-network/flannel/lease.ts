import type { Address } from '../../../ir/address.ts';
import type { Network } from '../../../ir/network.ts';
import { familyOf, parseAddress } from '../../../ir/address.ts';
import { parseMac } from '../../../ir/mac.ts';
import { parseNetwork, printNetwork } from '../../../ir/network.ts';

/** One machine's part of a flannel network, wherever flannel keeps it. */
export interface FlannelLease {
  /** IPv4, IPv6, or of a dual-stack network both. */
  readonly networks: readonly Network[];
  /** Where the machine is reached: wins over the InternalIP of its Node (CIS #797). */
  readonly publicIp?: Address;
  readonly publicIpv6?: Address;
  /** `vxlan`, `host-gw` … */
  readonly backend: string;
  /** The hardware address of its end of the VXLAN for IPv4. */
  readonly mac?: string;
  readonly vni?: number;
  /** The same of the one for IPv6, a device of its own (flannel pkg/backend/vxlan: `flannel-v6.1`). */
  readonly macV6?: string;
  readonly vniV6?: number;
}

/** The part of a lease that bears on one family. */
export interface LeaseEnd {
  readonly networks: readonly Network[];
  readonly publicIp?: Address | undefined;
  readonly mac?: string | undefined;
  readonly vni?: number | undefined;
}

/** What a lease says of one family: each has a VXLAN of its own, over addresses of that family. */
export function endOf(lease: FlannelLease, family: 4 | 6): LeaseEnd {
  const networks = lease.networks.filter(({ address }) => familyOf(address) === family);
  return family === 4
    ? { networks, publicIp: lease.publicIp, mac: lease.mac, vni: lease.vni }
    : { networks, publicIp: lease.publicIpv6, mac: lease.macV6, vni: lease.vniV6 };
}

/** Whether a lease is that of the device itself: flannel knows it by the address of one of its ends. */
export function isLeaseOf(lease: FlannelLease, ends: readonly { readonly localAddress: Address }[]): boolean {
  return ends.some(({ localAddress }) => endOf(lease, familyOf(localAddress)).publicIp?.ip === localAddress.ip);
}

/** A lease, or why there is none that could be understood. */
export type ReadLease = { readonly lease: FlannelLease } | { readonly problem: string };

/**
 * Reads a subnet as flannel keeps it in etcd: the last part of the key, `10.244.2.0-24` or dual stack
 * `10.244.2.0-24&fc00:0:0:2::-64` (of IPv6 alone `0.0.0.0-0&…`), and its value (flannel pkg/subnet/etcd/registry.go, pkg/subnet/subnet.go).
 */
export function readEtcdLease(key: string, value: string): ReadLease {
  const match = /^(\d+\.\d+\.\d+\.\d+)-(\d+)(?:&([a-f\d:]+)-(\d+))?$/.exec(key);
  const four = match === null ? undefined : parseNetwork(`${match[1]}/${match[2]}`);
  if (match === null || four === undefined) {
    return { problem: `the key is ${JSON.stringify(key)}, expected a subnet such as 10.244.1.0-24` };
  }
  const six = match[3] === undefined ? undefined : parseNetwork(`${match[3]}/${match[4]}`);
  const fields = asRecord(parseJson(value));
  if (fields === undefined) return { problem: 'its value is no JSON object' };
  return leaseOf({
    networks: [...(six !== undefined && four.length === 0 ? [] : [four]), ...(six === undefined ? [] : [six])],
    publicIp: fields['PublicIP'],
    publicIpv6: fields['PublicIPv6'],
    backend: fields['BackendType'],
    data: fields['BackendData'],
    dataV6: fields['BackendV6Data'],
  });
}

/** The same from the annotations of a Node and its podCIDRs (flannel pkg/subnet/kube); undefined: flannel has none. */
export function readNodeLease(
  annotations: Readonly<Record<string, string>>,
  { prefix, podCIDRs }: { readonly prefix: string; readonly podCIDRs: readonly string[] },
): ReadLease | undefined {
  const of = (name: string): string | undefined => annotations[`${prefix}${name}`];
  const backend = of('backend-type');
  if (backend === undefined) return undefined;
  const [data, dataV6] = [of('backend-data'), of('backend-v6-data')].map((text) =>
    text === undefined || text === '' ? undefined : parseJson(text),
  );
  if (data === UNREADABLE) return { problem: `${prefix}backend-data is no JSON` };
  if (dataV6 === UNREADABLE) return { problem: `${prefix}backend-v6-data is no JSON` };
  const networks = podCIDRs.flatMap((cidr) => parseNetwork(cidr) ?? []);
  if (networks.length < podCIDRs.length) return { problem: `spec.podCIDRs is ${podCIDRs.join(', ')}` };
  return leaseOf({ networks, publicIp: of('public-ip'), publicIpv6: of('public-ipv6'), backend, data, dataV6 });
}

interface RawLease {
  readonly networks: readonly Network[];
  readonly publicIp: unknown;
  readonly publicIpv6: unknown;
  readonly backend: unknown;
  readonly data: unknown;
  readonly dataV6: unknown;
}

/** No machine has more of a network: what is shorter is a mistake, and would be taken for the machine of everything. */
const SHORTEST = { 4: 8, 6: 48 } as const;

function leaseOf({ networks, publicIp, publicIpv6, backend, data, dataV6 }: RawLease): ReadLease {
  const wide = networks.find(({ address, length }) => length < SHORTEST[familyOf(address)]);
  if (wide !== undefined) {
    const least = SHORTEST[familyOf(wide.address)];
    return { problem: `its subnet is ${printNetwork(wide)}, expected the part of one machine: /${least} or longer` };
  }
  const { mac, vni } = vtepIn(data);
  const v6 = vtepIn(dataV6);
  const four = addressIn(publicIp);
  const six = addressIn(publicIpv6);
  // Flannel writes an empty address where there is none.
  if (four === 'unreadable' || six === 'unreadable') {
    return { problem: `its public address is ${JSON.stringify(publicIp)}, ${JSON.stringify(publicIpv6)}` };
  }
  return {
    lease: {
      networks,
      backend: typeof backend === 'string' ? backend : '',
      ...(four === undefined ? {} : { publicIp: four }),
      ...(six === undefined ? {} : { publicIpv6: six }),
      ...(mac === undefined ? {} : { mac }),
      ...(vni === undefined ? {} : { vni }),
      ...(v6.mac === undefined ? {} : { macV6: v6.mac }),
      ...(v6.vni === undefined ? {} : { vniV6: v6.vni }),
    },
  };
}

function vtepIn(data: unknown): { readonly mac: string | undefined; readonly vni: number | undefined } {
  const { VtepMAC: mac, VNI: vni } = asRecord(data) ?? {};
  return {
    mac: typeof mac === 'string' ? parseMac(mac) : undefined,
    vni: typeof vni === 'number' ? vni : undefined,
  };
}

function addressIn(value: unknown): Address | undefined | 'unreadable' {
  if (value === undefined || value === null || value === '' || value === '0.0.0.0' || value === '::') return undefined;
  return (typeof value === 'string' ? parseAddress(value) : undefined) ?? 'unreadable';
}

/** What flannel's own configuration says of its VXLAN. */
export interface FlannelNetConf {
  readonly vni?: number;
  readonly port?: number;
  readonly backend?: string;
}

/** Reads `net-conf.json` (ConfigMap kube-flannel-cfg) or the key `config` in etcd; undefined: it is no JSON object. */
export function readNetConf(text: string): FlannelNetConf | undefined {
  const fields = asRecord(parseJson(text));
  if (fields === undefined) return undefined;
  const { Type: backend, VNI: vni, Port: port } = asRecord(fields['Backend']) ?? {};
  return {
    ...(typeof backend === 'string' ? { backend } : {}),
    ...(typeof vni === 'number' ? { vni } : {}),
    ...(typeof port === 'number' ? { port } : {}),
  };
}

const UNREADABLE = Symbol('no JSON');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return UNREADABLE;
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
