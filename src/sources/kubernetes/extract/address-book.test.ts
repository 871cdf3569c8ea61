import type { ServiceRecord } from '../model.ts';
import type { AddressPool } from './options.ts';
import { describe, expect, it } from 'vitest';
import { serviceRecord } from '../../../../test/golden/service-record.ts';
import { parseAddress, printAddress } from '../../../ir/address.ts';
import { AddressBook } from './address-book.ts';
import { extractOptions } from './options.ts';

const PREFIX = 'fairlead.io/';

function bookOf(...ranges: readonly string[]): AddressBook {
  return bookWith([{ name: 'public', ranges }]);
}

function bookWith(addressPools: readonly AddressPool[]): AddressBook {
  return new AddressBook(extractOptions({ source: 'east', partition: 'kubernetes', addressPools }));
}

function named(address: string): Partial<ServiceRecord> {
  return { annotations: { [`${PREFIX}address`]: address } };
}

function put(book: AddressBook, name: string, given: Partial<ServiceRecord> = {}): readonly string[] {
  const record = serviceRecord(name, given);
  return book.update(`${record.namespace}/${name}`, record);
}

function addresses(book: AddressBook, name: string): readonly string[] {
  return (book.decision(`default/${name}`)?.addresses ?? []).map(printAddress);
}

function codes(book: AddressBook, name: string): readonly string[] {
  return (book.decision(`default/${name}`)?.diagnostics ?? []).map(({ code, severity }) => `${severity} ${code}`);
}

function known(entries: Readonly<Record<string, string>>) {
  return new Map(
    Object.entries(entries).map(([name, ip]) => [`east:Service/default/${name}`, [parseAddress(ip) ?? { ip }]]),
  );
}

