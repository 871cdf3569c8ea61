import type { CellKey, Contribution, Reach } from '../../../desired/contribution.ts';
import type { Address } from '../../../ir/address.ts';
import type { Network } from '../../../ir/network.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Route } from '../../../ir/route.ts';
import type { Read } from '../../cells.ts';
import type { HostSubnetRecord } from '../../kubernetes/model-network.ts';
import type { NodeRecord } from '../../kubernetes/model.ts';
import type { PodNetworkOptions } from '../options.ts';
import type { NodeView, Place } from './place.ts';
import { printAddress } from '../../../ir/address.ts';
import { canonical } from '../../../ir/canonical.ts';
import { holdsAddress, printNetwork } from '../../../ir/network.ts';
import { originKey } from '../../../ir/origin.ts';
import { fitName } from '../../values/names.ts';
import { keys } from '../keys.ts';
import type { ReadLease } from '../flannel/lease.ts';
import { placeOf } from './cni.ts';
import { Findings } from './findings.ts';
import { gatewayFor, nodeAddresses, usable } from './place.ts';

/**
 * `/<partition>/<cluster>_<node>_<network>`. The network is part of the name because it is what the route is: the device
 * refuses to change it, and a node may have several. The gateway, which may change, is not.
 */
export function routePath(node: string, network: Network, options: PodNetworkOptions): FullPath {
  const { ip } = network.address;
  const subnet = `${ip}-${network.length}`;
  // A subnet in etcd is named after its network already.
  const name = node.startsWith(subnet) ? subnet : `${node}_${subnet}`;
  return `/${options.partition}/${fitName(`${options.cluster}_${name}`)}`;
}

/**
 * As the codeshare example's program calls it: `/<partition>/<gateway>`. A node has one there; further networks of a node get
 * their own name behind it, so that none takes the place of another.
 */
function codesharePath(
  { network, gateway }: { readonly network: Network; readonly gateway: Address },
  { networks, gateways }: Place,
  { partition }: PodNetworkOptions,
): FullPath {
  const isFirst = networks.find((other) => gatewayFor(other, gateways) === gateway) === network;
  const more = isFirst ? '' : `_${network.address.ip}-${network.length}`;
  return `/${partition}/${fitName(`${gateway.ip}${more}`)}`;
}

/** For the person at the device: `Node node1 (cluster east)`. */
export function describeNode(kind: string, id: string, { cluster }: PodNetworkOptions): string {
  return `${kind} ${id} (cluster ${cluster})`;
}

/** The route to each part of the pod network that a node has. Undefined: there is no such node. */
export function extractNode(
  cell: CellKey,
  name: string,
  { read, options }: { readonly read: Read; readonly options: PodNetworkOptions },
): Contribution | undefined {
  const node = read(keys.node(name)) as NodeRecord | undefined;
  if (node === undefined) return undefined;
  const origin = originKey(options.source, 'Node', name);
  const findings = new Findings(origin);
  const view: NodeView = { name, node, annotations: node.network?.annotations ?? {}, read, findings, options };
  const place = read(keys.overdue(name)) === true ? overdue(view) : placeOf(view);
  return contributionOf(cell, { kind: 'Node', name, since: node.network?.created ?? '', findings }, { place, options });
}

/** The same of an OpenShift SDN, whose nodes are HostSubnets. One for a machine outside the cluster has no route. */
export function extractHostSubnet(
  cell: CellKey,
  name: string,
  { read, options }: { readonly read: Read; readonly options: PodNetworkOptions },
): Contribution | undefined {
  const subnet = read(keys.hostSubnet(name)) as HostSubnetRecord | undefined;
  if (subnet === undefined || subnet.outside) return undefined;
  const node = read(keys.node(subnet.host)) as NodeRecord | undefined;
  const findings = new Findings(originKey(options.source, 'HostSubnet', name));
  const view: NodeView = { name: subnet.host, node, annotations: {}, read, findings, options };
  const isOverdue = read(keys.overdue(subnet.host)) === true;
  const place = isOverdue ? overdue(view) : placeOfSubnet(subnet, view);
  const owner = { kind: 'HostSubnet', name, since: node?.network?.created ?? '', findings };
  return contributionOf(cell, owner, { place, options });
}

