import { describe, expect, it } from 'vitest';
import type { Machine } from './flannel.ts';
import type { PodNetworkOptions, VxlanOptions } from '../../src/sources/pod-network/options.ts';
import { parseInterface, parseNetwork } from '../../src/ir/network.ts';
import { createMemoryTarget } from '../../src/targets/memory/index.ts';
import type { MemoryTarget } from '../../src/targets/memory/index.ts';
import { Bed, networkOptions } from './bed.ts';
import { CONFIG_MAP, NET_CONF, annotatedNode, macOf, subnetOf } from './flannel.ts';
import { pods, service, serviceSource } from './services.ts';

const VXLAN: VxlanOptions = {
  localAddress: { ip: '10.1.20.60' },
  selfIp: parseInterface('10.244.20.60/16')!,
  tunnelName: 'fl-vxlan',
  pods: 'arp',
};
const OVERLAY = { networks: [parseNetwork('10.244.0.0/16')!], arp: true };

function vxlanBed(more: Partial<PodNetworkOptions> = {}, target?: MemoryTarget) {
  const given = target === undefined ? {} : { target };
  const options = networkOptions({ cni: 'flannel', mode: 'vxlan', vxlan: VXLAN, ...more });
  const overlay = { ...OVERLAY, arp: options.vxlan?.pods === 'arp' };
  const made: ReturnType<typeof serviceSource>[] = [];
  const bed = new Bed([options], {
    ...given,
    after: ([network]) => {
      made.push(serviceSource(network!.source, overlay));
      return made.map(({ source }) => source);
    },
  });
  return { bed, feed: bed.feed, services: made[0]!.feed };
}

/** Machines put where they are kept. */
const PLACES: Readonly<Record<string, (bed: Bed, machines: readonly Machine[]) => void>> = {
  annotations: (bed, machines) => {
    bed.feed.put(CONFIG_MAP, ...machines.map((machine) => annotatedNode({ vni: 1, ...machine })));
  },
  'etcd v3': (bed, machines) => {
    bed.clusters[0]!.source.netConfChanged(NET_CONF);
    bed.clusters[0]!.source.leasesChanged(new Map(machines.map((machine) => subnetOf(machine, 'v3'))));
  },
  'etcd v2': (bed, machines) => {
    bed.clusters[0]!.source.netConfChanged(NET_CONF);
    bed.clusters[0]!.source.leasesChanged(new Map(machines.map((machine) => subnetOf(machine, 'v2'))));
  },
};

const THREE = [1, 2, 3].map((number) => ({ number }));
const record = (number: number, mac = macOf(number)): object => ({ name: mac, endpoint: `10.1.20.10${number}` });

