import type { Contribution } from '../../../desired/contribution.ts';
import type { Said } from '../../../desired/provenance.ts';
import type { BigipObject } from '../../../ir/objects.ts';
import type { IngressRecord } from '../model-ingress.ts';
import type { ServicePort, ServiceRecord } from '../model.ts';
import type { AnnotationName } from './annotations.ts';
import type { ExtractOptions } from './options.ts';
import { memberName } from '../../../ir/pool.ts';
import { refOf } from '../../../ir/ref.ts';
import { DEFAULT_PLACE } from '../../values/defaults.ts';
import { annotationKey } from './annotation-reader.ts';
import { partsOfCell, portOfCell } from './cells.ts';

/** Who says a field of an object: annotations, the first that is there; else fields of the object itself; else nobody. */
interface Saying {
  readonly by?: readonly AnnotationName[];
  readonly spec?: (record: ServiceRecord | IngressRecord) => string | undefined;
  readonly orDefault?: true;
}

type Sayings = Readonly<Record<string, Saying>>;

const OWN_MONITOR = ['monitor-type', 'monitor-send', 'monitor-receive', 'monitor-interval', 'monitor-timeout'] as const;

const ADDRESS: Saying = { by: ['address', 'address-pool'], spec: addressField };

const SAYINGS: { readonly [K in BigipObject['kind']]?: Sayings } = {
  virtual: {
    destination: ADDRESS,
    virtualAddress: ADDRESS,
    ipProtocol: { spec: portsField },
    pool: { by: ['pool'], spec: portsField },
    profiles: { by: ['profiles', 'http-profile', 'type', 'tcp-profile', 'idle-timeout'], orDefault: true },
    persistence: { by: ['persistence', 'affinity'], spec: affinityField },
    fallbackPersistence: { by: ['fallback-persistence'] },
    sourceAddressTranslation: { by: ['snat'], orDefault: true },
    rules: { by: ['rules'], spec: rangesField },
    policies: { by: ['policies'] },
    vlans: { by: ['vlans'] },
    connectionLimit: { by: ['connection-limit'] },
    source: { spec: rangesField },
  },
  irule: { sections: { spec: rangesField } },
  'persistence-source-addr': { timeout: { spec: timeoutField } },
  'tcp-profile': { defaultsFrom: { by: ['tcp-profile'], orDefault: true }, idleTimeout: { by: ['idle-timeout'] } },
  'virtual-address': { address: ADDRESS },
  pool: {
    loadBalancingMode: { by: ['load-balancing-mode'], orDefault: true },
    monitor: { by: ['monitor', ...OWN_MONITOR], orDefault: true },
    serviceDownAction: { by: ['service-down-action'] },
    slowRampTime: { by: ['slow-ramp-time'] },
    minActiveMembers: { by: ['min-active-members'] },
  },
  monitor: {
    type: { by: ['monitor-type'], orDefault: true },
    send: { by: ['monitor-send'] },
    receive: { by: ['monitor-receive'] },
    interval: { by: ['monitor-interval'], orDefault: true },
    timeout: { by: ['monitor-timeout'], orDefault: true },
  },
};

function addressField(record: ServiceRecord | IngressRecord): string {
  if (record.kind === 'Ingress') return 'ingress.address, or an address pool, of the configuration';
  return (record.loadBalancerIP ?? '') === '' ? 'an address pool of the configuration' : 'spec.loadBalancerIP';
}

function portsField({ kind }: ServiceRecord | IngressRecord): string | undefined {
  return kind === 'Service' ? 'spec.ports' : undefined;
}

function affinityField(record: ServiceRecord | IngressRecord): string | undefined {
  return record.kind === 'Service' && record.sessionAffinity === 'ClientIP' ? 'spec.sessionAffinity' : undefined;
}

function timeoutField(): string {
  return 'spec.sessionAffinityConfig.clientIP.timeoutSeconds';
}

function rangesField(record: ServiceRecord | IngressRecord): string | undefined {
  const { length } = record.kind === 'Service' ? (record.loadBalancerSourceRanges ?? []) : [];
  return length > 0 ? 'spec.loadBalancerSourceRanges' : undefined;
}

/** Where a Service or Ingress says the fields of the objects that a cell of it gives. Pure. */
export function explainCell(
  { cell, objects }: Pick<Contribution, 'cell' | 'objects'>,
  record: ServiceRecord | IngressRecord,
  options: ExtractOptions,
): Said {
  return new Map(
    objects.map((object) => {
      const port = record.kind === 'Service' ? portOf(cell, object, record) : undefined;
      const about = { record, options, port };
      const fields = Object.entries(SAYINGS[object.kind] ?? {}).flatMap(([field, saying]) => {
        const place = placeOf(saying, about);
        return place === undefined ? [] : [[field, place] as const];
      });
      return [refOf(object.kind, object.path), new Map([...fields, ...membersOf(object)])];
    }),
  );
}

/** The port that an object is about: of a backend that of the cell, of a virtual server the one that it listens on. */
function portOf(cell: string, object: BigipObject, record: ServiceRecord): ServicePort | undefined {
  const own = partsOfCell(cell)?.port;
  if (own !== undefined) return portOfCell(record, own);
  return object.kind === 'virtual' ? record.ports.find(({ port }) => port === object.destination.port) : undefined;
}

interface About {
  readonly record: ServiceRecord | IngressRecord;
  readonly options: ExtractOptions;
  readonly port: ServicePort | undefined;
}

function placeOf({ by = [], spec, orDefault }: Saying, { record, options, port }: About): string | undefined {
  const keys = by.map((name) => annotationKey(record, { name, port, options }));
  const key = keys.find((one) => one !== undefined);
  if (key !== undefined) return `annotation ${key}`;
  return spec?.(record) ?? (orDefault === true ? DEFAULT_PLACE : undefined);
}

function membersOf(object: BigipObject): readonly (readonly [string, string])[] {
  if (object.kind !== 'pool') return [];
  return (object.members ?? []).map((member) => [`members ${memberName(member)}`, 'its endpoints'] as const);
}
