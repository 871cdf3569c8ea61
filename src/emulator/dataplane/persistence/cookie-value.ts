import { parseBits } from '../addresses.ts';

/** What a persistence cookie says: a pool member's address and port. */
export interface CookieTarget {
  readonly address: string;
  readonly routeDomain: number;
  readonly port: number;
}

/** What {@link decodeCookie} finds: `value` is the address as one number. */
export interface DecodedCookie {
  readonly family: 4 | 6;
  readonly value: bigint;
  readonly routeDomain: number;
  readonly port: number;
}

const MAPPED_PREFIX = '00000000000000000000ffff';

/**
 * The value of BIG-IP's insert cookie for a member (F5 article K6917): `1677787402.20480.0000` for 10.1.1.100:80,
 * `vi20010112…0030.20480` for IPv6, `rd5o<32 hex digits>o80` in a route domain other than 0. Undefined if the
 * address is none.
 */
export function encodeCookie({ address, routeDomain, port }: CookieTarget): string | undefined {
  const bits = parseBits(address);
  if (bits === undefined) return undefined;
  if (routeDomain !== 0) return `rd${routeDomain}o${hexAddress(bits)}o${port}`;
  if (bits.family === 6) return `vi${hexAddress(bits)}.${swapPort(port)}`;
  return `${reverseIpv4(Number(bits.value))}.${swapPort(port)}.0000`;
}

/** Reads what {@link encodeCookie} writes; undefined for anything else. */
export function decodeCookie(text: string): DecodedCookie | undefined {
  const plain = /^(\d{1,10})\.(\d{1,5})\.0000$/.exec(text);
  if (plain !== null) {
    const value = BigInt(reverseIpv4(Number(plain[1])));
    return { family: 4, value, routeDomain: 0, port: swapPort(Number(plain[2])) };
  }
  const ipv6 = /^vi([0-9a-f]{32})\.(\d{1,5})$/i.exec(text);
  if (ipv6 !== null) return fromHex(ipv6[1] ?? '', 0, swapPort(Number(ipv6[2])));
  const domain = /^rd(\d{1,5})o([0-9a-f]{32})o(\d{1,5})$/i.exec(text);
  if (domain !== null) return fromHex(domain[2] ?? '', Number(domain[1]), Number(domain[3]));
  return undefined;
}

/** Whether a decoded cookie names this member. */
export function cookieNames(decoded: DecodedCookie, member: CookieTarget): boolean {
  const bits = parseBits(member.address);
  return (
    bits?.family === decoded.family &&
    bits.value === decoded.value &&
    member.port === decoded.port &&
    member.routeDomain === decoded.routeDomain
  );
}

/**
 * The cookie's default name: `BIGipServer<pool>`; pools outside `/Common` with their path, `/` as `~`:
 * `BIGipServer~shop~web` (K6917).
 */
export function cookieName(pool: string): string {
  return `BIGipServer${pool.startsWith('/Common/') ? pool.slice('/Common/'.length) : pool}`.replaceAll('/', '~');
}

function hexAddress({ family, value }: { readonly family: 4 | 6; readonly value: bigint }): string {
  return family === 6 ? value.toString(16).padStart(32, '0') : MAPPED_PREFIX + value.toString(16).padStart(8, '0');
}

function fromHex(hex: string, routeDomain: number, port: number): DecodedCookie {
  const mapped = hex.toLowerCase().startsWith(MAPPED_PREFIX);
  const value = BigInt(`0x${mapped ? hex.slice(MAPPED_PREFIX.length) : hex}`);
  return { family: mapped ? 4 : 6, value, routeDomain, port };
}

/** 10.1.1.100 as the number 0x6401010A: the bytes in reverse. */
function reverseIpv4(value: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value % 2 ** 32);
  return bytes.readUInt32LE();
}

function swapPort(port: number): number {
  return ((port & 0xff) << 8) | ((port >> 8) & 0xff);
}
