import type { IngressRecord } from '../model-ingress.ts';
import type { ObjectKey } from '../model.ts';
import type { AnnotationName, AnnotationValue } from './annotations.ts';
import type { Wish } from './address-wish.ts';
import type { Family } from './ip-range.ts';
import type { ExtractOptions } from './options.ts';
import type { Port } from './slots.ts';
import { AnnotationReader, annotationField, isFor } from './annotation-reader.ts';
import { explicitAddresses, openPools, poolNamed } from './address-wish.ts';
import { annotations } from './annotations.ts';
import { isPolicyAlone } from './codeshare.ts';
import { parseRange } from './ip-range.ts';
import { Problems } from './problems.ts';

const INGRESS_NAMES = (Object.keys(annotations) as AnnotationName[]).filter((name) =>
  isFor('Ingress', annotations[name]),
);
const HTTP = 80;
const HTTPS = 443;

/** The ports of an Ingress: plain HTTP, and HTTPS if it has TLS. */
export interface IngressPorts {
  readonly http?: number;
  readonly https?: number;
}

/** Reads them; an annotation that cannot be read counts as left out here, and is told with the Ingress's front. */
export function frontPorts(record: IngressRecord, options: ExtractOptions): IngressPorts {
  const http = valueOf(record, 'http-port', options) ?? HTTP;
  const https = valueOf(record, 'https-port', options) ?? HTTPS;
  return { ...(http === 'none' ? {} : { http }), ...(record.tls.length === 0 ? {} : { https }) };
}

/** Whether an Ingress of ours is to be served: it is not going away, and was not told to be left out. */
export function isServed(record: IngressRecord, options: ExtractOptions): boolean {
  return record.deleting !== true && valueOf(record, 'expose', options) !== 'false';
}

/** The Secrets that an Ingress names, for hosts or as the default one; in order, each once. */
export function secretsOf(record: IngressRecord, options: ExtractOptions): readonly ObjectKey[] {
  const named = valueOf(record, 'default-certificate', options);
  const names = [...(named === undefined ? [] : [named]), ...record.tls.flatMap(({ secret }) => secret ?? [])];
  return record.tls.length === 0 ? [] : [...new Set(names)].map((name) => `${record.namespace}/${name}`);
}

/** Whether an Ingress names the default certificate of its address, and in a way that can be read. */
export function asksForDefault(record: IngressRecord, options: ExtractOptions): boolean {
  return record.tls.length > 0 && valueOf(record, 'default-certificate', options) !== undefined;
}

/** What an Ingress listens on. */
export function ingressPorts(record: IngressRecord, options: ExtractOptions): readonly Port[] {
  const { http, https } = frontPorts(record, options);
  return [
    ...(http === undefined ? [] : [{ protocol: 'tcp', port: http, role: 'http' } as const]),
    ...(https === undefined ? [] : [{ protocol: 'tcp', port: https, role: 'https' } as const]),
  ];
}

/** What an Ingress must have in common with others to share an address and port with them. */
export interface Joint {
  readonly joint: string;
  /** It cannot be read, and nobody knows what it was: it shares with whoever is there. */
  readonly isVague?: true;
}

/**
 * Ingresses share an address and port if this is the same: what must not fall on those that did not ask for it, because
 * their pods would no longer be reached. `before`: what it was until now, which holds as long as it cannot be read.
 */
export function jointOf(record: IngressRecord, options: ExtractOptions, before?: Joint): Joint {
  const isBad = JOINT_NAMES.some(
    (name) =>
      record.annotations[`${options.annotationPrefix}${name}`] !== undefined &&
      valueOf(record, name, options) === undefined,
  );
  if (isBad) return before ?? { joint: 'Ingress', isVague: true };
  const tls = valueOf(record, 'backend-tls', options) ?? 'off';
  if (tls === 'off') return { joint: 'Ingress' };
  const name = valueOf(record, 'backend-tls-name', options) ?? '';
  const ca = tls === 'verify' ? (valueOf(record, 'backend-tls-ca', options) ?? '') : '';
  return { joint: ['Ingress', tls, name, ca].join(' ') };
}

const JOINT_NAMES = ['backend-tls', 'backend-tls-name', 'backend-tls-ca'] as const;

/** What an Ingress of ours asks of the address book; undefined: it shall not be served. */
export function ingressWish(record: IngressRecord, options: ExtractOptions): Wish | undefined {
  const { ingress } = options;
  if (ingress === undefined || !isServed(record, options) || isPolicyAlone(record, options)) return undefined;
  const problems = new Problems(record, options);
  const reader = new AnnotationReader(record, options, problems);
  const wish = wishOf({ record, reader, options, problems, shared: ingress.addresses });
  // Two ports in one would be two virtual servers in one.
  const { http, https } = frontPorts(record, options);
  if (http !== undefined && http === https) {
    problems.freeze({
      code: 'annotation-invalid',
      text: `http-port and https-port are both ${http}, expected two ports`,
      field: annotationField(`${options.annotationPrefix}https-port`),
    });
  }
  // One that cannot be understood must not lead others.
  for (const name of INGRESS_NAMES) reader.get(name);
  return problems.frozen ? { kind: 'unclear', diagnostics: problems.list } : wish;
}

interface Scope {
  readonly record: IngressRecord;
  readonly reader: AnnotationReader;
  readonly options: ExtractOptions;
  readonly problems: Problems;
  readonly shared: Parameters<typeof explicitAddresses>[0];
}

function wishOf({ record, reader, options, problems, shared }: Scope): Wish {
  const named = reader.get('address');
  const field = reader.field('address');
  if (field !== undefined) return explicitAddresses(named ?? [], field, options);
  const wantsPool = reader.field('address-pool') !== undefined;
  if (shared.length > 0 && !wantsPool) return explicitAddresses(shared, 'spec.ingressClassName', options);
  const names = poolNamed(reader, { record, options, problems });
  const ranges = openPools(record, options)
    .filter(({ name }) => names.includes(name))
    .flatMap((pool) => pool.ranges.map((text) => parseRange(text)?.family));
  const family: Family = ranges.length === 0 || ranges.includes('IPv4') ? 'IPv4' : 'IPv6';
  return { kind: 'pool', families: [family], pools: names };
}

function valueOf<N extends AnnotationName>(
  record: IngressRecord,
  name: N,
  options: ExtractOptions,
): AnnotationValue<N> | undefined {
  const text = record.annotations[`${options.annotationPrefix}${name}`];
  return text === undefined ? undefined : (annotations[name].parse(text) as AnnotationValue<N> | undefined);
}
