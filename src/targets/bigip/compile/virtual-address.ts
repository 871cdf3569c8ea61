import type { Address } from '../../../ir/address.ts';
import type { VirtualAddress } from '../../../ir/virtual-address.ts';
import type { Codec } from './codec.ts';
import { familyOf, printAddress } from '../../../ir/address.ts';
import { encodeDescription, encodeMetadata } from './metadata.ts';

/** The mask of a destination: the whole address, or `any` for the wildcard (facts 8.5, 8.6). */
export function maskOf(address: Address): string {
  if (address.ip === '0.0.0.0') return 'any';
  if (address.ip === '::') return 'any6';
  return familyOf(address) === 4 ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
}

/**
 * `ltm virtual-address`. `auto-delete false` is sent with every create and adoption, so that the plan alone decides when
 * it goes. An unset traffic group is inherited from the folder.
 */
export const virtualAddressCodec: Codec<VirtualAddress> = {
  fixed: { autoDelete: 'false' },
  properties: {
    description: encodeDescription,
    address: ({ address }, { before }) =>
      before === undefined ? { address: printAddress(address), mask: maskOf(address) } : {},
    arp: ({ arp }) => ({ arp: arp ?? 'enabled' }),
    icmpEcho: ({ icmpEcho }) => ({ icmpEcho: icmpEcho ?? 'enabled' }),
    routeAdvertisement: ({ routeAdvertisement }) => ({ routeAdvertisement: routeAdvertisement ?? 'disabled' }),
    trafficGroup: ({ trafficGroup }) =>
      trafficGroup === undefined ? { inheritedTrafficGroup: 'true' } : { trafficGroup },
    mark: ({ mark }, { otherMetadata }) => encodeMetadata({ mark, other: otherMetadata }),
  },
};