describe('the overlay of flannel', () => {
  it('AC-30 AC-31 AC-32 is the same plan from etcd v2, etcd v3 and annotations of Nodes', async () => {
    const plans = [];
    for (const [place, put] of Object.entries(PLACES)) {
      const { bed, services } = vxlanBed({ etcd: place.startsWith('etcd') });
      put(bed, THREE);
      services.put(service('web'), pods('web', '10.244.1.5', '10.244.2.6'));
      const { plan } = await bed.sync();
      const kinds = ['vxlan-profile', 'tunnel', 'self', 'fdb', 'arp', 'route', 'pool'] as const;
      const bodies = kinds.map((kind) => [kind, bed.bodies(kind)]);
      plans.push({
        changes: plan.units.flatMap(({ changes }) => changes.map(({ op, ref }) => `${op} ${ref}`)),
        bodies,
      });
    }
    expect(plans[1]).toEqual(plans[0]);
    expect(plans[2]).toEqual(plans[0]);
    expect(plans[0]?.changes).toHaveLength(10);
  });

  it('AC-34 is made of exactly these objects', async () => {
    const { bed, services } = vxlanBed();
    PLACES['annotations']!(bed, THREE);
    services.put(service('web'), pods('web', '10.244.1.5'));
    await bed.sync();
    const description = 'Pod network (cluster east)';
    const common = { partition: 'k8s', description };
    expect(bed.bodies('vxlan-profile')).toEqual([
      { ...common, name: 'fl-vxlan_profile', defaultsFrom: '/Common/vxlan', floodingType: 'none', port: 8472 },
    ]);
    expect(bed.bodies('tunnel')).toEqual([
      {
        ...common,
        name: 'fl-vxlan',
        profile: '/k8s/fl-vxlan_profile',
        key: 1,
        localAddress: '10.1.20.60',
        remoteAddress: 'any',
      },
    ]);
    expect(bed.bodies('self')).toEqual([
      { ...common, name: 'fl-vxlan_self', address: '10.244.20.60/16', vlan: '/k8s/fl-vxlan', allowService: 'none' },
    ]);
    expect(bed.bodies('fdb')).toEqual([{ records: [record(1), record(2), record(3)] }]);
    expect(bed.bodies('arp')).toEqual([
      {
        name: 'east_10.244.1.5',
        partition: 'k8s',
        description: 'Service default/web (cluster east)',
        ipAddress: '10.244.1.5',
        macAddress: macOf(1),
      },
    ]);
  });

  it('CIS #797 the public-ip of flannel is the endpoint, not the InternalIP of the Node', async () => {
    const { bed } = vxlanBed();
    PLACES['annotations']!(bed, [{ number: 1 }]);
    await bed.sync();
    expect(bed.bodies('fdb')).toEqual([{ records: [record(1)] }]);
  });

  it('F-18 VNI and port come from flannel’s configuration, or from ours', async () => {
    const conf = JSON.stringify({ Network: '10.244.0.0/16', Backend: { Type: 'vxlan', VNI: 7, Port: 4789 } });
    const { bed } = vxlanBed();
    bed.feed.put({ ...CONFIG_MAP, data: { 'net-conf.json': conf } }, annotatedNode({ number: 1, vni: 7 }));
    expect((await bed.sync()).diagnostics).toEqual([]);
    expect(bed.bodies('tunnel')).toMatchObject([{ key: 7 }]);
    const { port, ...others } = bed.bodies('vxlan-profile')[0] as { port?: number };
    expect([port ?? 4789, others]).toMatchObject([4789, { floodingType: 'none' }]);
    const own = vxlanBed({ vxlan: { ...VXLAN, vni: 9, port: 9472 } });
    own.feed.put(annotatedNode({ number: 1, vni: 7 }));
    const { diagnostics } = await own.bed.sync();
    expect(own.bed.bodies('tunnel')).toMatchObject([{ key: 9 }]);
    expect(diagnostics).toMatchObject([{ code: 'vni-mismatch', origin: 'east.network:Node/node1' }]);
  });

  it('F-18 a slip in flannel’s configuration changes no tunnel, before a restart and after it', async () => {
    const conf = (backend: string): object => ({ ...CONFIG_MAP, data: { 'net-conf.json': `{"Backend":${backend}}` } });
    const { bed } = vxlanBed();
    bed.feed.put(conf('{"Type":"vxlan","VNI":4096,"Port":4789}'), annotatedNode({ number: 1, vni: 4096 }));
    await bed.sync();
    const tunnel = bed.bodies('tunnel');
    expect(tunnel).toMatchObject([{ key: 4096 }]);
    const restarted = vxlanBed({}, bed.target).bed;
    restarted.feed.put(annotatedNode({ number: 1, vni: 4096 }));
    for (const [one, broken, told] of [
      [bed, '{"Type":"vxlan",', 'is no map in JSON'],
      [bed, '{"Type":"vxlan","VNI":"4096"}', 'Backend.VNI is "4096", expected a number up to 16777215'],
      [restarted, '[]', 'Backend is [], expected a map'],
    ] as const) {
      one.feed.put(conf(broken));
      const { diagnostics, writes } = await one.sync({ allowDeletes: true });
      expect(writes).toBe(0);
      expect(diagnostics).toMatchObject([{ code: 'flannel-config-invalid', severity: 'error' }]);
      expect(diagnostics[0]?.summary).toContain(told);
    }
    restarted.feed.put(annotatedNode({ number: 2, vni: 4096 }));
    await restarted.sync();
    expect(bed.bodies('tunnel')).toEqual(tunnel);
    expect(bed.bodies('fdb')).toEqual([{ records: [record(1), record(2)] }]);
  });

  it('F-20 the device’s own machine has no record, whatever its prefix', async () => {
    const { bed } = vxlanBed();
    PLACES['annotations']!(bed, [{ number: 1 }, { number: 20, mac: 'c6:d2:32:6f:8f:20', publicIp: '10.1.20.60' }]);
    expect((await bed.sync()).diagnostics).toEqual([]);
    expect(bed.bodies('fdb')).toEqual([{ records: [record(1)] }]);
  });

  it('AC-38 each unit of a pair has its own self IP and its own end of the tunnel, and one that floats', async () => {
    const floating = { address: parseInterface('10.244.20.62/16')!, trafficGroup: '/Common/traffic-group-1' };
    const plans = [];
    for (const unit of [60, 61]) {
      const own = { localAddress: { ip: `10.1.20.${unit}` }, selfIp: parseInterface(`10.244.20.${unit}/16`)! };
      const { bed } = vxlanBed({ vxlan: { ...VXLAN, ...own, floating } });
      PLACES['annotations']!(bed, [
        { number: 1 },
        { number: 8, publicIp: '10.1.20.60', mac: '02:00:00:00:00:60' },
        { number: 9, publicIp: '10.1.20.61', mac: '02:00:00:00:00:61' },
      ]);
      await bed.sync();
      plans.push({ self: bed.bodies('self'), tunnel: bed.bodies('tunnel'), fdb: bed.bodies('fdb') });
    }
    const [first, second] = plans;
    expect(first?.self.map(({ name, address, trafficGroup }) => [name, address, trafficGroup])).toEqual([
      ['fl-vxlan_floating', '10.244.20.62/16', '/Common/traffic-group-1'],
      ['fl-vxlan_self', '10.244.20.60/16', undefined],
    ]);
    expect(second?.self).toMatchObject([{}, { address: '10.244.20.61/16' }]);
    expect([first?.tunnel, second?.tunnel]).toMatchObject([
      [{ localAddress: '10.1.20.60' }],
      [{ localAddress: '10.1.20.61' }],
    ]);
    // Each is a machine of the overlay to the other one.
    expect(first?.fdb).toEqual([{ records: [{ name: '02:00:00:00:00:61', endpoint: '10.1.20.61' }, record(1)] }]);
  });

  it('CIS #952 is the same for both units of a pair: unknown addresses are flooded nowhere', async () => {
    const sent = [];
    for (const unit of [60, 61]) {
      const own = { localAddress: { ip: `10.1.20.${unit}` }, selfIp: parseInterface(`10.244.20.${unit}/16`)! };
      const { bed } = vxlanBed({ vxlan: { ...VXLAN, ...own } });
      PLACES['annotations']!(bed, THREE);
      await bed.sync();
      // Flooding to many points would send a pair's own frames back to it; every machine has its record instead.
      expect(bed.bodies('fdb')).toEqual([{ records: [record(1), record(2), record(3)] }]);
      expect(bed.bodies('tunnel')).toMatchObject([{ localAddress: `10.1.20.${unit}` }]);
      sent.push(bed.bodies('vxlan-profile'));
    }
    expect(sent[0]).toMatchObject([{ floodingType: 'none' }]);
    expect(sent[1]).toEqual(sent[0]);
  });
});

