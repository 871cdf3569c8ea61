import type { CellKey } from '../../../desired/contribution.ts';
import type { BackendUse, IngressRecord } from '../model-ingress.ts';
import type { ObjectKey, OwnerKey, ServicePort, ServiceRecord } from '../model.ts';
import type { ExtractOptions } from './options.ts';
import { originKey, parseOrigin } from '../../../ir/origin.ts';
import { ownerKey } from '../model.ts';
import { wantsHosts, wantsIngressHosts } from './dns/hosts.ts';
import { exposureOf, isExposed, protocolOf } from './exposure.ts';
import { portsOfNamedPools } from './named-pool.ts';
import { originOf, portKey } from './names.ts';

/** What a cell key says. */
export interface CellParts {
  readonly service: ObjectKey;
  /** The port's name or number, or {@link DNS_PART}; undefined: the front cell. */
  readonly port?: string;
}

/**
 * The cells of a Service: the front (`<source>:Service/<ns>/<name>`: virtual servers, virtual addresses, and all that
 * there is to say to the owner), and one backend per port (`…#<port name or number>`: pool and monitor), so that a pod
 * that comes or goes runs one backend; and one for its hosts, if it has any (`…#@dns`). What only Ingresses use has
 * backends alone. Empty: it does not concern us.
 */
export function cellsOfService(
  record: ServiceRecord,
  options: ExtractOptions,
  uses: readonly BackendUse[] = [],
): readonly CellKey[] {
  const exposure = exposureOf(record, options);
  const front = originKey(options.source, 'Service', `${record.namespace}/${record.name}`);
  const own = isExposed(exposure) ? record.ports.filter(isBalanced) : [];
  const named = exposure === 'members' ? portsOfNamedPools(record, options).filter(isBalanced) : [];
  const used = uses.flatMap(({ port }) => portOfUse(record, port) ?? []);
  const backends = new Set([...own, ...named, ...used].map((port) => `${front}#${portKey(port)}`));
  const hosts = isExposed(exposure) && wantsHosts(record, options) ? [`${front}#${DNS_PART}`] : [];
  return exposure === 'no' ? [...backends] : [front, ...backends, ...hosts];
}

function isBalanced(port: ServicePort): boolean {
  return protocolOf(port) !== undefined;
}

/** The port that an Ingress means; undefined: there is none, or it is none that HTTP goes over. */
export function portOfUse(record: ServiceRecord, port: number | string): ServicePort | undefined {
  const isMeant = (one: ServicePort) => (typeof port === 'number' ? one.port === port : one.name === port);
  return record.type === 'ExternalName'
    ? undefined
    : record.ports.find((one) => isMeant(one) && protocolOf(one) === 'tcp');
}

/** The part of a cell key that stands for DNS: no port has such a name. */
export const DNS_PART = '@dns';

/** The cells of an Ingress: itself, and one for its hosts, if it has any. */
export function cellsOfIngress(record: IngressRecord, options: ExtractOptions): readonly CellKey[] {
  const cell = originOf(record, options);
  return wantsIngressHosts(record, options) ? [cell, `${cell}#${DNS_PART}`] : [cell];
}

/** The parts of a cell key; undefined: it is none of a Service. */
export function partsOfCell(cell: CellKey): CellParts | undefined {
  const { kind, id } = parseOrigin(cell);
  const [service = '', port, ...rest] = id.split('#');
  if (kind !== 'Service' || rest.length > 0 || service.split('/').length !== 2) return undefined;
  return port === undefined ? { service } : { service, port };
}

/** The owner that a cell belongs to; undefined: it is none of this source's kinds. */
export function ownerOfCell(cell: CellKey): OwnerKey | undefined {
  const { kind, id } = parseOrigin(cell);
  if (kind === 'Service') return partsOfCell(cell)?.service;
  const [key = '', part = DNS_PART, ...rest] = id.split('#');
  const isOne = part === DNS_PART && rest.length === 0 && key.split('/').length === 2;
  return isOne ? ownerKey(kind, key) : undefined;
}

/** The port of a Service that a cell names. */
export function portOfCell(record: ServiceRecord, port: string): ServicePort | undefined {
  return record.ports.find((candidate) => portKey(candidate) === port && protocolOf(candidate) !== undefined);
}
