import { describe, expect, it } from 'vitest';
import { startTest, type Client } from '../../test-kit.ts';

type Json = Record<string, unknown>;

async function make(client: Client, collection: string, body: Json): Promise<Json> {
  const reply = await client.post(collection, body);
  expect(reply.body).toMatchObject({ name: expect.any(String) });
  expect(reply.status).toBe(200);
  return reply.body as Json;
}

async function withNetwork(): Promise<Client> {
  const client = await startTest();
  await make(client, 'net/vlan', { name: 'internal', interfaces: [{ name: '1.1', untagged: true }] });
  await make(client, 'net/self', { name: 'self1', address: '10.0.0.1/24', vlan: '/Common/internal' });
  return client;
}

async function message(reply: Promise<{ status: number; body: { message?: string } }>): Promise<[number, string]> {
  const { status, body } = await reply;
  return [status, body.message ?? ''];
}

describe('routes', () => {
  it('is by gateway, pool, interface or blackhole, and another way takes the place of the first', async () => {
    const client = await withNetwork();
    await make(client, 'ltm/pool', { name: 'gateways' });
    const route = await make(client, 'net/route', { name: 'r', network: '10.1.0.7/16', gw: '10.0.0.9' });
    expect(route).toMatchObject({ network: '10.1.0.0/16', gw: '10.0.0.9', mtu: 0 });
    const other = await client.patch('net/route/r', { pool: 'gateways' });
    expect(other.body).toMatchObject({ pool: '/Common/gateways' });
    expect(other.body).not.toHaveProperty('gw');
    expect((await client.patch('net/route/r', { blackhole: true })).body).toMatchObject({ blackhole: true });
    const byVlan = await client.patch('net/route/r', { tmInterface: '/Common/internal' });
    expect(byVlan.body).toMatchObject({ tmInterface: '/Common/internal' });
    expect(byVlan.body).not.toHaveProperty('blackhole');
    expect((await client.delete('net/route/r')).status).toBe(200);
  });

  it('prints default networks by their words, with the route domain', async () => {
    const client = await withNetwork();
    await make(client, 'net/vlan', { name: 'v2' });
    await make(client, 'net/route-domain', { name: '2', id: 2, vlans: ['v2'] });
    await make(client, 'net/self', { name: 's2', address: '10.2.0.1%2/24', vlan: 'v2' });
    expect(await make(client, 'net/route', { name: 'd', network: '0.0.0.0/0', gw: '10.0.0.9' })).toMatchObject({
      network: 'default',
    });
    const six = await make(client, 'net/route', { name: 'd6', network: '::/0', blackhole: true });
    expect(six['network']).toBe('default-inet6');
    const far = await make(client, 'net/route', { name: 'd2', network: 'default%2', gw: '10.2.0.9%2' });
    expect(far).toMatchObject({ network: 'default%2', gw: '10.2.0.9%2' });
    const net = await make(client, 'net/route', { name: 'n2', network: '10.9.0.0%2/16', gw: '10.2.0.9%2' });
    expect(net['network']).toBe('10.9.0.0%2/16');
  });

  it('refuses what mcpd refuses', async () => {
    const client = await withNetwork();
    const good = { name: 'r', network: '10.1.0.0/16', gw: '10.0.0.9' };
    await make(client, 'net/route', good);
    expect(await message(client.patch('net/route/r', { network: '10.3.0.0/16' }))).toEqual([
      400,
      '"network" may not be specified in the context of the "modify" command. "network" may be specified using the following commands: create, list, show',
    ]);
    expect(await message(client.post('net/route', { ...good, name: 'again' }))).toEqual([
      400,
      expect.stringContaining('01070330:3: Static route 10.1.0.0/16'),
    ]);
    expect(await message(client.post('net/route', { name: 'x', network: '10.5.0.0/16', gw: '9.9.9.9' }))).toEqual([
      400,
      '01070330:3: Static route gateway 9.9.9.9 is not directly connected via an interface.',
    ]);
    expect(await message(client.post('net/route', { name: 'x', network: '10.0.0.0/24', gw: '10.0.0.9' }))).toEqual([
      400,
      '01070666:3: Static route duplicates Self IP 10.0.0.0 / 255.255.255.0 implied route',
    ]);
    expect(await message(client.post('net/route', { name: 'x', network: '10.5.0.0/16', pool: 'nope' }))).toEqual([
      404,
      '01020036:3: The requested Pool (/Common/nope) was not found.',
    ]);
    const both = { name: 'x', network: '10.5.0.0/16', gw: '10.0.0.9', blackhole: true };
    expect(await message(client.post('net/route', both))).toEqual([400, '"blackhole" may not be specified with "gw"']);
    expect((await client.post('net/route', { name: 'x', network: '10.5.0.0/16' })).status).toBe(400);
    expect((await client.post('net/route', { name: 'x', network: 'nonsense', blackhole: true })).status).toBe(400);
    expect(await message(client.delete('net/self/self1'))).toEqual([
      400,
      '01070330:3: Static route gateway 10.0.0.9 is not directly connected via an interface.',
    ]);
  });

  it('goes with its self IP and VLAN in one transaction, in any order', async () => {
    const client = await startTest();
    const made = await client.transact(
      ['POST', 'net/route', { name: 'r', network: '10.1.0.0/16', gw: '10.0.0.9' }],
      ['POST', 'net/self', { name: 's', address: '10.0.0.1/24', vlan: 'v' }],
      ['POST', 'net/vlan', { name: 'v', tag: 7 }],
    );
    expect(made.body.state).toBe('COMPLETED');
    const gone = await client.transact(['DELETE', 'net/vlan/v'], ['DELETE', 'net/self/s'], ['DELETE', 'net/route/r']);
    expect(gone.body.state).toBe('COMPLETED');
    const failed = await client.transact(
      ['POST', 'net/vlan', { name: 'v' }],
      ['POST', 'net/self', { name: 's', address: '10.0.0.1/24', vlan: 'other' }],
    );
    expect(failed.body.message).toBe(
      'transaction failed:01020036:3: The requested VLAN (/Common/other) was not found.',
    );
    expect((await client.get('net/vlan/v')).status).toBe(404);
  });
});

