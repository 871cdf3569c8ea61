import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Io, Query } from './client/io.ts';
import type { Json } from './request.ts';
import { IncompleteRead, readCollection } from './read-collection.ts';

const path = '/mgmt/tm/ltm/pool';

/** A collection, and how the device pages it. */
interface Paging {
  /** Ignores `$top` and `$skip`. */
  readonly whole?: boolean;
  readonly totals?: boolean;
  readonly links?: boolean;
  /** No more than so many in one page, whatever `$top` says. */
  readonly cap?: number;
  /** What happens right after the page of this number was made. */
  readonly after?: (page: number, names: string[]) => void;
}

function ioOf(names: string[], paging: Paging = {}): Pick<Io, 'get'> & { readonly queries: Query[] } {
  const queries: Query[] = [];
  const get = async (_path: string, { query = {} }: { query?: Query } = {}): Promise<Json> => {
    queries.push(query);
    const skip = paging.whole === true ? 0 : Number(query['$skip'] ?? 0);
    const top = paging.whole === true ? names.length : Math.min(Number(query['$top']), paging.cap ?? 1000);
    const items = names.slice(skip, skip + top).map((name) => ({ fullPath: name }));
    const more = skip + top < names.length;
    const total = names.length;
    paging.after?.(queries.length, names);
    return {
      kind: 'tm:ltm:pool:poolcollectionstate',
      ...(items.length === 0 ? {} : { items }),
      ...(paging.totals === true ? { totalItems: total } : {}),
      ...(paging.links === true && more ? { nextLink: 'https://localhost/mgmt' } : {}),
    };
  };
  return { get, queries };
}

async function readAll(io: Pick<Io, 'get'>, pageSize: number): Promise<unknown[]> {
  return readCollection(io as Io, { path, query: { $filter: 'partition eq P' }, pageSize }, (item) => item['fullPath']);
}

const name = (index: number): string => `/P/${String(index).padStart(4, '0')}`;
const listOf = (count: number): string[] => Array.from({ length: count }, (_, index) => name(index));

describe('reading a collection by pages', () => {
  it('gives all items once, in order, however the device pages', async () => {
    const paging = fc.record({ whole: fc.boolean(), totals: fc.boolean(), links: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.integer({ min: 1, max: 15 }), paging, async (count, pageSize, how) => {
        expect(await readAll(ioOf(listOf(count), how), pageSize)).toEqual(listOf(count));
      }),
      { numRuns: 400 },
    );
  });

  it('goes on when the device gives less than was asked for, but says that there is more', async () => {
    for (const how of [{ totals: true }, { links: true }]) {
      expect(await readAll(ioOf(listOf(20), { ...how, cap: 3 }), 10)).toEqual(listOf(20));
    }
  });

  it('sends the filter with every page, and overlaps pages by one item', async () => {
    const io = ioOf(listOf(7), { totals: true });
    await readAll(io, 3);
    expect(io.queries).toEqual([
      { $filter: 'partition eq P', $top: '3' },
      { $filter: 'partition eq P', $top: '3', $skip: '2' },
      { $filter: 'partition eq P', $top: '3', $skip: '4' },
    ]);
  });

  it('reads again from the start when items come or go in between, whether or not the device counts them', async () => {
    for (const totals of [true, false]) {
      const removed = ioOf(listOf(9), {
        totals,
        after: (page, names) => {
          if (page === 2) names.splice(0, 1);
        },
      });
      expect(await readAll(removed, 3)).toEqual(listOf(9).slice(1));
      const added = ioOf(listOf(9), {
        totals,
        after: (page, names) => {
          if (page === 1) names.unshift('/P/!');
        },
      });
      expect(await readAll(added, 3)).toEqual(['/P/!', ...listOf(9)]);
    }
  });

  it('fails whole when the collection never holds still, or is not there', async () => {
    const restless = ioOf(listOf(9), {
      after: (page, names) => {
        names.unshift(`/P/!${page}`);
      },
    });
    await expect(readAll(restless, 3)).rejects.toThrow(`${path} changed while it was read, 5 times in a row`);
    const missing = { get: async () => undefined };
    await expect(readAll(missing, 3)).rejects.toThrow(IncompleteRead);
    const failing = {
      get: async (_: string, { query }: { query?: Query } = {}) => {
        if (query?.['$skip'] !== undefined) throw new Error('503');
        return { items: [{ fullPath: '/P/a' }, { fullPath: '/P/b' }], totalItems: 5 };
      },
    };
    await expect(readAll(failing, 2)).rejects.toThrow('503');
  });

  it('an answer that is no collection is not an empty one', async () => {
    await expect(readAll({ get: async () => ({}) }, 3)).rejects.toThrow(
      `${path}: the device's answer is no collection`,
    );
    expect(await readAll({ get: async () => ({ kind: 'tm:ltm:pool:poolcollectionstate' }) }, 3)).toEqual([]);
  });
});
