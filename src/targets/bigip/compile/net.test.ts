import { describe, expect, it } from 'vitest';
import type { FdbRecord } from '../../../ir/fdb.ts';
import type { BigipObject } from '../../../ir/objects.ts';
import type { Change } from '../../../plan/plan.ts';
import type { Json } from '../request.ts';
import { parseInterface, parseNetwork } from '../../../ir/network.ts';
import { refOf } from '../../../ir/ref.ts';
import { diffObjects } from '../../../plan/diff.ts';
import { MemorySnapshot } from '../../../plan/memory-snapshot.ts';
import { decodeObject } from '../decode/decode-object.ts';
import { compileUnit } from './compile-unit.ts';
import { tmshCommand } from './tmsh.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'k8s' };
const local = { ip: '192.168.200.60' };

function compiled(change: Change) {
  return compileUnit({ id: change.ref, wave: 2, changes: [change], origins: [] }, new MemorySnapshot(), context);
}

function created(after: BigipObject) {
  return compiled({ op: 'create', ref: refOf(after.kind, after.path), after, origins: [] });
}

function updated(before: BigipObject, after: BigipObject) {
  const ref = refOf(after.kind, after.path);
  return compiled({ op: 'update', ref, before, after, fields: diffObjects(before, after), origins: [] });
}

function record(node: number, mac = `c6:d2:32:6f:8f:4${node}`): FdbRecord {
  return { mac, endpoint: { ip: `10.1.20.10${node}` } };
}

function table(...records: readonly FdbRecord[]): BigipObject {
  return { kind: 'fdb', path: '/k8s/fl-tunnel', records };
}

const profile: BigipObject = { kind: 'vxlan-profile', path: '/k8s/fl-vxlan', floodingType: 'none', port: 8472 };
const tunnel: BigipObject = {
  kind: 'tunnel',
  path: '/k8s/fl-tunnel',
  profile: '/k8s/fl-vxlan',
  key: 1,
  localAddress: local,
};
const self: BigipObject = {
  kind: 'self',
  path: '/k8s/fl-self',
  address: parseInterface('10.244.20.60/16')!,
  vlan: '/k8s/fl-tunnel',
};
const arp: BigipObject = {
  kind: 'arp',
  path: '/k8s/10.244.1.5%2',
  address: { ip: '10.244.1.5', routeDomain: 2 },
  mac: 'c6:d2:32:6f:8f:44',
};

describe('AC-34 the objects of a VXLAN overlay are sent exactly as the device wants them', () => {
  it.each([
    [
      profile,
      'POST /mgmt/tm/net/tunnels/vxlan',
      { name: 'fl-vxlan', partition: 'k8s', defaultsFrom: '/Common/vxlan', floodingType: 'none', port: 8472 },
    ],
    [
      tunnel,
      'POST /mgmt/tm/net/tunnels/tunnel',
      {
        name: 'fl-tunnel',
        partition: 'k8s',
        profile: '/k8s/fl-vxlan',
        key: 1,
        localAddress: '192.168.200.60',
        remoteAddress: 'any',
      },
    ],
    [
      self,
      'POST /mgmt/tm/net/self',
      { name: 'fl-self', partition: 'k8s', address: '10.244.20.60/16', vlan: '/k8s/fl-tunnel', allowService: 'none' },
    ],
    [
      table(record(1)),
      'PATCH /mgmt/tm/net/fdb/tunnel/~k8s~fl-tunnel',
      { records: [{ name: 'c6:d2:32:6f:8f:41', endpoint: '10.1.20.101' }] },
    ],
    [
      arp,
      'POST /mgmt/tm/net/arp',
      { name: '10.244.1.5%2', partition: 'k8s', ipAddress: '10.244.1.5%2', macAddress: 'c6:d2:32:6f:8f:44' },
    ],
  ] as const satisfies readonly (readonly [BigipObject, string, Json])[])('%#', (object, line, body) => {
    const [request, ...others] = created(object);
    expect(others).toEqual([]);
    expect(`${request?.method} ${request?.path}`).toBe(line);
    expect(request?.body).toEqual(body);
  });
});

it('F-16 an ARP entry is changed without its address, which may not be modified', () => {
  const [request] = updated(arp, { ...arp, mac: '0e:6b:02:5a:14:9d' });
  expect(request).toMatchObject({ method: 'PATCH', body: { macAddress: '0e:6b:02:5a:14:9d' } });
  expect(request?.body).not.toHaveProperty('ipAddress');
});

