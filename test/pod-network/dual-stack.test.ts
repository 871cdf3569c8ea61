import { describe, expect, it } from 'vitest';
import type { PodNetworkOptions, VxlanEnd, VxlanOptions } from '../../src/sources/pod-network/options.ts';
import { networkOf, parseInterface } from '../../src/ir/network.ts';
import { endsOf } from '../../src/sources/pod-network/options.ts';
import { Bed, networkOptions } from './bed.ts';
import { annotatedNode, dualStackNode, dualStackSubnet, macOf, macV6Of } from './flannel.ts';
import { pods, service, serviceSource } from './services.ts';

const SIX: VxlanEnd = {
  localAddress: { ip: '2001:db8:20::60' },
  selfIp: parseInterface('fd00:244:0:20::60/48')!,
  tunnelName: 'fl_v6',
};
const DUAL: VxlanOptions = {
  localAddress: { ip: '10.1.20.60' },
  selfIp: parseInterface('10.244.20.60/16')!,
  tunnelName: 'fl',
  ipv6: SIX,
  vni: 1,
  port: 8472,
  pods: 'arp',
};
const SIX_ALONE: VxlanOptions = { ...SIX, tunnelName: 'fl', vni: 1, port: 8472, pods: 'arp' };

const SERVICE_V6 = service('six', { 'fairlead.io/address': '2001:db8:50::50' }, { ipFamilies: ['IPv6'] });

function bedOf(vxlan: VxlanOptions, more: Partial<PodNetworkOptions> = {}) {
  const options = networkOptions({ cni: 'flannel', mode: 'vxlan', vxlan, ...more });
  const use = { networks: endsOf(vxlan).map(({ selfIp }) => networkOf(selfIp)), arp: vxlan.pods === 'arp' };
  const made: ReturnType<typeof serviceSource>[] = [];
  const bed = new Bed([options], {
    after: ([network]) => {
      made.push(serviceSource(network!.source, use));
      return made.map(({ source }) => source);
    },
  });
  return { bed, services: made[0]!.feed };
}

function membersOf(bed: Bed): readonly string[] {
  return bed.bodies('pool').flatMap(({ members = [] }) => (members as { name: string }[]).map(({ name }) => name));
}

