import { describe, expect, it } from 'vitest';
import { startTest } from '../test-kit.ts';

/** Statistics, by what they are called. */
interface Stats {
  readonly [name: string]: { readonly value?: number; readonly description?: string; readonly nestedStats: Nested };
}

interface Nested {
  readonly entries: Stats;
}

/** What stands under one URI after the other. */
function at(entries: Stats, ...uris: readonly string[]): Stats {
  return uris.reduce((above, uri) => above[uri]?.nestedStats.entries ?? {}, entries);
}

describe('pages of the machine', () => {
  it('show hardware, memory and licence under the URIs that clients read', async () => {
    const client = await startTest();
    const entries = async (path: string): Promise<Stats> => (await client.get(path)).body.entries;
    const base = 'https://localhost/mgmt/tm/sys';
    const platform = `${base}/hardware/platform`;
    expect(at(await entries('sys/hardware'), platform, `${platform}/0`)['marketingName']?.description).toBe(
      'BIG-IP Virtual Edition',
    );
    const host = `${base}/memory/memory-host`;
    const memory = at(await entries('sys/memory'), host, `${host}/0`);
    expect(memory['memoryTotal']?.value).toBeGreaterThan(memory['memoryUsed']?.value ?? Infinity);
    const license = at(await entries('sys/license'), `${base}/license/0`);
    const registered = await client.get('shared/licensing/registration');
    expect(registered.body.registrationKey).toBe(license['registrationKey']?.description);
  });

  it('list certificates of sys crypto one by one too, by full path or bare name', async () => {
    const client = await startTest();
    const [first] = (await client.get('sys/crypto/cert')).body.items;
    for (const name of [first.name, first.fullPath.replaceAll('/', '~')]) {
      expect((await client.get(`sys/crypto/cert/${name}`)).body).toEqual(first);
    }
    expect((await client.get('sys/crypto/cert/~Common~nobody')).status).toBe(404);
  });
});

describe('tasks of extension packages', () => {
  const base = '/mgmt/shared/iapp/package-management-tasks';

  it('find no package, install none, and are kept', async () => {
    const client = await startTest();
    const query = await client.post(base, { operation: 'QUERY' });
    expect(query).toMatchObject({ status: 202, body: { status: 'CREATED' } });
    const done = await client.get(`${base}/${query.body.id}`);
    expect(done.body).toMatchObject({ status: 'FINISHED', queryResponse: [] });
    const install = await client.post(base, { operation: 'INSTALL', packageFilePath: '/tmp/a.rpm' });
    expect((await client.get(`${base}/${install.body.id}`)).body.status).toBe('FAILED');
    expect((await client.get(base)).body.items).toHaveLength(2);
  });

  it('refuse other operations and methods, and do not know other tasks', async () => {
    const client = await startTest();
    expect((await client.post(base, { operation: 'BURN' })).status).toBe(400);
    expect((await client.delete(base)).status).toBe(405);
    expect((await client.get(`${base}/nobody`)).status).toBe(404);
  });
});
