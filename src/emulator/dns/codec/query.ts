import ipaddr from 'ipaddr.js';
import { DnsFormatError, readName } from './name.ts';
import { recordTypes } from './records.ts';

/** What is asked. `type` and `class` as numbers: a question for an unknown type is a question too. */
export interface Question {
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

/** The network of the client behind a resolver (RFC 7871). */
export interface ClientSubnet {
  readonly address: string;
  readonly prefixLength: number;
}

/** EDNS0 of a query (RFC 6891). `udpSize` in bytes, at least 512. */
export interface Edns {
  readonly udpSize: number;
  readonly version: number;
  readonly dnssecOk: boolean;
  readonly clientSubnet?: ClientSubnet;
}

/** The head of a message, enough to refuse it. */
export interface Header {
  readonly id: number;
  readonly opcode: number;
  readonly recursionDesired: boolean;
  readonly checkingDisabled: boolean;
}

/** A query as it was read; without `question` it cannot be understood. */
export interface Query {
  readonly header: Header;
  readonly question?: Question;
  readonly edns?: Edns;
}

const headerBytes = 12;

function readSubnet(data: Buffer): ClientSubnet {
  const family = data.length < 4 ? 0 : data.readUInt16BE(0);
  const prefixLength = data[2] ?? 0;
  const size = family === 1 ? 4 : family === 2 ? 16 : 0;
  if (size === 0 || prefixLength > size * 8 || data.length - 4 !== Math.ceil(prefixLength / 8)) {
    throw new DnsFormatError('client subnet');
  }
  const bytes = Buffer.alloc(size);
  data.copy(bytes, 0, 4);
  return { address: ipaddr.fromByteArray([...bytes]).toString(), prefixLength };
}

function readOptions(data: Buffer): ClientSubnet | undefined {
  let found: ClientSubnet | undefined;
  for (let at = 0; at < data.length;) {
    if (at + 4 > data.length || at + 4 + data.readUInt16BE(at + 2) > data.length) {
      throw new DnsFormatError('option beyond the end');
    }
    const end = at + 4 + data.readUInt16BE(at + 2);
    if (data.readUInt16BE(at) === 8) {
      found = readSubnet(data.subarray(at + 4, end));
    }
    at = end;
  }
  return found;
}

interface RawRecord {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  readonly data: Buffer;
  readonly end: number;
}

function readRecord(message: Buffer, start: number): RawRecord {
  const { name, end } = readName(message, start);
  if (end + 10 > message.length || end + 10 + message.readUInt16BE(end + 8) > message.length) {
    throw new DnsFormatError('record beyond the end');
  }
  const length = message.readUInt16BE(end + 8);
  return {
    name,
    type: message.readUInt16BE(end),
    class: message.readUInt16BE(end + 2),
    ttl: message.readUInt32BE(end + 4),
    data: message.subarray(end + 10, end + 10 + length),
    end: end + 10 + length,
  };
}

function ednsOf({ name, class: size, ttl, data }: RawRecord): Edns {
  if (name !== '') {
    throw new DnsFormatError('OPT of a name');
  }
  const clientSubnet = readOptions(data);
  return {
    udpSize: Math.max(512, size),
    version: (ttl >>> 16) & 0xff,
    dnssecOk: (ttl & 0x8000) !== 0,
    ...(clientSubnet === undefined ? {} : { clientSubnet }),
  };
}

/** The records after the question: only EDNS of them matters. */
function readEdns(message: Buffer, start: number): Edns | undefined {
  const count = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10);
  let edns: Edns | undefined;
  let at = start;
  for (let left = count; left > 0; left -= 1) {
    const record = readRecord(message, at);
    at = record.end;
    if (record.type === recordTypes.OPT) {
      if (edns !== undefined) {
        throw new DnsFormatError('two OPT records');
      }
      edns = ednsOf(record);
    }
  }
  return edns;
}

/**
 * Reads a query. Undefined for what gets no answer at all: too short for a header, or a response itself. What has a
 * header but cannot be read comes back without a question.
 */
export function readQuery(message: Buffer): Query | undefined {
  if (message.length < headerBytes || (message.readUInt16BE(2) & 0x8000) !== 0) {
    return undefined;
  }
  const flags = message.readUInt16BE(2);
  const header: Header = {
    id: message.readUInt16BE(0),
    opcode: (flags >> 11) & 0xf,
    recursionDesired: (flags & 0x0100) !== 0,
    checkingDisabled: (flags & 0x0010) !== 0,
  };
  try {
    if (message.readUInt16BE(4) !== 1) {
      return { header };
    }
    const { name, end } = readName(message, headerBytes);
    if (end + 4 > message.length) {
      return { header };
    }
    const question = { name, type: message.readUInt16BE(end), class: message.readUInt16BE(end + 2) };
    const edns = readEdns(message, end + 4);
    return { header, question, ...(edns === undefined ? {} : { edns }) };
  } catch (error) {
    if (error instanceof DnsFormatError) {
      return { header };
    }
    throw error;
  }
}
