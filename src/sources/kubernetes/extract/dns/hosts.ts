import type { Address } from '../../../../ir/address.ts';
import type { IngressRecord } from '../../model-ingress.ts';
import type { ServiceRecord } from '../../model.ts';
import type { Annotated, AnnotationReader } from '../annotation-reader.ts';
import type { Named } from '../names.ts';
import type { ExtractOptions } from '../options.ts';
import type { Problems } from '../problems.ts';
import type { DnsEndpoint } from './objects.ts';
import type { DnsOptions } from './options.ts';
import { familyOf } from '../../../../ir/address.ts';
import { attachedIngresses } from '../codeshare.ts';
import { externalDnsName } from './external-dns.ts';
import { HOST_FORM, isInZones, parseHost } from '../../../values/host.ts';

/** Longest path of an object; the name of a wide IP cannot be cut. */
const PATH_MAX = 255;

/** What the DNS of a Service and that of an Ingress have in common. */
export interface HostScope {
  readonly record: Named;
  readonly options: ExtractOptions;
  readonly problems: Problems;
  readonly annotations: AnnotationReader;
}

/** Whether a Service asks for a host, well or badly. */
export function wantsHosts(record: ServiceRecord, options: ExtractOptions): boolean {
  if (options.dns === undefined) return false;
  return (
    options.dns.suffix !== undefined || namesHosts(record, options) || attachedIngresses(record, options).length > 0
  );
}

/** Whether an Ingress asks for a host, well or badly. */
export function wantsIngressHosts(record: IngressRecord, options: ExtractOptions): boolean {
  if (options.dns?.ingress !== true) return false;
  return namesHosts(record, options) || record.rules.some(({ host }) => host !== '');
}

function namesHosts({ annotations }: Annotated, options: ExtractOptions): boolean {
  const names = [`${options.annotationPrefix}hostname`, externalDnsName('hostname', options)];
  return names.some((name) => name !== undefined && annotations[name] !== undefined);
}

/** The hosts of a Service: those of its annotation, or the one that the configuration gives to all. */
export function hostsOf(scope: HostScope, dns: DnsOptions): readonly string[] {
  const field = scope.annotations.field('hostname');
  const named = scope.annotations.get('hostname');
  if (named === 'none') return [];
  if (field === undefined) return suffixHost(scope, dns);
  return (named ?? []).filter((host) => isAnswered(scope, dns, { host, field }));
}

/** The hosts of an Ingress: those of its rules, and those of its annotation besides. */
export function ingressHostsOf(
  scope: HostScope & { readonly record: IngressRecord },
  dns: DnsOptions,
): readonly string[] {
  const field = scope.annotations.field('hostname') ?? 'spec.rules';
  const named = scope.annotations.get('hostname') ?? [];
  if (named === 'none') return [];
  const ruled = scope.record.rules.flatMap((rule, index) => ruleHost(scope, dns, { host: rule.host, index }));
  return [...ruled, ...named.filter((host) => isAnswered(scope, dns, { host, field }))];
}

/** A rule without a host stands for all: there is no name to answer. */
function ruleHost(
  scope: HostScope,
  dns: DnsOptions,
  { host: text, index }: { readonly host: string; readonly index: number },
): readonly string[] {
  if (text === '') return [];
  const field = `spec.rules[${index}].host`;
  const host = parseHost(text);
  if (host === undefined) {
    const found = `host ${JSON.stringify(text)} gets no wide IP, expected ${HOST_FORM}`;
    scope.problems.add({ code: 'host-invalid', severity: 'warning', text: found, field });
    return [];
  }
  return isAnswered(scope, dns, { host, field }) ? [host] : [];
}

/** The hosts of the rules of these Ingresses, which a Service serves with their policies. */
export function attachedHosts(
  scope: HostScope,
  dns: DnsOptions,
  ingresses: readonly IngressRecord[],
): readonly string[] {
  const hosts = ingresses.flatMap(({ rules }) => rules.flatMap(({ host }) => parseHost(host) ?? []));
  return [...new Set(hosts)].filter((host) => isAnswered(scope, dns, { host, field: 'metadata.annotations' }));
}

function suffixHost(scope: HostScope, dns: DnsOptions): readonly string[] {
  if (dns.suffix === undefined) return [];
  const { name, namespace } = scope.record;
  const text = `${name}.${dns.suffix.replaceAll('{namespace}', namespace)}`;
  const host = parseHost(text);
  if (host === undefined) {
    const found = `dns.suffix of the configuration makes it the host ${JSON.stringify(text)}, expected ${HOST_FORM}`;
    scope.problems.freeze({ code: 'host-invalid', text: found, field: 'metadata.name' });
  }
  return host !== undefined && isAnswered(scope, dns, { host, field: 'metadata.name' }) ? [host] : [];
}

function isAnswered(
  { problems, options }: HostScope,
  { zones }: DnsOptions,
  { host, field }: { readonly host: string; readonly field: string },
): boolean {
  if (!isInZones(host, zones)) {
    const text = `host ${host} is in none of the zones that are answered here, expected one in ${(zones ?? []).join(', ')}`;
    problems.add({ code: 'host-outside-zones', severity: 'warning', text, field });
    return false;
  }
  const length = `/${options.partition}/${host}`.length;
  if (length <= PATH_MAX) return true;
  const text = `host ${host} makes a path of ${length} characters on the device, expected at most ${PATH_MAX}`;
  problems.freeze({ code: 'host-invalid', text, field });
  return false;
}

/** What hosts are answered with. */
export interface Answers {
  readonly endpoints: readonly DnsEndpoint[];
  /** Canonical names, in place of addresses. */
  readonly targets: readonly string[];
}

/** Its own addresses, or what the annotation `dns-target` says in their place. */
export function answersOf(scope: HostScope, hosts: readonly string[], own: readonly DnsEndpoint[]): Answers {
  const { annotations, problems } = scope;
  const target = annotations.get('dns-target');
  if (target === undefined) return { endpoints: own, targets: [] };
  if (target.kind === 'names') {
    reportCircle(scope, hosts, target.names);
    return { endpoints: [], targets: target.names };
  }
  const endpoints = target.addresses.map((address) => translated(address, own));
  const found = endpoints.filter((endpoint) => endpoint !== undefined);
  if (own.length > 0 && found.length < endpoints.length) {
    const text =
      'an address of dns-target is of a family in which there is no address here, expected one that there is';
    const field = annotations.field('dns-target');
    problems.freeze({ code: 'annotation-invalid', text, ...(field === undefined ? {} : { field }) });
  }
  return { endpoints: found, targets: [] };
}

/** A host that is answered with itself is answered with nothing. */
function reportCircle({ annotations, problems }: HostScope, hosts: readonly string[], names: readonly string[]): void {
  const own = names.find((name) => hosts.includes(name));
  if (own === undefined) return;
  const text = `dns-target holds ${own}, which is a host of its own, expected names that something else answers`;
  const field = annotations.field('dns-target');
  problems.freeze({ code: 'annotation-invalid', text, ...(field === undefined ? {} : { field }) });
}

/** Clients get `address`, which something in between translates to the virtual server's. */
function translated(address: Address, own: readonly DnsEndpoint[]): DnsEndpoint | undefined {
  const behind = own.find(({ destination }) => familyOf(destination.address) === familyOf(address));
  if (behind === undefined) return undefined;
  const { destination, suffix } = behind;
  return { destination: { address, port: destination.port }, translation: destination, suffix };
}
