import { describe, expect, it } from 'vitest';
import { parseNetwork } from '../../src/ir/network.ts';
import { createMemoryTarget } from '../../src/targets/memory/index.ts';
import { Bed, networkOptions, node } from './bed.ts';

const cidr = (number: number): string => `10.244.${number}.0/24`;
const plain = (number: number, more = {}): object => node(number, { podCIDRs: [cidr(number)], ...more });

function block(name: string, of: string, more: object = {}): object {
  const [nodeName, network] = of.split(' ');
  return {
    apiVersion: 'crd.projectcalico.org/v1',
    kind: 'BlockAffinity',
    metadata: { name },
    spec: { cidr: network, node: nodeName, state: 'confirmed', deleted: 'false', ...more },
  };
}

function ciliumNode(number: number, spec: object): object {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNode', metadata: { name: `node${number}` }, spec };
}

describe('AC-39 each plug-in gives exactly these routes', () => {
  for (const cni of ['flannel', 'antrea', 'default'] as const) {
    it(`${cni}: spec.podCIDR by the address of the node`, async () => {
      const bed = new Bed([networkOptions({ cni })]);
      bed.feed.put(plain(1), plain(2));
      await bed.sync();
      expect(bed.bodies('route')).toEqual([
        {
          name: 'east_node1_10.244.1.0-24',
          partition: 'k8s',
          description: 'Node node1 (cluster east)',
          network: '10.244.1.0/24',
          gw: '10.1.20.101',
        },
        {
          name: 'east_node2_10.244.2.0-24',
          partition: 'k8s',
          description: 'Node node2 (cluster east)',
          network: '10.244.2.0/24',
          gw: '10.1.20.102',
        },
      ]);
    });
  }

  it('by ExternalIP, and by the address in one of the networks of the nodes', async () => {
    const external = new Bed([networkOptions({ cni: 'default', gatewayAddressType: 'ExternalIP' })]);
    external.feed.put(plain(1));
    await external.sync();
    expect(external.routes()).toEqual(['10.244.1.0/24 > 198.51.100.101']);
    const several = new Bed([networkOptions({ cni: 'default', nodeNetworks: [parseNetwork('10.9.0.0/16')!] })]);
    const addresses = ['10.1.20.101', '10.9.0.101'].map((address) => ({ type: 'InternalIP', address }));
    several.feed.put(plain(1, { addresses }));
    await several.sync();
    expect(several.routes()).toEqual(['10.244.1.0/24 > 10.9.0.101']);
  });

  it('ovn-kubernetes: annotations, as text and as list; by the primary address, or host-cidrs on another network', async () => {
    const annotations = (subnets: unknown): Record<string, string> => ({
      'k8s.ovn.org/node-subnets': JSON.stringify({ default: subnets, 'tenant.net': '192.168.9.0/24' }),
      'k8s.ovn.org/node-primary-ifaddr': '{"ipv4":"192.168.126.31/24","ipv6":"fd00:1::31/64"}',
      'k8s.ovn.org/host-cidrs': '["10.4.1.2/14","192.168.126.31/24"]',
    });
    const objects = [
      node(1, { annotations: annotations('10.128.0.0/23') }),
      node(2, { annotations: annotations(['10.128.2.0/23', 'fd01:0:0:2::/64']) }),
    ];
    const bed = new Bed([networkOptions({ cni: 'ovn-kubernetes' })]);
    bed.feed.put(...objects);
    await bed.sync();
    expect(bed.routes()).toEqual([
      '10.128.0.0/23 > 192.168.126.31',
      '10.128.2.0/23 > 192.168.126.31',
      'fd01:0:0:2::/64 > fd00:1::31',
    ]);
    const other = new Bed([networkOptions({ cni: 'ovn-kubernetes', nodeNetworks: [parseNetwork('10.4.0.0/14')!] })]);
    other.feed.put(objects[0]!);
    await other.sync();
    expect(other.routes()).toEqual(['10.128.0.0/23 > 10.4.1.2']);
    const old = new Bed([networkOptions({ cni: 'ovn-kubernetes', nodeNetworks: [parseNetwork('10.4.0.0/14')!] })]);
    const { 'k8s.ovn.org/host-cidrs': _, ...before } = annotations('10.128.0.0/23');
    old.feed.put(node(1, { annotations: { ...before, 'k8s.ovn.org/host-addresses': '["10.4.1.2"]' } }));
    await old.sync();
    expect(old.routes()).toEqual(['10.128.0.0/23 > 10.4.1.2']);
  });

  it('cilium: annotations of both ages by the address of the node', async () => {
    const bed = new Bed([networkOptions({ cni: 'cilium' })]);
    bed.feed.put(
      node(1, { annotations: { 'network.cilium.io/ipv4-pod-cidr': '10.0.1.0/24' } }),
      node(2, { annotations: { 'io.cilium.network.ipv4-pod-cidr': '10.0.2.0/24' } }),
    );
    await bed.sync();
    expect(bed.routes()).toEqual(['10.0.1.0/24 > 10.1.20.101', '10.0.2.0/24 > 10.1.20.102']);
  });

  it('CIS #3318 cilium without annotations of Nodes: CiliumNode, with one pool or several', async () => {
    const addresses = [
      { type: 'CiliumInternalIP', ip: '10.0.1.7' },
      { type: 'InternalIP', ip: '10.1.20.101' },
    ];
    const bed = new Bed([networkOptions({ cni: 'cilium' })]);
    bed.feed.put(
      node(1, { addresses: [] }),
      node(2),
      ciliumNode(1, { addresses, ipam: { podCIDRs: ['10.0.1.0/24'] } }),
      ciliumNode(2, {
        ipam: {
          pools: {
            allocated: [
              { pool: 'default', cidrs: ['10.10.2.0/27'] },
              { pool: 'green', cidrs: ['10.20.2.0/27', '10.20.3.0/27'] },
            ],
          },
        },
      }),
    );
    await bed.sync();
    expect(bed.routes()).toEqual([
      '10.0.1.0/24 > 10.1.20.101',
      '10.10.2.0/27 > 10.1.20.102',
      '10.20.2.0/27 > 10.1.20.102',
      '10.20.3.0/27 > 10.1.20.102',
    ]);
  });

  it('calico: confirmed blocks by the address that Calico names, and addresses that were borrowed', async () => {
    const annotations = {
      'projectcalico.org/IPv4Address': '192.168.64.6/24',
      'projectcalico.org/IPv4VXLANTunnelAddr': '10.244.93.192',
    };
    const bed = new Bed([networkOptions({ cni: 'calico' })]);
    bed.feed.put(
      node(1, { annotations }),
      node(2),
      block('node1-10-244-93-192-26', 'node1 10.244.93.192/26'),
      block('node1-10-244-7-0-26', 'node1 10.244.7.0/26'),
      block('node2-10-244-8-0-26', 'node2 10.244.8.0/26'),
      block('node2-10-244-9-0-26', 'node2 10.244.9.0/26', { state: 'pending' }),
      block('node2-10-244-10-0-26', 'node2 10.244.10.0/26', { deleted: 'true' }),
      {
        apiVersion: 'crd.projectcalico.org/v1',
        kind: 'IPAMBlock',
        metadata: { name: '10-244-93-192-26' },
        spec: {
          cidr: '10.244.93.192/26',
          affinity: 'host:node1',
          allocations: [0, 1, null, 1],
          attributes: [{ secondary: { node: 'node1' } }, { secondary: { node: 'node2', pod: 'web' } }],
        },
      },
    );
    await bed.sync();
    expect(bed.routes()).toEqual([
      '10.244.7.0/26 > 192.168.64.6',
      '10.244.93.192/26 > 192.168.64.6',
      '10.244.8.0/26 > 10.1.20.102',
      '10.244.93.193/32 > 10.1.20.102',
      '10.244.93.195/32 > 10.1.20.102',
    ]);
  });

  it('openshift-sdn: HostSubnets by their hostIP, without the one that stands for the BIG-IP', async () => {
    const subnet = (name: string, [hostIP, network]: readonly string[], annotations = {}): object => ({
      apiVersion: 'network.openshift.io/v1',
      kind: 'HostSubnet',
      metadata: { name, annotations },
      host: name,
      hostIP,
      subnet: network,
    });
    const bed = new Bed([networkOptions({ cni: 'openshift-sdn' })]);
    const outside = {
      'pod.network.openshift.io/fixed-vnid-host': '0',
      'pod.network.openshift.io/assign-subnet': 'true',
    };
    bed.feed.put(
      node(1),
      subnet('node1', ['10.1.20.101', '10.128.0.0/23']),
      subnet('bigip', ['10.1.20.60', '10.131.0.0/23'], outside),
    );
    await bed.sync();
    expect(bed.bodies('route')).toEqual([
      {
        name: 'east_node1_10.128.0.0-23',
        partition: 'k8s',
        description: 'HostSubnet node1 (cluster east)',
        network: '10.128.0.0/23',
        gw: '10.1.20.101',
      },
    ]);
  });

  it('calico-bgp and none: no routes, and what was made before goes when a person allows it', async () => {
    const before = new Bed([networkOptions({ cni: 'calico' })]);
    before.feed.put(node(1), block('a', 'node1 10.244.7.0/26'));
    await before.sync();
    expect(before.routes()).toHaveLength(1);
    for (const cni of ['calico-bgp', 'none'] as const) {
      const after = new Bed([networkOptions({ cni })], { target: createMemoryTarget({ actuals: actualsOf(before) }) });
      await after.sync();
      expect(after.routes()).toHaveLength(1);
      await after.sync({ allowDeletes: true });
      expect(after.routes()).toEqual([]);
    }
  });
});

