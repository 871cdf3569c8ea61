import { describe, expect, it } from 'vitest';
import { startTest, type Client } from '../../test-kit.ts';

type Json = Record<string, unknown>;

async function make(client: Client, collection: string, body: Json): Promise<Json> {
  const reply = await client.post(collection, body);
  expect(reply.body).toMatchObject({ name: expect.any(String) });
  expect(reply.status).toBe(200);
  return reply.body as Json;
}

async function withServer(tmos = '17.1'): Promise<Client> {
  const client = await startTest({ modules: ['gtm'], tmos });
  await make(client, 'gtm/datacenter', { name: 'dc', location: 'here' });
  await make(client, 'gtm/server', {
    name: 's',
    datacenter: '/Common/dc',
    product: 'generic-host',
    addresses: [{ name: '10.0.0.5', deviceName: 's' }],
  });
  await make(client, 'gtm/server/~Common~s/virtual-servers', { name: 'vs1', destination: '10.0.0.5:80' });
  await make(client, 'gtm/server/~Common~s/virtual-servers', {
    name: '/Common/vs2',
    destination: '/Common/10.0.0.5:https',
  });
  return client;
}

describe('provisioning of gtm', () => {
  it('has no paths of gtm until the module is provisioned', async () => {
    const client = await startTest();
    const before = await client.get('gtm/global-settings/general');
    expect(before.status).toBe(404);
    expect(before.body).toMatchObject({
      message: 'Public URI path not registered: /tm/gtm/global-settings/general',
      kind: ':resterrorresponse',
    });
    expect((await client.post('gtm/datacenter', { name: 'dc' })).status).toBe(404);
    expect((await client.patch('sys/provision/gtm', { level: 'nominal' })).status).toBe(200);
    expect((await client.get('gtm/global-settings/general')).body.synchronization).toBe('no');
    expect((await client.post('gtm/datacenter', { name: 'dc' })).status).toBe(200);
  });
});