describe('VLANs, self IPs and route domains', () => {
  it('puts a new VLAN into the default route domain of its partition and moves it', async () => {
    const client = await startTest({ tmos: '13.1' });
    await make(client, 'net/vlan', { name: 'v' });
    expect((await client.get('net/route-domain/0')).body.vlans).toEqual([
      '/Common/http-tunnel',
      '/Common/socks-tunnel',
      '/Common/v',
    ]);
    await make(client, 'net/route-domain', { name: 'rd9', id: 9, vlans: ['/Common/v'] });
    expect((await client.get('net/route-domain/0')).body.vlans).not.toContain('/Common/v');
    expect((await client.get('net/route-domain/rd9')).body).toMatchObject({
      vlansReference: [{ link: 'https://localhost/mgmt/tm/net/vlan/~Common~v?ver=13.1.0.8' }],
    });
    expect((await client.delete('net/route-domain/rd9')).status).toBe(200);
    expect((await client.get('net/route-domain/0')).body.vlans).toContain('/Common/v');
    expect((await client.delete('net/vlan/v')).status).toBe(200);
    expect((await client.get('net/route-domain/0')).body.vlans).not.toContain('/Common/v');
    expect((await client.delete('net/route-domain/0')).status).toBe(400);
  });

  it('refuses a self IP on a VLAN of another route domain, and a VLAN in use', async () => {
    const client = await withNetwork();
    await make(client, 'net/route-domain', { name: '5', id: 5 });
    const [status, text] = await message(
      client.post('net/self', { name: 's5', address: '10.5.0.1%5/24', vlan: 'internal' }),
    );
    expect(status).toBe(400);
    expect(text).toContain(
      'The vlan (/Common/internal) for the specified self IP (10.5.0.1%5) must be one of the vlans in the associated route domain (5).',
    );
    expect((await client.patch('net/route-domain/5', { vlans: ['internal'] })).status).toBe(400);
    expect(await message(client.delete('net/vlan/internal'))).toEqual([
      400,
      '01070265:3: The VLAN (/Common/internal) cannot be deleted because it is in use by a self IP (/Common/self1).',
    ]);
    expect((await client.post('net/self', { name: 'nowhere', address: '10.6.0.1/24', vlan: 'nope' })).status).toBe(404);
    expect((await client.post('net/self', { name: 'twice', address: '10.0.0.1/24', vlan: 'internal' })).status).toBe(
      400,
    );
    expect((await client.post('net/self', { name: 'bare', address: '10.7.0.1', vlan: 'internal' })).status).toBe(400);
  });

  it('reads services of a self IP and floats with the traffic group', async () => {
    const client = await withNetwork();
    const services = await client.patch('net/self/self1', { allowService: ['tcp:https', 'udp:53', 'gre:0'] });
    expect(services.body.allowService).toEqual(['tcp:443', 'udp:53', 'gre:0']);
    expect((await client.patch('net/self/self1', { allowService: 'default' })).body.allowService).toEqual(['default']);
    expect((await client.patch('net/self/self1', { allowService: 'all' })).body.allowService).toBe('all');
    expect((await client.patch('net/self/self1', { allowService: 'none' })).body).not.toHaveProperty('allowService');
    expect((await client.patch('net/self/self1', { allowService: ['tcp'] })).status).toBe(400);
    const floating = await client.patch('net/self/self1', { trafficGroup: '/Common/traffic-group-1' });
    expect(floating.body).toMatchObject({ floating: 'enabled', unit: 1 });
  });

  it('has interfaces as a sub-collection and inline', async () => {
    const client = await startTest();
    await make(client, 'net/vlan', { name: 'a', interfaces: [{ name: '1.1', tagged: true }, '1.2'] });
    const items = await client.get('net/vlan/a/interfaces');
    expect(items.body.items.map((each: Json) => [each['name'], each['tagged'], each['untagged']])).toEqual([
      ['1.1', true, undefined],
      ['1.2', undefined, true],
    ]);
    expect(
      (await client.post('net/vlan/a/interfaces', { name: '1.3', tagged: true, untagged: true })).body.message,
    ).toBe('"tagged" may not be specified with "untagged"');
    expect((await client.post('net/vlan/a/interfaces', { name: '7.7' })).status).toBe(404);
    expect((await client.post('net/vlan', { name: 'b', interfaces: ['1.2'] })).status).toBe(400);
    expect((await client.post('net/vlan', { name: 'b', interfaces: [{ name: '1.1', tagged: true }] })).status).toBe(
      200,
    );
    expect((await client.post('net/vlan', { name: 'c', tag: 4094 })).body.message).toContain('01070257');
    const trunk = await make(client, 'net/trunk', { name: 't1', interfaces: ['1.3'] });
    expect(trunk).toMatchObject({ cfgMbrCount: 1, bandwidth: 10_000, interfaces: ['1.3'] });
    expect((await client.post('net/trunk', { name: 't2', interfaces: ['1.3'] })).status).toBe(400);
    expect((await client.post('net/vlan/b/interfaces', { name: 't1' })).status).toBe(200);
    expect((await client.delete('net/trunk/t1')).body.message).toContain('in use by a VLAN (/Common/b)');
    expect((await client.patch('net/interface/1.1', { description: 'uplink', disabled: true })).body).toMatchObject({
      disabled: true,
    });
    expect((await client.post('net/interface', { name: '9.9' })).status).toBe(400);
  });
});

