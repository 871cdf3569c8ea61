import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDataPlane } from '../dataplane/index.ts';
import { startTest } from '../test-kit.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function backend(name: string): Promise<number> {
  const server = createServer((_request, response) => response.end(name));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

interface Stat {
  readonly value?: number;
  readonly description?: string;
}

function only(body: {
  entries: Record<string, { nestedStats: { entries: Record<string, Stat> } }>;
}): Record<string, Stat | undefined> {
  return Object.values(body.entries)[0]?.nestedStats.entries ?? {};
}

describe('statistics', () => {
  it('have the keys that each release gives them', async () => {
    for (const [tmos, key] of [
      ['13.1', '~Common~p/~Common~p/stats'],
      ['14.1', '~Common~p/stats'],
    ] as const) {
      const client = await startTest({ tmos });
      await client.post('ltm/pool', { name: 'p', members: ['10.0.0.1:80'] });
      const { body } = await client.get('ltm/pool/~Common~p/stats');
      expect(body.kind).toBe('tm:ltm:pool:poolstats');
      expect(Object.keys(body.entries)).toEqual([`https://localhost/mgmt/tm/ltm/pool/${key}`]);
      expect(only(body)).toMatchObject({
        memberCnt: { value: 1 },
        tmName: { description: '/Common/p' },
        'status.availabilityState': { description: 'unknown' },
      });
    }
  });

  it('are there for collections, members, and all members of all pools', async () => {
    const client = await startTest();
    for (const name of ['a', 'b']) {
      await client.post('ltm/pool', { name, members: ['10.0.0.1:80', '10.0.0.2:80'] });
    }
    const pools = await client.get('ltm/pool/stats?$top=1');
    expect(pools.body).toMatchObject({ kind: 'tm:ltm:pool:poolcollectionstats', totalItems: 2 });
    expect(Object.keys(pools.body.entries)).toEqual(['https://localhost/mgmt/tm/ltm/pool/~Common~a/stats']);
    const members = await client.get('ltm/pool/~Common~a/members/stats');
    expect(members.body.kind).toBe('tm:ltm:pool:members:memberscollectionstats');
    expect(only(members.body)).toMatchObject({
      addr: { description: '10.0.0.1' },
      port: { value: 80 },
      monitorStatus: { description: 'unchecked' },
      nodeName: { description: '/Common/10.0.0.1' },
    });
    const all = await client.get('ltm/pool/members/stats');
    const base = 'https://localhost/mgmt/tm/ltm/pool/members/~Common~a';
    const pool = all.body.entries[`${base}/stats`].nestedStats.entries;
    expect(Object.keys(pool[`${base}/members/stats`].nestedStats.entries)).toHaveLength(2);
    for (const path of [
      'ltm/node/stats',
      'ltm/virtual/stats',
      'ltm/virtual-address/stats',
      'ltm/node/~Common~10.0.0.1/stats',
    ]) {
      expect((await client.get(path)).status).toBe(200);
    }
  });

  it('count real traffic, and members follow their real health', async () => {
    const client = await startTest({ dataPlane: () => createDataPlane({ timeScale: 0.01, map: 'always' }) });
    const up = await backend('one');
    // On a busy machine answers come late: the member that is up has a time-out that is never reached. The one that is
    // down is not judged by a timer that fires late by half an interval: one of 0.3 s leaves room for that.
    await client.post('ltm/monitor/tcp', { name: 'soon', interval: 30, timeout: 91 });
    await client.post('ltm/monitor/http', { name: 'm', interval: 5, timeout: 86_400, recv: 'one' });
    const dead = { name: '127.0.0.1:1', monitor: '/Common/soon' };
    await client.post('ltm/pool', { name: 'p', monitor: '/Common/m', members: [{ name: `127.0.0.1:${up}` }, dead] });
    await client.post('ltm/virtual', {
      name: 'v',
      destination: '10.1.1.1:80',
      ipProtocol: 'tcp',
      pool: 'p',
      profiles: ['tcp', 'http'],
    });
    await client.emulator.dataPlane?.settled();
    const member = async (port: number): Promise<string> =>
      (await client.get(`ltm/pool/~Common~p/members/~Common~127.0.0.1:${port}`)).body.state;
    await vi.waitFor(async () => expect([await member(up), await member(1)]).toEqual(['up', 'down']), 10_000);
    const [listener] = client.emulator.listeners();
    expect(listener).toMatchObject({ virtual: '/Common/v', destination: '10.1.1.1:80' });
    const reply = await fetch(`http://${listener?.address}:${listener?.port}/`);
    expect(await reply.text()).toBe('one');
    const virtual = only((await client.get('ltm/virtual/~Common~v/stats')).body);
    expect(virtual['clientside.totConns']?.value).toBe(1);
    expect(virtual['status.availabilityState']?.description).toBe('available');
    expect(virtual['status.statusReason']?.description).toBe('The virtual server is available');
    const pool = only((await client.get('ltm/pool/~Common~p/stats')).body);
    expect(pool).toMatchObject({
      activeMemberCnt: { value: 1 },
      memberCnt: { value: 2 },
      'serverside.totConns': { value: 1 },
    });
    await client.delete('ltm/virtual/~Common~v');
    await client.emulator.dataPlane?.settled();
    expect(client.emulator.listeners()).toEqual([]);
  });

  it('a user-disabled member takes no new connections, although it is up', async () => {
    const client = await startTest({ dataPlane: () => createDataPlane({ timeScale: 0.01, map: 'always' }) });
    const [one, two] = [await backend('one'), await backend('two')];
    await client.post('ltm/pool', { name: 'p', members: [`127.0.0.1:${one}`, `127.0.0.1:${two}`] });
    await client.post('ltm/virtual', {
      name: 'v',
      destination: '10.1.1.1:80',
      ipProtocol: 'tcp',
      pool: 'p',
      profiles: ['tcp'],
    });
    await client.patch(`ltm/pool/~Common~p/members/~Common~127.0.0.1:${one}`, { session: 'user-disabled' });
    await client.emulator.dataPlane?.settled();
    const [listener] = client.emulator.listeners();
    for (let count = 0; count < 4; count += 1) {
      const reply = await fetch(`http://${listener?.address}:${listener?.port}/`, { headers: { Connection: 'close' } });
      expect(await reply.text()).toBe('two');
    }
  });

  it('of what went through are in the pages of the box, too, which dashboards read', async () => {
    const client = await startTest({ dataPlane: () => createDataPlane({ timeScale: 0.01, map: 'always' }) });
    await client.post('ltm/pool', { name: 'p', members: [`127.0.0.1:${await backend('one')}`] });
    const virtual = { destination: '10.1.1.1:80', ipProtocol: 'tcp', pool: 'p', profiles: ['tcp'] };
    await client.post('ltm/virtual', { name: 'v', ...virtual });
    await client.emulator.dataPlane?.settled();
    const [listener] = client.emulator.listeners();
    const reply = await fetch(`http://${listener?.address}:${listener?.port}/`, { headers: { Connection: 'close' } });
    expect(await reply.text()).toBe('one');
    const of = only((await client.get('ltm/virtual/~Common~v/stats')).body);
    const { body } = await client.get('sys/tmm-traffic/stats');
    expect(body.kind).toBe('tm:sys:tmm-traffic:tmm-trafficstats');
    expect(Object.keys(body.entries)).toEqual(['https://localhost/mgmt/tm/sys/tmm-traffic/0.0']);
    expect(only(body)['clientSideTraffic.bitsIn']).toEqual(of['clientside.bitsIn']);
    expect(only(body)['clientSideTraffic.totConns']).toEqual({ value: 1 });
    expect(only(body)['serverSideTraffic.totConns']).toEqual({ value: 1 });
    const throughput = await client.get('sys/performance/throughput/stats?options=detail');
    expect(throughput.body.kind).toBe('tm:sys:performance:throughput:throughputstats');
    const row = 'https://localhost/mgmt/tm/sys/performance/throughput/Client%20Bits%20In/stats';
    const columns = throughput.body.entries[row].nestedStats.entries;
    expect(columns['TMM ClientSide Throughput']).toEqual({ description: 'Client Bits In' });
    expect(columns.Average.description).toMatch(/^\d+$/v);
    for (const path of ['sys/cpu', 'sys/traffic', 'sys/tmm-info', 'sys/performance/connections/stats']) {
      const answer = await client.get(path);
      expect([path, answer.status, Object.keys(answer.body.entries).length > 0]).toEqual([path, 200, true]);
    }
  });

  it('of an interface tell its state', async () => {
    const client = await startTest();
    const status = async (): Promise<unknown> => {
      const { entries } = (await client.get('net/interface/1.1/stats')).body;
      return entries['https://localhost/mgmt/tm/net/interface/1.1/stats'].nestedStats.entries.status.description;
    };
    expect(await status()).toBe('up');
    await client.patch('net/interface/1.1', { disabled: true });
    expect(await status()).toBe('disabled');
  });
});