describe('servers', () => {
  it('is printed as recorded on 13.0, in the same order', async () => {
    const client = await startTest({ modules: ['gtm'], tmos: '13.1' });
    await make(client, 'gtm/datacenter', { name: 'foo' });
    const addresses = [
      { name: '1.1.1.1', deviceName: 'bigip1', translation: '10.10.10.10' },
      { name: '2.2.2.2', deviceName: 'bigip2', translation: '20.20.20.20' },
      { name: '3.3.3.3', deviceName: 'bigip2', translation: '20.20.20.20' },
      { name: '4.4.4.4', deviceName: 'bigip3', translation: 'none' },
      { name: '5.5.5.5', deviceName: 'bigip3', translation: 'none' },
    ];
    const server = await make(client, 'gtm/server', { name: 'baz', datacenter: '/Common/foo', addresses });
    const link = 'https://localhost/mgmt/tm/gtm/server/~Common~baz';
    const recorded = {
      kind: 'tm:gtm:server:serverstate',
      name: 'baz',
      partition: 'Common',
      fullPath: '/Common/baz',
      generation: server['generation'],
      selfLink: `${link}?ver=13.1.0.8`,
      datacenter: '/Common/foo',
      datacenterReference: { link: 'https://localhost/mgmt/tm/gtm/datacenter/~Common~foo?ver=13.1.0.8' },
      enabled: true,
      exposeRouteDomains: 'no',
      iqAllowPath: 'yes',
      iqAllowServiceCheck: 'yes',
      iqAllowSnmp: 'yes',
      limitCpuUsage: 0,
      limitCpuUsageStatus: 'disabled',
      limitMaxBps: 0,
      limitMaxBpsStatus: 'disabled',
      limitMaxConnections: 0,
      limitMaxConnectionsStatus: 'disabled',
      limitMaxPps: 0,
      limitMaxPpsStatus: 'disabled',
      limitMemAvail: 0,
      limitMemAvailStatus: 'disabled',
      linkDiscovery: 'disabled',
      monitor: '/Common/bigip ',
      proberFallback: 'inherit',
      proberPreference: 'inherit',
      product: 'bigip',
      virtualServerDiscovery: 'disabled',
      addresses,
      devicesReference: { link: `${link}/devices?ver=13.1.0.8`, isSubcollection: true },
      virtualServersReference: { link: `${link}/virtual-servers?ver=13.1.0.8`, isSubcollection: true },
    };
    expect(server).toEqual(recorded);
    expect(Object.keys(server)).toEqual(Object.keys(recorded));
  });

  it('has devices and addresses as two views of the same', async () => {
    const client = await withServer();
    const devices = [
      { name: 'b1', addresses: [{ name: '1.1.1.1', translation: '10.1.1.1' }] },
      { name: 'b2', addresses: [{ name: '2.2.2.2' }, { name: '3.3.3.3' }] },
    ];
    const server = await make(client, 'gtm/server', { name: 'big', datacenter: 'dc', devices });
    expect(server).toMatchObject({
      product: 'bigip',
      monitor: '/Common/bigip ',
      addresses: [
        { name: '1.1.1.1', deviceName: 'b1', translation: '10.1.1.1' },
        { name: '2.2.2.2', deviceName: 'b2', translation: 'none' },
        { name: '3.3.3.3', deviceName: 'b2', translation: 'none' },
      ],
    });
    await client.patch('gtm/server/big', { addresses: [{ name: '4.4.4.4', deviceName: 'b2' }] });
    const items = await client.get('gtm/server/big/devices');
    expect(items.body.items).toMatchObject([{ name: 'b2', addresses: [{ name: '4.4.4.4' }] }]);
    expect((await client.patch('gtm/server/big', { devices: [] })).status).toBe(400);
    expect((await client.post('gtm/server', { name: 'x', datacenter: 'dc' })).status).toBe(400);
    expect((await client.post('gtm/server', { name: 'x', datacenter: 'dc', addresses: ['4.4.4.4'] })).status).toBe(409);
    expect((await client.post('gtm/server', { name: 'x', datacenter: 'no', addresses: ['5.4.4.4'] })).status).toBe(404);
    expect((await client.delete('gtm/datacenter/dc')).body.message).toContain(
      '01070265:3: The datacenter (/Common/dc)',
    );
  });

  it('finds virtual servers whose names are paths', async () => {
    const client = await withServer();
    const found = await client.get('gtm/server/~Common~s/virtual-servers/~Common~vs2');
    expect(found.body).toMatchObject({ name: '/Common/vs2', destination: '10.0.0.5:443', translationAddress: 'none' });
    const six = { name: 'v6', destination: '2001:db8::5.80', dependsOn: ['s:vs1'] };
    expect(await make(client, 'gtm/server/s/virtual-servers', six)).toMatchObject({ destination: '2001:db8::5.80' });
    expect((await client.get('gtm/server/s/virtual-servers/nope')).status).toBe(404);
    expect((await client.post('gtm/server/s/virtual-servers', { name: 'x' })).status).toBe(400);
    expect((await client.patch('gtm/server/s/virtual-servers/vs1', { disabled: true })).body).toMatchObject({
      disabled: true,
    });
    const expanded = await client.get('gtm/server/s?expandSubcollections=true');
    expect(expanded.body.virtualServersReference.items).toHaveLength(3);
  });
});

