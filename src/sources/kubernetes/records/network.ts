import ipaddr from 'ipaddr.js';

import type {
  BlockAffinityRecord,
  CiliumNodeRecord,
  FlannelConfigRecord,
  HostSubnetRecord,
  IpamBlockRecord,
  NodeNetwork,
} from '../model-network.ts';
import { NETWORK_ANNOTATIONS } from '../model-network.ts';
import type { Identity } from '../records.ts';
import type { Fields } from './fields.ts';

/** Cuts what a core/v1 Node says of the pod network. `prefixes`: of annotations beside {@link NETWORK_ANNOTATIONS}. */
export function cutNodeNetwork(object: Fields, prefixes: readonly string[] = []): NodeNetwork {
  const metadata = object.child('metadata');
  const spec = object.child('spec');
  const single = spec.string('podCIDR') || undefined;
  const several = spec.strings('podCIDRs') ?? [];
  const kept = [...NETWORK_ANNOTATIONS, ...prefixes];
  const ready = object
    .child('status')
    .objects('conditions')
    .find((condition) => condition.raw('type') === 'Ready');
  const isReady = ready?.raw('status') === 'True';
  return {
    podCIDRs: several.length > 0 || single === undefined ? several : [single],
    annotations: metadata.stringMap('annotations', (name) => kept.some((prefix) => name.startsWith(prefix))),
    created: metadata.string('creationTimestamp') ?? '',
    ...(isReady || ready === undefined ? {} : { notReadySince: ready.string('lastTransitionTime') ?? '' }),
  };
}

/** Cuts a cilium.io/v2 CiliumNode. */
export function cutCiliumNode(object: Fields, { name }: Identity): CiliumNodeRecord {
  const spec = object.child('spec');
  const ipam = spec.child('ipam');
  const pools = ipam.child('pools').objects('allocated');
  return {
    kind: 'CiliumNode',
    name,
    podCIDRs: [...(ipam.strings('podCIDRs') ?? []), ...pools.flatMap((pool) => pool.strings('cidrs') ?? [])],
    addresses: spec.objects('addresses').map((entry) => ({
      type: entry.string('type') ?? '',
      address: entry.string('ip') ?? '',
    })),
  };
}

/** Cuts a crd.projectcalico.org/v1 BlockAffinity. `deleted` is a text there. */
export function cutBlockAffinity(object: Fields, { name }: Identity): BlockAffinityRecord {
  const spec = object.child('spec');
  const deleted = spec.raw('deleted');
  const metadata = object.child('metadata');
  return {
    kind: 'BlockAffinity',
    name,
    node: spec.string('node') ?? '',
    cidr: spec.string('cidr') ?? '',
    inForce:
      spec.string('state') === 'confirmed' &&
      deleted !== 'true' &&
      deleted !== true &&
      metadata.raw('deletionTimestamp') === undefined,
  };
}

/**
 * Cuts a crd.projectcalico.org/v1 IPAMBlock: `allocations[i]` is the index of an entry of `attributes`, whose
 * `secondary.node` says which node has the i-th address of the block (K: libcalico-go, backend/model/block.go).
 */
export function cutIpamBlock(object: Fields, { name }: Identity): IpamBlockRecord {
  const spec = object.child('spec');
  const cidr = spec.string('cidr') ?? '';
  const affinity = (spec.string('affinity') ?? '').replace(/^host:/, '');
  const nodes = spec.objects('attributes').map((entry) => entry.child('secondary').raw('node'));
  const allocations = spec.raw('allocations');
  const borrowed = (Array.isArray(allocations) ? allocations : []).flatMap((index: unknown, offset) => {
    const node = typeof index === 'number' ? nodes[index] : undefined;
    const address = typeof node === 'string' && node !== affinity ? addressAt(cidr, offset) : undefined;
    return address === undefined || typeof node !== 'string' ? [] : [{ address, node }];
  });
  return { kind: 'IPAMBlock', name, borrowed };
}

/** The address so many after the first of a network. Blocks are small: /26 and /122 by default. */
function addressAt(cidr: string, offset: number): string | undefined {
  if (!ipaddr.isValidCIDR(cidr)) return undefined;
  const bytes = ipaddr.parseCIDR(cidr)[0].toByteArray();
  let carry = offset;
  for (let at = bytes.length - 1; at >= 0 && carry > 0; at -= 1) {
    const sum = (bytes[at] ?? 0) + carry;
    bytes[at] = sum % 256;
    carry = Math.floor(sum / 256);
  }
  const address = ipaddr.fromByteArray(bytes);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** Cuts a network.openshift.io/v1 HostSubnet. */
export function cutHostSubnet(object: Fields, { name }: Identity): HostSubnetRecord {
  const annotations = object.child('metadata').child('annotations');
  const outside = ['assign-subnet', 'fixed-vnid-host'].some(
    (key) => annotations.raw(`pod.network.openshift.io/${key}`) !== undefined,
  );
  return {
    kind: 'HostSubnet',
    name,
    host: object.string('host') ?? name,
    hostIP: object.string('hostIP') ?? '',
    subnet: object.string('subnet') ?? '',
    outside,
  };
}

/** Cuts the ConfigMap of flannel: of others nothing is kept. */
export function cutFlannelConfig(object: Fields, { name, namespace }: Identity): FlannelConfigRecord {
  const netConf = object.child('data').raw('net-conf.json');
  return { kind: 'ConfigMap', namespace, name, ...(typeof netConf === 'string' ? { netConf } : {}) };
}
