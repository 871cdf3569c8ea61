import type { CellKey, Contribution } from '../../../desired/contribution.ts';
import type { Address } from '../../../ir/address.ts';
import type { BigipObject } from '../../../ir/objects.ts';
import type { FullPath, Ref } from '../../../ir/ref.ts';
import type { VirtualAddress } from '../../../ir/virtual-address.ts';
import type { ProfileUse, VirtualServer } from '../../../ir/virtual.ts';
import type { Exposure } from './exposure.ts';
import type { Listening, Scope } from './scope.ts';
import { printAddress } from '../../../ir/address.ts';
import { partitionOf, refOf } from '../../../ir/ref.ts';
import { affinityPath, affinityProfile } from './affinity.ts';
import { attachedIngresses } from './codeshare.ts';
import { wantsHosts } from './dns/hosts.ts';
import { reportIdleDns } from './dns/idle.ts';
import { protocolOf } from './exposure.ts';
import { virtualSuffix } from './families.ts';
import { describe, portKey, virtualPath } from './names.ts';
import { namedPool, namesPool } from './named-pool.ts';
import { poolPath } from './pool-path.ts';
import { mayReadHttp, profilesOf } from './profiles.ts';
import { addressesOfPort, contribution, decisionOf, usesOf } from './scope.ts';
import type { Clients } from './source-range.ts';
import { clientsRule, clientsRulePath } from './clients-rule.ts';
import { clientsOf } from './source-range.ts';

/** The front of a Service: its virtual servers and virtual addresses, and what there is to say about it as a whole. */
export function extractFront(cell: CellKey, scope: Scope, exposure: Exposure): Contribution {
  scope.annotations.reportUnknown();
  if (exposure !== 'idle') reportIdleDns(scope, wantsHosts(scope.record, scope.options));
  if (exposure === 'unclear') scope.annotations.get('expose');
  if (exposure === 'refused') reportExternalName(scope);
  if (exposure === 'idle' && usesOf(scope).length === 0) reportIdle(scope);
  const given = contribution(cell, scope, exposure === 'yes' ? objectsOf(scope) : []);
  const expects = expectedOf(given.objects, scope);
  return expects.length === 0 ? given : { ...given, expects };
}

/** Policies that Ingresses give: until they do, the virtual server goes without. */
function expectedOf(objects: readonly BigipObject[], { record, options }: Scope): readonly Ref[] {
  if (attachedIngresses(record, options).length === 0) return [];
  const policies = objects.flatMap((object) => (object.kind === 'virtual' ? (object.policies ?? []) : []));
  const ours = policies.filter((path) => partitionOf(path) === options.partition);
  return [...new Set(ours.map((path) => refOf('policy', path)))];
}

function objectsOf(scope: Scope): readonly BigipObject[] {
  const ports = listeningPorts(scope);
  const decision = decisionOf(scope);
  scope.problems.take(decision?.diagnostics ?? [], decision?.frozen === true);
  const virtuals = ports.flatMap((listening) => virtualsOf(scope, listening, addressesOfPort(decision, listening)));
  const used = new Map(virtuals.map((virtual) => [virtual.virtualAddress, virtual.destination.address]));
  const affinity = affinityProfile(scope);
  const isAsked = virtuals.some(({ persistence: path }) => path !== undefined && path === affinity?.path);
  return [
    ...[...used].flatMap(([path, address]) => addressOf(scope, path, address)),
    ...(affinity !== undefined && isAsked ? [affinity] : []),
    ...virtuals,
  ];
}

/** A virtual address, and what keeps clients from it. */
function addressOf(scope: Scope, path: FullPath, address: Address): readonly BigipObject[] {
  const own = virtualAddress(scope, path, address);
  const clients = clientsOf(scope, address);
  return typeof clients === 'object' && 'networks' in clients
    ? [own, clientsRule(scope, address, clients.networks)]
    : [own];
}

/** The ports that can be balanced; the others are reported. */
function listeningPorts({ record, problems }: Scope): readonly Listening[] {
  if (record.ports.length === 0) {
    problems.add({
      code: 'service-without-ports',
      text: 'spec.ports is empty, expected at least one',
      field: 'spec.ports',
    });
  }
  return record.ports.flatMap((port, index) => {
    const protocol = protocolOf(port);
    if (protocol !== undefined) return [{ port, protocol }];
    problems.add({
      code: 'port-invalid',
      text: `spec.ports[${index}] is ${port.protocol} ${port.port}, expected TCP, UDP or SCTP and a port from 1 to 65535`,
      field: `spec.ports[${index}]`,
    });
    return [];
  });
}