describe('pools and wide IPs', () => {
  it('has members on virtual servers, in their order', async () => {
    const client = await withServer();
    await make(client, 'gtm/pool/a', { name: 'p', members: ['s:vs1'] });
    const second = await make(client, 'gtm/pool/a/~Common~p/members', { name: 's:/Common/vs2', ratio: 3 });
    expect(second).toMatchObject({ fullPath: '/Common/s:/Common/vs2', memberOrder: 1, ratio: 3, monitor: 'default' });
    const read = await client.get('gtm/pool/a/~Common~p/members/~Common~s:~Common~vs2');
    expect(read.body).toMatchObject({ name: 's:/Common/vs2', enabled: true });
    expect((await client.patch('gtm/pool/a/p/members/s:vs1', { disabled: true })).body).toMatchObject({
      disabled: true,
    });
    expect((await client.post('gtm/pool/a/p/members', { name: 's:nope' })).body).toMatchObject({
      code: 400,
      message:
        '01070224:3: Pool Member on Pool /Common/p of type A must contain a valid Virtual Server name because it is a terminal member.',
    });
    expect((await client.post('gtm/pool/a/p/members', { name: 'x:vs1' })).status).toBe(400);
    expect((await client.delete('gtm/server/s/virtual-servers/vs1')).body.message).toContain('01070224:3');
    expect((await client.delete('gtm/server/s')).body.message).toContain('01070224:3');
    expect((await client.delete('gtm/pool/a/p')).status).toBe(200);
    expect((await client.delete('gtm/server/s')).status).toBe(200);
  });

  it('answers 404 to a member that 12.1 makes all the same', async () => {
    const client = await withServer('12.1');
    await make(client, 'gtm/pool/a', { name: 'p' });
    expect((await client.post('gtm/pool/a/p/members', { name: 's:vs1' })).status).toBe(404);
    expect((await client.get('gtm/pool/a/p/members')).body.items).toHaveLength(1);
  });

  it('has pools of names with what their records need', async () => {
    const client = await withServer();
    await make(client, 'gtm/pool/cname', { name: 'c', members: [{ name: 'www.example.com', staticTarget: 'yes' }] });
    const items = await client.get('gtm/pool/cname/c/members');
    expect(items.body.items).toMatchObject([{ name: 'www.example.com', staticTarget: 'yes', memberOrder: 0 }]);
    const srv = { name: 'h.example.com', port: 80, priority: 10, weight: 10 };
    await make(client, 'gtm/pool/srv', { name: 'srv', members: [srv] });
    expect((await client.get('gtm/pool/srv/srv/members/h.example.com')).body).toMatchObject(srv);
    expect((await client.get('gtm/pool/cname/c')).body).not.toHaveProperty('limitMaxBps');
    expect((await client.get('gtm/pool')).body.items).toHaveLength(6);
  });

  it('keeps a pool that a wide IP uses', async () => {
    const client = await withServer();
    await make(client, 'gtm/pool/a', { name: 'p' });
    await make(client, 'gtm/pool/a', { name: 'last' });
    await make(client, 'gtm/rule', { name: 'r', apiAnonymous: 'when DNS_REQUEST { }' });
    const wideip = await make(client, 'gtm/wideip/a', {
      name: 'www.example.com',
      pools: [{ name: 'p', partition: 'Common', order: 0, ratio: 2 }],
      lastResortPool: 'a last',
      aliases: ['web.example.com'],
      rules: ['/Common/r'],
    });
    expect(wideip).toMatchObject({
      kind: 'tm:gtm:wideip:a:astate',
      lastResortPool: 'a /Common/last',
      pools: [{ name: 'p', partition: 'Common', order: 0, ratio: 2 }],
    });
    const used = '0107070b:7: Wideip pool (/Common/p) is referenced by one or more wideips';
    expect((await client.delete('gtm/pool/a/p')).body).toMatchObject({ code: 400, message: used });
    expect((await client.delete('gtm/pool/a/last')).status).toBe(400);
    expect((await client.delete('gtm/rule/r')).status).toBe(400);
    expect((await client.post('gtm/wideip/a', { name: 'www.example.com' })).status).toBe(409);
    expect((await client.post('gtm/wideip/aaaa', { name: 'www.example.com' })).status).toBe(200);
    expect((await client.post('gtm/wideip/a', { name: 'nodots' })).status).toBe(400);
    expect((await client.post('gtm/wideip/a', { name: 'x.y', pools: ['nope'] })).status).toBe(404);
    expect((await client.patch('gtm/wideip/a/www.example.com', { pools: [], lastResortPool: '' })).status).toBe(200);
    expect((await client.get('gtm/wideip/a/www.example.com')).body).toMatchObject({ lastResortPool: '' });
    expect((await client.delete('gtm/pool/a/p')).status).toBe(200);
  });

  it('has a name once, whatever the partition', async () => {
    const client = await startTest({ modules: ['gtm'] });
    await make(client, 'auth/partition', { name: 'k' });
    await make(client, 'gtm/wideip/a', { name: 'www.example.com' });
    const second = await client.post('gtm/wideip/a', { name: 'WWW.example.com', partition: 'k' });
    expect(second.body).toMatchObject({
      code: 409,
      message: '01020066:3: The requested wideip (/Common/www.example.com) already exists in partition Common.',
    });
    expect((await client.post('gtm/wideip/aaaa', { name: 'www.example.com', partition: 'k' })).status).toBe(200);
    expect((await client.delete('gtm/wideip/a/www.example.com')).status).toBe(200);
    expect((await client.post('gtm/wideip/a', { name: 'www.example.com', partition: 'k' })).status).toBe(200);
  });

  it('is made and deleted as a whole in transactions', async () => {
    const client = await startTest({ modules: ['gtm'] });
    const made = await client.transact(
      ['POST', 'gtm/wideip/a', { name: 'a.b', pools: ['p'] }],
      ['POST', 'gtm/pool/a', { name: 'p', members: ['s:v'] }],
      [
        'POST',
        'gtm/server',
        {
          name: 's',
          datacenter: 'dc',
          addresses: ['1.1.1.1'],
          virtualServers: [{ name: 'v', destination: '1.1.1.1:80' }],
        },
      ],
      ['POST', 'gtm/datacenter', { name: 'dc' }],
    );
    expect(made.body.state).toBe('COMPLETED');
    const gone = await client.transact(
      ['DELETE', 'gtm/datacenter/dc'],
      ['DELETE', 'gtm/server/s'],
      ['DELETE', 'gtm/pool/a/p'],
      ['DELETE', 'gtm/wideip/a/a.b'],
    );
    expect(gone.body.state).toBe('COMPLETED');
    const failed = await client.transact(['POST', 'gtm/wideip/a', { name: 'a.b', pools: ['p'] }]);
    expect(failed.body.message).toBe('transaction failed:01020036:3: The requested pool (/Common/p) was not found.');
  });
});