function actualsOf(bed: Bed) {
  const snapshot = bed.target.device.snapshot();
  return [...snapshot.refs()].flatMap((ref) => snapshot.get(ref) ?? []);
}

describe('AC-40 routes follow the nodes, and others are left untouched', () => {
  async function bedOfThree(): Promise<Bed> {
    const bed = new Bed([networkOptions({ cni: 'default' })]);
    bed.feed.put(plain(1), plain(2), plain(3));
    await bed.sync();
    return bed;
  }

  it('F-01 the routes of a node that is gone are removed, and nothing else is written', async () => {
    const bed = await bedOfThree();
    bed.feed.remove(node(2));
    expect((await bed.sync()).writes).toBe(1);
    expect(bed.routes()).toEqual(['10.244.1.0/24 > 10.1.20.101', '10.244.3.0/24 > 10.1.20.103']);
  });

  it('a node that is NotReady for longer than the grace loses its routes, and has them back when it is ready', async () => {
    const bed = await bedOfThree();
    bed.feed.put(plain(2, { notReadySince: '2026-11-28T11:59:30Z' }));
    expect((await bed.sync()).writes).toBe(0);
    bed.clock.pass(29);
    expect((await bed.sync()).writes).toBe(0);
    bed.clock.pass(2);
    const late = await bed.sync();
    expect(late.writes).toBe(1);
    expect(bed.routes()).toEqual(['10.244.1.0/24 > 10.1.20.101', '10.244.3.0/24 > 10.1.20.103']);
    expect(late.diagnostics).toMatchObject([{ code: 'node-not-ready', origin: 'east.network:Node/node2' }]);
    bed.feed.put(plain(2));
    await bed.sync();
    expect(bed.routes()).toHaveLength(3);
  });

  it('another CIDR and another address change the routes of that node alone', async () => {
    const bed = await bedOfThree();
    bed.feed.put(node(2, { podCIDRs: ['10.244.77.0/24'] }));
    expect((await bed.sync()).writes).toBe(2);
    bed.feed.put(plain(3, { addresses: [{ type: 'InternalIP', address: '10.1.20.203' }] }));
    expect((await bed.sync()).writes).toBe(1);
    expect(bed.routes()).toEqual([
      '10.244.1.0/24 > 10.1.20.101',
      '10.244.77.0/24 > 10.1.20.102',
      '10.244.3.0/24 > 10.1.20.203',
    ]);
    expect((await bed.sync()).writes).toBe(0);
  });

  it('F-19 a node with a second subnet has two routes', async () => {
    const bed = await bedOfThree();
    bed.feed.put(node(1, { podCIDRs: ['10.244.1.0/24', '10.245.1.0/24'] }));
    await bed.sync();
    expect(bed.routes().filter((route) => route.endsWith('.101'))).toEqual([
      '10.244.1.0/24 > 10.1.20.101',
      '10.245.1.0/24 > 10.1.20.101',
    ]);
  });

  it('CIS #3655 a new Calico block has its route, and one that was given back loses it', async () => {
    const bed = new Bed([networkOptions({ cni: 'calico' })]);
    const second = block('b', 'node1 10.244.8.0/26');
    bed.feed.put(node(1), block('a', 'node1 10.244.7.0/26'));
    await bed.sync();
    bed.feed.put(second);
    expect((await bed.sync()).writes).toBe(1);
    expect(bed.routes()).toEqual(['10.244.7.0/26 > 10.1.20.101', '10.244.8.0/26 > 10.1.20.101']);
    bed.feed.remove(second);
    expect((await bed.sync()).writes).toBe(1);
    expect(bed.routes()).toEqual(['10.244.7.0/26 > 10.1.20.101']);
  });

  it('a subnet that moves to another node is handed over: the device holds one route for it at any time', async () => {
    const bed = await bedOfThree();
    bed.feed.remove(node(1));
    bed.feed.put(node(4, { podCIDRs: [cidr(1)] }));
    const { plan } = await bed.sync();
    expect(plan.units.flatMap(({ changes }) => changes.map(({ op }) => op))).toEqual(['delete', 'create']);
    expect(bed.routes()).toContain('10.244.1.0/24 > 10.1.20.104');
  });

  it('f5-sdk #543 a route of that name that is somebody else’s is told and left as it is', async () => {
    const bed = await bedOfThree();
    const path = '/k8s/east_node4_10.244.4.0-24';
    const foreign = {
      kind: 'route',
      path,
      network: parseNetwork('10.99.0.0/16')!,
      gateway: { ip: '10.1.20.9' },
    } as const;
    bed.target.device.put({ object: foreign });
    bed.feed.put(plain(4), plain(5));
    const { plan } = await bed.sync();
    expect(plan.withheld).toMatchObject([{ ref: `route:${path}`, reason: 'foreign' }]);
    expect(bed.target.device.get(`route:${path}`)?.object).toMatchObject(foreign);
    expect(bed.routes()).toContain('10.244.5.0/24 > 10.1.20.105');
  });

  it('one node costs the same work among ten and among a thousand', async () => {
    const counts = [];
    for (const size of [10, 1000]) {
      const bed = new Bed([networkOptions({ cni: 'default' })]);
      const third = (index: number): number => index % 250;
      const many = Array.from({ length: size }, (_, index) =>
        Object.assign(node(1, { podCIDRs: [`10.${100 + Math.floor(index / 250)}.${third(index)}.0/24`] }), {
          metadata: { name: `n${index}`, creationTimestamp: '2026-11-01T00:00:00Z' },
        }),
      );
      bed.feed.put(...many);
      await bed.sync();
      const { source } = bed.clusters[0]!;
      const before = source.counters.extractions;
      const cells: string[] = [];
      const stop = new AbortController();
      const watching = source.watch({ signal: stop.signal, onChange: (some) => cells.push(...some) });
      bed.feed.put(node(9, { podCIDRs: ['10.250.0.0/24'] }));
      source.extract(cells);
      counts.push({ cells: [...cells], extractions: source.counters.extractions - before });
      stop.abort();
      await watching;
    }
    expect(counts[1]).toEqual(counts[0]);
    expect(counts[0]).toEqual({ cells: ['east.network:Node/node9'], extractions: 1 });
  });

  it('what cannot be understood stays as it is on the device, and stops no other node', async () => {
    const bed = await bedOfThree();
    bed.feed.put(node(2, { podCIDRs: ['10.244.2.0/240'] }), plain(4));
    const { diagnostics, writes } = await bed.sync();
    expect(writes).toBe(1);
    expect(bed.routes()).toHaveLength(4);
    expect(diagnostics).toMatchObject([{ code: 'pod-network-invalid', origin: 'east.network:Node/node2' }]);
  });
});

