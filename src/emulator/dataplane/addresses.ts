import { isIPv4, isIPv6 } from 'node:net';

/** An address as bits: 4 or 6, and its value as one number. */
export interface AddressBits {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/**
 * Reads an address without route domain; an IPv4-mapped IPv6 address (`::ffff:10.0.0.1`, as dual-stack sockets
 * report it) counts as IPv4. Undefined if the text is no address.
 */
export function parseBits(text: string): AddressBits | undefined {
  if (isIPv4(text)) return { family: 4, value: ipv4Value(text) };
  const ip = text.split('%')[0] ?? '';
  if (!isIPv6(ip)) return undefined;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  return mapped === undefined ? { family: 6, value: ipv6Value(ip) } : { family: 4, value: ipv4Value(mapped) };
}

function ipv4Value(text: string): bigint {
  return text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function ipv6Value(text: string): bigint {
  const withoutTail = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (...parts: string[]) => {
    const [, a, b, c, d] = parts.map(Number);
    return `${(((a ?? 0) << 8) | (b ?? 0)).toString(16)}:${(((c ?? 0) << 8) | (d ?? 0)).toString(16)}`;
  });
  const [left = '', right] = withoutTail.split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const zeros = right === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array<string>(zeros).fill('0'), ...tail];
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** An address as text that compares: IPv4-mapped becomes IPv4, letters become small. Not an address: as it is. */
export function plainAddress(text: string): string {
  const bits = parseBits(text);
  return bits?.family === 4 ? printBits(bits) : text.toLowerCase();
}

/** `10.0.0.1`; eight groups of IPv6, none left out. */
function printBits({ family, value }: AddressBits): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => (value >> BigInt(112 - 16 * at)) & 0xffffn);
  return groups.map((group) => group.toString(16)).join(':');
}

/**
 * Whether `address` lies in `cidr` (`10.0.0.0/8`, `::/0`, or an address alone). Route domains are left out. A
 * network of length 0, an empty or an unreadable one matches any address: an IPv6 virtual server may be mapped to an
 * IPv4 port.
 */
export function inNetwork(address: string, cidr: string): boolean {
  const [network = '', prefixText] = cidr.replace(/%\d+/, '').split('/');
  const base = parseBits(network);
  const bits = parseBits(address);
  if (base === undefined || bits === undefined) return true;
  const width = base.family === 4 ? 32 : 128;
  const length = prefixLength(prefixText, width);
  if (length === 0) return true;
  if (base.family !== bits.family) return false;
  const shift = BigInt(width - length);
  return base.value >> shift === bits.value >> shift;
}

function prefixLength(text: string | undefined, width: number): number {
  const length = text === undefined ? width : Number(text);
  return Number.isInteger(length) && length >= 0 && length <= width ? length : width;
}

/**
 * The part of an address that a mask (`255.255.255.0`, `ffff:ffff::`) leaves, as a text for comparison. `none`,
 * `any` or a mask of the other family leave the whole address.
 */
export function maskedAddress(address: string, mask: string): string {
  const bits = parseBits(address);
  const maskBits = parseBits(mask);
  if (bits === undefined || maskBits === undefined || bits.family !== maskBits.family) return plainAddress(address);
  return printBits({ family: bits.family, value: bits.value & maskBits.value });
}

/** Whether the address is in 127.0.0.0/8 or `::1`. */
export function isLoopback(address: string): boolean {
  return inNetwork(address, '127.0.0.0/8') || parseBits(address)?.value === 1n;
}

/** `10.0.0.1:80`, and with a dot for IPv6, as TMOS prints destinations. */
export function printDestination(address: string, port: number): string {
  return `${address}${address.includes(':') ? '.' : ':'}${port}`;
}
