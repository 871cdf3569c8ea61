import ipaddr from 'ipaddr.js';
import { fromCanonical, isV6, parseAddress } from '../../names/address.ts';

/** A network in a route domain. */
export interface Prefix {
  /** The address as it was given, normalised; of a network its first address. */
  readonly ip: string;
  readonly routeDomain: number;
  readonly length: number;
}

/** Reads `10.0.0.1%1/24`; without a length it is one address. Undefined for anything else. */
export function parsePrefix(text: string, defaultRouteDomain: number): Prefix | undefined {
  const [host = '', length, ...rest] = text.split('/');
  const address = parseAddress(host, defaultRouteDomain);
  if (address === undefined || rest.length > 0) {
    return undefined;
  }
  const most = isV6(address.ip) ? 128 : 32;
  const bits = length === undefined ? most : /^\d{1,3}$/v.test(length) ? Number(length) : Number.NaN;
  return bits <= most ? { ...address, length: bits } : undefined;
}

/** A prefix in the form that the store keeps, `10.0.0.0%0/24`. */
export function readStored(text: string): Prefix {
  const [host = '', length = ''] = text.split('/');
  return { ...fromCanonical(host), length: Number(length) };
}

/** The form that the store keeps. */
export function toStored(prefix: Prefix): string {
  return `${prefix.ip}%${prefix.routeDomain}/${prefix.length}`;
}

/** The network of a prefix: host bits are cleared. */
export function networkOf(prefix: Prefix): Prefix {
  const cidr = `${prefix.ip}/${prefix.length}`;
  const first = isV6(prefix.ip) ? ipaddr.IPv6.networkAddressFromCIDR(cidr) : ipaddr.IPv4.networkAddressFromCIDR(cidr);
  return { ...prefix, ip: first.toString() };
}

/** Whether an address is in a network, the route domains left aside. */
export function covers(network: Prefix, ip: string): boolean {
  if (isV6(network.ip) !== isV6(ip)) {
    return false;
  }
  const { ip: first } = networkOf({ ...network, ip });
  return first === networkOf(network).ip;
}

/** The netmask of a length, `255.255.255.0`; for IPv6 the length as an address. */
export function netmask(prefix: Prefix): string {
  return isV6(prefix.ip)
    ? ipaddr.IPv6.subnetMaskFromPrefixLength(prefix.length).toString()
    : ipaddr.IPv4.subnetMaskFromPrefixLength(prefix.length).toString();
}
