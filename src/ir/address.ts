import ipaddr from 'ipaddr.js';

/** An IP address, with the route domain that it lives in. Never a string to be cut up twice. */
export interface Address {
  /** Canonical text: IPv4 dotted, IPv6 compressed and lower-case (RFC 5952). */
  readonly ip: string;
  /** Left out for the partition's default route domain. */
  readonly routeDomain?: number;
}

/** An address and a port (0 = any). */
export interface Endpoint {
  readonly address: Address;
  readonly port: number;
}

const ROUTE_DOMAIN_MAX = 65_534;

/**
 * Reads `10.0.0.1`, `2001:db8::1` or either with `%<route domain>`; undefined if the text is no address.
 * IPv4 must have four decimal parts: `10.1` and `010.0.0.1` are refused, so that nothing is guessed.
 */
export function parseAddress(text: string): Address | undefined {
  const [ipText = '', domainText, ...rest] = text.split('%');
  if (rest.length > 0) return undefined;
  const ip = canonicalIp(ipText);
  if (ip === undefined) return undefined;
  if (domainText === undefined) return { ip };
  if (!/^\d{1,5}$/.test(domainText) || Number(domainText) > ROUTE_DOMAIN_MAX) return undefined;
  return { ip, routeDomain: Number(domainText) };
}

function canonicalIp(text: string): string | undefined {
  // The library throws and catches inside: an address with its port, which tables are full of, is not worth that.
  const isIPv4 = /^[\d.]+$/.test(text);
  // It refuses parts with a leading zero, too.
  if (isIPv4) return ipaddr.IPv4.isValidFourPartDecimal(text) ? text : undefined;
  const isPlainlyNone = text.indexOf(':') === text.lastIndexOf(':');
  if (isPlainlyNone || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.IPv6.parse(text).toRFC5952String();
}

/** 4 or 6. */
export function familyOf(address: Address): 4 | 6 {
  return address.ip.includes(':') ? 6 : 4;
}

/** `10.0.0.1`, `10.0.0.1%2`, `2001:db8::1%2`. */
export function printAddress(address: Address): string {
  return address.routeDomain === undefined ? address.ip : `${address.ip}%${address.routeDomain}`;
}

/** `10.0.0.1:80`, and with a dot for IPv6: `2001:db8::1.80` (how TMOS names members and destinations). */
export function printEndpoint({ address, port }: Endpoint): string {
  return `${printAddress(address)}${familyOf(address) === 6 ? '.' : ':'}${port}`;
}

/** Reads what {@link printEndpoint} prints; undefined if it is none. `any` as a port is 0. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const [, host = '', portText = ''] = /^(.*)[.:](\d{1,5}|any)$/.exec(text) ?? [];
  const address = parseAddress(host);
  const port = portText === 'any' ? 0 : Number(portText);
  if (address === undefined || port > 65_535) return undefined;
  const separator = text.at(-(portText.length + 1));
  return separator === (familyOf(address) === 6 ? '.' : ':') ? { address, port } : undefined;
}
