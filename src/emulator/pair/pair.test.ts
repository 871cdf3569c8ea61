import { afterEach, describe, expect, it } from 'vitest';
import { createDataPlane } from '../dataplane/index.ts';
import { cleanUp, dial, tcpBackend, until } from '../dataplane/test-kit.ts';
import { connectPair, EmulatorNetwork, type EmulatorOptions } from '../index.ts';
import { manualClock, startTest, type Client } from '../test-kit.ts';

afterEach(cleanUp);

const byHand = { heartbeat: { everyMs: 0 } } as const;

interface Pair {
  readonly first: Client;
  readonly second: Client;
  readonly clock: ReturnType<typeof manualClock>;
  /** A beat of both hearts. */
  readonly tick: () => Promise<void>;
}

async function startTwo(options: readonly EmulatorOptions[] = [{}, {}]): Promise<Pair> {
  const clock = manualClock();
  const named = options.map((each, index) => ({ hostname: `b${index + 1}.example.com`, clock, ...byHand, ...each }));
  const [first, second] = await Promise.all(named.map((each) => startTest(each)));
  const tick = async (): Promise<void> => {
    await first!.emulator.pair.tick();
    await second!.emulator.pair.tick();
  };
  return { first: first!, second: second!, clock, tick };
}

async function startPair(settings: Parameters<typeof connectPair>[2] = {}, options?: EmulatorOptions[]): Promise<Pair> {
  const pair = await startTwo(options);
  await connectPair(pair.first.emulator, pair.second.emulator, settings);
  return pair;
}

interface Page {
  readonly status: string;
  readonly color: string;
  readonly mode: string | undefined;
  readonly summary: string;
  readonly details: readonly string[];
}

interface Line {
  readonly nestedStats: { readonly entries: { readonly details: { readonly description: string } } };
}

async function page(client: Client, name: 'sync-status' | 'failover-status'): Promise<Page> {
  const { body } = await client.get(`cm/${name}`);
  const { entries } = body.entries[`https://localhost/mgmt/tm/cm/${name}/0`].nestedStats;
  const word = (key: string): string => entries[key]?.description;
  const camel = name === 'sync-status' ? 'syncStatus' : 'failoverStatus';
  const lines: Record<string, Line> = entries[`https://localhost/mgmt/tm/cm/${camel}/0/details`].nestedStats.entries;
  const details = Object.values(lines).map((line) => line.nestedStats.entries.details.description);
  return { status: word('status'), color: word('color'), mode: word('mode'), summary: word('summary'), details };
}

const syncOf = async (client: Client): Promise<string> => (await page(client, 'sync-status')).status;
const stateOf = async (client: Client): Promise<string> => (await page(client, 'failover-status')).status;
const sync = (client: Client, words: string): ReturnType<Client['post']> =>
  client.post('cm', { command: 'run', utilCmdArgs: `config-sync ${words}` });
const failover = (client: Client, body: object): ReturnType<Client['post']> =>
  client.post('sys/failover', { command: 'run', ...body });
const names = async (client: Client, path: string): Promise<readonly string[]> =>
  ((await client.get(path)).body.items ?? []).map((item: { fullPath: string }) => item.fullPath);

async function ok(reply: ReturnType<Client['get']>): Promise<void> {
  const { status, text } = await reply;
  expect([status, text]).toEqual([200, text]);
}

