import ipaddr from 'ipaddr.js';
import type { Address } from './address.ts';
import { familyOf, parseAddress } from './address.ts';

/** A network: its first address (with the route domain that it lies in), and the length of its prefix. */
export interface Network {
  readonly address: Address;
  /** Bits of the prefix: 0 to 32, for IPv6 to 128. */
  readonly length: number;
}

/** An address in a network: of an interface, with the length of the prefix. Printed as a network is. */
export type Interface = Network;

/**
 * Reads `10.244.1.0/24`, `10.244.1.0%2/24`, `2001:db8::/64`; host bits are cleared. Undefined if the text is no network;
 * a prefix length is needed.
 */
export function parseNetwork(text: string): Network | undefined {
  const given = parseInterface(text);
  return given === undefined ? undefined : networkOf(given);
}

/** As {@link parseNetwork}, with the host bits left: `10.244.20.60/16` of a self IP. */
export function parseInterface(text: string): Interface | undefined {
  const [host = '', bits = '', ...rest] = text.split('/');
  const address = parseAddress(host);
  if (address === undefined || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return undefined;
  const length = Number(bits);
  return length <= bitsOf(address) ? { address, length } : undefined;
}

/** The network of an address of an interface: its host bits cleared. */
export function networkOf({ address, length }: Interface): Network {
  const { ip: text, ...domain } = address;
  const cidr = `${text}/${length}`;
  const ip =
    familyOf(address) === 6
      ? ipaddr.IPv6.networkAddressFromCIDR(cidr).toRFC5952String()
      : ipaddr.IPv4.networkAddressFromCIDR(cidr).toString();
  return { address: { ip, ...domain }, length };
}

/** The networks of a longer prefix that a network is made of, in order: as many as two to the power of the difference. */
export function subnetsOf(network: Network, length: number): readonly Network[] {
  const { ip, ...domain } = network.address;
  const first = ipaddr.parse(ip).toByteArray();
  const count = 2 ** (length - network.length);
  return Array.from({ length: count }, (_, index) => {
    const bytes = [...first];
    // The bits between the two lengths count up: the index, from the last of these bits on.
    for (let bit = length - 1, rest = index; bit >= network.length; bit -= 1, rest = Math.floor(rest / 2)) {
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | ((rest % 2) << (7 - (bit & 7)));
    }
    const address = parseAddress(ipaddr.fromByteArray(bytes).toString()) ?? network.address;
    return { address: { ...address, ...domain }, length };
  });
}

/** The network of one address: `/32`, for IPv6 `/128`. */
export function hostNetwork(address: Address): Network {
  return { address, length: bitsOf(address) };
}

/** `10.244.1.0/24`, `10.244.1.0%2/24`. */
export function printNetwork({ address, length }: Network): string {
  const { ip, routeDomain } = address;
  return `${ip}${routeDomain === undefined ? '' : `%${routeDomain}`}/${length}`;
}

/** Whether a network holds an address. Route domains must be the same. */
export function holdsAddress(network: Network, address: Address): boolean {
  return holdsNetwork(network, hostNetwork(address));
}

/** Whether a network holds all of another one. Route domains must be the same. */
export function holdsNetwork(outer: Network, inner: Network): boolean {
  if (outer.length > inner.length || familyOf(outer.address) !== familyOf(inner.address)) return false;
  if (outer.address.routeDomain !== inner.address.routeDomain) return false;
  return networkOf({ address: inner.address, length: outer.length }).address.ip === outer.address.ip;
}

function bitsOf(address: Address): number {
  return familyOf(address) === 6 ? 128 : 32;
}
