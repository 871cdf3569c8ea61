import { expect, it } from 'vitest';
import type { Contribution } from '../desired/contribution.ts';
import { parseNetwork } from '../ir/network.ts';
import { ReachBook } from './reach-book.ts';

const { signal } = new AbortController();
const network = parseNetwork('10.244.1.0/26')!;
const cell = 'east.network:Node/node1';
const given: Contribution = {
  cell,
  origin: cell,
  since: '',
  objects: [],
  reaches: [{ network }],
  diagnostics: [],
};
const target = (...networks: readonly string[]) => ({
  name: 'bigip',
  routes: () => Promise.resolve(networks.map((text) => parseNetwork(text)!)),
});

it('tells who is not reached, and keeps what a frozen cell wanted', async () => {
  const book = new ReachBook();
  book.take(given);
  await book.read(target(), signal);
  expect(book.problems).toMatchObject([{ code: 'route-not-learned', origin: cell }]);
  const { reaches: _, ...nothing } = given;
  book.take({ ...nothing, frozen: true });
  expect(book.problems).toHaveLength(1);
  await book.read(target('10.244.1.0/26'), signal);
  expect(book.problems).toEqual([]);
  await book.read(target(), signal);
  book.drop(cell);
  expect(book.problems).toEqual([]);
});

it('asks no device where nobody wants to be reached, and says nothing of one that has no routing table', async () => {
  const book = new ReachBook();
  await book.read({ name: 'bigip', routes: () => Promise.reject(new Error('asked')) }, signal);
  expect(book.problems).toEqual([]);
  book.take(given);
  await book.read({ name: 'memory' }, signal);
  expect(book.problems).toEqual([]);
});

it('says that nobody knows where the table cannot be read, and stops nothing', async () => {
  const book = new ReachBook();
  book.take(given);
  await book.read({ name: 'bigip', routes: () => Promise.reject(new Error('403: not allowed')) }, signal);
  expect(book.problems).toMatchObject([
    { code: 'routes-unread', summary: expect.stringContaining('403: not allowed') },
  ]);
});
