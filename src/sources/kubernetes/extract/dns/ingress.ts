import type { CellKey, Contribution } from '../../../../desired/contribution.ts';
import type { Read } from '../../../cells.ts';
import type { ObjectKey } from '../../model.ts';
import type { Front, IngressScope } from '../ingress-scope.ts';
import type { ExtractOptions } from '../options.ts';
import type { DnsEndpoint } from './objects.ts';
import { canonical } from '../../../../ir/canonical.ts';
import { sinceOf } from '../age.ts';
import { familyName } from '../families.ts';
import { frontsOf, ingressScope } from '../ingress-scope.ts';
import { describe, familySuffix, originOf } from '../names.ts';
import { answersOf, ingressHostsOf, wantsIngressHosts } from './hosts.ts';
import { dnsObjects } from './objects.ts';

/** The DNS of an Ingress: the hosts of its rules, answered with its addresses. A cell of its own, as with Services. */
export function extractIngressDns(
  { cell, key }: { readonly cell: CellKey; readonly key: ObjectKey },
  read: Read,
  options: ExtractOptions,
): Contribution | undefined {
  const scope = ingressScope(key, read, options);
  const { dns } = options;
  if (scope === undefined || dns === undefined || !wantsIngressHosts(scope.record, options)) return undefined;
  const { record, problems, annotations, decision } = scope;
  // Why, the Ingress itself tells.
  if (decision?.frozen === true) problems.take([], true);
  const origin = originOf(record, options);
  const hosts = ingressHostsOf(scope, dns);
  const publication = {
    record,
    origin,
    description: describe(record, options),
    hosts,
    ...answersOf(scope, hosts, endpointsOf(scope)),
    ttl: annotations.get('dns-ttl') ?? dns.ttl,
  };
  const given = { cell, origin, since: sinceOf(record) };
  const { objects, joins } = dnsObjects(publication, options, dns);
  if (problems.frozen) return { ...given, objects: [], frozen: true, diagnostics: problems.list };
  return { ...given, objects: objects.map((object) => canonical(object)), joins, diagnostics: problems.list };
}

/** One virtual server of each address: the one for HTTPS, if there is one. */
function endpointsOf(scope: IngressScope): readonly DnsEndpoint[] {
  const chosen = new Map<string, Front>();
  for (const front of frontsOf(scope)) {
    const { ip } = front.address;
    if (front.isSecure || !chosen.has(ip)) chosen.set(ip, front);
  }
  return [...chosen.values()].map(({ address, port }) => ({
    destination: { address: { ip: address.ip }, port },
    suffix: familyName(address) === 'IPv6' ? familySuffix('IPv6') : undefined,
  }));
}