describe('config-sync', () => {
  it('pushes what a group shares, and leaves what belongs to a box', async () => {
    const { first, second } = await startPair();
    expect(await page(first, 'sync-status')).toMatchObject({
      status: 'In Sync',
      color: 'green',
      mode: 'high-availability',
    });
    await ok(first.post('net/vlan', { name: 'v1' }));
    await ok(second.post('net/vlan', { name: 'v1' }));
    await ok(first.post('net/self', { name: 'fixed', address: '10.1.0.1/24', vlan: 'v1' }));
    await ok(
      first.post('net/self', { name: 'floats', address: '10.1.0.9/24', vlan: 'v1', trafficGroup: 'traffic-group-1' }),
    );
    await ok(first.post('net/vlan', { name: 'only-first' }));
    await ok(first.patch('sys/global-settings', { consoleInactivityTimeout: 77 }));
    await ok(first.post('auth/partition', { name: 'P' }));
    await ok(first.post('ltm/pool', { name: 'p', partition: 'P', members: ['10.0.0.1:80'], monitor: '/Common/http' }));
    await ok(first.post('ltm/virtual', { name: 'v', partition: 'P', destination: '10.9.9.9:80', pool: '/P/p' }));
    expect(await page(first, 'sync-status')).toMatchObject({ status: 'Changes Pending', color: 'yellow' });
    expect((await page(second, 'sync-status')).details).toContain(
      ' - Recommended action: Synchronize b1.example.com to group pair',
    );
    expect(await names(second, 'ltm/pool')).toEqual([]);
    await ok(sync(first, 'to-group pair'));
    expect([await syncOf(first), await syncOf(second)]).toEqual(['In Sync', 'In Sync']);
    expect(await names(second, 'net/self')).toEqual(['/Common/floats']);
    expect(await names(second, 'net/vlan')).toEqual(['/Common/v1']);
    expect((await second.get('sys/global-settings')).body.consoleInactivityTimeout).toBe(0);
    const virtual = (await second.get('ltm/virtual/~P~v?expandSubcollections=true')).body;
    expect(virtual).toMatchObject({ pool: '/P/p', destination: '/P/10.9.9.9:80' });
    expect(await names(second, 'ltm/pool/~P~p/members')).toEqual(['/P/10.0.0.1:80']);
    await ok(first.delete('ltm/virtual/~P~v'));
    await ok(sync(first, 'to-group pair'));
    expect(await names(second, 'ltm/virtual')).toEqual([]);
  });

  it('takes writes on the standby, and pulls them', async () => {
    const { first, second } = await startPair();
    expect([await stateOf(first), await stateOf(second)]).toEqual(['ACTIVE', 'STANDBY']);
    await ok(second.post('ltm/pool', { name: 'p' }));
    expect(await syncOf(first)).toBe('Changes Pending');
    await ok(sync(first, 'from-group pair'));
    expect(await names(first, 'ltm/pool')).toEqual(['/Common/p']);
    expect([await syncOf(first), await syncOf(second)]).toEqual(['In Sync', 'In Sync']);
  });

  it('is a command of tmsh, and one with options', async () => {
    const { first, second } = await startPair();
    await ok(first.post('ltm/pool', { name: 'p' }));
    const options = [{ 'to-group': 'pair' }];
    expect((await first.post('cm/config-sync', { command: 'run', options })).body).toEqual({
      kind: 'tm:cm:config-sync:runstate',
      command: 'run',
      options,
    });
    expect(await names(second, 'ltm/pool')).toEqual(['/Common/p']);
    const tmsh = (command: string): ReturnType<Client['post']> =>
      second.post('util/bash', { command: 'run', utilCmdArgs: `-c "tmsh ${command}"` });
    await ok(second.post('ltm/pool', { name: 'q' }));
    await ok(tmsh('run cm config-sync to-group pair'));
    expect(await names(first, 'ltm/pool')).toEqual(['/Common/p', '/Common/q']);
    await ok(first.post('util/bash', { command: 'run', utilCmdArgs: '-c "tmsh run sys failover standby"' }));
    expect([await stateOf(first), await stateOf(second)]).toEqual(['STANDBY', 'ACTIVE']);
  });

  it('tells of changes on both sides; the one that is pushed last wins', async () => {
    const { first, second, clock } = await startPair();
    await ok(first.post('ltm/pool', { name: 'one' }));
    clock.advance(1000);
    await ok(second.post('ltm/pool', { name: 'two' }));
    const status = await page(first, 'sync-status');
    expect(status).toMatchObject({ status: 'Changes Pending', color: 'red' });
    expect(status.summary).toBe('There is a possible change conflict between b1.example.com and b2.example.com.');
    await ok(sync(first, 'to-group pair'));
    expect(await names(second, 'ltm/pool')).toEqual(['/Common/one']);
    expect([await syncOf(first), await syncOf(second)]).toEqual(['In Sync', 'In Sync']);
  });

  it('is done by itself with autoSync, but does not resolve a conflict', async () => {
    const network = new EmulatorNetwork();
    const ips = ['10.255.0.1', '10.255.0.2'] as const;
    const pair = await startTwo(ips.map((managementIp) => ({ network, managementIp })));
    const { first, second, clock, tick } = pair;
    await connectByRest(pair, { autoSync: 'enabled' });
    expect(await syncOf(first)).toBe('Awaiting Initial Sync');
    await ok(first.post('ltm/pool', { name: 'early' }));
    expect(await names(second, 'ltm/pool')).toEqual([]);
    await ok(sync(first, 'to-group pair'));
    await ok(first.post('ltm/pool', { name: 'one' }));
    expect(await names(second, 'ltm/pool')).toEqual(['/Common/early', '/Common/one']);
    await ok(second.delete('ltm/pool/early'));
    expect(await names(first, 'ltm/pool')).toEqual(['/Common/one']);
    expect([await syncOf(first), await syncOf(second)]).toEqual(['In Sync', 'In Sync']);
    network.cut(...ips);
    await ok(first.post('ltm/pool', { name: 'while-apart' }));
    clock.advance(5000);
    await tick();
    expect([await syncOf(first), await syncOf(second)]).toEqual(['Disconnected', 'Disconnected']);
    network.heal();
    await tick();
    expect(await names(second, 'ltm/pool')).toContain('/Common/while-apart');
    expect(await syncOf(second)).toBe('In Sync');
    network.cut(...ips);
    await ok(first.post('ltm/pool', { name: 'mine' }));
    await ok(second.post('ltm/pool', { name: 'yours' }));
    network.heal();
    await tick();
    expect(await page(second, 'sync-status')).toMatchObject({ status: 'Changes Pending', color: 'red' });
    expect(await names(second, 'ltm/pool')).not.toContain('/Common/mine');
  });

  it('saves what came by itself with saveOnAutoSync', async () => {
    const { first, second } = await startPair({ autoSync: true });
    const reload = (): ReturnType<Client['post']> =>
      second.post('util/bash', { command: 'run', utilCmdArgs: '-c "tmsh load sys config"' });
    await ok(second.post('sys/config', { command: 'save' }));
    await ok(first.post('ltm/pool', { name: 'lost' }));
    expect(await names(second, 'ltm/pool')).toEqual(['/Common/lost']);
    await ok(reload());
    expect(await names(second, 'ltm/pool')).toEqual([]);
    await ok(first.patch('cm/device-group/pair', { saveOnAutoSync: 'true' }));
    await ok(first.post('ltm/pool', { name: 'kept' }));
    await ok(reload());
    expect(await names(second, 'ltm/pool')).toContain('/Common/kept');
  });

  it('takes over all or nothing, and says what is wrong', async () => {
    const { first, second } = await startPair();
    await ok(first.post('net/vlan', { name: 'v1' }));
    await ok(
      first.post('net/self', { name: 's', address: '10.1.0.9/24', vlan: 'v1', trafficGroup: 'traffic-group-1' }),
    );
    await ok(first.post('ltm/pool', { name: 'p' }));
    await ok(sync(first, 'to-group pair'));
    const status = await page(first, 'sync-status');
    expect(status).toMatchObject({ status: 'Sync Failure', color: 'red' });
    expect(status.summary).toContain('/Common/v1');
    expect(await names(second, 'ltm/pool')).toEqual([]);
    await ok(second.post('net/vlan', { name: 'v1' }));
    await ok(sync(first, 'to-group pair'));
    expect(await syncOf(first)).toBe('In Sync');
    expect(await names(second, 'ltm/pool')).toEqual(['/Common/p']);
  });

  it('leaves folders without a device group alone, and gives folders of their own group to it', async () => {
    const { first, second } = await startPair();
    const devices = ['b1.example.com', 'b2.example.com'];
    await ok(first.post('cm/device-group', { name: 'so', type: 'sync-only', devices }));
    await ok(
      first.post('sys/folder', {
        name: 'LOCAL',
        partition: 'Common',
        inheritedDevicegroup: 'false',
        deviceGroup: 'none',
      }),
    );
    await ok(first.post('sys/folder', { name: 'shared', partition: 'Common', deviceGroup: '/Common/so' }));
    await ok(first.post('ltm/pool', { name: 'p', partition: 'Common', subPath: 'LOCAL' }));
    await ok(first.post('ltm/pool', { name: 'q', partition: 'Common', subPath: 'shared' }));
    await ok(sync(first, 'to-group pair'));
    expect(await names(second, 'ltm/pool')).toEqual([]);
    await ok(sync(first, 'to-group so'));
    expect(await names(second, 'ltm/pool')).toEqual(['/Common/shared/q']);
  });

  it('pushes everything with fullLoadOnSync, also what the other side lost without telling', async () => {
    const { first, second } = await startPair();
    await ok(first.patch('cm/device-group/pair', { fullLoadOnSync: 'true' }));
    await ok(first.post('ltm/pool', { name: 'p' }));
    await ok(sync(first, 'to-group pair'));
    await ok(second.delete('ltm/pool/p'));
    await ok(first.post('ltm/pool', { name: 'q' }));
    await ok(sync(first, 'to-group pair'));
    expect(await names(second, 'ltm/pool')).toEqual(['/Common/p', '/Common/q']);
  });
});

