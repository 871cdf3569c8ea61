import { describe, expect, it } from 'vitest';
import { parseNetwork } from '../../../ir/network.ts';
import { vtepOf } from '../../kubernetes/overlay.ts';
import type { FlannelLease } from './lease.ts';
import { VtepBook } from './vtep-book.ts';

function lease(network: string, mac = 'c6:d2:32:6f:8f:01'): FlannelLease {
  return { networks: [parseNetwork(network)!], backend: 'vxlan', mac };
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
    expect(told).toEqual([['10.244.1'], ['10.244.4', '10.244.5'], ['10.244.1']]);
  });

  it('finds the machine with the longest network around an address', () => {
    const book = new VtepBook();
    book.set('wide', lease('10.244.0.0/16', '02:00:00:00:00:01'));
    book.set('small', lease('10.244.1.64/26', '02:00:00:00:00:02'));
    const seen = book.lookup('10.244.1');
    expect(vtepOf({ ip: '10.244.1.70' }, seen)).toBe('02:00:00:00:00:02');
    expect(vtepOf({ ip: '10.244.1.7', routeDomain: 2 }, seen)).toBe('02:00:00:00:00:01');
    expect(vtepOf({ ip: '10.244.1.7' }, book.lookup('10.9.9'))).toBeUndefined();
  });

  it('answers who asked before all was read, also where there is nobody', () => {
    const book = new VtepBook();
    const told = listening(book);
    expect(book.lookup('10.244.7')).toEqual({ ready: false, vteps: [] });
    book.open();
    book.open();
    expect(told).toEqual([['10.244.7']]);
    expect(book.lookup('10.244.7').ready).toBe(true);
  });
});
