import ipaddr from 'ipaddr.js';
import { parseAddress } from '../../../ir/address.ts';

/** The families of addresses, as Kubernetes names them. */
export type Family = 'IPv4' | 'IPv6';

/** Addresses from `low` to `high`, both included, as numbers. */
export interface IpRange {
  readonly family: Family;
  readonly low: bigint;
  readonly high: bigint;
}

/** An IP address as a number. The text must be an address (see `parseAddress`), without a route domain. */
export function ipValue(ip: string): bigint {
  return ipaddr
    .parse(ip)
    .toByteArray()
    .reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The canonical text of an address that is given as a number. */
export function ipText(value: bigint, family: Family): string {
  const length = family === 'IPv4' ? 4 : 16;
  const bytes = Array.from({ length }, (_, index) => Number((value >> BigInt(8 * (length - 1 - index))) & 255n));
  return family === 'IPv4' ? bytes.join('.') : new ipaddr.IPv6(bytes).toRFC5952String();
}

/**
 * Reads `10.0.0.0/24`, `10.0.0.10-10.0.0.20` or one address; IPv4 or IPv6. Undefined if the text is none of these.
 *
 * A network's own addresses are left out: of an IPv4 CIDR shorter than /31 the first and the last (network, broadcast),
 * of an IPv6 CIDR shorter than /127 the first (the subnet-router anycast address, RFC 4291 2.6.1).
 */
export function parseRange(text: string): IpRange | undefined {
  const trimmed = text.trim();
  if (trimmed.includes('/')) return parseCidrRange(trimmed);
  const [first = '', last = first, ...rest] = trimmed.split('-').map((part) => part.trim());
  const [low, high] = [parseIp(first), parseIp(last)];
  if (rest.length > 0 || low === undefined || high === undefined || low.family !== high.family) return undefined;
  return low.value > high.value ? undefined : { family: low.family, low: low.value, high: high.value };
}

function parseCidrRange(text: string): IpRange | undefined {
  const cidr = parseCidr(text);
  if (cidr === undefined) return undefined;
  const { family, low, high, prefix } = cidr;
  const hasOwn = prefix < (family === 'IPv4' ? 31 : 127);
  if (!hasOwn) return { family, low, high };
  return { family, low: low + 1n, high: family === 'IPv4' ? high - 1n : high };
}

/** A network: all its addresses, its own ones among them, and the length of its prefix. */
export interface Cidr extends IpRange {
  readonly prefix: number;
}

/** Reads `10.1.0.0/16`, `2001:db8::/32`; host bits are cleared. Undefined if the text is no CIDR. */
export function parseCidr(text: string): Cidr | undefined {
  const [ip = '', prefixText = '', ...rest] = text.trim().split('/');
  const parsed = parseIp(ip);
  if (parsed === undefined || rest.length > 0 || !/^\d{1,3}$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  const bits = bitsOf(parsed.family);
  if (prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const low = parsed.value - (parsed.value % size);
  return { family: parsed.family, low, high: low + size - 1n, prefix };
}

/** 32 or 128. */
export function bitsOf(family: Family): number {
  return family === 'IPv4' ? 32 : 128;
}

function parseIp(text: string): { readonly family: Family; readonly value: bigint } | undefined {
  const address = parseAddress(text);
  if (address === undefined || address.routeDomain !== undefined) return undefined;
  return { family: address.ip.includes(':') ? 'IPv6' : 'IPv4', value: ipValue(address.ip) };
}

/** Sorted, with overlapping and adjacent ranges joined. All must be of one family. */
export function joinRanges(ranges: readonly IpRange[]): readonly IpRange[] {
  const joined: IpRange[] = [];
  for (const range of [...ranges].sort((a, b) => compareValues(a.low, b.low))) {
    const last = joined.at(-1);
    if (last === undefined || range.low > last.high + 1n) joined.push(range);
    else if (range.high > last.high) joined[joined.length - 1] = { ...last, high: range.high };
  }
  return joined;
}

/** Orders two numbers of addresses. */
export function compareValues(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