async function connectByRest({ first, second }: Pair, group: object = {}): Promise<void> {
  const { body } = await second.get('cm/device/b2.example.com');
  const joined = await addTo(first, String(body.managementIp));
  expect([joined.status, joined.text]).toEqual([200, joined.text]);
  const devices = ['b1.example.com', 'b2.example.com'];
  await ok(first.post('cm/device-group', { name: 'pair', type: 'sync-failover', devices, ...group }));
}

function addTo(client: Client, device: string, more: object = {}): ReturnType<Client['post']> {
  const named = { command: 'run', name: 'Root', caDevice: true, deviceName: 'b2.example.com' };
  return client.post('cm/add-to-trust', { ...named, device, username: 'admin', password: 'admin', ...more });
}

describe('trust', () => {
  it('takes the credentials of an administrator there, and shares groups and devices', async () => {
    const network = new EmulatorNetwork();
    const pair = await startTwo([
      { network, managementIp: '10.255.0.1' },
      { network, managementIp: '10.255.0.2' },
    ]);
    const { first, second } = pair;
    const wrong = await addTo(first, '10.255.0.2', { password: 'wrong' });
    expect([wrong.status, wrong.body.message]).toEqual([400, expect.stringContaining('Authentication failed')]);
    expect(wrong.text).not.toContain('wrong');
    const misnamed = await addTo(first, '10.255.0.2', { deviceName: 'other.example.com' });
    expect(misnamed.body.message).toContain(
      '(other.example.com) is called (/Common/b2.example.com)'.replace('(other', '(/Common/other'),
    );
    await connectByRest(pair);
    expect(await names(second, 'cm/device')).toEqual(['/Common/b1.example.com', '/Common/b2.example.com']);
    expect((await second.get('cm/device/b2.example.com')).body).toMatchObject({
      selfDevice: 'true',
      failoverState: 'standby',
    });
    expect((await second.get('cm/device/b1.example.com')).body).toMatchObject({
      selfDevice: 'false',
      failoverState: 'active',
    });
    expect(await names(second, 'cm/device-group/pair/devices')).toHaveLength(2);
    expect(await syncOf(second)).toBe('Awaiting Initial Sync');
    await ok(first.post('cm/remove-from-trust', { command: 'run', deviceName: 'b2.example.com' }));
    expect([await syncOf(first), await syncOf(second)]).toEqual(['Standalone', 'Standalone']);
    expect([await stateOf(first), await stateOf(second)]).toEqual(['ACTIVE', 'ACTIVE']);
  });

  it('works between servers over TLS, whose certificate is checked', async () => {
    const other = await startTest({ hostname: 'b2.example.com', tls: 'self-signed', ...byHand });
    const { url, certificate = '' } = other.emulator;
    const stranger = await startTest({ hostname: 'b0.example.com', ...byHand });
    const refused = await addTo(stranger, url.replace('https://', ''));
    expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('self-signed certificate')]);
    const first = await startTest({ hostname: 'b1.example.com', peerCa: certificate, ...byHand });
    await ok(addTo(first, url.replace('https://', '')));
    await ok(
      first.post('cm/device-group', {
        name: 'pair',
        type: 'sync-failover',
        devices: ['b1.example.com', 'b2.example.com'],
      }),
    );
    await ok(first.post('ltm/pool', { name: 'p' }));
    await ok(sync(first, 'to-group pair'));
    expect(other.emulator.dump()['ltm/pool']).toMatchObject([{ fullPath: '/Common/p' }]);
    expect(await syncOf(first)).toBe('In Sync');
    // The other one has been active for longer.
    expect(await stateOf(first)).toBe('STANDBY');
    await other.emulator.pair.standby(['/Common/traffic-group-1']);
    expect(await stateOf(first)).toBe('ACTIVE');
    await ok(failover(first, { standby: true }));
    expect(await stateOf(first)).toBe('STANDBY');
    expect(other.emulator.pair.isActive('/Common/traffic-group-1')).toBe(true);
  });

  it('answers nobody without the secret of the domain', async () => {
    const { first, second } = await startPair();
    const hello = { facts: { id: 'x', url: '' }, groups: {}, active: {}, forcedOffline: false };
    const send = (body: unknown): ReturnType<Client['get']> => second.send('POST', '/emulator/pair', body);
    expect((await send({ type: 'hello', hello })).status).toBe(401);
    expect((await send({ type: 'nonsense' })).status).toBe(400);
    expect((await send({ type: 'join', hello, username: 1 })).status).toBe(400);
    expect((await first.get('/emulator/pair')).status).toBe(400);
  });
});

