import type { Address } from './address.ts';
import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';

/** What static entries of both families say: the hardware address behind an address. */
interface Entry<K extends string> {
  readonly kind: K;
  readonly path: FullPath;
  readonly description?: string;
  readonly address: Address;
  /** Lower case, `c6:d2:32:6f:8f:44`. */
  readonly mac: string;
  readonly mark?: Mark;
}

/** `net arp`: a static entry of an IPv4 address. */
export type Arp = Entry<'arp'>;

/** `net ndp`: a static entry of an IPv6 address. */
export type Ndp = Entry<'ndp'>;

/** A static entry of either family. */
export type Neighbour = Arp | Ndp;

const nouns = { arp: 'ARP entry', ndp: 'IPv6 neighbour entry' } as const;

/** How static entries are read, compared and ordered. Several Services may have members at one address. */
export function neighbourDescriptor<K extends Neighbour['kind']>(kind: K): Descriptor<Entry<K>> {
  return {
    kind,
    noun: nouns[kind],
    order: 9,
    marked: 'description',
    shared: true,
    underlay: true,
    fields: {
      description: { compare: 'value' },
      address: { compare: 'value', immutable: true },
      mac: { compare: 'value' },
      mark: { compare: 'value', sortItems: ['origins'] },
    },
    references: () => [],
    mapAddresses: (entry, map) => ({ ...entry, address: map(entry.address) }),
  };
}