/** The virtual servers of one port. It is read even if it has no address, so that its owner hears of every problem. */
function virtualsOf(scope: Scope, listening: Listening, addresses: readonly Address[]): readonly VirtualServer[] {
  const { annotations, options } = scope;
  const { port, protocol } = listening;
  const profiles = profilesOf(scope, listening);
  // What is wrong with the name is told by the pool's own cell.
  if (namesPool(scope, port) && namedPool(scope, port) === undefined) scope.problems.take([], true);
  const shared = {
    kind: 'virtual',
    description: describe(scope.record, options),
    ipProtocol: protocol,
    profiles,
    ...persistence(scope, listening, profiles),
    sourceAddressTranslation: annotations.get('snat', port) ?? options.defaults.snat,
    ...given('policies', annotations.get('policies', port)),
    ...given('vlans', annotations.get('vlans', port)),
    ...given('connectionLimit', annotations.get('connection-limit', port)),
  } as const;
  const rules = annotations.get('rules', port);
  return addresses.flatMap((address) => {
    const clients = clientsOf(scope, address);
    if (clients === 'none') return [];
    return {
      ...shared,
      ...admission(scope, { address, clients, rules }),
      path: virtualPath(scope.record, port, { options, suffix: virtualSuffix(scope.stack, address) }),
      destination: { address, port: port.port },
      virtualAddress: `/${options.partition}/${printAddress(address)}`,
      pool: poolPath(scope, port, address),
    };
  });
}

/** Which clients come in, and what runs for those that do. */
function admission(
  scope: Scope,
  of: { readonly address: Address; readonly clients: Clients; readonly rules: readonly FullPath[] | undefined },
): Pick<VirtualServer, 'source' | 'rules'> {
  const { address, clients, rules } = of;
  if (typeof clients === 'object' && 'networks' in clients)
    return { rules: [clientsRulePath(scope, address), ...(rules ?? [])] };
  return { ...given('rules', rules), ...(typeof clients === 'object' ? clients : {}) };
}

/** `{name: value}`, or nothing if there is no value. */
function given<N extends string, V>(name: N, value: V | undefined): { readonly [K in N]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in N]?: V });
}

type Persistence = Pick<VirtualServer, 'persistence' | 'fallbackPersistence'>;

function persistence(scope: Scope, { port }: Listening, profiles: readonly ProfileUse[]): Persistence {
  const { annotations, problems } = scope;
  const first = annotations.get('persistence', port) ?? affinityPath(scope) ?? 'none';
  const fallback = annotations.get('fallback-persistence', port) ?? 'none';
  if (first === '/Common/cookie' && !mayReadHttp(profiles)) {
    problems.freeze({
      code: 'profile-mismatch',
      text: `port ${portKey(port)}: persistence /Common/cookie needs an HTTP profile, expected type http or profiles with one`,
      ...given('field', annotations.field('persistence', port)),
    });
  }
  if (fallback !== 'none' && first === 'none') {
    problems.freeze({
      code: 'annotation-invalid',
      text: `port ${portKey(port)}: fallback persistence ${fallback} stands alone, expected persistence beside it`,
      ...given('field', annotations.field('fallback-persistence', port)),
    });
  }
  return {
    ...(first === 'none' ? {} : { persistence: first }),
    ...(fallback === 'none' ? {} : { fallbackPersistence: fallback }),
  };
}

function virtualAddress(scope: Scope, path: FullPath, address: Address): VirtualAddress {
  return { kind: 'virtual-address', path, description: describe(scope.record, scope.options), address };
}

function reportExternalName({ problems }: Scope): void {
  problems.add({
    code: 'external-name',
    text: 'spec.type is ExternalName, expected a type with endpoints: it is a DNS alias without members to balance over',
    field: 'spec.type',
  });
}

function reportIdle({ problems, options, record }: Scope): void {
  problems.add({
    code: 'not-exposed',
    severity: 'warning',
    text: `annotations under ${options.annotationPrefix} have no effect on a Service of type ${record.type}, expected ${options.annotationPrefix}expose: "true" beside them${record.type === 'LoadBalancer' ? ` or spec.loadBalancerClass ${options.loadBalancerClass}` : ''}`,
  });
}