describe('failover', () => {
  it('happens when the network between two that were connected is cut', async () => {
    const network = new EmulatorNetwork();
    const ips = ['10.255.0.1', '10.255.0.2'] as const;
    const { first, second, clock, tick } = await startPair(
      {},
      ips.map((managementIp) => ({ network, managementIp })),
    );
    network.cut(...ips);
    clock.advance(4000);
    await tick();
    expect([await stateOf(first), await stateOf(second)]).toEqual(['ACTIVE', 'ACTIVE']);
    network.heal();
    await tick();
    expect([await stateOf(first), await stateOf(second)]).toEqual(['ACTIVE', 'STANDBY']);
  });

  it('gives traffic groups away on command, and goes offline and online', async () => {
    const { first, second } = await startPair();
    await ok(first.post('cm/traffic-group', { name: 'tg2' }));
    expect((await second.get('cm/traffic-group/tg2')).status).toBe(200);
    const { entries } = (await first.get('cm/traffic-group/tg2/stats')).body;
    const stats = Object.values(entries as Record<string, { nestedStats: { entries: unknown } }>);
    const selected = (await first.get('cm/traffic-group/tg2/stats?$select=deviceName,failoverState')).body.entries;
    const [one] = Object.values(selected as Record<string, { nestedStats: { entries: object } }>);
    expect(Object.keys(one?.nestedStats.entries ?? {})).toEqual(['deviceName', 'failoverState']);
    const said = (deviceName: string, failoverState: string, nextActive: string): unknown =>
      Object.fromEntries(
        Object.entries({ deviceName, failoverState, nextActive }).map(([name, text]) => [name, { description: text }]),
      );
    expect(stats.map((each) => each.nestedStats.entries)).toMatchObject([
      said('/Common/b1.example.com', 'active', 'false'),
      said('/Common/b2.example.com', 'standby', 'true'),
    ]);
    await ok(failover(first, { standby: true, trafficGroup: 'tg2' }));
    expect((await page(second, 'failover-status')).details).toContain('active for /Common/tg2');
    expect(await page(first, 'failover-status')).toMatchObject({
      status: 'ACTIVE',
      summary: '1/2 active',
      color: 'green',
    });
    await ok(failover(first, { standby: true }));
    expect(await page(first, 'failover-status')).toMatchObject({ status: 'STANDBY', color: 'gray' });
    expect((await first.get('cm/device/b2.example.com')).body.failoverState).toBe('active');
    await ok(failover(second, { offline: true }));
    expect([await stateOf(first), await stateOf(second)]).toEqual(['ACTIVE', 'FORCED OFFLINE']);
    await ok(failover(second, { online: true }));
    expect([await stateOf(first), await stateOf(second)]).toEqual(['ACTIVE', 'STANDBY']);
  });

  it('is taken over when the active one dies, by the first of haOrder after it comes back', async () => {
    const network = new EmulatorNetwork();
    const pair = await startTwo([
      { network, managementIp: '10.255.0.1' },
      { network, managementIp: '10.255.0.2' },
    ]);
    await connectByRest(pair);
    const { first, second, clock, tick } = pair;
    await ok(first.patch('cm/traffic-group/traffic-group-1', { haOrder: ['b1.example.com', 'b2.example.com'] }));
    await ok(first.patch('cm/traffic-group/traffic-group-1', { autoFailbackEnabled: 'true', autoFailbackTime: 60 }));
    await tick();
    expect([await stateOf(first), await stateOf(second)]).toEqual(['ACTIVE', 'STANDBY']);
    network.cut('10.255.0.1', '10.255.0.2');
    clock.advance(2000);
    await tick();
    expect(await stateOf(second)).toBe('STANDBY');
    clock.advance(2000);
    await tick();
    expect([await stateOf(first), await stateOf(second)]).toEqual(['ACTIVE', 'ACTIVE']);
    expect((await second.get('cm/device/b1.example.com')).body.failoverState).toBe('offline');
    network.heal();
    await tick();
    expect([await stateOf(first), await stateOf(second)]).toEqual(['ACTIVE', 'STANDBY']);
    await ok(failover(first, { standby: true }));
    expect([await stateOf(first), await stateOf(second)]).toEqual(['STANDBY', 'ACTIVE']);
    await tick();
    expect([await stateOf(first), await stateOf(second)]).toEqual(['STANDBY', 'ACTIVE']);
    clock.advance(61_000);
    await tick();
    await tick();
    expect([await stateOf(first), await stateOf(second)]).toEqual(['ACTIVE', 'STANDBY']);
  });

  it('ends the connections of the unit that becomes standby, and those that it keeps for later', async () => {
    const plane = (): ReturnType<typeof createDataPlane> => createDataPlane({ map: 'never', probe: false });
    const { first, second } = await startPair({ autoSync: true }, [{ dataPlane: plane }, { dataPlane: plane }]);
    const backend = await tcpBackend((socket) => socket.pipe(socket));
    await ok(first.post('ltm/pool', { name: 'p', members: [`127.0.0.1:${backend.port}`] }));
    const at = { destination: '127.91.7.2:9092', ipProtocol: 'tcp', pool: 'p' };
    await ok(first.post('ltm/virtual', { name: 'v', ...at, profiles: ['tcp'] }));
    await first.emulator.dataPlane?.settled();
    const client = dial(9092, 'hi', { host: '127.91.7.2' });
    await until('the member answered', () => client.text() === 'hi');
    await ok(failover(first, { standby: true }));
    await until('the connection was reset', () => client.ended());
    expect(client.ended()).toBe('reset');
    await until('the member saw it', () => backend.sockets.size === 0);
    await second.emulator.dataPlane?.settled();
    const again = dial(9092, 'ho', { host: '127.91.7.2' });
    await until('the other unit carries on', () => again.text() === 'ho');
  });

  it('moves the addresses of virtual servers', async () => {
    const plane = (): ReturnType<typeof createDataPlane> => createDataPlane({ map: 'never', probe: false });
    const { first, second, clock } = await startPair({ autoSync: true }, [{ dataPlane: plane }, { dataPlane: plane }]);
    await ok(first.post('ltm/virtual', { name: 'v', destination: '127.91.7.1:9091', ipProtocol: 'tcp' }));
    const where = async (client: Client): Promise<unknown> => {
      await client.emulator.dataPlane?.settled();
      const [listener] = client.emulator.listeners();
      return listener?.problem ?? listener?.address;
    };
    const idle = 'Another device is active for its traffic group.';
    expect([await where(first), await where(second)]).toEqual(['127.91.7.1', idle]);
    await ok(failover(first, { standby: true, trafficGroup: 'traffic-group-1' }));
    expect([await where(first), await where(second)]).toEqual([idle, '127.91.7.1']);
    await second.emulator.close();
    clock.advance(4000);
    await first.emulator.pair.tick();
    expect(await where(first)).toBe('127.91.7.1');
  });
});

