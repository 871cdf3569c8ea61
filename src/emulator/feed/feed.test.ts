import { describe, expect, it } from 'vitest';
import type { DataPlane, MonitorConfig, NodeConfig, PoolConfig, VirtualConfig } from '../dataplane/model.ts';
import { EMPTY_QUEUE } from '../dataplane/pool-queue.ts';
import { zeroCounters } from '../stats/stats-source.ts';
import { startTest, type Client } from '../test-kit.ts';

/** A data plane that notes what it is told. */
class NotingPlane implements DataPlane {
  readonly monitors = new Map<string, MonitorConfig>();
  readonly pools = new Map<string, PoolConfig>();
  readonly nodes = new Map<string, NodeConfig>();
  readonly virtuals = new Map<string, VirtualConfig>();
  calls: string[] = [];
  readonly resumed: string[] = [];

  setMonitor(fullPath: string, monitor: MonitorConfig | undefined): void {
    this.#set('monitor', this.monitors, [fullPath, monitor]);
  }

  setPool(fullPath: string, pool: PoolConfig | undefined): void {
    this.#set('pool', this.pools, [fullPath, pool]);
  }

  setVirtual(fullPath: string, virtual: VirtualConfig | undefined): void {
    this.#set('virtual', this.virtuals, [fullPath, virtual]);
  }

  setSnatPool(fullPath: string, addresses: readonly string[] | undefined): void {
    this.#set('snatpool', this.snatPools, [fullPath, addresses]);
  }

  resume = (pool: string, member: string): void => {
    this.resumed.push(`${pool} ${member}`);
  };

  setNode = (path: string, node: NodeConfig | undefined): void => {
    if (node === undefined) {
      this.nodes.delete(path);
    } else {
      this.nodes.set(path, node);
    }
  };

  nodeHealth = (): 'up' => 'up';
  settled = (): Promise<void> => Promise.resolve();
  health = (): 'up' => 'up';
  virtualCounters = (): typeof zeroCounters => zeroCounters;
  poolCounters = (): typeof zeroCounters => zeroCounters;
  memberCounters = (): typeof zeroCounters => zeroCounters;
  queueCounters = (): typeof EMPTY_QUEUE => EMPTY_QUEUE;
  policyCounts = (): undefined => undefined;
  profileCounts = (): undefined => undefined;
  setDataGroup = (): void => {};
  readonly snatPools = new Map<string, readonly string[]>();
  persistenceRecords = (): [] => [];
  deletePersistenceRecords = (): number => 0;
  ruleCounts = (): undefined => undefined;
  ruleLog = (): [] => [];
  listeners = (): [] => [];
  onStatus = (): (() => void) => () => undefined;
  close = (): Promise<void> => Promise.resolve();

  #set<T>(kind: string, into: Map<string, T>, [path, value]: readonly [string, T | undefined]): void {
    this.calls.push(`${kind} ${path}`);
    if (value === undefined) {
      into.delete(path);
    } else {
      into.set(path, value);
    }
  }
}

async function start(): Promise<{ client: Client; plane: NotingPlane }> {
  const plane = new NotingPlane();
  const client = await startTest({ dataPlane: () => plane });
  expect(plane.monitors.get('/Common/http')).toMatchObject({
    type: 'http',
    interval: 5,
    timeout: 16,
    send: 'GET /\\r\\n',
  });
  await client.post('ltm/monitor/http', { name: 'm', interval: 2, recv: 'ok' });
  await client.post('ltm/profile/tcp', { name: 't', idleTimeout: 60 });
  await client.post('ltm/pool', {
    name: 'p',
    monitor: 'min 1 of { m tcp }',
    members: ['10.0.0.1:80', '2001:db8::1.81'],
  });
  await client.post('ltm/virtual', {
    name: 'v',
    destination: '10.1.1.1:80',
    ipProtocol: 'tcp',
    pool: 'p',
    profiles: ['t', 'http'],
    persist: ['cookie'],
    fallbackPersistence: 'source_addr',
  });
  plane.calls = [];
  return { client, plane };
}

