import type { Address } from '../../../ir/address.ts';
import type { AdminState, PoolMember } from '../../../ir/pool.ts';
import type { EndpointRecord, EndpointSliceRecord, LocalPort, NodeRecord, ServicePort } from '../model.ts';
import type { Family } from './ip-range.ts';
import type { MemberMode } from './options.ts';
import type { Listening, Scope } from './scope.ts';
import { parseAddress } from '../../../ir/address.ts';
import { compareText } from '../../../ir/compare-text.ts';
import { memberName } from '../../../ir/pool.ts';
import { keys } from '../model.ts';
import { familyName, placed } from './families.ts';
import { portKey } from './names.ts';

/** The members of a port's pool of one family. */
export function membersOf(scope: Scope, listening: Listening, family: Family): readonly PoolMember[] {
  const mode = modeOf(scope, listening.port);
  const members = MEMBERS[mode](scope, listening);
  return distinct(members.filter((member) => familyName(member.address) === family));
}

const MEMBERS: Readonly<Record<Exclude<MemberMode, 'auto'>, (scope: Scope, of: Listening) => readonly PoolMember[]>> = {
  cluster: podMembers,
  nodeport: nodeMembers,
  nodeportlocal: (scope, listening) =>
    podMembers(scope, listening).flatMap((pod) => localMember(scope, listening, pod)),
};

/** The port of the node that leads to a pod; a pod that has none yet is left out until it does. */
function localMember(scope: Scope, { protocol }: Listening, pod: PoolMember): readonly PoolMember[] {
  const ports = (scope.read(keys.localPorts(pod.address.ip)) ?? []) as readonly LocalPort[];
  const found = ports.find((one) => one.podPort === pod.port && one.protocol === protocol);
  const address = found === undefined ? undefined : parseAddress(found.nodeIP);
  if (found !== undefined && address !== undefined) {
    return [{ ...pod, address: placed(address, scope.options), port: found.nodePort }];
  }
  scope.problems.add({
    code: 'nodeportlocal-missing',
    severity: 'warning',
    text: `pod ${memberName(pod)} is left out: it has no annotation nodeportlocal.antrea.io for this port; expected Antrea with NodePortLocal, and the Service annotated nodeportlocal.antrea.io/enabled: "true"`,
  });
  return [];
}

/** `auto`: nodes where the port has a node port, pods where it has none. */
function modeOf({ annotations, options }: Scope, port: ServicePort): Exclude<MemberMode, 'auto'> {
  const mode = annotations.get('members', port) ?? options.members;
  if (mode !== 'auto') return mode;
  return port.nodePort === undefined ? 'cluster' : 'nodeport';
}

/** Each member once, sorted by name. An endpoint may stand in two slices for a moment: then the livelier one counts. */
function distinct(members: readonly PoolMember[]): readonly PoolMember[] {
  const byName = new Map<string, PoolMember>();
  for (const member of members) {
    const name = memberName(member);
    if (byName.get(name)?.adminState === undefined && byName.has(name)) continue;
    byName.set(name, member);
  }
  return [...byName].sort(([a], [b]) => compareText(a, b)).map(([, member]) => member);
}

function slicesOf({ record, read }: Scope): readonly EndpointSliceRecord[] {
  return (read(keys.slices(`${record.namespace}/${record.name}`)) ?? []) as readonly EndpointSliceRecord[];
}

/**
 * Whether an endpoint is a member, and how. One that is going away keeps its connections and gets no new ones until it
 * is gone; but one that was not ready before that was no member, and does not become one. Unknown readiness counts as ready (EndpointSlice API).
 */
function stateOf(endpoint: EndpointRecord): AdminState | 'absent' {
  if (endpoint.terminating === true) return endpoint.neverMember === true ? 'absent' : 'disabled';
  return endpoint.ready === false ? 'absent' : 'enabled';
}

function podMembers(scope: Scope, listening: Listening): readonly PoolMember[] {
  return slicesOf(scope).flatMap((slice) => {
    const number = slicePort(slice, listening);
    if (number === undefined) return [];
    if (slice.addressType === 'FQDN') reportFqdn(scope, slice);
    return slice.endpoints.flatMap((endpoint) => {
      const state = slice.addressType === 'FQDN' ? 'absent' : stateOf(endpoint);
      const address = state === 'absent' ? undefined : podAddress(scope, slice, endpoint);
      return address === undefined || state === 'absent' ? [] : [member(address, number, state)];
    });
  });
}

/** The number under which a slice serves a Service port: matched by name and protocol, so named target ports work. */
function slicePort(slice: EndpointSliceRecord, { port, protocol }: Listening): number | undefined {
  const found = slice.ports.find(
    (candidate) =>
      (candidate.name ?? '') === (port.name ?? '') && (candidate.protocol ?? 'TCP').toLowerCase() === protocol,
  );
  if (found === undefined) return undefined;
  return found.port ?? (typeof port.targetPort === 'number' ? port.targetPort : port.port);
}

