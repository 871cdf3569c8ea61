import type { CellKey } from '../../../desired/contribution.ts';
import type { ObjectKey, ServicePort, ServiceRecord } from '../model.ts';
import type { ExtractOptions } from './options.ts';
import { originKey, parseOrigin } from '../../../ir/origin.ts';
import { wantsHosts } from './dns/hosts.ts';
import { exposureOf, protocolOf } from './exposure.ts';
import { portKey } from './names.ts';

/** What a cell key says. */
export interface CellParts {
  readonly service: ObjectKey;
  /** The port's name or number, or {@link DNS_PART}; undefined: the front cell. */
  readonly port?: string;
}

/**
 * The cells of a Service: the front (`<source>:Service/<ns>/<name>`: virtual servers, virtual addresses, and all that
 * there is to say to the owner), and one backend per port (`…#<port name or number>`: pool and monitor), so that a pod
 * that comes or goes runs one backend; and one for its hosts, if it has any (`…#@dns`). Empty: the Service does not concern
 * us.
 */
export function cellsOfService(record: ServiceRecord, options: ExtractOptions): readonly CellKey[] {
  const exposure = exposureOf(record, options);
  if (exposure === 'no') return [];
  const front = originKey(options.source, 'Service', `${record.namespace}/${record.name}`);
  if (exposure === 'refused' || exposure === 'idle') return [front];
  const ports = record.ports.filter((port) => protocolOf(port) !== undefined).map(portKey);
  const parts = wantsHosts(record, options) ? [...new Set(ports), DNS_PART] : [...new Set(ports)];
  return [front, ...parts.map((part) => `${front}#${part}`)];
}

/** The part of a cell key that stands for DNS: no port has such a name. */
export const DNS_PART = '@dns';

/** The parts of a cell key; undefined: it is none of a Service. */
export function partsOfCell(cell: CellKey): CellParts | undefined {
  const { kind, id } = parseOrigin(cell);
  const [service = '', port, ...rest] = id.split('#');
  if (kind !== 'Service' || rest.length > 0 || service.split('/').length !== 2) return undefined;
  return port === undefined ? { service } : { service, port };
}

/** The Service (`namespace/name`) that a cell belongs to; undefined: the cell is none of a Service. */
export function serviceOfCell(cell: CellKey): ObjectKey | undefined {
  return partsOfCell(cell)?.service;
}

/** The port of a Service that a cell names. */
export function portOfCell(record: ServiceRecord, port: string): ServicePort | undefined {
  return record.ports.find((candidate) => portKey(candidate) === port && protocolOf(candidate) !== undefined);
}