describe('the feed of the data plane', () => {
  it('translates pools, members and virtual servers', async () => {
    const { plane } = await start();
    expect(plane.pools.get('/Common/p')).toMatchObject({
      loadBalancingMode: 'round-robin',
      monitor: { min: 1, monitors: ['/Common/m', '/Common/tcp'] },
      members: [
        {
          fullPath: '/Common/10.0.0.1:80',
          address: '10.0.0.1',
          routeDomain: 0,
          port: 80,
          session: 'user-enabled',
          state: 'user-up',
          ratio: 1,
        },
        { address: '2001:db8::1', port: 81 },
      ],
    });
    const virtual = plane.virtuals.get('/Common/v');
    expect(virtual).toMatchObject({
      address: '10.1.1.1',
      port: 80,
      ipProtocol: 'tcp',
      enabled: true,
      source: '0.0.0.0/0',
      pool: '/Common/p',
      persistence: { type: 'cookie', settings: { method: 'insert' } },
      fallbackPersistence: { type: 'source-addr', settings: { timeout: '180' } },
    });
    expect(virtual?.profiles.map(({ type, context }) => [type, context])).toEqual([
      ['http', 'all'],
      ['tcp', 'all'],
    ]);
    expect(virtual?.profiles[1]?.settings).toMatchObject({ idleTimeout: 60, nagle: 'disabled' });
  });

  it('gives monitors what they need of their own: properties, passwords in clear, certificates', async () => {
    const { client, plane } = await start();
    await client.post('ltm/monitor/mysql', {
      name: 'db',
      username: 'u',
      password: 'p',
      database: 'd',
      send: 'SELECT 1',
    });
    const { body } = await client.get('ltm/monitor/mysql/~Common~db');
    expect(body.password).toMatch(/^\$M\$/v);
    const monitor = plane.monitors.get('/Common/db');
    expect(monitor).toMatchObject({ password: 'p', send: 'SELECT 1', settings: { username: 'u', database: 'd' } });
    expect(JSON.stringify(monitor?.settings)).not.toContain('password');
    const https = { name: 's', cert: '/Common/default.crt', key: '/Common/default.key', cipherlist: 'HIGH' };
    await client.post('ltm/monitor/https', https);
    expect(plane.monitors.get('/Common/s')?.tls).toMatchObject({
      cert: expect.stringContaining('BEGIN CERTIFICATE'),
      key: expect.stringContaining('PRIVATE KEY'),
      ciphers: 'HIGH',
    });
    await client.patch('ltm/monitor/http/~Common~m', {
      adaptive: 'enabled',
      adaptiveLimit: 9,
      manualResume: 'enabled',
    });
    expect(plane.monitors.get('/Common/m')).toMatchObject({
      manualResume: true,
      adaptive: { divergence: 25, isRelative: true, limitMs: 9, timespanMs: 300_000 },
    });
  });

  it('gives nodes their own monitors, or those of the default', async () => {
    const { client, plane } = await start();
    const monitors = (): unknown => Object.fromEntries([...plane.nodes].map(([path, node]) => [path, node.monitor]));
    await client.post('ltm/node', { name: 'n', address: '10.0.0.9', monitor: '/Common/icmp' });
    await client.post('ltm/node', { name: 'o', address: '10.0.0.8' });
    const icmp = { monitors: ['/Common/icmp'] };
    expect(monitors()).toMatchObject({ '/Common/n': icmp, '/Common/o': undefined });
    await client.patch('ltm/default-node-monitor', { rule: '/Common/gateway_icmp' });
    const standard = { monitors: ['/Common/gateway_icmp'] };
    expect(monitors()).toMatchObject({ '/Common/n': icmp, '/Common/o': standard, '/Common/10.0.0.1': standard });
    await client.delete('ltm/node/~Common~o');
    expect(monitors()).not.toHaveProperty('/Common/o');
  });

  it('resumes a member that somebody writes, and tells monitors of their certificates', async () => {
    const { client, plane } = await start();
    expect(plane.resumed).toEqual([]);
    await client.patch('ltm/pool/~Common~p/members/~Common~10.0.0.1:80', { state: 'user-up' });
    expect(plane.resumed).toEqual(['/Common/p /Common/10.0.0.1:80']);
    await client.post('ltm/profile/server-ssl', { name: 'ssl', serverName: 'a.example.com' });
    await client.post('ltm/monitor/https', { name: 's', sslProfile: '/Common/ssl' });
    expect(plane.monitors.get('/Common/s')?.tls).toMatchObject({ serverName: 'a.example.com' });
    await client.patch('ltm/profile/server-ssl/~Common~ssl', { serverName: 'b.example.com' });
    expect(plane.monitors.get('/Common/s')?.tls).toMatchObject({ serverName: 'b.example.com' });
  });

  it('tells what a change touches, and nothing else', async () => {
    const { client, plane } = await start();
    const told = async (change: Promise<unknown>): Promise<readonly string[]> => {
      plane.calls = [];
      await change;
      return plane.calls;
    };
    expect(
      await told(client.patch('ltm/pool/~Common~p/members/~Common~10.0.0.1:80', { session: 'user-disabled' })),
    ).toEqual(['pool /Common/p']);
    expect(plane.pools.get('/Common/p')?.members[0]?.session).toBe('user-disabled');
    expect(await told(client.patch('ltm/node/~Common~2001:db8::1', { state: 'user-down' }))).toEqual([
      'pool /Common/p',
    ]);
    expect(plane.pools.get('/Common/p')?.members[1]?.state).toBe('user-down');
    expect(await told(client.patch('ltm/monitor/http/~Common~m', { interval: 3 }))).toEqual(['monitor /Common/m']);
    expect(await told(client.patch('ltm/profile/tcp/~Common~t', { idleTimeout: 90 }))).toEqual(['virtual /Common/v']);
    expect(plane.virtuals.get('/Common/v')?.profiles[1]?.settings['idleTimeout']).toBe(90);
    expect(await told(client.patch('ltm/profile/tcp/~Common~tcp', { nagle: 'enabled' }))).toEqual([
      'virtual /Common/v',
    ]);
    expect(plane.virtuals.get('/Common/v')?.profiles[1]?.settings['nagle']).toBe('enabled');
    expect(await told(client.patch('ltm/persistence/source-addr/~Common~source_addr', { timeout: '60' }))).toEqual([
      'virtual /Common/v',
    ]);
    expect(plane.virtuals.get('/Common/v')?.fallbackPersistence?.settings['timeout']).toBe('60');
    expect(await told(client.patch('ltm/node/~Common~2001:db8::1', { ratio: 3, connectionLimit: 7 }))).toEqual([
      'pool /Common/p',
    ]);
    expect(plane.pools.get('/Common/p')?.members[1]).toMatchObject({ nodeRatio: 3, nodeConnectionLimit: 7 });
    expect(await told(client.patch('ltm/virtual-address/~Common~10.1.1.1', { enabled: 'no' }))).toEqual([
      'virtual /Common/v',
    ]);
    expect(plane.virtuals.get('/Common/v')?.enabled).toBe(false);
    expect(await told(client.patch('ltm/pool/~Common~none', { description: 'x' }))).toEqual([]);
    expect(await told(client.delete('ltm/virtual/~Common~v'))).toEqual(['virtual /Common/v']);
    expect(plane.virtuals.size).toBe(0);
  });
});
