import type { Address } from './address.ts';
import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';

/** `net arp`: a static entry: the hardware address behind an IPv4 address. */
export interface Arp {
  readonly kind: 'arp';
  readonly path: FullPath;
  readonly description?: string;
  readonly address: Address;
  /** Lower case, `c6:d2:32:6f:8f:44`. */
  readonly mac: string;
  readonly mark?: Mark;
}

/** How static ARP entries are read, compared and ordered. Several Services may have members at one address. */
export const arpDescriptor: Descriptor<Arp> = {
  kind: 'arp',
  noun: 'ARP entry',
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
  mapAddresses: (arp, map) => ({ ...arp, address: map(arp.address) }),
};