/** The routes to a machine's subnets as flannel keeps them in etcd, by its public address (CIS #720). */
export function extractSubnet(
  cell: CellKey,
  key: string,
  { read, options }: { readonly read: Read; readonly options: PodNetworkOptions },
): Contribution | undefined {
  const found = read(keys.lease(key)) as ReadLease | undefined;
  if (found === undefined) return undefined;
  const findings = new Findings(originKey(options.source, 'Subnet', key));
  const owner = { kind: 'Subnet', name: key, since: '', findings };
  if ('problem' in found) {
    findings.freeze({ code: 'flannel-subnet-invalid', text: `${found.problem}; its routes stay as they are` });
    return contributionOf(cell, owner, { place: { networks: [], gateways: [] }, options });
  }
  const { networks, publicIp, publicIpv6 } = found.lease;
  const gateways = [publicIp, publicIpv6].filter((address) => address !== undefined);
  return contributionOf(cell, owner, { place: { networks, gateways }, options });
}

function placeOfSubnet({ subnet, hostIP }: HostSubnetRecord, { node, findings, options }: NodeView): Place {
  const own = usable(findings.addresses(hostIP === '' ? [] : [hostIP], 'hostIP'), options);
  return {
    networks: findings.networks(subnet === '' ? [] : [subnet], 'subnet'),
    gateways: own.length > 0 ? own : nodeAddresses(node?.addresses ?? [], options),
  };
}

function overdue({ node, findings, options }: NodeView): Place {
  const since = node?.network?.notReadySince ?? '';
  const text = `not ready since ${since === '' ? 'an unknown time' : since}, longer than ${options.notReadyGraceMs / 1000} s: it has no routes`;
  findings.add({ code: 'node-not-ready', text });
  return { networks: [], gateways: [] };
}

/** Whose routes these are. */
interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly since: string;
  readonly findings: Findings;
}

/** What a cell gives: its routes, or nothing but its problems if it is frozen. */
export function contributionOf(
  cell: CellKey,
  { kind, name, since, findings }: Owner,
  { place, options }: { readonly place: Place; readonly options: PodNetworkOptions },
): Contribution {
  const origin = originKey(options.source, kind, name);
  const isSilent = findings.list.length === 0 && place.networks.length === 0;
  if (isSilent) findings.add({ code: 'pod-network-missing', text: missingText(options) });
  if (options.cni === 'calico-bgp') {
    const reaches = place.networks.map((network) => reachOf(network, place, options));
    const frozen = findings.frozen ? ({ frozen: true } as const) : {};
    return { cell, origin, since, objects: [], reaches, ...frozen, diagnostics: findings.list };
  }
  const description = describeNode(kind, name, options);
  const routes = place.networks.flatMap((network): Route[] => {
    const gateway = gatewayFor(network, place.gateways);
    if (gateway === undefined) {
      const text = `no address to reach ${printNetwork(network)} at, expected one of its family and of type ${options.gatewayAddressType}; it has no route`;
      findings.add({ code: 'node-address-missing', text });
      return [];
    }
    if (isDevice(gateway, options)) return [];
    if (holdsAddress(network, gateway)) {
      const text = `its part of the pod network, ${printNetwork(network)}, holds the address ${printAddress(gateway)} that it is reached at, expected one apart from the network of the nodes; it has no route`;
      findings.add({ code: 'pod-network-overlap', severity: 'error', text });
      return [];
    }
    const path =
      options.naming === 'codeshare'
        ? codesharePath({ network, gateway }, place, options)
        : routePath(name, network, options);
    return [{ kind: 'route', path, description, ...placed(network, gateway, options) }];
  });
  return {
    cell,
    origin,
    since,
    objects: findings.frozen ? [] : routes.map((route) => canonical(route)),
    ...(findings.frozen ? { frozen: true } : {}),
    diagnostics: findings.list,
  };
}

/** Whether an address is the device's own, as it is configured; prefixes say nothing about that. */
function isDevice({ ip }: Address, { deviceAddresses = [] }: PodNetworkOptions): boolean {
  return deviceAddresses.some((own) => own.ip === ip);
}

/** With BGP the device learns its routes: of what it is to have learned only that is said. */
function reachOf(network: Network, { gateways }: Place, options: PodNetworkOptions): Reach {
  const gateway = gatewayFor(network, gateways);
  if (gateway !== undefined) return placed(network, gateway, options);
  return { network: placed(network, network.address, options).network };
}

function missingText({ cni }: PodNetworkOptions): string {
  return `it says of no part of the pod network that it is its own, as ${cni} would; it has no route. Check podNetwork.cni`;
}

function placed(
  network: Network,
  gateway: Address,
  { routeDomain }: PodNetworkOptions,
): { readonly network: Network; readonly gateway: Address } {
  if (routeDomain === undefined) return { network, gateway };
  return {
    network: { ...network, address: { ip: network.address.ip, routeDomain } },
    gateway: { ip: gateway.ip, routeDomain },
  };
}
