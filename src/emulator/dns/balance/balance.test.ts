import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock, type Client } from '../../test-kit.ts';
import { addressesFor, ask, make, rawQuery, startGtm, startWideip } from '../test-kit.ts';
import { matchesPattern } from '../wideips.ts';
import { Rotation } from './rotation.ts';

const virtuals = 'gtm/server/~Common~s/virtual-servers';

/** The addresses of so many queries, one each. */
function series(client: Client, count: number, from?: string): string {
  return Array.from({ length: count }, () => addressesFor(client, from).join('+')).join(' ');
}

async function patch(client: Client, path: string, body: Record<string, unknown>): Promise<void> {
  expect((await client.patch(path, body)).status).toBe(200);
}

/** Pools `p1`, `p2`, `p3` of one virtual server each, and the wide IP `www.example.com` over them. */
async function startPools(wideip: Record<string, unknown>, ratios: readonly number[] = [1, 1, 1]): Promise<Client> {
  const client = await startGtm({ dns: { listen: false, random: () => 0.5 } });
  for (const number of [1, 2, 3]) {
    await make(client, 'gtm/pool/a', { name: `p${number}`, members: [`s:vs${number}`] });
  }
  const pools = ratios.map((ratio, at) => ({ name: `p${at + 1}`, ratio, order: at }));
  await make(client, 'gtm/wideip/a', { name: 'www.example.com', pools, ...wideip });
  return client;
}

describe('the rotation', () => {
  it('gives each its share, whatever the shares', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }), (weights) => {
        const rotation = new Rotation();
        const offered = weights.map((weight, at) => ({ key: String(at), weight }));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const taken = Array.from({ length: total * 2 }, () => rotation.next('owner', offered)?.key);
        expect(offered.map(({ key }) => taken.filter((each) => each === key).length)).toEqual(
          weights.map((w) => w * 2),
        );
      }),
    );
  });
});

