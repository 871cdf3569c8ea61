import type { Address } from '../../../ir/address.ts';
import type { CiliumNodeRecord } from '../../kubernetes/model-network.ts';
import type { Cni } from '../options.ts';
import type { NodeView, Place } from './place.ts';
import { parseAddress } from '../../../ir/address.ts';
import { hostNetwork } from '../../../ir/network.ts';
import { keys } from '../keys.ts';
import { nodeAddresses, usable } from './place.ts';

/** How each plug-in says which part of the pod network a node has, and where it is reached (facts: docs/static-routes.md). */
const READERS: Readonly<Partial<Record<Cni, (view: NodeView) => Place>>> = {
  flannel: podCidrs,
  antrea: podCidrs,
  default: podCidrs,
  'ovn-kubernetes': ovnKubernetes,
  cilium,
  calico,
  'calico-bgp': calico,
};

/** A node's place; nothing where the plug-in has none for nodes. */
export function placeOf(view: NodeView): Place {
  return READERS[view.options.cni]?.(view) ?? { networks: [], gateways: [] };
}

/** `spec.podCIDRs`, as kube-controller-manager hands them out. */
function podCidrs({ node, findings, options }: NodeView): Place {
  return {
    networks: findings.networks(node?.network?.podCIDRs ?? [], 'spec.podCIDRs'),
    gateways: nodeAddresses(node?.addresses ?? [], options),
  };
}

const SUBNETS = 'k8s.ovn.org/node-subnets';
const PRIMARY = 'k8s.ovn.org/node-primary-ifaddr';

/**
 * OVN-Kubernetes: annotations in JSON. `{"default":"10.128.0.0/23"}`, since dual stack `{"default":["10.128.0.0/23",
 * "fd01::/64"]}`; other networks of the node are none that a BIG-IP reaches. The gateway is the primary address, or of
 * machines on several networks that of `host-cidrs` (from 4.14; before `host-addresses`) in the chosen network.
 */
function ovnKubernetes({ annotations, node, findings, options }: NodeView): Place {
  const subnets = findings.jsonMap(annotations[SUBNETS], SUBNETS, '{"default":"10.128.0.0/23"}');
  const given = subnets?.['default'] === undefined ? [] : findings.texts(subnets['default'], SUBNETS);
  const networks = findings.networks(given, SUBNETS);
  return { networks, gateways: ovnGateways({ annotations, node, findings, options }) };
}

function ovnGateways({
  annotations,
  node,
  findings,
  options,
}: Pick<NodeView, 'annotations' | 'node' | 'findings' | 'options'>): readonly Address[] {
  if (options.nodeNetworks.length > 0) {
    const name = ['k8s.ovn.org/host-cidrs', 'k8s.ovn.org/host-addresses'].find((one) => annotations[one] !== undefined);
    const hosts = name === undefined ? undefined : findings.json(annotations[name], name);
    const texts = name === undefined || hosts === undefined ? [] : findings.texts(hosts, name);
    const found = usable(findings.addresses(texts, name ?? ''), options);
    if (found.length > 0) return found;
  }
  const primary = findings.jsonMap(annotations[PRIMARY], PRIMARY, '{"ipv4":"10.1.20.21/24"}') ?? {};
  // Of a family that it has not the address is empty, or missing.
  const given = ['ipv4', 'ipv6'].flatMap((name) => [primary[name] ?? '']).filter((value) => value !== '');
  const found = usable(findings.addresses(findings.texts(given, PRIMARY), PRIMARY), options);
  return found.length > 0 ? found : nodeAddresses(node?.addresses ?? [], options);
}

/**
 * Cilium: its own object for the node, which is always there, or else the annotations, which are off by default
 * (`annotate-k8s-node`).
 */
function cilium({ name, annotations, node, read, findings, options }: NodeView): Place {
  const own = read(keys.ciliumNode(name)) as CiliumNodeRecord | undefined;
  const addresses = [...(own?.addresses ?? []), ...(node?.addresses ?? [])];
  const gateways = nodeAddresses(addresses, options);
  if (own !== undefined && own.podCIDRs.length > 0) {
    return { networks: findings.networks(own.podCIDRs, 'CiliumNode spec.ipam'), gateways };
  }
  const four = ['network.cilium.io/ipv4-pod-cidr', 'io.cilium.network.ipv4-pod-cidr'];
  const six = ['network.cilium.io/ipv6-pod-cidr', 'io.cilium.network.ipv6-pod-cidr'];
  const given = [four, six].flatMap((names) => names.find((one) => annotations[one] !== undefined) ?? []);
  const networks = given.flatMap((one) => findings.networks([annotations[one] ?? ''], one));
  return { networks, gateways };
}

/** Calico: blocks that are the node's, and single addresses that it borrowed; new ones come at any time. */
function calico({ name, annotations, node, read, findings, options }: NodeView): Place {
  const blocks = (read(keys.blocks(name)) ?? []) as readonly string[];
  const borrowed = (read(keys.borrowed(name)) ?? []) as readonly string[];
  const texts = ['projectcalico.org/IPv4Address', 'projectcalico.org/IPv6Address'].flatMap((one) =>
    findings.addresses(annotations[one] === undefined ? [] : [annotations[one]], one),
  );
  const own = usable(texts, options);
  return {
    networks: [
      ...findings.networks(blocks, 'BlockAffinity spec.cidr'),
      ...borrowed.flatMap((text) => parseAddress(text) ?? []).map(hostNetwork),
    ],
    gateways: own.length > 0 ? own : nodeAddresses(node?.addresses ?? [], options),
  };
}
