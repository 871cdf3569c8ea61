import type { ObjectKey, ServiceRecord } from '../model.ts';
import type { AddressPool } from './options.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serviceRecord } from '../../../../test/golden/service-record.ts';
import { printAddress } from '../../../ir/address.ts';
import { compareText } from '../../../ir/compare-text.ts';
import { AddressBook } from './address-book.ts';
import { extractOptions } from './options.ts';

const POOLS: readonly AddressPool[] = [
  { name: 'small', ranges: ['10.0.0.0/30', 'fd00::1-fd00::2'] },
  { name: 'other', ranges: ['10.0.1.1', '10.0.0.2'] },
];
const options = extractOptions({ source: 'east', partition: 'kubernetes', addressPools: POOLS });
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

const annotations = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.9.9.9', '10.0.0.1,fd00::1').map(address) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('small', 'other', 'none').map((name) => ({ 'fairlead.io/address-pool': name })),
  },
  { weight: 1, arbitrary: fc.constant(address('nonsense')) },
  { weight: 1, arbitrary: fc.constant({ 'fairlead.io/expose': 'false' }) },
);

function address(text: string): Record<string, string> {
  return { 'fairlead.io/address': text };
}

const records = fc
  .record({
    name: fc.constantFrom(...NAMES),
    annotations,
    creationTimestamp: fc.constantFrom('', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
    ipFamilies: fc.constantFrom<('IPv4' | 'IPv6')[]>(['IPv4'], ['IPv6', 'IPv4']),
    ports: fc
      .uniqueArray(fc.constantFrom(80, 443), { minLength: 1 })
      .map((numbers) => numbers.map((port) => ({ name: `p${port}`, protocol: 'TCP', port }))),
  })
  .map(({ name, ...given }) => serviceRecord(name, given));

type Change = readonly [ObjectKey, ServiceRecord | undefined];
const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: records.map((record): Change => [`default/${record.name}`, record]) },
    { weight: 1, arbitrary: fc.constantFrom(...NAMES).map((name): Change => [`default/${name}`, undefined]) },
  ),
  { maxLength: 25 },
);

function stateOf(book: AddressBook): unknown {
  return NAMES.map((name) => [name, book.decision(`default/${name}`)]);
}

function served(book: AddressBook): readonly (readonly [string, string])[] {
  return NAMES.flatMap((name) => {
    const decision = book.decision(`default/${name}`);
    const refused = new Set(decision?.refused.map((one) => `${printAddress(one.address)} ${one.protocol} ${one.port}`));
    return (decision?.addresses ?? []).flatMap((one) =>
      [80, 443]
        .map((port) => [name, `${printAddress(one)} tcp ${port}`] as const)
        .filter(([, slot]) => !refused.has(slot)),
    );
  });
}

function portsOf(now: ReadonlyMap<ObjectKey, ServiceRecord>, name: string): ReadonlySet<number> {
  return new Set(now.get(`default/${name}`)?.ports.map(({ port }) => port));
}

describe('AddressBook, after any changes', () => {
  it('no two Services have the same address, port and protocol', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const book = new AddressBook(options);
        const now = new Map<ObjectKey, ServiceRecord>();
        for (const [key, record] of all) {
          if (record === undefined) now.delete(key);
          else now.set(key, record);
          book.update(key, record);
          const slots = served(book).filter(([name, slot]) => portsOf(now, name).has(Number(slot.split(' ')[2])));
          expect(new Set(slots.map(([, slot]) => slot)).size).toBe(slots.length);
        }
      }),
    );
  });

  it('names exactly the Services whose decision changed', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const book = new AddressBook(options);
        for (const [key, record] of all) {
          const before = NAMES.map((name) => JSON.stringify(book.decision(`default/${name}`)));
          const named = book.update(key, record);
          const after = NAMES.map((name) => JSON.stringify(book.decision(`default/${name}`)));
          const changed = NAMES.filter((_, index) => before[index] !== after[index]).map((name) => `default/${name}`);
          expect(named).toEqual(changed.sort(compareText));
        }
      }),
    );
  });

  it.each(['the device', 'the status'])('a restart with what %s says changes nothing, whatever the order', (where) => {
    fc.assert(
      fc.property(changes, fc.infiniteStream(fc.nat()), (all, random) => {
        const book = new AddressBook(options);
        const now = new Map<ObjectKey, ServiceRecord>();
        for (const [key, record] of all) {
          if (record === undefined) now.delete(key);
          else now.set(key, record);
          book.update(key, record);
        }
        const known = new Map([...now.keys()].map((key) => [key, book.decision(key)?.addresses ?? []]));
        const again = new AddressBook(options);
        const onDevice = [...known].map(([key, addresses]) => [`east:Service/${key}`, addresses] as const);
        if (where === 'the device') again.remember(new Map(onDevice));
        const list = [...now].map(([key, record]) => {
          const ingressIps = where === 'the status' ? (known.get(key) ?? []).map(({ ip }) => ip) : [];
          return [random.next().value ?? 0, key, { ...record, ingressIps }] as const;
        });
        again.updateAll(list.sort(([a], [b]) => a - b).map(([, key, record]) => [key, record]));
        again.release();
        expect(stateOf(again)).toEqual(stateOf(book));
      }),
    );
  });

  it('a list gives the same in any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(records, { selector: ({ name }) => name }), (list) => {
        const [book, again] = [new AddressBook(options), new AddressBook(options)];
        book.updateAll(list.map((record) => [`default/${record.name}`, record]));
        again.updateAll([...list].reverse().map((record) => [`default/${record.name}`, record]));
        expect(stateOf(again)).toEqual(stateOf(book));
      }),
    );
  });
});