it.each([
  [self, { ...self, address: parseInterface('10.244.20.61/16')!, allowService: ['tcp:443'] }, ['allowService']],
  [arp, { ...arp, address: { ip: '10.244.1.6' }, mac: '0e:6b:02:5a:14:9d' }, ['macAddress']],
  [
    { kind: 'route', path: '/k8s/r', network: parseNetwork('10.244.1.0/24')! },
    { kind: 'route', path: '/k8s/r', network: parseNetwork('10.244.2.0/24')!, gateway: local },
    ['gw'],
  ],
] as const satisfies readonly (readonly [BigipObject, BigipObject, readonly string[]])[])(
  'an address that may not be modified is never in a PATCH: $0.kind',
  (before, after, sent) => {
    const [request] = updated(before, after);
    expect(request?.method).toBe('PATCH');
    expect(Object.keys(request?.body ?? {})).toEqual(sent);
  },
);

it('a route that leads to no gateway names none', () => {
  const [request] = created({ kind: 'route', path: '/k8s/r', network: parseNetwork('10.244.1.0/24')! });
  expect(request?.body).toEqual({ name: 'r', partition: 'k8s', network: '10.244.1.0/24' });
});

describe('a forwarding table', () => {
  it('is sent without the description and the mark, for which the device has no place', () => {
    const marked = { ...table(record(1)), description: 'x', mark: { instance: 'i', origins: ['east:Node/n1'] } };
    expect(Object.keys(created(marked)[0]?.body ?? {})).toEqual(['records']);
  });

  it('changes by one request for one record, and as a whole for several', () => {
    const [add] = updated(table(record(1)), table(record(1), record(2)));
    expect(add).toMatchObject({
      method: 'POST',
      path: '/mgmt/tm/net/fdb/tunnel/~k8s~fl-tunnel/records',
      body: { name: 'c6:d2:32:6f:8f:42', endpoint: '10.1.20.102' },
    });
    const [drop] = updated(table(record(1), record(2)), table(record(1)));
    expect(drop).toMatchObject({
      method: 'DELETE',
      path: '/mgmt/tm/net/fdb/tunnel/~k8s~fl-tunnel/records/c6:d2:32:6f:8f:42',
    });
    const moved = { ...record(1), endpoint: { ip: '10.1.20.99' } };
    const [patch] = updated(table(record(1)), table(moved));
    expect(patch).toMatchObject({ method: 'PATCH', body: { endpoint: '10.1.20.99' } });
    const rebooted = updated(table(record(1), record(2)), table(record(1), record(2, '0e:6b:02:5a:14:9d')));
    expect(rebooted).toHaveLength(1);
    expect(rebooted[0]).toMatchObject({ method: 'PATCH', path: '/mgmt/tm/net/fdb/tunnel/~k8s~fl-tunnel' });
    expect(rebooted[0]?.body?.['records']).toHaveLength(2);
  });

  it('is never deleted: it goes with its tunnel', () => {
    const before = table(record(1));
    expect(compiled({ op: 'delete', ref: refOf('fdb', before.path), before, origins: [] })).toEqual([]);
  });
});

describe('a change of what a network is made of', () => {
  const route: BigipObject = {
    kind: 'route',
    path: '/k8s/r',
    network: parseNetwork('10.244.1.0/24')!,
    gateway: { ip: '10.1.20.101' },
  };

  it('of a route sends the gateway alone, and `none` where it is taken away: the device says that it needs one', () => {
    expect(updated(route, { ...route, gateway: { ip: '10.1.20.9' } })[0]?.body).toEqual({ gw: '10.1.20.9' });
    const { gateway: _, ...bare } = route;
    expect(updated(route, bare)[0]?.body).toEqual({ gw: 'none' });
    expect(updated(bare, { ...bare, description: 'x' })[0]?.body).not.toHaveProperty('gw');
    expect(created(bare)[0]?.body).toEqual({ name: 'r', partition: 'k8s', network: '10.244.1.0/24' });
  });

  it('of a profile never names its parent again', () => {
    expect(updated(profile, { ...profile, port: 4789 })[0]?.body).toEqual({ port: 4789 });
    const bare: BigipObject = { kind: 'vxlan-profile', path: '/k8s/p' };
    expect(created(bare)[0]?.body).toMatchObject({ floodingType: 'multicast', port: 4789 });
  });

  it('of a tunnel puts `any` and 0 where something is not set any more', () => {
    const bare: BigipObject = { kind: 'tunnel', path: '/k8s/fl-tunnel', profile: '/k8s/fl-vxlan' };
    const remote = { ...tunnel, remoteAddress: local } as BigipObject;
    expect(updated(remote, bare)[0]?.body).toEqual({ key: 0, localAddress: 'any', remoteAddress: 'any' });
    expect(updated(bare, remote)[0]?.body).toEqual({
      key: 1,
      localAddress: '192.168.200.60',
      remoteAddress: '192.168.200.60',
    });
  });

  it('of a self IP never sends the address, and knows the words for services', () => {
    const change = (more: Partial<Extract<BigipObject, { kind: 'self' }>>) =>
      updated(self, { ...self, ...more })[0]?.body;
    expect(change({ allowService: ['all'] })).toEqual({ allowService: 'all' });
    expect(change({ allowService: ['tcp:443'] })).toEqual({ allowService: ['tcp:443'] });
    expect(change({ trafficGroup: '/Common/tg' })).toEqual({ trafficGroup: '/Common/tg' });
    const floating = { ...self, trafficGroup: '/Common/tg' } as BigipObject;
    expect(updated(floating, self)[0]?.body).toEqual({ trafficGroup: '/Common/traffic-group-local-only' });
  });

  it('of a forwarding table writes no mark and no description: the tunnel carries them', () => {
    const before = table(record(1));
    const after = {
      ...table(record(1), record(2)),
      mark: { instance: 'i', origins: [] },
      description: 'x',
    } as BigipObject;
    const ref = refOf('fdb', before.path);
    const fields = ['mark', 'description', 'records'].map((field) => ({ field, from: undefined, to: undefined }));
    const [request] = compiled({ op: 'update', ref, before, after, fields, origins: [] });
    expect(request?.body).toEqual({
      records: [record(1), record(2)].map(({ mac, endpoint }) => ({ name: mac, endpoint: endpoint.ip })),
    });
  });
});

