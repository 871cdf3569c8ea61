import type { Address } from '../../../ir/address.ts';
import type { Network } from '../../../ir/network.ts';
import { parseAddress } from '../../../ir/address.ts';
import { parseMac } from '../../../ir/mac.ts';
import { parseNetwork } from '../../../ir/network.ts';

/** One machine's part of a flannel network, wherever flannel keeps it. */
export interface FlannelLease {
  /** IPv4, and of a dual-stack network IPv6. */
  readonly networks: readonly Network[];
  /** Where the machine is reached: wins over the InternalIP of its Node (CIS #797). */
  readonly publicIp?: Address;
  readonly publicIpv6?: Address;
  /** `vxlan`, `host-gw` … */
  readonly backend: string;
  /** The hardware address of its end of the VXLAN. */
  readonly mac?: string;
  readonly vni?: number;
}

/** A lease, or why there is none that could be understood. */
export type ReadLease = { readonly lease: FlannelLease } | { readonly problem: string };

/**
 * Reads a subnet as flannel keeps it in etcd: the last part of the key, `10.244.2.0-24` or dual stack
 * `10.244.2.0-24&fc00:0:0:2::-64`, and its value (flannel pkg/subnet/etcd/registry.go, pkg/subnet/subnet.go).
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
    networks: six === undefined ? [four] : [four, six],
    publicIp: fields['PublicIP'],
    publicIpv6: fields['PublicIPv6'],
    backend: fields['BackendType'],
    data: fields['BackendData'],
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
  const text = of('backend-data');
  const data = text === undefined || text === '' ? undefined : parseJson(text);
  if (data === UNREADABLE) return { problem: `${prefix}backend-data is no JSON` };
  const networks = podCIDRs.flatMap((cidr) => parseNetwork(cidr) ?? []);
  if (networks.length < podCIDRs.length) return { problem: `spec.podCIDRs is ${podCIDRs.join(', ')}` };
  return leaseOf({ networks, publicIp: of('public-ip'), publicIpv6: of('public-ipv6'), backend, data });
}

interface RawLease {
  readonly networks: readonly Network[];
  readonly publicIp: unknown;
  readonly publicIpv6: unknown;
  readonly backend: unknown;
  readonly data: unknown;
}

function leaseOf({ networks, publicIp, publicIpv6, backend, data }: RawLease): ReadLease {
  const fields = asRecord(data) ?? {};
  const mac = typeof fields['VtepMAC'] === 'string' ? parseMac(fields['VtepMAC']) : undefined;
  const four = addressIn(publicIp);
  const six = addressIn(publicIpv6);
  // Flannel writes an empty IPv4 address where there is none.
  if (four === 'unreadable' || six === 'unreadable') {
    return { problem: `its public address is ${JSON.stringify(publicIp)}, ${JSON.stringify(publicIpv6)}` };
  }
  const vni = fields['VNI'];
  return {
    lease: {
      networks,
      backend: typeof backend === 'string' ? backend : '',
      ...(four === undefined ? {} : { publicIp: four }),
      ...(six === undefined ? {} : { publicIpv6: six }),
      ...(mac === undefined ? {} : { mac }),
      ...(typeof vni === 'number' ? { vni } : {}),
    },
  };
}

function addressIn(value: unknown): Address | undefined | 'unreadable' {
  if (value === undefined || value === null || value === '' || value === '0.0.0.0') return undefined;
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