describe('tunnels, FDB and neighbours', () => {
  async function withTunnel(): Promise<Client> {
    const client = await startTest();
    await make(client, 'auth/partition', { name: 'k8s' });
    const profile = { name: 'vx', partition: 'k8s', port: 8472, floodingType: 'none' };
    expect(await make(client, 'net/tunnels/vxlan', profile)).toMatchObject({
      defaultsFrom: '/Common/vxlan',
      encapsulationType: 'vxlan',
      port: 8472,
    });
    const tunnel = { name: 't', partition: 'k8s', profile: '/k8s/vx', localAddress: '10.0.0.1', key: 1 };
    expect(await make(client, 'net/tunnels/tunnel', tunnel)).toMatchObject({
      remoteAddress: 'any6',
      profileReference: { link: 'https://localhost/mgmt/tm/net/tunnels/vxlan/~k8s~vx?ver=17.1.0' },
    });
    return client;
  }

  it('has an FDB entry as long as the tunnel is there, with records inline and by themselves', async () => {
    const client = await withTunnel();
    const records = [
      { name: '12:AB:34:cd:56:ef', endpoint: '10.1.2.3' },
      { name: '98:ab:76:cd:54:ef', endpoint: '10.2.3.4' },
    ];
    expect((await client.put('net/fdb/tunnel/~k8s~t', { records })).status).toBe(200);
    const table = await client.get('net/fdb/tunnel/~k8s~t?expandSubcollections=true');
    expect(table.body.recordsReference.items.map((each: Json) => [each['fullPath'], each['endpoint']])).toEqual([
      ['12:ab:34:cd:56:ef', '10.1.2.3'],
      ['98:ab:76:cd:54:ef', '10.2.3.4'],
    ]);
    const one = await client.patch('net/fdb/tunnel/~k8s~t/records/12:AB:34:CD:56:EF', { endpoint: '10.9.9.9' });
    expect(one.body).toMatchObject({ kind: 'tm:net:fdb:tunnel:records:recordsstate', endpoint: '10.9.9.9' });
    const added = await client.post('net/fdb/tunnel/~k8s~t/records', { name: '0:1:2:3:4:5', endpoint: '10.3.3.3%0' });
    expect(added.body).toMatchObject({ name: '00:01:02:03:04:05', endpoint: '10.3.3.3' });
    expect((await client.delete('net/fdb/tunnel/~k8s~t/records/00:01:02:03:04:05')).status).toBe(200);
    expect((await client.post('net/fdb/tunnel/~k8s~t/records', { name: 'zz', endpoint: '10.3.3.3' })).status).toBe(400);
    expect((await client.post('net/fdb/tunnel', { name: 'x' })).status).toBe(400);
    expect((await client.patch('net/fdb/tunnel/~k8s~t', { records: [] })).status).toBe(200);
    expect((await client.get('net/fdb/tunnel/~k8s~t/records')).body).not.toHaveProperty('items');
    expect((await client.delete('net/tunnels/tunnel/~k8s~t')).status).toBe(200);
    expect((await client.get('net/fdb/tunnel/~k8s~t')).status).toBe(404);
    expect((await client.delete('net/tunnels/vxlan/~k8s~vx')).status).toBe(200);
  });

  it('keeps a profile and a tunnel that are in use', async () => {
    const client = await withTunnel();
    await make(client, 'net/self', { name: 'overlay', address: '10.244.0.1/16', vlan: '/k8s/t', partition: 'Common' });
    expect((await client.delete('net/tunnels/tunnel/~k8s~t')).body.message).toBe(
      '01070265:3: The tunnel (/k8s/t) cannot be deleted because it is in use by a self IP (/Common/overlay).',
    );
    expect((await client.delete('net/tunnels/vxlan/~k8s~vx')).body.message).toContain('in use by a tunnel (/k8s/t)');
    expect((await client.delete('net/tunnels/vxlan/vxlan')).status).toBe(400);
    expect((await client.post('net/tunnels/tunnel', { name: 'x', profile: '/Common/nope' })).status).toBe(404);
    expect((await client.post('net/tunnels/tunnel', { name: 'x' })).status).toBe(400);
    expect((await client.post('net/vlan', { name: 'http-tunnel' })).status).toBe(409);
  });

  it('takes static ARP and NDP entries, whose generation is 0', async () => {
    const client = await startTest();
    const entry = { name: 'a', ipAddress: '10.0.0.9', macAddress: '12:AB:34:CD:56:EF' };
    expect(await make(client, 'net/arp', entry)).toMatchObject({ generation: 0, macAddress: '12:ab:34:cd:56:ef' });
    expect((await client.post('net/arp', { ...entry, name: 'b' })).status).toBe(409);
    expect((await client.patch('net/arp/a', { ipAddress: '10.0.0.8' })).status).toBe(400);
    expect((await client.patch('net/arp/a', { macAddress: '12:ab:34:cd:56:00' })).status).toBe(200);
    expect((await client.post('net/arp', { ...entry, name: 'c', ipAddress: '2001:db8::1' })).status).toBe(400);
    expect(await make(client, 'net/ndp', { ...entry, name: 'n', ipAddress: '2001:DB8::1' })).toMatchObject({
      ipAddress: '2001:db8::1',
    });
  });

  it('has address and port lists that point at others', async () => {
    const client = await startTest();
    await make(client, 'net/address-list', { name: 'inner', addresses: ['10.0.0.1', '10.1.0.0/16'] });
    const outer = { name: 'outer', addressLists: ['/Common/inner'], addresses: [{ name: '1.1.1.1-1.1.1.9' }] };
    expect(await make(client, 'net/address-list', outer)).toMatchObject({
      addressLists: [{ name: 'inner', partition: 'Common' }],
      addresses: [{ name: '1.1.1.1-1.1.1.9' }],
    });
    expect((await client.delete('net/address-list/inner')).status).toBe(400);
    expect((await client.post('net/address-list', { name: 'x', addresses: ['nope'] })).status).toBe(400);
    expect((await client.post('net/address-list', { name: 'x', addressLists: ['nope'] })).status).toBe(404);
    const ports = await make(client, 'net/port-list', { name: 'p', ports: ['http', '8000-8010'] });
    expect(ports['ports']).toEqual([{ name: '80' }, { name: '8000-8010' }]);
    expect((await client.post('net/port-list', { name: 'x', ports: ['9-1'] })).status).toBe(400);
  });
});
