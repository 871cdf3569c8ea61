import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { DnsFormatError, nameBytes, type KnownNames } from './name.ts';

/** Types of records by their number (RFC 1035, 2782, 3403, 3596, 6891). */
export const recordTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  MX: 15,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  OPT: 41,
  ANY: 255,
} as const;

/** What a record says, by type. */
export type RecordData =
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'CNAME' | 'NS'; readonly target: string }
  | { readonly type: 'MX'; readonly preference: number; readonly target: string }
  | {
      readonly type: 'SRV';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    }
  | {
      readonly type: 'NAPTR';
      readonly order: number;
      readonly preference: number;
      readonly flags: string;
      readonly service: string;
      readonly regexp: string;
      readonly replacement: string;
    }
  | {
      readonly type: 'SOA';
      readonly primary: string;
      readonly mailbox: string;
      /** serial, refresh, retry, expire, minimum. */
      readonly numbers: readonly [number, number, number, number, number];
    };

/** A record of a response; `ttl` in seconds. */
export type ResourceRecord = RecordData & { readonly name: string; readonly ttl: number };

function short(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 2);
  numbers.forEach((number, at) => bytes.writeUInt16BE(number & 0xffff, at * 2));
  return bytes;
}

function long(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, at) => bytes.writeUInt32BE(number >>> 0, at * 4));
  return bytes;
}

function characterString(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8').subarray(0, 255);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function addressBytes(type: 'A' | 'AAAA', address: string): Buffer {
  if (!ipaddr.isValid(address) || isIPv4(address) !== (type === 'A')) {
    throw new DnsFormatError(`${address} is no address for ${type}`);
  }
  return Buffer.from(ipaddr.parse(address).toByteArray());
}

/** Names in records that came after RFC 1035 are not compressed (RFC 3597 4). */
function dataBytes(record: RecordData, offset: number, known: KnownNames): Buffer {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return addressBytes(record.type, record.address);
    case 'CNAME':
    case 'NS':
      return nameBytes(record.target, offset, known);
    case 'MX':
      return Buffer.concat([short(record.preference), nameBytes(record.target, offset + 2, known)]);
    case 'SRV':
      return Buffer.concat([short(record.priority, record.weight, record.port), nameBytes(record.target, offset + 6)]);
    case 'NAPTR':
      return Buffer.concat([
        short(record.order, record.preference),
        ...[record.flags, record.service, record.regexp].map(characterString),
        nameBytes(record.replacement, 0),
      ]);
    default: {
      const primary = nameBytes(record.primary, offset, known);
      const mailbox = nameBytes(record.mailbox, offset + primary.length, known);
      return Buffer.concat([primary, mailbox, long(...record.numbers)]);
    }
  }
}

/** The bytes of a record at an offset of its message. */
export function recordBytes(record: ResourceRecord, offset: number, known: KnownNames): Buffer {
  const name = nameBytes(record.name, offset, known);
  const data = dataBytes(record, offset + name.length + 10, known);
  const head = [short(recordTypes[record.type], 1), long(record.ttl), short(data.length)];
  return Buffer.concat([name, ...head, data]);
}