describe('monitors, regions, topology, listeners', () => {
  it('has monitors apart from those of ltm', async () => {
    const client = await withServer();
    const monitor = await make(client, 'gtm/monitor/http', { name: 'm', interval: 10 });
    expect(monitor).toMatchObject({ generation: 0, defaultsFrom: '/Common/http', timeout: 120, probeTimeout: 5 });
    expect((await client.post('ltm/pool', { name: 'p', monitor: '/Common/m' })).status).toBe(404);
    await make(client, 'gtm/pool/a', { name: 'p', monitor: 'm' });
    expect((await client.get('gtm/pool/a/p')).body.monitor).toBe('/Common/m ');
    expect((await client.delete('gtm/monitor/http/m')).body.message).toBe('01070083:3: Monitor /Common/m is in use.');
    expect((await client.delete('gtm/monitor/bigip/bigip')).status).toBe(400);
    expect((await client.post('gtm/pool/a', { name: 'q', monitor: 'nope' })).status).toBe(404);
    expect((await client.get('gtm/monitor/gateway-icmp/gateway_icmp')).body).toMatchObject({ probeAttempts: 3 });
  });

  it('names topology records by their text', async () => {
    const client = await withServer();
    await make(client, 'gtm/region', { name: 'eu', regionMembers: [{ name: 'continent EU' }, 'not country DE'] });
    const name = 'ldns: subnet 1.2.3.4/24 server: datacenter /Common/dc';
    expect(await make(client, 'gtm/topology', { name, score: 10 })).toMatchObject({
      name: 'ldns: subnet 1.2.3.0/24 server: datacenter /Common/dc',
      score: 10,
      order: 1,
    });
    const uri = 'gtm/topology/ldns:%20subnet%201.2.3.0~24%20server:%20datacenter%20~Common~dc';
    expect((await client.get(uri)).body.selfLink).toContain(
      'ldns:%20subnet%201.2.3.0~24%20server:%20datacenter%20~Common~dc',
    );
    expect((await client.delete(uri)).status).toBe(200);
    expect((await client.post('gtm/topology', { name: 'nonsense' })).status).toBe(400);
    expect((await client.post('gtm/region', { name: 'x', regionMembers: ['subnet nope'] })).status).toBe(400);
  });

  it('answers 400 for a listener that is not there', async () => {
    const client = await withServer();
    expect((await client.get('gtm/listener/nope')).status).toBe(400);
    expect(await make(client, 'gtm/listener', { name: 'l', address: '10.0.0.53' })).toMatchObject({ port: 53 });
  });

  it('takes changes of the global settings', async () => {
    const client = await withServer();
    const changed = await client.patch('gtm/global-settings/general', { synchronization: 'yes', heartbeatInterval: 5 });
    expect(changed.body).toMatchObject({ synchronization: 'yes', heartbeatInterval: 5 });
    expect((await client.patch('gtm/global-settings/general', { synchronization: 'maybe' })).status).toBe(400);
    expect((await client.delete('gtm/global-settings/general')).status).toBe(400);
  });
});
