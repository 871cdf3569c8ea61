import { describe, expect, it } from 'vitest';
import type { PairNode } from '../pair/pair-node.ts';
import { runUnit } from '../session/session.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import type { JournalEntry } from '../store/store.ts';
import { startTest, testDevice } from '../test-kit.ts';
import { createObject, deleteObject, modifyObject } from '../verbs/write.ts';
import { neighbourOf, type Announcement } from './announce.ts';
import type { Command } from './command.ts';
import { Kernel, KernelRefused } from './kernel.ts';
import { deviceName } from './links.ts';
import { namespaceFacts, refusal } from './namespace.ts';

type Body = Record<string, unknown>;

/** A kernel that notes what it is told, and answers as the test says. */
class Stage {
  readonly device: Device = testDevice({ modules: ['gtm'] });
  readonly told: string[] = [];
  readonly kernel: Kernel;
  problem: (command: string) => string | undefined = () => undefined;

  constructor(interfaces: Readonly<Record<string, string>> = { '1.1': 'eth1' }) {
    const run = ({ program, args }: Command): Promise<string | undefined> => {
      const text = `${program} ${args.join(' ')}`;
      this.told.push(text);
      return Promise.resolve(this.problem(text));
    };
    const announce = ({ address, dev, neighbour }: Announcement): Promise<void> => {
      this.told.push(`announce ${address} on ${dev} by ${neighbour}`);
      return Promise.resolve();
    };
    this.kernel = new Kernel(this.device, interfaces, { run, announce });
  }

  /** What the kernel is told for a change. */
  async tell(changes: readonly JournalEntry[]): Promise<readonly string[]> {
    this.told.length = 0;
    await this.kernel.changed(changes);
    return [...this.told];
  }

  create(path: string, body: Body): Promise<readonly string[]> {
    const kind = this.device.kinds.byPath.get(path);
    if (kind === undefined) throw new Error(path);
    const unit = runUnit(this.device, { transaction: false }, (session) =>
      createObject(kind, body, { session, scope: '' }),
    );
    return this.tell(unit.changes);
  }

  modify(path: string, name: string, body: Body): Promise<readonly string[]> {
    const object = this.#find(path, name);
    const unit = runUnit(this.device, { transaction: false }, (session) =>
      modifyObject(object, body, { session, replace: false }),
    );
    return this.tell(unit.changes);
  }

  remove(path: string, name: string): Promise<readonly string[]> {
    const object = this.#find(path, name);
    const unit = runUnit(this.device, { transaction: false }, (session) => deleteObject(object, session));
    return this.tell(unit.changes);
  }

  #find(path: string, name: string): ConfigObject {
    const kind = this.device.kinds.byPath.get(path);
    const object = kind === undefined ? undefined : this.device.store.get(kind, `/Common/${name}`);
    if (object === undefined) throw new Error(name);
    return object;
  }

  problemOf(object: string): string | undefined {
    return this.kernel.entries().find((entry) => entry.object === object)?.problem;
  }
}

async function withTunnel(): Promise<Stage> {
  const stage = new Stage();
  await stage.create('net/vlan', { name: 'internal', interfaces: [{ name: '1.1' }] });
  await stage.create('net/self', { name: 'internal', address: '10.1.20.1/24', vlan: 'internal' });
  await stage.create('net/tunnels/vxlan', { name: 'fl', floodingType: 'none', port: 8472 });
  await stage.create('net/tunnels/tunnel', { name: 'fl', profile: 'fl', key: 1, localAddress: '10.1.20.1' });
  await stage.create('net/self', { name: 'overlay', address: '10.244.20.60/16', vlan: 'fl' });
  return stage;
}