describe('machines of the overlay', () => {
  it('CIS #2168 one without a MAC address stops nobody', async () => {
    const { bed, services } = vxlanBed();
    PLACES['annotations']!(bed, [{ number: 1 }, { number: 2, mac: '' }, { number: 3 }]);
    services.put(service('web'), pods('web', '10.244.1.5', '10.244.2.6', '10.244.3.7'));
    const { diagnostics } = await bed.sync();
    expect(bed.bodies('fdb')).toEqual([{ records: [record(1), record(3)] }]);
    expect(bed.bodies('arp').map(({ ipAddress }) => ipAddress)).toEqual(['10.244.1.5', '10.244.3.7']);
    expect(bed.bodies('pool')).toMatchObject([{ members: [{ name: '10.244.1.5:8080' }, { name: '10.244.3.7:8080' }] }]);
    expect(diagnostics.map(({ code, origin }) => `${code} ${origin}`).sort()).toEqual([
      'vtep-missing east.network:Node/node2',
      'vtep-missing east:Service/default/web',
    ]);
  });

  it('CIS #558 one without annotations has no record, and says so', async () => {
    const { bed } = vxlanBed();
    const { metadata, ...rest } = annotatedNode({ number: 2 }) as { metadata: { annotations: unknown } };
    bed.feed.put(CONFIG_MAP, annotatedNode({ number: 1 }), { ...rest, metadata: { ...metadata, annotations: {} } });
    const { diagnostics } = await bed.sync();
    expect(bed.bodies('fdb')).toEqual([{ records: [record(1)] }]);
    expect(diagnostics).toMatchObject([{ code: 'vtep-missing', origin: 'east.network:Node/node2' }]);
  });

  it('that join have their record before their first pod is a member, and the record costs one request', async () => {
    const { bed, services } = vxlanBed();
    PLACES['annotations']!(bed, [{ number: 1 }]);
    services.put(service('web'), pods('web', '10.244.1.5'));
    await bed.sync();
    services.put(pods('web', '10.244.1.5', '10.244.2.6'));
    const early = await bed.sync();
    expect(early.writes).toBe(0);
    bed.feed.put(annotatedNode({ number: 2 }));
    const { plan } = await bed.sync();
    expect(plan.units.flatMap(({ changes }) => changes.map(({ op, ref }) => `${op} ${ref}`))).toEqual([
      'update fdb:/k8s/fl-vxlan',
      'create arp:/k8s/east_10.244.2.6',
      'update pool:/k8s/default_web_80',
    ]);
  });

  it('CIS #817 that leave take members, ARP entries and record with them, in this order', async () => {
    const { bed, services } = vxlanBed();
    PLACES['annotations']!(bed, THREE);
    services.put(service('web'), pods('web', '10.244.1.5', '10.244.2.6'));
    await bed.sync();
    bed.feed.remove(annotatedNode({ number: 2 }));
    services.put(pods('web', '10.244.1.5'));
    const { plan } = await bed.sync();
    expect(plan.units.flatMap(({ changes }) => changes.map(({ op, ref }) => `${op} ${ref}`))).toEqual([
      'update pool:/k8s/default_web_80',
      'delete arp:/k8s/east_10.244.2.6',
      'update fdb:/k8s/fl-vxlan',
    ]);
    services.put(service('other', { 'fairlead.io/address': '198.51.100.51' }));
    services.remove(service('web'));
    await bed.sync();
    expect(bed.bodies('arp')).toEqual([]);
  });

  it('F-17 AC-37 that come back with another MAC address leave no stale record and no stale ARP entry', async () => {
    const { bed, services } = vxlanBed();
    PLACES['annotations']!(bed, THREE);
    services.put(service('web'), pods('web', '10.244.1.5', '10.244.2.6'));
    await bed.sync();
    bed.feed.put(annotatedNode({ number: 2, mac: '0e:6b:02:5a:14:9d' }));
    const { plan } = await bed.sync();
    expect(bed.bodies('fdb')).toEqual([{ records: [record(2, '0e:6b:02:5a:14:9d'), record(1), record(3)] }]);
    expect(bed.bodies('arp').map(({ macAddress }) => macAddress)).toEqual([macOf(1), '0e:6b:02:5a:14:9d']);
    expect(plan.units.flatMap(({ changes }) => changes.map(({ op, ref }) => `${op} ${ref}`))).toEqual([
      'update fdb:/k8s/fl-vxlan',
      'update arp:/k8s/east_10.244.2.6',
    ]);
  });

  it('CIS #2905 a restart with nothing changed writes nothing', async () => {
    const { bed, services } = vxlanBed();
    PLACES['annotations']!(bed, THREE);
    services.put(service('web'), pods('web', '10.244.1.5'));
    await bed.sync();
    const again = vxlanBed({}, bed.target);
    PLACES['annotations']!(again.bed, THREE);
    again.services.put(service('web'), pods('web', '10.244.1.5'));
    expect((await again.bed.sync()).writes).toBe(0);
  });

  it('that cannot be read, or while what keeps them is away, keep record, ARP entries and members', async () => {
    const { bed, services } = vxlanBed();
    PLACES['annotations']!(bed, THREE);
    services.put(service('web'), pods('web', '10.244.1.5', '10.244.2.6'));
    await bed.sync();
    bed.feed.put(annotatedNode({ number: 2 }, { 'flannel.alpha.coreos.com/backend-data': '{' }));
    expect((await bed.sync()).writes).toBe(0);
    const obscure = vxlanBed({}, bed.target);
    PLACES['annotations']!(obscure.bed, [{ number: 1 }, { number: 3 }]);
    obscure.feed.put(annotatedNode({ number: 2 }, { 'flannel.alpha.coreos.com/backend-data': '{' }));
    obscure.services.put(service('web'), pods('web', '10.244.1.5'));
    await obscure.bed.sync();
    expect(obscure.bed.bodies('fdb')).toEqual([{ records: [record(1), record(2), record(3)] }]);
    const restarted = vxlanBed({}, bed.target);
    restarted.feed.complete = false;
    restarted.services.put(service('web'), pods('web', '10.244.1.5'));
    expect((await restarted.bed.sync()).writes).toBe(0);
    PLACES['annotations']!(restarted.bed, [{ number: 1 }, { number: 3 }]);
    restarted.feed.complete = true;
    await restarted.bed.sync();
    expect(restarted.bed.bodies('fdb')).toEqual([{ records: [record(1), record(3)] }]);
    expect(restarted.bed.bodies('arp').map(({ ipAddress }) => ipAddress)).toEqual(['10.244.1.5']);
  });

  it('with a MAC address that is none keep what they had, and the message says what was found', async () => {
    const { bed } = vxlanBed();
    PLACES['annotations']!(bed, THREE);
    await bed.sync();
    for (const [data, told] of [
      ['{"VNI":1,"VtepMAC":"c6:d2:32:6f:8f"}', 'its VtepMAC is "c6:d2:32:6f:8f", expected that of one machine'],
      ['{"VNI":1,"VtepMAC":"ff:ff:ff:ff:ff:ff"}', 'its VtepMAC is "ff:ff:ff:ff:ff:ff"'],
      ['"c6:d2:32:6f:8f:02"', 'its backend data are "c6:d2:32:6f:8f:02", expected a map'],
    ] as const) {
      bed.feed.put(annotatedNode({ number: 2 }, { 'flannel.alpha.coreos.com/backend-data': data }));
      const { writes, diagnostics } = await bed.sync();
      expect(writes).toBe(0);
      expect(diagnostics).toMatchObject([{ code: 'flannel-subnet-invalid', origin: 'east.network:Node/node2' }]);
      expect(diagnostics[0]?.summary).toContain(told);
    }
  });

  it('that stand for the device must have the subnet that its self IP is in', async () => {
    const { bed } = vxlanBed();
    PLACES['annotations']!(bed, [{ number: 1 }, { number: 7, publicIp: '10.1.20.60' }]);
    const { diagnostics } = await bed.sync();
    expect(diagnostics).toMatchObject([{ code: 'vtep-subnet', severity: 'error', origin: 'east.network:Node/node7' }]);
    expect(diagnostics[0]?.summary).toContain(
      'its subnet is 10.244.7.0/24, expected one that holds the selfIp 10.244.20.60',
    );
    expect(bed.bodies('fdb')).toEqual([{ records: [record(1)] }]);
  });

  it('F-14 pods on the network of their node are members without an ARP entry', async () => {
    const { bed, services } = vxlanBed();
    PLACES['annotations']!(bed, [{ number: 1 }]);
    services.put(service('web'), pods('web', '10.1.20.101', '10.244.1.5'));
    await bed.sync();
    expect(bed.bodies('pool')).toMatchObject([
      { members: [{ name: '10.1.20.101:8080' }, { name: '10.244.1.5:8080' }] },
    ]);
    expect(bed.bodies('arp')).toHaveLength(1);
  });

  it('may be reached by a route and one ARP entry each: new pods then change the pool alone', async () => {
    const { bed, services } = vxlanBed({ vxlan: { ...VXLAN, pods: 'routes' } });
    PLACES['annotations']!(bed, [{ number: 1 }]);
    services.put(service('web'), pods('web', '10.244.1.5'));
    await bed.sync();
    expect(bed.bodies('route')).toMatchObject([{ network: '10.244.1.0/24', gw: '10.244.1.0' }]);
    expect(bed.bodies('arp')).toMatchObject([{ ipAddress: '10.244.1.0', macAddress: macOf(1) }]);
    services.put(pods('web', '10.244.1.5', '10.244.1.6'));
    expect((await bed.sync()).writes).toBe(1);
  });

  it('CIS #720 kept in etcd are reached by static routes, too', async () => {
    const bed = new Bed([networkOptions({ cni: 'flannel', etcd: true })]);
    const dual = JSON.stringify({ PublicIP: '10.1.20.102', PublicIPv6: 'fd00::102', BackendType: 'host-gw' });
    bed.clusters[0]!.source.leasesChanged(new Map([subnetOf({ number: 1 }), ['10.244.2.0-24&fc00:0:0:2::-64', dual]]));
    await bed.sync();
    expect(bed.bodies('route')).toMatchObject([
      { name: 'east_10.244.1.0-24', network: '10.244.1.0/24', gw: '10.1.20.101' },
      { name: 'east_10.244.2.0-24', network: '10.244.2.0/24', gw: '10.1.20.102' },
      { network: 'fc00:0:0:2::/64', gw: 'fd00::102' },
    ]);
  });

  it('F-41 an entry that is there already and is somebody else’s is told, not overwritten', async () => {
    const target = createMemoryTarget();
    const path = '/k8s/east_10.244.1.5';
    target.device.put({ object: { kind: 'arp', path, address: { ip: '10.244.1.5' }, mac: '02:00:00:00:00:99' } });
    const { bed, services } = vxlanBed({}, target);
    PLACES['annotations']!(bed, [{ number: 1 }]);
    services.put(service('web'), pods('web', '10.244.1.5'));
    const { plan } = await bed.sync();
    expect(plan.withheld).toMatchObject([{ ref: `arp:${path}`, reason: 'foreign' }]);
    expect(bed.bodies('arp')).toMatchObject([{ macAddress: '02:00:00:00:00:99' }]);
  });
});
