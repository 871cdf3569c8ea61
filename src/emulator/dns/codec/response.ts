import ipaddr from 'ipaddr.js';
import { nameBytes, type KnownNames } from './name.ts';
import type { ClientSubnet, Query } from './query.ts';
import { recordBytes, recordTypes, type ResourceRecord } from './records.ts';

/** Response codes; `badvers` is split between header and OPT (RFC 6891 9). */
export const rcodes = {
  noerror: 0,
  formerr: 1,
  servfail: 2,
  nxdomain: 3,
  notimpl: 4,
  refused: 5,
  badvers: 16,
} as const;

/** The name of a response code, as `failureRcode` spells it. */
export type Rcode = keyof typeof rcodes;

/** What is answered to a query. */
export interface Response {
  readonly rcode: Rcode;
  /** Whether this box has the name. */
  readonly authoritative: boolean;
  readonly answers: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
  readonly additional: readonly ResourceRecord[];
  /** The client's network, when the answer depends on it. */
  readonly scope?: ClientSubnet;
}

/** What is said of itself over UDP (RFC 6891 6.2.3). */
const ownUdpSize = 4096;

function subnetOption({ address, prefixLength }: ClientSubnet): Buffer {
  const bytes = ipaddr.parse(address).toByteArray();
  const used = Buffer.from(bytes.slice(0, Math.ceil(prefixLength / 8)));
  const head = Buffer.alloc(8);
  head.writeUInt16BE(8, 0);
  head.writeUInt16BE(used.length + 4, 2);
  head.writeUInt16BE(bytes.length === 4 ? 1 : 2, 4);
  head.writeUInt8(prefixLength, 6);
  head.writeUInt8(prefixLength, 7);
  return Buffer.concat([head, used]);
}

function optBytes({ edns }: Query, { rcode, scope }: Response): Buffer {
  const options = scope === undefined ? Buffer.alloc(0) : subnetOption(scope);
  const head = Buffer.alloc(11);
  head.writeUInt16BE(recordTypes.OPT, 1);
  head.writeUInt16BE(ownUdpSize, 3);
  head.writeUInt8(rcodes[rcode] >> 4, 5);
  head.writeUInt16BE(edns?.dnssecOk === true ? 0x8000 : 0, 7);
  head.writeUInt16BE(options.length, 9);
  return Buffer.concat([head, options]);
}

function flagsOf({ header }: Query, response: Response, truncated: boolean): number {
  return (
    0x8000 |
    (header.opcode << 11) |
    (response.authoritative ? 0x0400 : 0) |
    (truncated ? 0x0200 : 0) |
    (header.recursionDesired ? 0x0100 : 0) |
    (header.checkingDisabled ? 0x0010 : 0) |
    (rcodes[response.rcode] & 0xf)
  );
}

function build(query: Query, response: Response, truncated: boolean): Buffer {
  const { question, edns } = query;
  const known: KnownNames = new Map();
  const sections = [response.answers, response.authority, response.additional];
  const header = Buffer.alloc(12);
  [
    query.header.id,
    flagsOf(query, response, truncated),
    question === undefined ? 0 : 1,
    response.answers.length,
    response.authority.length,
    response.additional.length + (edns === undefined ? 0 : 1),
  ].forEach((value, at) => header.writeUInt16BE(value, at * 2));
  const parts: Buffer[] = [header];
  let length = header.length;
  const add = (bytes: Buffer): void => {
    parts.push(bytes);
    length += bytes.length;
  };
  if (question !== undefined) {
    add(nameBytes(question.name, length, known));
    const tail = Buffer.alloc(4);
    tail.writeUInt16BE(question.type, 0);
    tail.writeUInt16BE(question.class, 2);
    add(tail);
  }
  for (const record of sections.flat()) {
    add(recordBytes(record, length, known));
  }
  if (edns !== undefined) {
    add(optBytes(query, response));
  }
  return Buffer.concat(parts, length);
}

/** How long a response over UDP may be. */
export function udpLimit({ edns }: Query): number {
  return Math.min(edns?.udpSize ?? 512, ownUdpSize);
}

/**
 * The bytes of a response. What is longer than `limit` bytes first loses its additional records, then all records, and
 * says so (TC): the client asks again over TCP. Throws `DnsFormatError` when a name or an address fits into no message.
 */
export function responseBytes(query: Query, response: Response, limit: number): Buffer {
  const whole = build(query, response, false);
  if (whole.length <= limit) {
    return whole;
  }
  const less = response.additional.length === 0 ? whole : build(query, { ...response, additional: [] }, false);
  return less.length <= limit ? less : build(query, { ...response, answers: [], authority: [], additional: [] }, true);
}