describe('several clusters', () => {
  it('AC-41 CIS #3719 two clusters share a partition, and neither removes what is the other’s', async () => {
    const both = new Bed([
      networkOptions({ cni: 'default', cluster: 'east' }),
      networkOptions({ cni: 'default', cluster: 'west' }),
    ]);
    both.clusters[0]!.feed.put(plain(1));
    both.clusters[1]!.feed.put(node(1, { podCIDRs: ['10.250.1.0/24'] }));
    await both.sync();
    expect(both.bodies('route').map(({ name }) => name)).toEqual([
      'east_node1_10.244.1.0-24',
      'west_node1_10.250.1.0-24',
    ]);
    const east = new Bed([networkOptions({ cni: 'default', cluster: 'east' })], { target: both.target });
    east.feed.put(plain(2));
    await east.sync();
    expect(east.bodies('route').map(({ name }) => name)).toEqual([
      'east_node2_10.244.2.0-24',
      'west_node1_10.250.1.0-24',
    ]);
  });

  it('AC-43 networks that overlap are refused with both names, whatever the order of events', async () => {
    const bed = new Bed([
      networkOptions({ cni: 'default', cluster: 'east' }),
      networkOptions({ cni: 'default', cluster: 'west' }),
    ]);
    const [east, west] = [bed.clusters[0]!.feed, bed.clusters[1]!.feed];
    west.put(node(1, { podCIDRs: ['10.244.1.0/26'] }), node(2, { podCIDRs: ['10.250.2.0/24'] }));
    await bed.sync();
    east.put(plain(1), plain(3));
    const { diagnostics } = await bed.sync();
    expect(bed.routes()).toEqual([
      '10.244.1.0/24 > 10.1.20.101',
      '10.244.3.0/24 > 10.1.20.103',
      '10.250.2.0/24 > 10.1.20.102',
    ]);
    expect(diagnostics).toMatchObject([
      {
        code: 'pod-network-overlap',
        severity: 'error',
        summary:
          'Node node1 (west.network): 10.244.1.0/26 overlaps 10.244.1.0/24 of Node node1 (east.network), which comes first; it gets no route /k8s/west_node1_10.244.1.0-26',
      },
    ]);
    east.remove(node(1));
    await bed.sync();
    expect(bed.routes()).toEqual([
      '10.244.3.0/24 > 10.1.20.103',
      '10.244.1.0/26 > 10.1.20.101',
      '10.250.2.0/24 > 10.1.20.102',
    ]);
  });

  it('AC-43 with a route domain for each cluster both have their routes', async () => {
    const bed = new Bed([
      networkOptions({ cni: 'default', cluster: 'east', routeDomain: 1 }),
      networkOptions({ cni: 'default', cluster: 'west', routeDomain: 2 }),
    ]);
    for (const { feed } of bed.clusters) feed.put(plain(1));
    expect((await bed.sync()).diagnostics).toEqual([]);
    expect(bed.routes()).toEqual(['10.244.1.0%1/24 > 10.1.20.101%1', '10.244.1.0%2/24 > 10.1.20.101%2']);
  });
});

