import type { FullPath } from '../../../../ir/ref.ts';
import type { Named } from '../names.ts';
import type { ExtractOptions } from '../options.ts';
import type { DnsPlace } from './options.ts';
import { fitName } from '../../../values/names.ts';

/** What the name of a virtual server in a GTM server is made from. */
export interface GtmNameParts {
  readonly options: ExtractOptions;
  readonly host: string;
  readonly port: number;
  /** Of the Service's second family. */
  readonly suffix?: string | undefined;
}

/**
 * The name of the virtual server of a Service in a GTM server: `<partition>_<namespace>_<name>`, because several partitions
 * and instances may share a server; that of an Ingress has `_ingress` behind it. Neither host, port nor address is part of it: all may change while it serves. Several of
 * one address and port may stand in a server: the example's own program makes one for each host of an Ingress. In the
 * scheme `codeshare` there is one for each host: `<host>_<port>_vs`.
 */
export function gtmVirtualName(record: Named, { options, host, port, suffix }: GtmNameParts): string {
  const kind = record.kind === 'Ingress' ? 'ingress' : undefined;
  const parts =
    options.naming === 'codeshare'
      ? [plainHost(host), String(port), 'vs', suffix]
      : [options.partition, record.namespace, record.name, kind, suffix];
  return fitName(parts.filter((part) => part !== undefined).join('_'));
}

/** The path of a host's pool in a data center: `<host>_<datacenter>`; in the scheme `codeshare` `<host>_<port>_<datacenter>_pool`. */
export function gtmPoolPath(place: DnsPlace, { options, host, port }: GtmNameParts): FullPath {
  const parts =
    options.naming === 'codeshare'
      ? [plainHost(host), String(port), place.datacenter, 'pool']
      : [plainHost(host), place.datacenter];
  return `/${options.partition}/${fitName(parts.join('_'))}`;
}

/** The path of the pool of canonical names of a host. */
export function cnamePoolPath(host: string, { partition }: ExtractOptions): FullPath {
  return `/${partition}/${fitName(`${plainHost(host)}_cname`)}`;
}

/** A wide IP is named by its host. */
export function wideIpPath(host: string, { partition }: ExtractOptions): FullPath {
  return `/${partition}/${host}`;
}

/** Only names of wide IPs may hold a star. Hosts hold no `_`, so nothing collides. */
function plainHost(host: string): string {
  return host.replace('*.', 'wildcard_');
}