/** All addresses of an endpoint are the same to clients (EndpointSlice API); the first is taken. */
function podAddress(scope: Scope, slice: EndpointSliceRecord, endpoint: EndpointRecord): Address | undefined {
  const [text = ''] = endpoint.addresses;
  const address = parseAddress(text);
  if (address !== undefined && familyName(address) === slice.addressType) return placed(address, scope.options);
  scope.problems.add({
    code: 'endpoint-invalid',
    severity: 'warning',
    text: `EndpointSlice ${slice.namespace}/${slice.name} has the address ${JSON.stringify(text)}, expected one of type ${slice.addressType}; it is left out`,
  });
  return undefined;
}

function reportFqdn({ problems }: Scope, slice: EndpointSliceRecord): void {
  problems.add({
    code: 'endpointslice-fqdn',
    severity: 'warning',
    text: `EndpointSlice ${slice.namespace}/${slice.name} holds names (addressType FQDN), expected IPv4 or IPv6; it is left out`,
  });
}

/**
 * Nodes with the Service's node port. One that is about to be emptied keeps the connections that it passes on and gets no
 * new ones, unless there is no other; with `externalTrafficPolicy: Local` what counts is which pods are on it.
 */
function nodeMembers(scope: Scope, listening: Listening): readonly PoolMember[] {
  const { nodePort } = listening.port;
  if (nodePort === undefined) {
    reportNoNodePort(scope, listening.port);
    return [];
  }
  const nodes = (scope.read(keys.nodes) ?? []) as readonly NodeRecord[];
  if (nodes.length === 0) reportNoNodes(scope, listening.port);
  const local = scope.record.externalTrafficPolicy === 'Local' ? localStates(scope, listening) : undefined;
  const usable = usableNodes(nodes);
  const isEmptied = usable.every((node) => node.leaving === true);
  return usable.flatMap((node) => {
    const forwarding = node.leaving === true && !isEmptied ? 'disabled' : 'enabled';
    const state = local === undefined ? forwarding : local.get(node.name);
    return state === undefined ? [] : nodeAddresses(scope, node).map((address) => member(address, nodePort, state));
  });
}

/**
 * Nodes that may be members. If not one is ready, it is rather the control plane that has lost sight of them: then all
 * count, and the monitors of the device find out which ones answer.
 */
function usableNodes(nodes: readonly NodeRecord[]): readonly NodeRecord[] {
  const included = nodes.filter((node) => !node.excluded);
  const ready = included.filter((node) => node.ready);
  return ready.length > 0 ? ready : included;
}

/** The first address of the chosen type of each family. */
function nodeAddresses({ options }: Scope, node: NodeRecord): readonly Address[] {
  const first = new Map<Family, Address>();
  for (const { type, address: text } of node.addresses) {
    const address = type === options.nodeAddressType ? parseAddress(text) : undefined;
    if (address !== undefined && !first.has(familyName(address)))
      first.set(familyName(address), placed(address, options));
  }
  return [...first.values()];
}

/**
 * With `externalTrafficPolicy: Local` a node serves what runs on it: one with a ready endpoint is a member, one where
 * all are going away gets no new connections.
 */
function localStates(scope: Scope, listening: Listening): ReadonlyMap<string, AdminState> {
  const states = new Map<string, AdminState>();
  for (const slice of slicesOf(scope)) {
    if (slicePort(slice, listening) === undefined) continue;
    for (const endpoint of slice.endpoints) {
      const state = stateOf(endpoint);
      if (endpoint.nodeName === undefined || state === 'absent') continue;
      if (states.get(endpoint.nodeName) !== 'enabled') states.set(endpoint.nodeName, state);
    }
  }
  return states;
}

function reportNoNodePort({ problems, annotations }: Scope, port: ServicePort): void {
  const field = annotations.field('members', port);
  problems.freeze({
    code: 'nodeport-missing',
    text: `port ${portKey(port)} has no node port, expected one in member mode nodeport; use members: cluster, or type NodePort or LoadBalancer`,
    ...(field === undefined ? {} : { field }),
  });
}

/** A cluster without nodes does not serve: they were not read, and members must not be lost for that. */
function reportNoNodes({ problems, annotations }: Scope, port: ServicePort): void {
  const field = annotations.field('members', port);
  problems.freeze({
    code: 'nodes-missing',
    text: `port ${portKey(port)} has nodes as members, but no Node is known; expected Nodes to be read (members is not cluster in the configuration), or members: cluster`,
    ...(field === undefined ? {} : { field }),
  });
}

function member(address: Address, port: number, state: AdminState): PoolMember {
  return state === 'enabled' ? { address, port } : { address, port, adminState: state };
}
