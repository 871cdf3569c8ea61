import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { addressesFor, startWideip } from '../dns/test-kit.ts';

type Entries = Readonly<
  Record<string, { nestedStats: { selfLink: string; entries: Record<string, { value?: number }> } }>
>;

const recordings = path.resolve('..', 'shared', 'reference', 'device-recordings');
const present = existsSync(recordings);
if (!present) {
  process.stdout.write(`statistics of gtm: recordings skipped, ${recordings} is not there\n`);
}

function recorded(file: string): { readonly entries: Entries } {
  return JSON.parse(readFileSync(path.join(recordings, file), 'utf8')) as { entries: Entries };
}

function only(entries: Entries): Entries[string] {
  const [entry] = Object.values(entries);
  if (entry === undefined) throw new Error('no entry');
  return entry;
}

describe('statistics of gtm', () => {
  it.skipIf(!present)('have the names of the recorded ones, in their order, under the recorded keys', async () => {
    const client = await startWideip();
    for (const [collection, file] of [
      ['gtm/wideip/a/~Common~www.example.com', 'f5-telemetry-streaming/gtm_wideip_a_stats.json'],
      ['gtm/pool/a/~Common~p', 'f5-telemetry-streaming/gtm_pool_a_stats.json'],
      ['gtm/pool/a/~Common~p', 'f5-ansible/load_gtm_pool_a_example_stats.json'],
      ['gtm/pool/a/~Common~p/members', 'f5-telemetry-streaming/gtm_pool_a_members_stats.json'],
    ] as const) {
      const { body } = await client.get(`${collection}/stats`);
      const entries = body.entries as Entries;
      expect(Object.keys(only(entries).nestedStats.entries)).toEqual(
        Object.keys(only(recorded(file).entries).nestedStats.entries),
      );
    }
    const { body } = await client.get('gtm/pool/a/~Common~p/stats');
    expect(Object.keys(body.entries)).toEqual(['https://localhost/mgmt/tm/gtm/pool/a/~Common~p/~Common~p:A/stats']);
    expect(only(body.entries).nestedStats.selfLink).toMatch(/~Common~p:A\/stats\?ver=/v);
  });

  it('count requests, resolutions and methods of wide IPs, pools and members', async () => {
    const client = await startWideip();
    for (let times = 0; times < 4; times += 1) addressesFor(client);
    const read = async (of: string): Promise<Record<string, number | undefined>> => {
      const { body } = await client.get(`${of}/stats`);
      const entries = Object.entries(only(body.entries).nestedStats.entries);
      return Object.fromEntries(entries.map(([name, stat]) => [name, stat.value]));
    };
    expect(await read('gtm/wideip/a/~Common~www.example.com')).toMatchObject({
      requests: 4,
      resolutions: 4,
      preferred: 4,
      alternate: 0,
      fallback: 0,
    });
    expect(await read('gtm/pool/a/~Common~p')).toMatchObject({ preferred: 4, dropped: 0 });
    expect(await read('gtm/pool/a/~Common~p/members/~Common~s:vs1')).toMatchObject({ preferred: 2 });
    expect(await read('gtm/pool/a/~Common~p/members/~Common~s:vs2')).toMatchObject({ preferred: 1 });
    // A wide IP that is made anew starts at zero.
    const wideip = 'gtm/wideip/a/~Common~www.example.com';
    expect((await client.delete(wideip)).status).toBe(200);
    expect((await client.post('gtm/wideip/a', { name: 'www.example.com', pools: ['p'] })).status).toBe(200);
    expect(await read(wideip)).toMatchObject({ requests: 0 });
  });
});
