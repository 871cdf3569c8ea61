import type { Address } from './address.ts';
import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';

/**
 * `ltm virtual-address`. Made explicitly and with `auto-delete false`, so that the plan shows it and decides when
 * it goes; left alone, the device makes and removes one with the virtual server.
 */
export interface VirtualAddress {
  readonly kind: 'virtual-address';
  readonly path: FullPath;
  readonly description?: string;
  readonly address: Address;
  /** Left out: enabled. */
  readonly arp?: 'enabled' | 'disabled';
  /** Left out: enabled. */
  readonly icmpEcho?: string;
  /** Left out: disabled. */
  readonly routeAdvertisement?: string;
  /** Left out: not compared, the partition decides. */
  readonly trafficGroup?: FullPath;
  readonly mark?: Mark;
}

/** How virtual addresses are read, compared and ordered. */
export const virtualAddressDescriptor: Descriptor<VirtualAddress> = {
  kind: 'virtual-address',
  noun: 'virtual address',
  order: 40,
  marked: 'metadata',
  shared: true,
  addressed: true,
  fields: {
    description: { compare: 'value' },
    address: { compare: 'value', immutable: true },
    arp: { compare: 'value', default: 'enabled' },
    icmpEcho: { compare: 'value', default: 'enabled' },
    routeAdvertisement: { compare: 'value', default: 'disabled' },
    trafficGroup: { compare: 'value' },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: () => [],
  mapAddresses: (address, map) => ({ ...address, address: map(address.address) }),
};
