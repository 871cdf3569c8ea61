import { expect, it } from 'vitest';
import type { NetworkClaim } from './network-book.ts';
import { parseNetwork, printNetwork } from '../../ir/network.ts';
import { NetworkBook } from './network-book.ts';

function claim(cell: string, network: string, more: Partial<NetworkClaim> = {}): NetworkClaim {
  return { cell, origin: cell, rank: 1, since: '2026', network: parseNetwork(network)!, ...more };
}

/** Who wins over whom, after these claims were made in this order. */
function rivals(...claims: readonly NetworkClaim[]): readonly string[] {
  const book = new NetworkBook();
  for (const one of claims) book.set(one.cell, [one]);
  return claims
    .flatMap((one) => {
      const rival = book.rivalOf(one);
      return rival === undefined ? [] : [`${rival.cell} over ${one.cell} (${printNetwork(one.network)})`];
    })
    .sort();
}

it('the first source wins, whatever the order and the lengths of the prefixes', () => {
  const all = [
    claim('east', '10.244.0.0/16'),
    claim('west', '10.244.1.0/24', { rank: 2 }),
    claim('north', '10.244.1.128/25', { rank: 3 }),
    claim('other', '10.245.0.0/16', { rank: 4 }),
    claim('apart', '10.244.1.0%2/24', { rank: 5 }),
  ];
  const expected = ['east over north (10.244.1.128/25)', 'east over west (10.244.1.0/24)'];
  expect(rivals(...all)).toEqual(expected);
  expect(rivals(...all.toReversed())).toEqual(expected);
});

it('within a source the oldest has a network, and parts of it may be elsewhere', () => {
  const all = [
    claim('young', '10.244.1.0/26', { since: '2026-02' }),
    claim('old', '10.244.1.0/26', { since: '2026-01' }),
    claim('borrower', '10.244.1.5/32', { since: '2026-03' }),
  ];
  expect(rivals(...all)).toEqual(['old over young (10.244.1.0/26)']);
});

it('tells whom a change concerns, also after networks of a length came and went', () => {
  const book = new NetworkBook();
  const east = claim('east', '10.244.0.0/16');
  const west = claim('west', '10.244.1.0/24', { rank: 2 });
  expect([...book.set('west', [west])]).toEqual([]);
  expect([...book.set('east', [east])]).toEqual(['west']);
  expect([...book.set('east', [east])]).toEqual([]);
  expect([...book.set('east', [])]).toEqual(['west']);
  expect(book.rivalOf(west)).toBeUndefined();
  expect([...book.set('west', [])]).toEqual([]);
  expect([...book.set('east', [east])]).toEqual([]);
});