describe('a folder that is not synchronised', () => {
  it('keeps its tunnels on its box, and a route domain has them there alone, whatever is pushed', async () => {
    const { first, second } = await startTwo();
    for (const [client, ip] of [
      [first, '10.1.20.60'],
      [second, '10.1.20.61'],
    ] as const) {
      await ok(client.post('auth/partition', { name: 'pods' }));
      await ok(client.patch('sys/folder/~pods', { deviceGroup: 'none', inheritedDevicegroup: 'false' }));
      await ok(
        client.post('net/tunnels/tunnel', { name: 'fl', partition: 'pods', profile: 'vxlan', localAddress: ip }),
      );
    }
    await connectPair(first.emulator, second.emulator);
    await ok(first.patch('net/tunnels/tunnel/~pods~fl', { mtu: 1400 }));
    await ok(first.post('net/tunnels/tunnel', { name: 'own', partition: 'pods', profile: 'vxlan' }));
    expect(await syncOf(first)).toBe('In Sync');
    await ok(first.post('net/tunnels/tunnel', { name: 'both', profile: 'vxlan', localAddress: '10.1.20.62' }));
    expect(await syncOf(first)).toBe('Changes Pending');
    await ok(first.delete('net/tunnels/tunnel/~pods~fl'));
    await ok(sync(first, 'to-group pair'));
    expect(await syncOf(second)).toBe('In Sync');
    const domain = async (client: Client): Promise<readonly string[]> =>
      (await client.get('net/route-domain/~Common~0')).body.vlans;
    expect(await domain(first)).not.toContain('/pods/fl');
    expect(await domain(second)).toEqual(expect.arrayContaining(['/Common/both', '/pods/fl']));
    expect((await second.get('net/tunnels/tunnel/~pods~fl')).body.localAddress).toBe('10.1.20.61');
  });
});
