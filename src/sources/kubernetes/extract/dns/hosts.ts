import type { ServiceRecord } from '../../model.ts';
import type { ExtractOptions } from '../options.ts';
import type { Scope } from '../scope.ts';
import type { DnsOptions } from './options.ts';
import { externalDnsName } from './external-dns.ts';
import { HOST_FORM, isInZones, parseHost } from './host.ts';

/** Longest path of an object; the name of a wide IP cannot be cut. */
const PATH_MAX = 255;

/** Whether a Service asks for a host, well or badly. */
export function wantsHosts(record: ServiceRecord, options: ExtractOptions): boolean {
  const { dns, annotationPrefix } = options;
  if (dns === undefined) return false;
  const names = [`${annotationPrefix}hostname`, externalDnsName('hostname', options)];
  return dns.suffix !== undefined || names.some((name) => name !== undefined && record.annotations[name] !== undefined);
}

/** The hosts of a Service: those of its annotation, or the one that the configuration gives to all. */
export function hostsOf(scope: Scope, dns: DnsOptions): readonly string[] {
  const field = scope.annotations.field('hostname');
  const named = scope.annotations.get('hostname');
  if (named === 'none') return [];
  if (field === undefined) return suffixHost(scope, dns);
  return (named ?? []).filter((host) => isAnswered(scope, dns, { host, field }));
}

function suffixHost(scope: Scope, dns: DnsOptions): readonly string[] {
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
  { problems, options }: Scope,
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
