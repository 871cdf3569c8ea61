import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An IP address in a route domain. `ip` is in its shortest lower-case form. */
export interface Address {
  readonly ip: string;
  readonly routeDomain: number;
}

const pattern = /^([^%\/]+)(?:%(\d{1,5}))?$/v;

/**
 * Reads `10.0.0.1`, `10.0.0.1%2`, `2001:db8::1%2`; undefined for anything else.
 * Without `%rd` the given default route domain holds.
 */
export function parseAddress(text: string, defaultRouteDomain: number): Address | undefined {
  const match = pattern.exec(text);
  const raw = match?.[1];
  if (match === null || raw === undefined) {
    return undefined;
  }
  const family = isIP(raw);
  if (family === 0) {
    return undefined;
  }
  const routeDomain = match[2] === undefined ? defaultRouteDomain : Number(match[2]);
  if (routeDomain > 65_534) {
    return undefined;
  }
  return { ip: family === 4 ? raw : ipaddr.parse(raw).toString(), routeDomain };
}

/** The form that the store keeps: always with its route domain, `10.0.0.1%0`. */
export function canonicalAddress(address: Address): string {
  return `${address.ip}%${address.routeDomain}`;
}

/** Back from the stored form. */
export function fromCanonical(text: string): Address {
  const at = text.lastIndexOf('%');
  return { ip: text.slice(0, at), routeDomain: Number(text.slice(at + 1)) };
}

/** The printed form: without `%rd` when it is the default of the folder that one looks from. */
export function printAddress(canonical: string, defaultRouteDomain: number): string {
  const { ip, routeDomain } = fromCanonical(canonical);
  return routeDomain === defaultRouteDomain ? ip : `${ip}%${routeDomain}`;
}

/** Whether the text is an IPv6 address. */
export function isV6(ip: string): boolean {
  return ip.includes(':');
}
