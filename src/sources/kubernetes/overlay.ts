import type { Address } from '../../ir/address.ts';
import type { Network } from '../../ir/network.ts';
import { familyOf } from '../../ir/address.ts';
import { holdsAddress, networkOf } from '../../ir/network.ts';

/** One machine's part of an overlay, and the hardware address that its pods are reached at. */
export interface Vtep {
  readonly network: Network;
  readonly mac: string;
}

/** What is known of the part of an overlay around an address. */
export interface Vteps {
  /** False: not all was read yet, so that what is missing may be there. */
  readonly ready: boolean;
  readonly vteps: readonly Vtep[];
}

/** The overlay that a device has joined, as far as members of pools need it. */
export interface Overlay {
  /** What is known under a key of {@link vtepBucket}. */
  lookup(bucket: string): Vteps;
  /** Tells of buckets that changed, from now on. */
  listen(hear: (buckets: ReadonlySet<string>) => void): void;
}

/** How members stand in an overlay. */
export interface OverlayUse {
  /**
   * The whole pod network, of each family that the overlay has: what is outside of it (pods on the network of their node) is
   * reached without the overlay.
   */
  readonly networks: readonly Network[];
  /** Give an entry (ARP, of IPv6 a neighbour) for each member. */
  readonly arp: boolean;
}

/** How long the prefixes are that {@link vtepBucket} makes keys of: what a machine usually has. */
export const BUCKET_BITS = { 4: 24, 6: 64 } as const;

/** The key of what bears on an address: the /24, of IPv6 the /64, around it. A change of one machine touches few of them. */
export function vtepBucket({ ip }: Address): string {
  return networkOf({ address: { ip }, length: BUCKET_BITS[familyOf({ ip })] }).address.ip;
}

/** The hardware address behind a pod's address; undefined: nobody is known to have it. */
export function vtepOf(address: Address, { vteps }: Vteps): string | undefined {
  const plain = { ip: address.ip };
  const [found] = vteps
    .filter(({ network }) => holdsAddress(network, plain))
    .sort((a, b) => b.network.length - a.network.length);
  return found?.mac;
}

/** Whether an address is reached through the overlay. */
export function isInOverlay({ ip }: Address, { networks }: OverlayUse): boolean {
  return networks.some((network) => holdsAddress(network, { ip }));
}