describe('wildcards', () => {
  it('match as the same pattern does as a regular expression', () => {
    const letters = fc.constantFrom('a', 'b', '.');
    const pattern = fc.array(fc.oneof(letters, fc.constantFrom('*', '?')), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 10 }), pattern, (name, parts) => {
        const meaning = new Map([
          ['*', '.*'],
          ['?', '[^.]'],
          ['.', String.raw`\.`],
        ]);
        const source = parts.map((each) => meaning.get(each) ?? each).join('');
        expect(matchesPattern(name.join(''), parts.join(''))).toBe(new RegExp(`^${source}$`, 'v').test(name.join('')));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('methods of a pool', () => {
  it('round-robin and ratio take turns by their shares', async () => {
    const client = await startWideip();
    expect(series(client, 6)).toBe('1 2 3 1 2 3');
    await patch(client, 'gtm/pool/a/~Common~p', { loadBalancingMode: 'ratio' });
    await patch(client, 'gtm/pool/a/~Common~p/members/~Common~s:vs2', { ratio: 2 });
    await patch(client, 'gtm/pool/a/~Common~p/members/~Common~s:vs3', { ratio: 0 });
    expect(
      series(client, 9)
        .split(' ')
        .filter((each) => each === '2'),
    ).toHaveLength(6);
  });

  it('give several answers when maxAnswersReturned says so, and the TTL of the pool', async () => {
    const client = await startWideip({ maxAnswersReturned: 2, ttl: 77 });
    expect(series(client, 3)).toBe('1+2 2+3 3+1');
    const { bytes } = ask(client, rawQuery('www.example.com'));
    expect(bytes.readUInt32BE(12 + 17 + 4 + 6)).toBe(77);
  });

  it('global-availability gives the first by memberOrder that can be used', async () => {
    const client = await startWideip({ loadBalancingMode: 'global-availability' });
    expect(series(client, 2)).toBe('1 1');
    await patch(client, 'gtm/pool/a/~Common~p/members/~Common~s:vs3', { memberOrder: 0 });
    await patch(client, 'gtm/pool/a/~Common~p/members/~Common~s:vs1', { memberOrder: 5 });
    expect(series(client, 2)).toBe('3 3');
    await patch(client, 'gtm/pool/a/~Common~p/members/~Common~s:vs3', { disabled: true });
    expect(series(client, 2)).toBe('2 2');
  });

  it('static-persistence gives a client the same, and moves only the clients of one that is gone', async () => {
    const client = await startWideip({ loadBalancingMode: 'static-persistence' });
    const clients = Array.from({ length: 60 }, (_none, at) => `198.51.100.${at}`);
    const before = clients.map((each) => addressesFor(client, each)[0]);
    expect(clients.map((each) => addressesFor(client, each)[0])).toEqual(before);
    expect(new Set(before)).toEqual(new Set([1, 2, 3]));
    await patch(client, `${virtuals}/vs3`, { disabled: true });
    const after = clients.map((each) => addressesFor(client, each)[0]);
    expect(after.every((each, at) => each === before[at] || before[at] === 3)).toBe(true);
    await patch(client, 'gtm/global-settings/general', { staticPersistCidrIpv4: 24 });
    expect(new Set(clients.map((each) => addressesFor(client, each)[0])).size).toBe(1);
  });

  it('fall to the alternate method when the preferred one has nothing to give', async () => {
    for (const loadBalancingMode of ['none', 'lowest-round-trip-time', 'topology', 'fallback-ip']) {
      const client = await startWideip({ loadBalancingMode, alternateMode: 'global-availability' });
      expect([loadBalancingMode, series(client, 2)]).toEqual([loadBalancingMode, '1 1']);
      const { body } = await client.get('gtm/pool/a/~Common~p/stats');
      expect(JSON.stringify(body)).toContain('"alternate":{"value":2}');
    }
  });

  it('drop-packet gives no answer, return-to-dns what the zone has', async () => {
    const client = await startWideip({ loadBalancingMode: 'drop-packet' });
    expect(client.emulator.dns?.answer(rawQuery('www.example.com'), '198.51.100.1')).toBe(undefined);
    await patch(client, 'gtm/pool/a/~Common~p', { loadBalancingMode: 'return-to-dns' });
    expect(ask(client, rawQuery('www.example.com'))).toMatchObject({ rcode: 0, counts: [0, 1, 0] });
  });

  it('topology gives the members with the best score for the network of the client', async () => {
    const client = await startWideip({ loadBalancingMode: 'topology', alternateMode: 'none', fallbackMode: 'none' });
    await make(client, 'gtm/region', { name: 'lab', regionMembers: [{ name: 'subnet 10.1.0.0/16' }] });
    const records: readonly [string, number][] = [
      ['ldns: subnet 10.0.0.0/8 server: subnet 192.0.2.1/32', 10],
      ['ldns: region /Common/lab server: subnet 192.0.2.2/32', 20],
      ['ldns: not subnet 10.0.0.0/8 server: pool /Common/p', 5],
    ];
    for (const [name, score] of records) {
      await make(client, 'gtm/topology', { name, score });
    }
    expect(series(client, 2, '10.9.9.9')).toBe('1 1');
    expect(series(client, 2, '10.1.2.3')).toBe('2 2');
    expect(series(client, 3, '172.16.0.1')).toBe('1 2 3');
    const subnet = Buffer.from([0, 8, 0, 7, 0, 1, 24, 0, 10, 1, 2]);
    const query = rawQuery('www.example.com', 1, { edns: 1232, options: subnet });
    await patch(client, 'gtm/wideip/a/~Common~www.example.com', { topologyPreferEdns0ClientSubnet: 'enabled' });
    const { bytes } = ask(client, query, '172.16.0.1');
    // The address of the client's network decides, and its scope is echoed.
    expect(bytes.includes(Buffer.from([192, 0, 2, 2]))).toBe(true);
    expect(bytes.subarray(-11)).toEqual(Buffer.from([0, 8, 0, 7, 0, 1, 24, 24, 10, 1, 2]));
  });
});

describe('modes of a wide IP', () => {
  it('round-robin, ratio, random and global-availability choose among pools', async () => {
    expect(series(await startPools({}), 4)).toBe('1 2 3 1');
    expect(series(await startPools({ poolLbMode: 'random' }), 2)).toBe('2 2');
    const ratio = series(await startPools({ poolLbMode: 'ratio' }, [3, 1, 0]), 8);
    expect(ratio.split(' ').filter((each) => each === '1')).toHaveLength(6);
    const client = await startPools({ poolLbMode: 'global-availability' });
    expect(series(client, 2)).toBe('1 1');
    await patch(client, 'gtm/pool/a/~Common~p1', { disabled: true });
    await patch(client, `${virtuals}/vs2`, { disabled: true });
    expect(series(client, 2)).toBe('3 3');
  });

  it('topology chooses the pool with the best score', async () => {
    const client = await startPools({ poolLbMode: 'topology' });
    await make(client, 'gtm/topology', { name: 'ldns: subnet 10.0.0.0/8 server: pool /Common/p2', score: 7 });
    expect(series(client, 2, '10.0.0.1')).toBe('2 2');
    expect(series(client, 3, '172.16.0.1')).toBe('1 2 3');
  });

  it('persistence gives a network the same until ttlPersistence is over, and counts it', async () => {
    const clock = manualClock();
    const wideip = { persistence: 'enabled', persistCidrIpv4: 24, ttlPersistence: 60 };
    const client = await startWideip({}, wideip, { clock, dns: { listen: false } });
    expect(series(client, 3, '198.51.100.1')).toBe('1 1 1');
    expect(series(client, 2, '198.51.100.99')).toBe('1 1');
    expect(series(client, 1, '203.0.113.1')).toBe('2');
    clock.advance(61_000);
    expect(series(client, 2, '198.51.100.1')).toBe('3 3');
    await patch(client, `${virtuals}/vs3`, { disabled: true });
    // Switched off it is used up; drainPersistentRequests says whether.
    expect(series(client, 1, '198.51.100.1')).toBe('3');
    await patch(client, 'gtm/global-settings/general', { drainPersistentRequests: 'no' });
    expect(series(client, 1, '198.51.100.1')).not.toBe('3');
    const { body } = await client.get('gtm/wideip/a/~Common~www.example.com/stats');
    expect(JSON.stringify(body)).toContain('"persisted":{"value":6}');
  });
});

describe('when no pool can be used', () => {
  async function broken(pool: Record<string, unknown>, wideip: Record<string, unknown>): Promise<Client> {
    const client = await startWideip(pool, wideip);
    await patch(client, 'gtm/datacenter/~Common~dc', { disabled: true });
    return client;
  }

  it('the last resort pool has its turn, then the fallback method, which looks at no availability unless told', async () => {
    const client = await broken({ fallbackMode: 'global-availability' }, {});
    expect(series(client, 2)).toBe('1 1');
    await patch(client, 'gtm/global-settings/load-balancing', { respectFallbackDependency: 'yes' });
    expect(series(client, 1)).toBe('');
    await patch(client, 'gtm/global-settings/load-balancing', { respectFallbackDependency: 'no' });
    await make(client, 'gtm/pool/a', { name: 'last', fallbackMode: 'fallback-ip', fallbackIp: '192.0.2.99' });
    await patch(client, 'gtm/wideip/a/~Common~www.example.com', { lastResortPool: 'a /Common/last' });
    expect(series(client, 1)).toBe('99');
    await patch(client, 'gtm/pool/a/~Common~last', { disabled: true });
    expect(series(client, 1)).toBe('1');
  });

  it('failureRcode is answered when that is asked for, cacheable with a TTL', async () => {
    const wideip = { failureRcodeResponse: 'enabled', failureRcode: 'nxdomain', failureRcodeTtl: 44 };
    const client = await broken({}, wideip);
    expect(ask(client, rawQuery('www.example.com'))).toMatchObject({ rcode: 3, counts: [0, 1, 0] });
    await patch(client, 'gtm/wideip/a/~Common~www.example.com', { failureRcode: 'refused' });
    expect(ask(client, rawQuery('www.example.com'))).toMatchObject({ rcode: 5, counts: [0, 0, 0] });
    await patch(client, 'gtm/wideip/a/~Common~www.example.com', { failureRcodeResponse: 'disabled' });
    expect(ask(client, rawQuery('www.example.com'))).toMatchObject({ rcode: 0, counts: [0, 1, 0] });
    const { body } = await client.get('gtm/wideip/a/~Common~www.example.com/stats');
    expect(JSON.stringify(body)).toContain('"rcode":{"value":2}');
  });

  it('a wide IP or pool that is disabled gives nothing', async () => {
    const client = await startWideip();
    await patch(client, 'gtm/pool/a/~Common~p', { disabled: true });
    expect(addressesFor(client)).toEqual([]);
    await patch(client, 'gtm/pool/a/~Common~p', { enabled: true });
    expect(addressesFor(client)).toEqual([1]);
    await patch(client, 'gtm/wideip/a/~Common~www.example.com', { disabled: true });
    expect(addressesFor(client)).toEqual([]);
  });
});