describe('networks of the device in tmsh', () => {
  it('are printed as the commands of their components', () => {
    const commands = [profile, table(record(1)), arp].flatMap(created).map(tmshCommand);
    expect(commands).toEqual([
      'create net tunnels vxlan /k8s/fl-vxlan { flooding-type none defaults-from /Common/vxlan port 8472 }',
      'modify net fdb tunnel /k8s/fl-tunnel { records replace-all-with { c6:d2:32:6f:8f:41 { endpoint 10.1.20.101 } } }',
      'create net arp /k8s/10.244.1.5%2 { ip-address 10.244.1.5%2 mac-address c6:d2:32:6f:8f:44 }',
    ]);
    const single = [
      updated(table(record(1)), table(record(1), record(2))),
      updated(table(record(1), record(2)), table(record(1))),
    ].flat();
    expect(single.map(tmshCommand)).toEqual([
      'modify net fdb tunnel /k8s/fl-tunnel records add { c6:d2:32:6f:8f:42 { endpoint 10.1.20.102 } }',
      'modify net fdb tunnel /k8s/fl-tunnel records delete { c6:d2:32:6f:8f:42 }',
    ]);
  });
});

describe('what devices print of networks', () => {
  const decode = (kind: BigipObject['kind'], body: Json, rd = 0): BigipObject =>
    decodeObject(kind, body, { ...context, defaultRouteDomain: rd }).object;

  it('reads routes to gateways, to pools, default routes, and those of route domains', () => {
    const base = { name: 'a', partition: 'Common', fullPath: '/Common/a', mtu: 0 };
    expect(decode('route', { ...base, network: '2.2.2.2/32', pool: '/Common/p' })).toEqual({
      kind: 'route',
      path: '/Common/a',
      network: parseNetwork('2.2.2.2/32'),
    });
    expect(decode('route', { ...base, network: 'default%3', gw: '10.0.0.1%3' }, 3)).toMatchObject({
      network: parseNetwork('0.0.0.0/0'),
      gateway: { ip: '10.0.0.1' },
    });
    expect(decode('route', { ...base, network: 'default-inet6', gw: '2001:db8::1' })).toMatchObject({
      network: parseNetwork('::/0'),
    });
    expect(decode('route', { ...base, network: '10.0.0.0%1/24', gw: '10.9.0.1%1' })).toMatchObject({
      network: parseNetwork('10.0.0.0%1/24'),
    });
  });

  it('reads the recorded self IP and tunnel', () => {
    const recorded = {
      fullPath: '/Common/net1',
      address: '10.10.10.10%1/24',
      floating: 'disabled',
      inheritedTrafficGroup: 'false',
      trafficGroup: '/Common/traffic-group-local-only',
      vlan: '/Common/net1',
      allowService: ['tcp:80', 'udp:53', 'gre:0'],
    };
    expect(decode('self', recorded, 1)).toEqual({
      kind: 'self',
      path: '/Common/net1',
      address: parseInterface('10.10.10.10/24'),
      vlan: '/Common/net1',
      allowService: ['gre:0', 'tcp:80', 'udp:53'],
    });
    const recordedTunnel = { fullPath: '/Common/t', profile: '/Common/ipip', localAddress: '3.3.3.3', key: 0 };
    expect(decode('tunnel', { ...recordedTunnel, remoteAddress: 'any6' })).toEqual({
      kind: 'tunnel',
      path: '/Common/t',
      profile: '/Common/ipip',
      localAddress: { ip: '3.3.3.3' },
    });
  });
});
