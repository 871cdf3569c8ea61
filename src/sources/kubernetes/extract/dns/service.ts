import type { CellKey, Contribution } from '../../../../desired/contribution.ts';
import type { IngressRecord } from '../../model-ingress.ts';
import type { Exposure } from '../exposure.ts';
import type { Listening, Scope } from '../scope.ts';
import type { DnsEndpoint } from './objects.ts';
import { ingressKeys } from '../../model-ingress.ts';
import { attachedIngresses } from '../codeshare.ts';
import { protocolOf } from '../exposure.ts';
import { virtualSuffix } from '../families.ts';
import { describe, originOf, portKey } from '../names.ts';
import { addressesOfPort, contribution, decisionOf, scopeOf } from '../scope.ts';
import { clientsOf } from '../source-range.ts';
import { answersOf, attachedHosts, hostsOf } from './hosts.ts';
import { dnsObjects } from './objects.ts';

/** The DNS of a Service: a cell of its own, so that a host that is refused costs nothing else. */
export function extractDns(cell: CellKey, scope: Scope, exposure: Exposure): Contribution {
  const { options, record, annotations } = scope;
  const { dns } = options;
  const decision = decisionOf(scope);
  // Why, the front tells.
  if (exposure === 'unclear' || decision?.frozen === true) scope.problems.take([], true);
  if (dns === undefined || scope.problems.frozen) return contribution(cell, scope, []);
  const hosts = [...new Set([...hostsOf(scope, dns), ...attachedHosts(scope, dns, attachedTo(scope))])];
  const publication = {
    record,
    origin: originOf(record, options),
    description: describe(record, options),
    hosts,
    ...answersOf(scope, hosts, endpointsOf(scope)),
    ttl: annotations.get('dns-ttl') ?? dns.ttl,
  };
  const { objects, joins } = dnsObjects(publication, options, dns);
  const given = contribution(cell, scope, objects);
  return given.frozen === true ? given : { ...given, joins };
}

/** The Ingresses whose policies it attaches, as far as they are there. */
function attachedTo({ record, options, read }: Scope): readonly IngressRecord[] {
  return attachedIngresses(record, options).flatMap((key) => {
    const ingress = read(ingressKeys.ingress(key)) as IngressRecord | undefined;
    return ingress === undefined ? [] : [ingress];
  });
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
    // Servers know addresses without route domain (`expose-route-domains no`).
    const destination = { address: { ip: address.ip }, port: listening.port.port };
    return [{ destination, suffix: virtualSuffix(scope.stack, address) }];
  });
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