describe('AddressBook', () => {
  it('gives the lowest free address and says whose decision changed', () => {
    const book = bookOf('10.0.0.0/29');
    expect(put(book, 'a')).toEqual(['default/a']);
    expect(put(book, 'b')).toEqual(['default/b']);
    expect([addresses(book, 'a'), addresses(book, 'b')]).toEqual([['10.0.0.1'], ['10.0.0.2']]);
  });

  it('changes nothing when a Service changes in what does not concern addresses', () => {
    const book = bookOf('10.0.0.0/29');
    put(book, 'a');
    expect(put(book, 'a', { ingressIps: ['10.0.0.1'], sessionAffinity: 'ClientIP' })).toEqual([]);
    expect(put(book, 'a', { ingressIps: ['10.0.0.5'] })).toEqual([]);
    expect(addresses(book, 'a')).toEqual(['10.0.0.1']);
  });

  it('keeps an address when ports come and go', () => {
    const book = bookOf('10.0.0.0/29');
    put(book, 'a');
    put(book, 'b');
    put(book, 'a', { ports: [{ protocol: 'TCP', port: 443 }] });
    expect(addresses(book, 'a')).toEqual(['10.0.0.1']);
  });

  it('gives a freed address to the oldest that waits, and names it', () => {
    const book = bookOf('10.0.0.1');
    put(book, 'a');
    put(book, 'young', { creationTimestamp: '2026-01-03T10:00:00Z' });
    put(book, 'old', { creationTimestamp: '2026-01-02T10:00:00Z' });
    put(book, 'undated', { creationTimestamp: '' });
    expect(codes(book, 'old')).toEqual(['error address-pool-exhausted']);
    expect(book.update('default/a', undefined)).toEqual(['default/a', 'default/old']);
    expect(addresses(book, 'old')).toEqual(['10.0.0.1']);
    expect(book.update('default/old', undefined)).toEqual(['default/old', 'default/young']);
  });

  it('does not serve one that stopped waiting', () => {
    const book = bookOf('10.0.0.1');
    put(book, 'a');
    put(book, 'b');
    put(book, 'c');
    book.update('default/b', undefined);
    expect(book.update('default/a', undefined)).toEqual(['default/a', 'default/c']);
  });

  it('lets age decide within a list, whatever its order', () => {
    const book = bookOf('10.0.0.1');
    const young = serviceRecord('young', { creationTimestamp: '2026-01-03T10:00:00Z' });
    const changed = book.updateAll([
      ['default/young', young],
      ['default/old', serviceRecord('old')],
    ]);
    expect(changed).toEqual(['default/old', 'default/young']);
    expect(addresses(book, 'old')).toEqual(['10.0.0.1']);
  });

  it('tells the winner and the loser of a conflict, and both again when it is over', () => {
    const book = bookOf();
    put(book, 'old', named('10.9.0.1'));
    expect(put(book, 'young', { ...named('10.9.0.1'), creationTimestamp: '2026-01-02T10:00:00Z' })).toEqual([
      'default/old',
      'default/young',
    ]);
    expect([codes(book, 'old'), codes(book, 'young')]).toEqual([
      ['warning address-conflict'],
      ['error address-conflict'],
    ]);
    expect(book.decision('default/young')?.refused).toEqual([
      { address: { ip: '10.9.0.1' }, protocol: 'tcp', port: 80 },
    ]);
    expect(book.update('default/old', undefined)).toEqual(['default/old', 'default/young']);
    expect([codes(book, 'young'), book.decision('default/young')?.refused]).toEqual([[], []]);
  });

  it('names at most three losers to the winner', () => {
    const book = bookOf();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) put(book, name, named('10.9.0.1'));
    expect(book.decision('default/a')?.diagnostics[0]?.summary).toContain(
      'asked for by Service default/b, Service default/c, Service default/d and 2 more',
    );
  });

  it('concerns two Services when one more joins a conflict of many', () => {
    const changed: number[] = [];
    for (const many of [10, 1000]) {
      const book = bookOf();
      for (let index = 0; index < many; index += 1) put(book, `s${index}`, named('10.9.0.1'));
      changed.push(put(book, 'zzz', named('10.9.0.1')).length);
    }
    expect(changed).toEqual([2, 2]);
  });

  it('does not give out an address that a Service names, in whatever order they come', () => {
    const book = bookOf('10.0.0.0/29');
    put(book, 'a', named('10.0.0.1'));
    put(book, 'b');
    expect(addresses(book, 'b')).toEqual(['10.0.0.2']);
    book.update('default/a', undefined);
    put(book, 'c');
    expect(addresses(book, 'c')).toEqual(['10.0.0.1']);
  });

  it('leaves a given address to its older holder when a younger Service names it', () => {
    const book = bookOf('10.0.0.0/29');
    put(book, 'a');
    put(book, 'b', { ...named('10.0.0.1'), creationTimestamp: '2026-01-02T10:00:00Z' });
    expect([addresses(book, 'a'), codes(book, 'b')]).toEqual([['10.0.0.1'], ['error address-conflict']]);
  });

  it('moves a holder that lost all its ports to an older Service', () => {
    const book = bookOf('10.0.0.0/29');
    put(book, 'a', { creationTimestamp: '2026-01-02T10:00:00Z' });
    expect(put(book, 'b', named('10.0.0.1'))).toEqual(['default/a', 'default/b']);
    expect([addresses(book, 'a'), codes(book, 'a'), codes(book, 'b')]).toEqual([['10.0.0.2'], [], []]);
  });

  it('keeps a holder in place that lost only one of its ports', () => {
    const book = bookOf('10.0.0.0/29');
    const ports = [80, 443].map((port) => ({ name: `p${port}`, protocol: 'TCP', port }));
    put(book, 'a', { ports, creationTimestamp: '2026-01-02T10:00:00Z' });
    put(book, 'b', named('10.0.0.1'));
    expect(addresses(book, 'a')).toEqual(['10.0.0.1']);
    expect(book.decision('default/a')?.refused.map(({ port }) => port)).toEqual([80]);
  });

  it('honours the device before the status, and the status before the lowest free address', () => {
    const book = bookOf('10.0.0.0/29');
    book.remember(known({ a: '10.0.0.4' }));
    put(book, 'b', { ingressIps: ['10.0.0.4'] });
    put(book, 'c', { ingressIps: ['10.0.0.6'] });
    put(book, 'a', { ingressIps: ['10.0.0.5'] });
    expect(['a', 'b', 'c'].map((name) => addresses(book, name)[0])).toEqual(['10.0.0.4', '10.0.0.1', '10.0.0.6']);
  });

  it('gives an address once, whatever the status of others says; the older one is believed', () => {
    const book = bookOf('10.0.0.0/29');
    put(book, 'a');
    put(book, 'b', { ingressIps: ['10.0.0.1'], creationTimestamp: '2025-01-01T10:00:00Z' });
    expect([addresses(book, 'a'), addresses(book, 'b')]).toEqual([['10.0.0.1'], ['10.0.0.2']]);
    const again = bookOf('10.0.0.0/29');
    const status = { ingressIps: ['10.0.0.5'] };
    again.updateAll([
      ['default/a', serviceRecord('a', { ...status, creationTimestamp: '2026-01-02T10:00:00Z' })],
      ['default/b', serviceRecord('b', status)],
    ]);
    expect([addresses(again, 'a'), addresses(again, 'b')]).toEqual([['10.0.0.1'], ['10.0.0.5']]);
  });

  it('reserves for a Service only until it comes', () => {
    const book = bookOf('10.0.0.0/29');
    book.remember(known({ a: '10.0.0.1' }));
    put(book, 'a');
    put(book, 'a', named('10.9.0.1'));
    put(book, 'b');
    expect(addresses(book, 'b')).toEqual(['10.0.0.1']);
  });

  it('forgets what the device has outside of the pools', () => {
    const book = bookOf('10.0.0.0/29');
    book.remember(known({ a: '10.7.7.7' }));
    put(book, 'a', { ingressIps: ['10.0.0.0'] });
    expect(addresses(book, 'a')).toEqual(['10.0.0.1']);
  });

  it('reserves what the device has for Services that are not there, until all is read', () => {
    const book = bookOf('10.0.0.1');
    book.remember(known({ gone: '10.0.0.1' }));
    put(book, 'a');
    expect(addresses(book, 'a')).toEqual([]);
    expect(book.release()).toEqual(['default/a']);
    expect(addresses(book, 'a')).toEqual(['10.0.0.1']);
  });

  it('goes on reserving for Services that are there and cannot be read', () => {
    const book = bookOf('10.0.0.1-10.0.0.2');
    book.remember(known({ gone: '10.0.0.1', unread: '10.0.0.2' }));
    book.release((service) => service === 'default/unread');
    put(book, 'a');
    put(book, 'b');
    expect([addresses(book, 'a'), addresses(book, 'b')]).toEqual([['10.0.0.1'], []]);
  });

  it('does not reserve what belongs to another source', () => {
    const book = bookOf('10.0.0.1');
    book.remember(new Map([['west:Service/default/a', [{ ip: '10.0.0.1' }]]]));
    put(book, 'b');
    expect(addresses(book, 'b')).toEqual(['10.0.0.1']);
  });

  it('keeps the address of a Service that cannot be understood, and gives it back when it can', () => {
    const book = bookOf('10.0.0.0/29');
    put(book, 'z');
    put(book, 'a');
    expect(put(book, 'a', named('10.0.0'))).toEqual(['default/a']);
    expect(book.decision('default/a')).toMatchObject({ addresses: [{ ip: '10.0.0.2' }], frozen: true });
    book.update('default/z', undefined);
    put(book, 'b', {});
    expect(addresses(book, 'b')).toEqual(['10.0.0.1']);
    put(book, 'a');
    expect(addresses(book, 'a')).toEqual(['10.0.0.2']);
  });

  it('takes the next pool when the first is full', () => {
    const book = bookWith([
      { name: 'first', ranges: ['10.0.0.1'] },
      { name: 'second', ranges: ['10.0.1.1-10.0.1.2'] },
    ]);
    for (const name of ['a', 'b', 'c']) put(book, name);
    expect(['a', 'b', 'c'].map((name) => addresses(book, name)[0])).toEqual(['10.0.0.1', '10.0.1.1', '10.0.1.2']);
    put(book, 'd');
    expect(book.decision('default/d')?.diagnostics[0]?.summary).toContain(
      'no IPv4 address is free in address pools first (1 of 1 used), second (2 of 2 used)',
    );
    book.update('default/b', undefined);
    expect(addresses(book, 'd')).toEqual(['10.0.1.1']);
  });

  it('never gives one address from two pools that overlap', () => {
    const book = bookWith([
      { name: 'shop', ranges: ['10.0.0.0/29'], namespaces: ['shop'] },
      { name: 'all', ranges: ['10.0.0.0/24'] },
    ]);
    put(book, 'a');
    put(book, 'b', { namespace: 'shop' });
    expect([addresses(book, 'a'), book.decision('shop/b')?.addresses]).toEqual([['10.0.0.1'], [{ ip: '10.0.0.2' }]]);
  });

  it('treats the same number in another route domain as another address', () => {
    const book = new AddressBook(
      extractOptions({
        source: 'east',
        partition: 'kubernetes',
        routeDomain: 3,
        addressPools: [{ name: 'public', ranges: ['10.0.0.1-10.0.0.2'] }],
      }),
    );
    put(book, 'a', named('10.0.0.1%4'));
    put(book, 'b');
    put(book, 'c', named('10.0.0.1%3'));
    put(book, 'd', named('10.0.0.1'));
    expect([addresses(book, 'b'), codes(book, 'c'), codes(book, 'd')]).toEqual([
      ['10.0.0.1%3'],
      ['error address-conflict'],
      ['error address-conflict'],
    ]);
  });

  it('refuses a pool that it cannot read, by name', () => {
    expect(() => bookOf('10.0.0.0/40')).toThrow(
      'address pool public: range "10.0.0.0/40", expected a CIDR or first-last',
    );
  });

  it('does not list the addresses of a large pool', () => {
    const book = bookOf('10.0.0.0/8', 'fd00::/8');
    const records = Array.from({ length: 2000 }, (_, index) =>
      serviceRecord(`s${index}`, { ipFamilies: ['IPv4', 'IPv6'] }),
    );
    book.updateAll(records.map((record) => [`default/${record.name}`, record]));
    expect(new Set(records.map((record) => addresses(book, record.name).join())).size).toBe(2000);
    expect(addresses(book, 's0')).toEqual(['10.0.0.1', 'fd00::1']);
  });
});
