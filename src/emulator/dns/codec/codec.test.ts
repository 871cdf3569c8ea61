import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawName, rawQuery, see } from '../test-kit.ts';
import { DnsFormatError, nameBytes, readName } from './name.ts';
import { readQuery } from './query.ts';
import type { ResourceRecord } from './records.ts';
import { responseBytes, udpLimit, type Response } from './response.ts';

const nothing: Response = { rcode: 'noerror', authoritative: true, answers: [], authority: [], additional: [] };

function queryOf(bytes: Buffer): NonNullable<ReturnType<typeof readQuery>> {
  const query = readQuery(bytes);
  if (query === undefined) throw new Error('no query');
  return query;
}

describe('names', () => {
  it('come back as they were, whatever bytes their labels hold', () => {
    const label = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 5 }), (labels) => {
        const parts = labels.flatMap((each) => [Buffer.from([each.length]), Buffer.from(each)]);
        const wire = Buffer.concat([...parts, Buffer.from([0])]);
        const { name, end } = readName(wire, 0);
        expect(end).toBe(wire.length);
        expect(nameBytes(name, 0)).toEqual(wire);
      }),
    );
  });

  it('end with or without a dot, and the root is empty', () => {
    expect(nameBytes('a.b.', 0)).toEqual(nameBytes('a.b', 0));
    expect(nameBytes('', 0)).toEqual(Buffer.from([0]));
    expect(nameBytes('.', 0)).toEqual(Buffer.from([0]));
  });

  it('are compressed to names before them, letters of either case alike', () => {
    const known = new Map<string, number>();
    const first = nameBytes('www.Example.com', 12, known);
    expect(first).toEqual(rawName('www.Example.com'));
    expect(nameBytes('mail.example.COM', 40, known)).toEqual(Buffer.from('\x04mail\xc0\x10', 'latin1'));
    expect(nameBytes('WWW.example.com', 60, known)).toEqual(Buffer.from([0xc0, 12]));
  });

  it('that fit into no message are refused', () => {
    for (const name of ['a..b', `${'x'.repeat(64)}.com`, Array(130).fill('a').join('.')]) {
      expect(() => nameBytes(name, 0)).toThrow(DnsFormatError);
    }
  });

  it('with pointers that lead forward, to themselves or in circles are refused', () => {
    for (const bytes of [[0xc0, 0], [0xc0, 2, 0], [1, 97, 0xc0, 0], [0xc0], [5, 97], [0x80, 0]]) {
      expect(() => readName(Buffer.from(bytes), 0)).toThrow(DnsFormatError);
    }
  });
});

describe('queries', () => {
  it('are read with their EDNS0 and the network of the client', () => {
    const subnet = Buffer.from([0, 8, 0, 7, 0, 1, 24, 0, 10, 1, 2]);
    const query = readQuery(rawQuery('www.example.com', 28, { edns: 1232, options: subnet }));
    expect(query).toEqual({
      header: { id: 0x1234, opcode: 0, recursionDesired: true, checkingDisabled: false },
      question: { name: 'www.example.com', type: 28, class: 1 },
      edns: { udpSize: 1232, version: 0, dnssecOk: false, clientSubnet: { address: '10.1.2.0', prefixLength: 24 } },
    });
    expect(query === undefined ? 0 : udpLimit(query)).toBe(1232);
  });

  it('of no sense have no question, and what is no query is nothing', () => {
    const good = rawQuery('www.example.com');
    expect(readQuery(good.subarray(0, 11))).toBe(undefined);
    const response = Buffer.from(good);
    response.writeUInt8(0x81, 2);
    expect(readQuery(response)).toBe(undefined);
    expect(readQuery(good.subarray(0, good.length - 1))?.question).toBe(undefined);
    const two = Buffer.from(good);
    two.writeUInt16BE(2, 4);
    expect(readQuery(two)?.question).toBe(undefined);
    const badSubnet = rawQuery('a.b', 1, { edns: 512, options: Buffer.from([0, 8, 0, 5, 0, 1, 99, 0, 10]) });
    expect(readQuery(badSubnet)?.question).toBe(undefined);
  });

  it('of random bytes, and good ones with a byte changed or cut, never throw', () => {
    const seed = rawQuery('www.example.com', 1, { edns: 4096, options: Buffer.from([0, 8, 0, 5, 0, 1, 8, 0, 10]) });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => readQuery(Buffer.from(bytes))).not.toThrow();
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.nat(seed.length - 1), fc.nat(255), fc.nat(seed.length), (at, byte, length) => {
        const changed = Buffer.from(seed);
        changed[at] = byte;
        expect(() => readQuery(changed.subarray(0, length))).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});

describe('responses', () => {
  it('echo the question in its letters, and OPT only when there was one', () => {
    const plain = queryOf(rawQuery('wWw.eXample.com'));
    const bytes = responseBytes(plain, nothing, 512);
    expect(bytes.subarray(12)).toEqual(rawQuery('wWw.eXample.com').subarray(12));
    const edns = responseBytes(queryOf(rawQuery('a.b', 1, { edns: 1400 })), nothing, 512);
    expect(see(edns).counts).toEqual([0, 0, 1]);
    expect(edns.subarray(-11)).toEqual(Buffer.from([0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0]));
  });

  it('that are too long lose additional records first, then say that they are cut', () => {
    const record = (at: number): ResourceRecord => ({
      name: 'www.example.com',
      ttl: 30,
      type: 'A',
      address: `10.0.${at >> 8}.${at & 255}`,
    });
    const many = (count: number): ResourceRecord[] => Array.from({ length: count }, (_none, at) => record(at));
    const query = queryOf(rawQuery('www.example.com'));
    const fits = see(responseBytes(query, { ...nothing, answers: many(10), additional: many(40) }, 512));
    expect([fits.truncated, fits.counts]).toEqual([false, [10, 0, 0]]);
    const cut = see(responseBytes(query, { ...nothing, answers: many(40) }, 512));
    expect([cut.truncated, cut.counts, cut.bytes.length <= 512]).toEqual([true, [0, 0, 0], true]);
    expect(see(responseBytes(query, { ...nothing, answers: many(40) }, 65_535)).counts).toEqual([40, 0, 0]);
  });

  it('refuse addresses that are none', () => {
    const answers: ResourceRecord[] = [{ name: 'a.b', ttl: 1, type: 'A', address: '2001:db8::1' }];
    expect(() => responseBytes(queryOf(rawQuery('a.b')), { ...nothing, answers }, 512)).toThrow(DnsFormatError);
  });
});
