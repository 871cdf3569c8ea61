import type { CellKey, Contribution } from '../../../../desired/contribution.ts';
import type { Address, Endpoint } from '../../../../ir/address.ts';
import type { Exposure } from '../exposure.ts';
import type { Listening, Scope } from '../scope.ts';
import type { DnsEndpoint } from './objects.ts';
import { familyOf } from '../../../../ir/address.ts';
import { originKey } from '../../../../ir/origin.ts';
import { protocolOf } from '../exposure.ts';
import { virtualSuffix } from '../families.ts';
import { describe, portKey } from '../names.ts';
import { addressesOfPort, contribution, decisionOf, scopeOf } from '../scope.ts';
import { clientsOf } from '../source-range.ts';
import { hostsOf } from './hosts.ts';
import { gtmVirtualName } from './names.ts';
import { dnsObjects } from './objects.ts';

/** The DNS of a Service: a cell of its own, so that a host that is refused costs nothing else. */
export function extractDns(cell: CellKey, scope: Scope, exposure: Exposure): Contribution {
  const { options, record } = scope;
  const { dns } = options;
  const decision = decisionOf(scope);
  // Why, the front tells.
  if (exposure === 'unclear' || decision?.frozen === true) scope.problems.take([], true);
  if (dns === undefined || scope.problems.frozen) return contribution(cell, scope, []);
  const { objects, joins } = dnsObjects(
    {
      origin: originKey(options.source, 'Service', `${record.namespace}/${record.name}`),
      description: describe(record, options),
      hosts: hostsOf(scope, dns),
      ...answersOf(scope),
      ttl: scope.annotations.get('dns-ttl') ?? dns.ttl,
      virtualName: (parts) => gtmVirtualName(record, parts),
    },
    options,
    dns,
  );
  const given = contribution(cell, scope, objects);
  return given.frozen === true ? given : { ...given, joins };
}

interface Answers {
  readonly endpoints: readonly DnsEndpoint[];
  readonly targets: readonly string[];
}

/** What the hosts are answered with: the Service's addresses, or what the annotation `dns-target` says in their place. */
function answersOf(scope: Scope): Answers {
  const target = scope.annotations.get('dns-target');
  const own = endpointsOf(scope);
  if (target === undefined) return { endpoints: own, targets: [] };
  if (target.kind === 'names') return { endpoints: [], targets: target.names };
  const endpoints = target.addresses.map((address) => translated(address, own));
  const found = endpoints.filter((endpoint) => endpoint !== undefined);
  if (own.length > 0 && found.length < endpoints.length) {
    const text =
      'an address of dns-target is of a family in which the Service has no address, expected those that it has';
    const field = scope.annotations.field('dns-target');
    scope.problems.freeze({ code: 'annotation-invalid', text, ...(field === undefined ? {} : { field }) });
  }
  return { endpoints: found, targets: [] };
}

/** Clients get `address`, which something in between translates to the virtual server's. */
function translated(address: Address, own: readonly DnsEndpoint[]): DnsEndpoint | undefined {
  const behind = own.find(({ destination }) => familyOf(destination.address) === familyOf(address));
  if (behind === undefined) return undefined;
  const { destination, suffix } = behind;
  return { destination: { address, port: destination.port }, translation: destination, suffix };
}

/** One virtual server of each address: the one whose port was chosen, or the first. */
function endpointsOf(scope: Scope): readonly DnsEndpoint[] {
  const { record, options, read } = scope;
  const decision = decisionOf(scope);
  const ports = portsOf(scope);
  // Its problems are told by the front.
  const quiet = scopeOf(record, read, options);
  return (decision?.addresses ?? []).flatMap((address): readonly DnsEndpoint[] => {
    if (clientsOf(quiet, address) === 'none') return [];
    const listening = ports.find((candidate) => addressesOfPort(decision, candidate).includes(address));
    if (listening === undefined) return [];
    return [{ destination: endpoint(address, listening), suffix: virtualSuffix(scope.stack, address) }];
  });
}

/** Servers know addresses without route domain (`expose-route-domains no`). */
function endpoint({ ip }: Address, { port }: Listening): Endpoint {
  return { address: { ip }, port: port.port };
}

/** The ports whose virtual server may stand for the host, in order of preference. */
function portsOf(scope: Scope): readonly Listening[] {
  const { annotations, problems, record } = scope;
  const all = record.ports.flatMap((port) => {
    const protocol = protocolOf(port);
    return protocol === undefined ? [] : [{ port, protocol }];
  });
  const wanted = annotations.get('dns-port');
  if (wanted === undefined) return all;
  const chosen = all.filter(({ port }) => portKey(port) === wanted || String(port.port) === wanted);
  if (chosen.length === 0) {
    const known = all.map(({ port }) => portKey(port)).join(', ');
    const text = `dns-port is ${JSON.stringify(wanted)}, expected a port of the Service: ${known}`;
    const field = annotations.field('dns-port');
    problems.freeze({ code: 'annotation-invalid', text, ...(field === undefined ? {} : { field }) });
  }
  return chosen;
}
