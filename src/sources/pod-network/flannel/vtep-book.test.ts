import { describe, expect, it } from 'vitest';
import { parseNetwork } from '../../../ir/network.ts';
import { vtepBucket, vtepOf } from '../../kubernetes/overlay.ts';
import type { FlannelLease } from './lease.ts';
import { VtepBook } from './vtep-book.ts';

function lease(network: string, mac = 'c6:d2:32:6f:8f:01'): FlannelLease {
  return { networks: [parseNetwork(network)!], backend: 'vxlan', mac, publicIp: { ip: '10.1.20.101' } };
}

function listening(book: VtepBook): string[][] {
  const told: string[][] = [];
  book.listen((buckets) => told.push([...buckets].sort()));
  return told;
}

describe('who has which pods', () => {
  it('touches what concerns the machine alone, and nothing when it says the same again', () => {
    const book = new VtepBook();
    const told = listening(book);
    book.set('node1', lease('10.244.1.0/24'));
    book.set('node1', lease('10.244.1.0/24'));
    book.set('node2', lease('10.244.4.0/23'));
    book.set('node1', undefined);
    expect(told).toEqual([['10.244.1.0'], ['10.244.4.0', '10.244.5.0'], ['10.244.1.0']]);
  });

  it('finds the machine with the longest network around an address', () => {
    const book = new VtepBook();
    book.set('wide', lease('10.244.0.0/16', '02:00:00:00:00:01'));
    book.set('small', lease('10.244.1.64/26', '02:00:00:00:00:02'));
    const seen = book.lookup('10.244.1.0');
    expect(vtepOf({ ip: '10.244.1.70' }, seen)).toBe('02:00:00:00:00:02');
    expect(vtepOf({ ip: '10.244.1.7', routeDomain: 2 }, seen)).toBe('02:00:00:00:00:01');
    expect(vtepOf({ ip: '10.244.1.7' }, book.lookup('10.9.9.0'))).toBeUndefined();
  });

  it('knows the machine of an IPv6 address by the end of its VXLAN for IPv6', () => {
    const book = new VtepBook();
    const told = listening(book);
    const networks = ['10.244.1.0/24', 'fd00:244:1::/63'].map((text) => parseNetwork(text)!);
    const ends = { mac: '02:00:00:00:00:01', macV6: '02:00:00:00:00:61', publicIp: { ip: '10.1.20.101' } };
    book.set('node1', { networks, backend: 'vxlan', ...ends, publicIpv6: { ip: '2001:db8:20::101' } });
    expect(told).toEqual([['10.244.1.0', 'fd00:244:1:1::', 'fd00:244:1::']]);
    const of = (ip: string): string | undefined => vtepOf({ ip }, book.lookup(vtepBucket({ ip })));
    expect(of('fd00:244:1:1::5')).toBe('02:00:00:00:00:61');
    expect(of('10.244.1.5')).toBe('02:00:00:00:00:01');
    expect(of('fd00:244:1:2::5')).toBeUndefined();
  });

  it('knows nobody at a machine whose address is not known: it has no record', () => {
    const book = new VtepBook();
    const { publicIp: _, ...rest } = lease('10.244.1.0/24');
    book.set('node1', rest);
    expect(book.lookup('10.244.1.0').vteps).toEqual([]);
  });

  it('answers who asked before all was read, also where there is nobody', () => {
    const book = new VtepBook();
    const told = listening(book);
    expect(book.lookup('10.244.7.0')).toEqual({ ready: false, vteps: [] });
    book.open();
    book.open();
    expect(told).toEqual([['10.244.7.0']]);
    expect(book.lookup('10.244.7.0').ready).toBe(true);
  });
});
