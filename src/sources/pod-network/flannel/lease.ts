import type { Address } from '../../../ir/address.ts';
import type { Network } from '../../../ir/network.ts';
import { familyOf, parseAddress } from '../../../ir/address.ts';
import { parseMac } from '../../../ir/mac.ts';
import { parseNetwork, printNetwork } from '../../../ir/network.ts';
import { expectedPart } from '../machine-part.ts';
import { UNREADABLE, asRecord, parseJson } from './json.ts';

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

function leaseOf({ networks, publicIp, publicIpv6, backend, data, dataV6 }: RawLease): ReadLease {
  for (const network of networks) {
    const expected = expectedPart(network);
    if (expected !== undefined) return { problem: `its subnet is ${printNetwork(network)}, expected ${expected}` };
  }
  const v4 = vtepIn(data);
  const v6 = vtepIn(dataV6);
  const problem = [v4, v6].find((one) => typeof one === 'string');
  if (problem !== undefined || typeof v4 === 'string' || typeof v6 === 'string') return { problem: problem ?? '' };
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
      ...v4,
      ...(v6.mac === undefined ? {} : { macV6: v6.mac }),
      ...(v6.vni === undefined ? {} : { vniV6: v6.vni }),
    },
  };
}

/** The end of a machine as its backend data say it; what is wrong with them. Other backends than vxlan have other data. */
function vtepIn(data: unknown): { readonly mac?: string; readonly vni?: number } | string {
  if (data === undefined || data === null) return {};
  const fields = asRecord(data);
  if (fields === undefined) return `its backend data are ${JSON.stringify(data)}, expected a map with VtepMAC`;
  const { VtepMAC: given, VNI: vni } = fields;
  const mac = typeof given === 'string' ? parseMac(given) : undefined;
  if (mac === undefined && given !== undefined && given !== null && given !== '') {
    return `its VtepMAC is ${JSON.stringify(given)}, expected that of one machine, such as c6:d2:32:6f:8f:44`;
  }
  return { ...(mac === undefined ? {} : { mac }), ...(typeof vni === 'number' ? { vni } : {}) };
}

function addressIn(value: unknown): Address | undefined | 'unreadable' {
  if (value === undefined || value === null || value === '' || value === '0.0.0.0' || value === '::') return undefined;
  return (typeof value === 'string' ? parseAddress(value) : undefined) ?? 'unreadable';
}
