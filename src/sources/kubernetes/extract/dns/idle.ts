import type { Annotated } from '../annotation-reader.ts';
import type { HostScope } from './hosts.ts';
import { annotationField } from '../annotation-reader.ts';

/** What only means something beside a host. */
const BESIDE_HOSTS = ['dns-ttl', 'dns-port', 'dns-target'] as const;

/** Tells of our annotations about DNS that have no effect: no device answers hosts, or there is no host. */
export function reportIdleDns(
  { record, annotations, options, problems }: HostScope & { readonly record: Pick<Annotated, 'annotations'> },
  hasHosts: boolean,
): void {
  const { annotationPrefix, dns, dnsElsewhere } = options;
  if (dnsElsewhere === true) return;
  const field = annotations.field('hostname');
  if (dns === undefined && field !== undefined) {
    const text = `annotation ${annotationPrefix}hostname has no effect, expected a section dns of the target in the configuration`;
    problems.add({ code: 'dns-off', severity: 'warning', text, field });
  }
  if (dns === undefined || hasHosts) return;
  for (const name of BESIDE_HOSTS) {
    const key = `${annotationPrefix}${name}`;
    if (record.annotations[key] === undefined) continue;
    const text = `annotation ${key} has no effect, expected a host beside it: ${annotationPrefix}hostname, or dns.suffix of the source`;
    problems.add({ code: 'dns-idle', severity: 'warning', text, field: annotationField(key) });
  }
}
