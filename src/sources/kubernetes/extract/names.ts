import type { Endpoint } from '../../../ir/address.ts';
import type { OriginKey } from '../../../ir/origin.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { ObjectKey, ServicePort, ServiceRecord } from '../model.ts';
import type { Family } from './ip-range.ts';
import type { ExtractOptions } from './options.ts';
import { originKey } from '../../../ir/origin.ts';
import { fitName } from '../../values/names.ts';

/** What tells the ports of one Service apart: the name, or the number if it has none. */
export function portKey(port: ServicePort): string {
  return port.name === undefined || port.name === '' ? String(port.port) : port.name;
}

/** An object that a person wrote. */
export interface Named {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** `Service default/web`, for messages. */
export function nounOf({ kind, namespace, name }: Named): string {
  return `${kind} ${namespace}/${name}`;
}

/** The origin key of an object. */
export function originOf({ kind, namespace, name }: Named, options: ExtractOptions): OriginKey {
  return originKey(options.source, kind, `${namespace}/${name}`);
}

/** For the person at the device: `Service default/web (cluster east)`. */
export function describe(record: Named, options: ExtractOptions): string {
  return `${nounOf(record)} (cluster ${options.source})`;
}

/** The path of the virtual server of a port. */
export function virtualPath(record: ServiceRecord, port: ServicePort, how: NameParts): FullPath {
  return portPath(record, port, { ...how, role: 'vs' });
}

/** The path of the pool of a port. */
export function poolPathOf(record: ServiceRecord, port: ServicePort, how: NameParts): FullPath {
  return portPath(record, port, { ...how, role: 'pool' });
}

/** The path of the monitor of a port; the suffix tells its type. */
export function monitorPath(record: ServiceRecord, port: ServicePort, how: NameParts): FullPath {
  return portPath(record, port, how);
}

/** Beside the Service and its port, what makes up a name. */
export interface NameParts {
  readonly options: ExtractOptions;
  readonly suffix?: string | undefined;
}

/**
 * `/<partition>/<namespace>_<name>_<port>` and `_<suffix>`: Kubernetes names hold no `_`, so nothing collides. In the scheme
 * `codeshare` `/<partition>/<name>_<port number>_<role>`: what has the same name in two namespaces collides, and the
 * oldest has it.
 */
function portPath(
  record: ServiceRecord,
  port: ServicePort,
  { options, role, suffix }: NameParts & { readonly role?: 'vs' | 'pool' },
): FullPath {
  const parts =
    options.naming === 'codeshare'
      ? [record.name, String(port.port), role, suffix]
      : [record.namespace, record.name, portKey(port), suffix];
  return `/${options.partition}/${fitName(parts.filter((part) => part !== undefined).join('_'))}`;
}

/**
 * What the objects of an address and port are named by that Ingresses share: `10.1.10.50_443`, `2001-db8--50_80`,
 * `10.1.10.50_rd2_80`. Such an address does not move: an Ingress leaves it for another.
 */
export function frontName({ address, port }: Endpoint): string {
  const domain = address.routeDomain === undefined ? '' : `_rd${address.routeDomain}`;
  return `${address.ip.replaceAll(':', '-')}${domain}_${port}`;
}

/**
 * `/<partition>/Ingress_<front>`, and `_<suffix>`: virtual server and policy of a front, and the profile of a host. A suffix
 * that is no host begins with `_`: profiles of all types share one space of names. No namespace begins with a capital letter.
 */
export function frontPath(front: string, options: ExtractOptions, suffix?: string): FullPath {
  const parts = ['Ingress', front];
  // An asterisk is no character of a name on the device, and no host has an underscore.
  if (suffix !== undefined) parts.push(suffix.replace('*', '_wildcard'));
  return `/${options.partition}/${fitName(parts.join('_'))}`;
}

/**
 * The policy of an Ingress that has no address of its own: `/<partition>/<namespace>_<name>_ingress`, in the scheme `codeshare`
 * `/<partition>/<name>`, as its program calls it.
 */
export function ingressPolicyPath({ namespace, name }: Named, { naming, partition }: ExtractOptions): FullPath {
  return `/${partition}/${fitName(naming === 'codeshare' ? name : `${namespace}_${name}_ingress`)}`;
}

/**
 * `/<partition>/<namespace>_<secret>_tls`: the client-ssl profile that has the mark of a Secret's files; these are named
 * after it (`.crt`, `.key`, `.chain.crt`).
 */
export function secretPath(secret: ObjectKey, options: ExtractOptions): FullPath {
  const [namespace = '', name = ''] = secret.split('/');
  return `/${options.partition}/${fitName(`${namespace}_${name}_tls`)}`;
}

/** `v4`, `v6`: the suffix of what stands in the second family. */
export function familySuffix(family: Family): string {
  return family === 'IPv4' ? 'v4' : 'v6';
}
