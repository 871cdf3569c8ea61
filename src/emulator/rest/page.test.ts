import { afterEach, describe, expect, it, vi } from 'vitest';
import { Collection } from '../store/collection.ts';
import type { ConfigObject } from '../store/object.ts';
import { clientOf, startTest, type Client, type TestReply } from '../test-kit.ts';
import { defineKind } from '../kinds/kind.ts';

const kind = defineKind({ path: 'ltm/thing', type: 'Thing', fields: [] });

function thing(partition: string, name: string): ConfigObject {
  return { kind, scope: '', name, partition, fullPath: `/${partition}/${name}`, generation: 1, values: {} };
}

const all = (): boolean => true;

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a page of a collection', () => {
  it('goes on across partitions, in order', () => {
    const collection = new Collection();
    for (const [partition, name] of [
      ['P', 'b'],
      ['Common', 'z'],
      ['P', 'a'],
      ['Q', 'c'],
      ['Common', 'y'],
    ] as const) {
      collection.put(thing(partition, name));
    }
    const paths = (skip: number, end: number): readonly string[] =>
      collection.slice(all, skip, end).items.map((each) => each.fullPath);
    expect(paths(0, Infinity)).toEqual(['/Common/y', '/Common/z', '/P/a', '/P/b', '/Q/c']);
    expect(paths(1, 3)).toEqual(['/Common/z', '/P/a']);
    expect(paths(3, 99)).toEqual(['/P/b', '/Q/c']);
    expect(paths(5, 9)).toEqual([]);
    expect(paths(2, 2)).toEqual([]);
    expect(collection.slice((partition) => partition !== 'P', 1, 3)).toMatchObject({
      total: 3,
      items: [{ fullPath: '/Common/z' }, { fullPath: '/Q/c' }],
    });
  });

  it('looks at no more objects than it holds, among 10,000', () => {
    const collection = new Collection();
    for (let at = 0; at < 10_000; at += 1) {
      collection.put(thing(at % 2 === 0 ? 'P' : 'Q', `v${at}`));
    }
    collection.slice(all, 0, 1);
    collection.slice(all, 9_999, 10_000);
    const looks = vi.spyOn(Map.prototype, 'get');
    const { items, total } = collection.slice(all, 7_000, 7_030);
    const count = looks.mock.calls.length;
    looks.mockRestore();
    expect([items.length, total]).toEqual([30, 10_000]);
    expect(count).toBeLessThan(50);
  });
});

describe('a user of one partition', () => {
  async function asUser(): Promise<{ admin: Client; get: (path: string) => Promise<TestReply> }> {
    const users = [
      { name: 'admin', password: 'admin' },
      { name: 'p', password: 'secret', role: 'manager', partitions: ['P'] },
    ];
    const admin = await startTest({ users });
    for (const [name, address] of [
      ['P', '10.0.0.1'],
      ['Q', '10.0.0.2'],
    ] as const) {
      await admin.post('auth/partition', { name });
      await admin.post('ltm/pool', { name: 'pool', partition: name, members: [`${address}:80`] });
    }
    await admin.post('ltm/node', { name: 'shared', address: '10.9.9.9' });
    await admin.patch('ltm/pool/~Q~pool', { members: ['/Common/shared:80'] });
    const headers = { Authorization: `Basic ${Buffer.from('p:secret').toString('base64')}` };
    return { admin, get: (path) => clientOf(admin.emulator).send('GET', path, undefined, headers) };
  }

  it('sees nothing of others, neither objects, items nor statistics', async () => {
    const { admin, get } = await asUser();
    expect((await admin.get('ltm/pool/~Q~pool/members')).body.items).toHaveLength(1);
    const item = '~Common~shared:80';
    const hidden = ['', '/stats', '/members', '/members/stats', `/members/${item}`, `/members/${item}/stats`];
    for (const path of hidden) {
      expect((await get(`ltm/pool/~Q~pool${path}`)).status).toBe(404);
    }
    for (const path of ['', '/stats', '/members', '/members/stats', '/members/~P~10.0.0.1:80']) {
      expect((await get(`ltm/pool/~P~pool${path}`)).status).toBe(200);
    }
    expect((await get('ltm/pool')).body.items).toHaveLength(1);
    expect((await get('ltm/pool?$top=1')).body).toMatchObject({ totalItems: 1 });
    expect((await get('ltm/pool?$filter=partition eq Q')).body.items).toBeUndefined();
    expect(Object.keys((await get('ltm/pool/stats')).body.entries)).toHaveLength(1);
    expect(Object.keys((await get('ltm/pool/members/stats')).body.entries)).toHaveLength(1);
  });

  it('statistics of items of what is not there are 404', async () => {
    const client = await startTest();
    expect((await client.get('ltm/pool/none/members/stats')).body).toMatchObject({
      code: 404,
      message: '01020036:3: The requested Pool (/Common/none) was not found.',
    });
  });
});