describe('what is read', () => {
  it('AC-42 while the API is away nothing is deleted, and afterwards no delete is missed', async () => {
    const bed = new Bed([networkOptions({ cni: 'default' })]);
    bed.feed.put(plain(1), plain(2));
    await bed.sync();
    bed.feed.complete = false;
    bed.feed.remove(node(2));
    expect((await bed.sync()).writes).toBe(0);
    const restarted = new Bed([networkOptions({ cni: 'default' })], { target: bed.target });
    restarted.feed.complete = false;
    expect((await restarted.sync()).writes).toBe(0);
    restarted.feed.put(plain(1));
    restarted.feed.complete = true;
    await restarted.sync();
    expect(restarted.routes()).toEqual(['10.244.1.0/24 > 10.1.20.101']);
  });

  it('AC-44 IPv6 and dual stack: a route for each family by the address of its own', async () => {
    const addresses = ['10.1.20.101', 'fd00:20::101'].map((address) => ({ type: 'InternalIP', address }));
    const bed = new Bed([networkOptions({ cni: 'default' })]);
    bed.feed.put(
      node(1, { podCIDRs: ['10.244.1.0/24', 'fd00:10:244:1::/64'], addresses }),
      node(2, { podCIDRs: ['fd00:10:244:2::/64'], addresses: [{ type: 'InternalIP', address: 'fd00:20::102' }] }),
      node(3, { podCIDRs: ['fd00:10:244:3::/64'] }),
    );
    const { diagnostics } = await bed.sync();
    expect(bed.routes()).toEqual([
      '10.244.1.0/24 > 10.1.20.101',
      'fd00:10:244:1::/64 > fd00:20::101',
      'fd00:10:244:2::/64 > fd00:20::102',
    ]);
    expect(diagnostics).toMatchObject([{ code: 'node-address-missing', origin: 'east.network:Node/node3' }]);
  });

  it('CIS #3424 which namespaces are served has no bearing on routes: the source of the network asks for none', async () => {
    const bed = new Bed([networkOptions({ cni: 'default' })]);
    bed.feed.put(plain(1));
    await bed.sync();
    expect(bed.routes()).toHaveLength(1);
    const { scopesOf } = await import('../../src/sources/pod-network/scopes.ts');
    expect(scopesOf(networkOptions({ cni: 'default' })).map(({ namespace }) => namespace)).toEqual([undefined]);
  });

  it('only what the plug-in needs is asked for', async () => {
    const { kindsOf } = await import('../../src/sources/pod-network/scopes.ts');
    const kinds = (cni: Parameters<typeof networkOptions>[0]['cni'], more = {}): readonly string[] => [
      ...kindsOf(networkOptions({ cni, ...more })),
    ];
    expect(kinds('default')).toEqual(['Node']);
    expect(kinds('cilium')).toEqual(['Node', 'CiliumNode']);
    expect(kinds('calico')).toEqual(['Node', 'BlockAffinity', 'IPAMBlock']);
    expect(kinds('calico', { borrowedAddresses: false })).toEqual(['Node', 'BlockAffinity']);
    expect(kinds('openshift-sdn')).toEqual(['Node', 'HostSubnet']);
    expect(kinds('calico-bgp')).toEqual(['Node', 'BlockAffinity', 'IPAMBlock']);
  });
});