describe('the kernel', () => {
  it('is told of each object what is new, and the reverse when it goes', async () => {
    const stage = new Stage({ '1.1': 'eth1', '1.2': 'eth2' });
    expect(await stage.create('net/vlan', { name: 'internal', interfaces: [{ name: '1.1' }] })).toEqual([
      'ip link set dev eth1 up',
    ]);
    const tagged = { name: 'dmz', tag: 77, interfaces: [{ name: '1.2', tagged: true }] };
    expect(await stage.create('net/vlan', tagged)).toEqual([
      'ip link add link eth2 name dmz type vlan id 77',
      'ip link set dev dmz up',
    ]);
    expect(await stage.create('net/self', { name: 's', address: '10.1.20.1/24', vlan: 'internal' })).toEqual([
      'ip address add 10.1.20.1/24 dev eth1',
    ]);
    expect(await stage.create('net/self', { name: 's6', address: '2001:db8::1/64', vlan: 'dmz' })).toEqual([
      'ip address add 2001:db8::1/64 dev dmz nodad',
    ]);
    expect(await stage.create('net/route', { name: 'r', network: '10.9.0.0/16', gw: '10.1.20.9', mtu: 1400 })).toEqual([
      'ip -4 route add 10.9.0.0/16 via 10.1.20.9 dev eth1 mtu 1400',
    ]);
    expect(await stage.create('net/route', { name: 'hole', network: '2001:db8:9::/48', blackhole: true })).toEqual([
      'ip -6 route add blackhole 2001:db8:9::/48',
    ]);
    const ndp = { name: 'n', ipAddress: '2001:db8::9', macAddress: '02:00:00:00:00:09' };
    expect(await stage.create('net/ndp', ndp)).toEqual([
      'ip neigh replace 2001:db8::9 lladdr 02:00:00:00:00:09 dev dmz nud permanent',
    ]);
    expect(await stage.create('ltm/virtual-address', { name: 'va', address: '10.1.20.50' })).toEqual([
      'ip address add 10.1.20.50/32 dev eth1',
    ]);
    expect(await stage.create('gtm/listener', { name: 'dns', address: '192.0.2.53' })).toEqual([
      'ip address add 192.0.2.53/32 dev lo',
    ]);
    expect(await stage.create('ltm/pool', { name: 'p' })).toEqual([]);
    expect(await stage.remove('net/route', 'r')).toEqual(['ip -4 route del 10.9.0.0/16 via 10.1.20.9 dev eth1']);
    expect(await stage.remove('net/ndp', 'n')).toEqual(['ip neigh del 2001:db8::9 dev dmz']);
    stage.told.length = 0;
    await stage.kernel.close();
    expect(stage.told).toEqual([
      'ip address del 192.0.2.53/32 dev lo',
      'ip address del 10.1.20.50/32 dev eth1',
      'ip -6 route del blackhole 2001:db8:9::/48',
      'ip address del 2001:db8::1/64 dev dmz',
      'ip address del 10.1.20.1/24 dev eth1',
      'ip link del dev dmz',
    ]);
  });

  it('makes VXLAN tunnels by their flooding: none, a peer, a group, every endpoint', async () => {
    const stage = await withTunnel();
    const made = async (name: string, flooding: string, more: Body): Promise<string> => {
      await stage.create('net/tunnels/vxlan', { name, floodingType: flooding, port: 4789 });
      const body = { name, profile: name, key: 7, localAddress: '10.1.20.1', ...more };
      const [first = ''] = await stage.create('net/tunnels/tunnel', body);
      return first.replace(/address \S+ /v, '');
    };
    const type = 'type vxlan id 7 local 10.1.20.1 dstport 4789';
    expect(await made('t-none', 'none', {})).toBe(`ip link add name t-none ${type} nolearning`);
    expect(await made('t-peer', 'multipoint', { remoteAddress: '10.1.20.9' })).toBe(
      `ip link add name t-peer ${type} remote 10.1.20.9`,
    );
    expect(await made('t-group', 'multicast', { remoteAddress: '239.1.1.1' })).toBe(
      `ip link add name t-group ${type} group 239.1.1.1 dev eth1`,
    );
    await made('t-all', 'multipoint', {});
    const records = [
      { name: '02:00:00:00:00:01', endpoint: '10.1.20.101' },
      { name: '02:00:00:00:00:02', endpoint: '10.1.20.101' },
    ];
    expect(await stage.modify('net/fdb/tunnel', 't-all', { records })).toEqual([
      'bridge fdb append 02:00:00:00:00:01 dev t-all dst 10.1.20.101',
      'bridge fdb append 02:00:00:00:00:02 dev t-all dst 10.1.20.101',
      'bridge fdb append 00:00:00:00:00:00 dev t-all dst 10.1.20.101',
    ]);
  });

  it('follows records and addresses by difference, and makes anew what stands on a tunnel that changed', async () => {
    const stage = await withTunnel();
    const [one, two] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
    await stage.modify('net/fdb/tunnel', 'fl', {
      records: [
        { name: one, endpoint: '10.1.20.101' },
        { name: two, endpoint: '10.1.20.102' },
      ],
    });
    const moved = [
      { name: one, endpoint: '10.1.20.101' },
      { name: two, endpoint: '10.1.20.103' },
    ];
    expect(await stage.modify('net/fdb/tunnel', 'fl', { records: moved })).toEqual([
      `bridge fdb del ${two} dev fl dst 10.1.20.102`,
      `bridge fdb append ${two} dev fl dst 10.1.20.103`,
    ]);
    const anew = await stage.modify('net/tunnels/tunnel', 'fl', { key: 5 });
    expect(anew.map((text) => text.replace(/address 02\S+ /v, ''))).toEqual([
      `bridge fdb del ${two} dev fl dst 10.1.20.103`,
      `bridge fdb del ${one} dev fl dst 10.1.20.101`,
      'ip address del 10.244.20.60/16 dev fl',
      'ip link del dev fl',
      'ip link add name fl type vxlan id 5 local 10.1.20.1 dstport 8472 nolearning',
      'ip link set dev fl up',
      'ip address add 10.244.20.60/16 dev fl',
      `bridge fdb append ${one} dev fl dst 10.1.20.101`,
      `bridge fdb append ${two} dev fl dst 10.1.20.103`,
    ]);
    expect(await stage.modify('net/tunnels/tunnel', 'fl', { description: 'x' })).toEqual([]);
  });

  it('says what fails in the words of the program, tries again at the next change, and goes on', async () => {
    const stage = new Stage();
    await stage.create('net/vlan', { name: 'internal', interfaces: [{ name: '1.1' }] });
    await stage.create('net/self', { name: 's', address: '10.1.20.1/24', vlan: 'internal' });
    stage.problem = (text) => (text.includes('route add') ? 'Nexthop has invalid gateway.' : undefined);
    await stage.create('net/route', { name: 'r', network: '10.9.0.0/16', gw: '10.1.20.9' });
    expect(stage.problemOf('net/route /Common/r')).toBe(
      'ip -4 route add 10.9.0.0/16 via 10.1.20.9 dev eth1: Nexthop has invalid gateway.',
    );
    stage.problem = () => undefined;
    const arp = { name: 'a', ipAddress: '10.1.20.9', macAddress: '02:00:00:00:00:09' };
    expect(await stage.create('net/arp', arp)).toHaveLength(2);
    expect(stage.kernel.entries().map(({ state }) => state)).toEqual(['applied', 'applied', 'applied', 'applied']);
  });

  it('takes back half of an object, and leaves alone what was there before', async () => {
    const stage = new Stage();
    await stage.create('net/vlan', { name: 'internal', interfaces: [{ name: '1.1' }] });
    stage.problem = (text) => (text.includes('address add') ? 'RTNETLINK answers: File exists' : undefined);
    await stage.create('net/self', { name: 's', address: '10.1.20.1/24', vlan: 'internal' });
    expect(stage.problemOf('net/self /Common/s')).toBe(undefined);
    stage.problem = (text) => (text.endsWith(' up') ? 'Operation not permitted' : undefined);
    await stage.create('net/tunnels/vxlan', { name: 'fl', floodingType: 'none' });
    const tunnel = { name: 'fl', profile: 'fl', key: 1, localAddress: '10.1.20.1' };
    expect((await stage.create('net/tunnels/tunnel', tunnel)).at(-1)).toBe('ip link del dev fl');
    stage.told.length = 0;
    await stage.kernel.close();
    expect(stage.told).toEqual([]);
  });

  it('gives floating addresses to the active unit of a pair only', async () => {
    const stage = new Stage();
    let isActive = true;
    stage.device.pair = { isActive: () => isActive, committed: () => {} } as unknown as PairNode;
    await stage.create('net/vlan', { name: 'internal', interfaces: [{ name: '1.1' }] });
    await stage.create('net/self', { name: 'own', address: '10.1.20.2/24', vlan: 'internal' });
    const group = { trafficGroup: '/Common/traffic-group-1' };
    await stage.create('net/self', { name: 'float', address: '10.1.20.1/24', vlan: 'internal', ...group });
    await stage.create('ltm/virtual-address', { name: 'va', address: '10.1.20.50' });
    const follow = async (active: boolean): Promise<readonly string[]> => {
      isActive = active;
      stage.told.length = 0;
      await stage.kernel.follow();
      return [...stage.told];
    };
    const [va, float] = ['10.1.20.50/32 dev eth1', '10.1.20.1/24 dev eth1'];
    expect(await follow(false)).toEqual([`ip address del ${va}`, `ip address del ${float}`]);
    const told = (address: string): string => `announce ${address} on eth1 by 10.1.20.254`;
    expect(await follow(true)).toEqual([
      `ip address add ${float}`,
      told('10.1.20.1'),
      `ip address add ${va}`,
      told('10.1.20.50'),
    ]);
  });

  it('announces an address by a neighbour that it may have, and by none where there is none', () => {
    const found = [
      ['10.1.20.50', 24],
      ['10.1.20.254', 24],
      ['10.1.20.1', 30],
      ['10.1.20.0', 31],
      ['fd00::1', 64],
    ] as const;
    expect(found.map(([address, length]) => neighbourOf(address, length))).toEqual([
      '10.1.20.254',
      '10.1.20.253',
      '10.1.20.2',
      undefined,
      undefined,
    ]);
  });

  it('says why it leaves out other route domains, VLANs without an interface, and other tunnels', async () => {
    const stage = new Stage();
    await stage.create('net/vlan', { name: 'v', interfaces: [{ name: '1.3' }] });
    await stage.create('net/self', { name: 's', address: '10.1.20.1/24', vlan: 'v' });
    await stage.create('net/vlan', { name: 'w', interfaces: [{ name: '1.1' }] });
    await stage.create('net/route-domain', { name: 'rd', id: 5, vlans: ['w'] });
    await stage.create('net/self', { name: 's5', address: '10.1.20.1%5/24', vlan: 'w' });
    await stage.create('net/tunnels/tunnel', { name: 'g', profile: 'gre', localAddress: '10.1.20.1' });
    await stage.create('net/arp', { name: 'a', ipAddress: '10.1.20.9', macAddress: '02:00:00:00:00:09' });
    expect(stage.problemOf('net/vlan /Common/v')).toContain('interface 1.3');
    expect(stage.problemOf('net/self /Common/s')).toContain('/Common/v is not applied');
    expect(stage.problemOf('net/self /Common/s5')).toContain('route domain 5');
    expect(stage.problemOf('net/tunnels/tunnel /Common/g')).toContain('profile gre');
    expect(stage.problemOf('net/arp /Common/a')).toContain('No self IP');
    expect(stage.told.filter((text) => text.includes('address add'))).toEqual([]);
  });
});

