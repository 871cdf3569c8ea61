import type { Address } from './address.ts';
import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';
import { refOf } from './ref.ts';

/** Frames for this hardware address go into the tunnel towards this endpoint. */
export interface FdbRecord {
  /** Lower case, `c6:d2:32:6f:8f:44`. */
  readonly mac: string;
  readonly endpoint: Address;
}

/**
 * `net fdb tunnel`: the forwarding table of a tunnel. It has the path of the tunnel, comes and goes with it, and belongs
 * to whoever the tunnel belongs to. One record for each node; each node gives its own.
 */
export interface TunnelFdb {
  readonly kind: 'fdb';
  readonly path: FullPath;
  /** The device has no description for it. */
  readonly description?: string;
  /** Sorted by MAC address. */
  readonly records?: readonly FdbRecord[];
  /** The tunnel carries it. */
  readonly mark?: Mark;
}

/** How forwarding tables are read, compared and ordered. */
export const fdbDescriptor: Descriptor<TunnelFdb> = {
  kind: 'fdb',
  noun: 'forwarding table of tunnel',
  order: 7,
  marked: 'none',
  implicit: true,
  comesWith: 'tunnel',
  underlay: true,
  fields: {
    description: { compare: 'bookkeeping' },
    records: { compare: 'keyed', key: (item) => (item as FdbRecord).mac, parts: {} },
    mark: { compare: 'bookkeeping', sortItems: ['origins'] },
  },
  references: ({ path }) => [refOf('tunnel', path)],
  companion: ({ path }) => refOf('tunnel', path),
  // The tunnel says whose it is; which machines gave records is not written down.
  originsOf: () => [],
  mapAddresses: (fdb, map) =>
    fdb.records === undefined
      ? fdb
      : { ...fdb, records: fdb.records.map(({ mac, endpoint }) => ({ mac, endpoint: map(endpoint) })) },
};