describe('AC-44 the overlay of flannel with IPv6', () => {
  it('has a second tunnel over IPv6, with its own self IP, records and neighbours, from annotations and from etcd alike', async () => {
    const seen = [];
    for (const etcd of [false, true]) {
      const { bed, services } = bedOf(DUAL, { etcd });
      if (etcd) bed.clusters[0]!.source.leasesChanged(new Map([1, 2].map((number) => dualStackSubnet(number))));
      else bed.feed.put(dualStackNode(1), dualStackNode(2));
      services.put(service('four'), pods('four', '10.244.1.5'), SERVICE_V6, pods('six', 'fd00:244:0:2::5'));
      expect((await bed.sync()).diagnostics).toEqual([]);
      const kinds = ['vxlan-profile', 'tunnel', 'self', 'fdb', 'arp', 'ndp', 'pool'] as const;
      seen.push(Object.fromEntries(kinds.map((kind) => [kind, bed.bodies(kind)])));
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]).toMatchObject({
      'vxlan-profile': [{ name: 'fl_profile', port: 8472 }],
      tunnel: [
        { name: 'fl', key: 1, profile: '/k8s/fl_profile', localAddress: '10.1.20.60', remoteAddress: 'any' },
        { name: 'fl_v6', key: 1, profile: '/k8s/fl_profile', localAddress: '2001:db8:20::60', remoteAddress: 'any6' },
      ],
      self: [
        { name: 'fl_self', address: '10.244.20.60/16', vlan: '/k8s/fl' },
        { name: 'fl_v6_self', address: 'fd00:244:0:20::60/48', vlan: '/k8s/fl_v6' },
      ],
      arp: [{ ipAddress: '10.244.1.5', macAddress: macOf(1) }],
      ndp: [
        {
          name: 'east_fd00:244:0:2::5',
          description: 'Service default/six (cluster east)',
          ipAddress: 'fd00:244:0:2::5',
          macAddress: macV6Of(2),
        },
      ],
    });
    const tables = seen[0]?.['fdb'] as { records: { name: string; endpoint: string }[] }[];
    expect(tables.map(({ records }) => records.map(({ name, endpoint }) => `${name} ${endpoint}`))).toEqual([
      [`${macOf(1)} 10.1.20.101`, `${macOf(2)} 10.1.20.102`],
      [`${macV6Of(1)} 2001:db8:20::101`, `${macV6Of(2)} 2001:db8:20::102`],
    ]);
  });

  it('is joined by IPv6 alone, where flannel has no IPv4', async () => {
    for (const etcd of [false, true]) {
      const { bed, services } = bedOf(SIX_ALONE, { etcd });
      if (etcd) bed.clusters[0]!.source.leasesChanged(new Map([dualStackSubnet(1, 'ipv6')]));
      else bed.feed.put(dualStackNode(1, 'ipv6'));
      services.put(SERVICE_V6, pods('six', 'fd00:244:0:1::5'));
      expect((await bed.sync()).diagnostics).toEqual([]);
      expect(bed.bodies('tunnel')).toMatchObject([{ name: 'fl', localAddress: '2001:db8:20::60' }]);
      expect(bed.bodies('fdb')).toEqual([{ records: [{ name: macV6Of(1), endpoint: '2001:db8:20::101' }] }]);
      expect(bed.bodies('ndp')).toMatchObject([{ ipAddress: 'fd00:244:0:1::5', macAddress: macV6Of(1) }]);
      expect(bed.bodies('arp')).toEqual([]);
    }
  });

  it('takes a machine of IPv4 alone as it is: its IPv6 pods are no members, and nothing is wrong with it', async () => {
    const { bed, services } = bedOf(DUAL);
    bed.feed.put(annotatedNode({ number: 1, vni: 1 }));
    services.put(service('four'), pods('four', '10.244.1.5'), SERVICE_V6, pods('six', 'fd00:244:0:1::5'));
    const { diagnostics } = await bed.sync();
    expect(membersOf(bed)).toEqual(['10.244.1.5:8080']);
    expect(diagnostics).toMatchObject([{ code: 'vtep-missing', origin: 'east:Service/default/six' }]);
  });

  it('names the end that a machine lacks, and keeps the other', async () => {
    const { bed } = bedOf(DUAL);
    bed.feed.put(annotatedNode({ number: 1, vni: 1 }, {}, ['fd00:244:0:1::/64']));
    const { diagnostics } = await bed.sync();
    const tables = bed.bodies('fdb') as { records?: object[] }[];
    expect(tables.filter(({ records = [] }) => records.length > 0)).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ code: 'vtep-missing', origin: 'east.network:Node/node1' }]);
    expect(diagnostics[0]?.summary).toContain('backend data of IPv6, expected that of its flannel-v6.1');
  });

  it('F-20 knows the device by either of its addresses', async () => {
    const own = { 'flannel.alpha.coreos.com/public-ipv6': '2001:db8:20::60' };
    const { bed } = bedOf(SIX_ALONE);
    bed.feed.put(annotatedNode({ number: 1, vni: 1 }, own, ['fd00:244:0:20::/64']), dualStackNode(2));
    expect((await bed.sync()).diagnostics).toEqual([]);
    expect(bed.bodies('fdb')).toMatchObject([{ records: [{ name: macV6Of(2) }] }]);
  });

  it('with routes: a route to the IPv6 subnet of each node, and one neighbour', async () => {
    const { bed } = bedOf({ ...DUAL, pods: 'routes' });
    bed.feed.put(dualStackNode(1));
    await bed.sync();
    expect(bed.routes()).toEqual(['10.244.1.0/24 > 10.244.1.0', 'fd00:244:0:1::/64 > fd00:244:0:1::']);
    expect(bed.bodies('ndp')).toMatchObject([{ ipAddress: 'fd00:244:0:1::', macAddress: macV6Of(1) }]);
  });

  it('refuses a subnet that would make one machine the machine of everything', async () => {
    const { bed } = bedOf(DUAL);
    bed.feed.put(annotatedNode({ number: 1, vni: 1 }, {}, ['fd00::/16']));
    const { diagnostics } = await bed.sync();
    expect(diagnostics[0]?.summary).toContain(
      'its subnet is fd00::/16, expected the part of one machine: /48 or longer',
    );
  });
});
