import type { Said } from '../../desired/provenance.ts';
import type { BigipObject } from '../../ir/objects.ts';
import type { FieldName } from './fields.ts';
import type { OriginKey } from '../../ir/origin.ts';
import type { TableService, TableServices } from './services.ts';
import { refOf } from '../../ir/ref.ts';
import { DEFAULT_PLACE } from '../values/defaults.ts';
import { originOfService } from './extract.ts';
import { printPlace } from './row.ts';

/** The fields of a row that say a field of an object, the one that counts most first; then it is a default, or not. */
interface Saying {
  readonly by: readonly FieldName[];
  readonly orDefault?: true;
}

const VIRTUAL: Readonly<Record<string, Saying>> = {
  destination: { by: ['vip', 'port'] },
  virtualAddress: { by: ['vip'] },
  ipProtocol: { by: ['protocol'], orDefault: true },
  pool: { by: ['pool', 'service'] },
  profiles: { by: ['profiles', 'type', 'protocol'], orDefault: true },
  persistence: { by: ['persistence'] },
  sourceAddressTranslation: { by: ['snat'], orDefault: true },
  rules: { by: ['rules'] },
  description: { by: ['description', 'service'] },
};

const SAYINGS: Readonly<Record<string, Readonly<Record<string, Saying>>>> = {
  virtual: VIRTUAL,
  'virtual-address': { address: { by: ['vip'] }, description: { by: ['description', 'service'] } },
  pool: {
    loadBalancingMode: { by: ['load_balancing'], orDefault: true },
    monitor: { by: ['monitor'], orDefault: true },
    minActiveMembers: { by: ['min_active_members'] },
    description: { by: ['description', 'service'] },
  },
};

/** Where the rows of a service say the fields of its objects: `vips.csv, row 3, column VIP`. */
export function placesOf(service: TableService, objects: readonly BigipObject[]): Said {
  const members = [...service.memberPlaces].map(([name, place]) => [`members ${name}`, printPlace(place)] as const);
  return new Map(
    objects.map(({ kind, path }) => {
      const fields = Object.entries(SAYINGS[kind] ?? {}).flatMap(([field, saying]) => {
        const place = placeOf(service, saying);
        return place === undefined ? [] : [[field, place] as const];
      });
      return [refOf(kind, path), new Map([...fields, ...(kind === 'pool' ? members : [])])];
    }),
  );
}

function placeOf({ provenance }: TableService, { by, orDefault }: Saying): string | undefined {
  const place = by.map((field) => provenance.get(field)).find((one) => one !== undefined);
  if (place !== undefined) return printPlace(place);
  return orDefault === true ? DEFAULT_PLACE : undefined;
}

/** The services of tables by their origins. */
export function servicesByOrigin(
  all: Iterable<TableServices>,
  options: Parameters<typeof originOfService>[1],
): ReadonlyMap<OriginKey, TableService> {
  const byOrigin = new Map<OriginKey, TableService>();
  for (const { services } of all) {
    for (const service of services.values()) byOrigin.set(originOfService(service, options), service);
  }
  return byOrigin;
}
