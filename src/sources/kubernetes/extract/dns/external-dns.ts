import type { AnnotationName } from '../annotations.ts';
import type { ExtractOptions } from '../options.ts';

/** What annotations of external-dns begin with. */
export const EXTERNAL_DNS = 'external-dns.alpha.kubernetes.io/';

const ALIASES: Readonly<Partial<Record<AnnotationName, string>>> = {
  hostname: `${EXTERNAL_DNS}hostname`,
  'dns-ttl': `${EXTERNAL_DNS}ttl`,
  'dns-target': `${EXTERNAL_DNS}target`,
};

/** The name that external-dns has for one of our annotations; undefined: none, or they are not read. */
export function externalDnsName(name: AnnotationName, { dns }: ExtractOptions): string | undefined {
  return dns?.externalDns === true ? ALIASES[name] : undefined;
}
