import { createSocket } from 'node:dgram';
import ipaddr from 'ipaddr.js';
import { ip, runCommand } from './command.ts';

/** An address that moved to this unit, and where its neighbours are. */
export interface Announcement {
  readonly address: string;
  readonly dev: string;
  /** An address of the same network. */
  readonly neighbour: string;
}

/** How a unit tells its neighbours that an address is here now. */
export type Announce = (announcement: Announcement) => Promise<void>;

/** The discard service (RFC 863): nobody answers. */
const discard = 9;

/**
 * The last host of an IPv4 network, or the one before it if that is the address itself; undefined where there is no other
 * (`/31` and `/32`), and for IPv6.
 */
export function neighbourOf(address: string, length: number): string | undefined {
  if (!ipaddr.IPv4.isValid(address) || length > 30) {
    return undefined;
  }
  const bytes = ipaddr.IPv4.broadcastAddressFromCIDR(`${address}/${length}`).toByteArray();
  const before = (steps: number): string => [...bytes.slice(0, 3), (bytes[3] ?? 0) - steps].join('.');
  return before(1) === address ? before(2) : before(1);
}

/**
 * Says that an address moved here, as a device does by gratuitous ARP. Linux has no command for that, but when a datagram
 * leaves for a neighbour that it does not know, it asks all of the network for him in the name of the datagram's source; who
 * knows that address takes its new hardware address from the question (RFC 826). Never rejects.
 */
export const announceAddress: Announce = async ({ address, dev, neighbour }) => {
  // Entries that are configured stay: `flush` leaves permanent ones.
  await runCommand(ip('neigh', 'flush', 'to', neighbour, 'dev', dev));
  await new Promise<void>((resolve) => {
    const socket = createSocket('udp4');
    const end = (): void => {
      socket.close();
      resolve();
    };
    socket.once('error', end);
    socket.bind(0, address, () => {
      socket.send('', discard, neighbour, end);
    });
  });
};