describe('names of devices', () => {
  it('are those of the configuration where the kernel takes them, else short and unlike others', () => {
    expect(deviceName('/Common/flannel.1')).toBe('flannel.1');
    const names = [
      '/Common/a-name-that-is-too-long',
      '/Common/a-name-that-is-too-lang',
      '/p/fl',
      '/Common/-x',
      '/Common/lo',
    ];
    const made = names.map(deviceName);
    expect(new Set(made).size).toBe(names.length);
    expect(made.every((name) => /^[A-Za-z0-9]?[\w.\-]{1,14}$/v.test(name) && name !== 'lo')).toBe(true);
  });
});

const isInOne = refusal(await namespaceFacts()) === undefined;
if (isInOne) {
  process.stdout.write('the kernel: one test is skipped, this is a network namespace that it would take\n');
}

describe('the network namespace', () => {
  const facts = { platform: 'linux', own: 'net:[2]', first: 'net:[1]', named: [] };

  it("is refused when it is the machine's own, or when that cannot be told", () => {
    expect(refusal(facts)).toBe(undefined);
    expect(refusal({ ...facts, first: undefined, named: ['net:[2]'] })).toBe(undefined);
    expect(refusal({ ...facts, first: 'net:[2]', named: ['net:[2]'] })).toContain("machine's own");
    expect(refusal({ ...facts, first: undefined })).toContain('cannot tell');
    expect(refusal({ ...facts, platform: 'darwin' })).toContain('Linux only');
  });

  it.skipIf(isInOne)('is looked at before anything is done', async () => {
    await expect(startTest({ kernel: {} })).rejects.toThrow(KernelRefused);
  });
});

describe('/emulator/kernel', () => {
  it('says that it is off', async () => {
    const client = await startTest();
    expect((await client.get('/emulator/kernel')).body).toEqual({ on: false, items: [] });
    expect((await client.delete('/emulator/kernel')).status).toBe(405);
  });
});
