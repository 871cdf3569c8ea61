import { describe, expect, it } from 'vitest';
import { Bed, networkOptions, node } from './bed.ts';

describe('what cannot be understood of one node', () => {
  const ovn = (number: number, subnets: string, primary = `{"ipv4":"10.1.20.10${number}/24"}`): object =>
    node(number, {
      annotations: { 'k8s.ovn.org/node-subnets': subnets, 'k8s.ovn.org/node-primary-ifaddr': primary },
    });

  it('ovn-kubernetes: annotations that hold something else than they should leave the routes of their node', async () => {
    const bed = new Bed([networkOptions({ cni: 'ovn-kubernetes' })]);
    bed.feed.put(ovn(1, '{"default":"10.128.0.0/23"}'), ovn(2, '{"default":["10.128.2.0/23"]}'));
    await bed.sync();
    const before = bed.routes();
    const good = '{"default":"10.128.0.0/23"}';
    for (const [subnets, primary, told] of [
      ['"10.128.0.0/23"', undefined, 'node-subnets is "10.128.0.0/23", expected a map'],
      ['null', undefined, 'node-subnets is null, expected a map'],
      ['{"default":null}', undefined, 'node-subnets is null, expected a text or a list of texts'],
      ['{"default":["10.128.0.0/23",5]}', undefined, 'node-subnets is 5, expected texts in its list'],
      [good, '{"ipv4":"banana"}', 'node-primary-ifaddr is "banana", expected an address'],
      [good, '"10.1.20.9"', 'node-primary-ifaddr is "10.1.20.9", expected a map'],
    ] as const) {
      bed.feed.put(ovn(1, subnets, primary));
      const { diagnostics, writes } = await bed.sync({ allowDeletes: true });
      expect([writes, bed.routes()]).toEqual([0, before]);
      expect(diagnostics).toMatchObject([{ code: 'pod-network-invalid', origin: 'east.network:Node/node1' }]);
      expect(diagnostics[0]?.summary).toContain(told);
    }
    bed.feed.put(ovn(1, '{}'));
    await bed.sync({ allowDeletes: true });
    expect(bed.routes()).toEqual(['10.128.2.0/23 > 10.1.20.102']);
  });

  it('what no machine can have becomes no route: everything, the network of the nodes, loopback', async () => {
    const bed = new Bed([networkOptions({ cni: 'default' })]);
    bed.feed.put(node(1, { podCIDRs: ['10.244.1.0/24'] }));
    await bed.sync();
    for (const [found, expected] of [
      ['0.0.0.0/0', 'the part of one machine: /8 or longer'],
      ['fd00::/32', 'the part of one machine: /48 or longer'],
      ['127.0.0.0/24', 'unicast addresses that pods can have'],
      ['10.1.20.0/24', 'apart from the network of the nodes'],
    ] as const) {
      bed.feed.put(node(2, { podCIDRs: [found] }));
      const { diagnostics, writes } = await bed.sync();
      expect([writes, bed.routes()]).toEqual([0, ['10.244.1.0/24 > 10.1.20.101']]);
      expect(diagnostics[0]?.summary).toContain(found);
      expect(diagnostics[0]?.summary).toContain(expected);
    }
  });

  it('calico: an address of a node that is none leaves the routes as they are, and does not lead elsewhere', async () => {
    const bed = new Bed([networkOptions({ cni: 'calico' })]);
    const spec = { cidr: '192.168.1.0/26', node: 'node1', state: 'confirmed', deleted: 'false' };
    const metadata = { name: 'node1-block', creationTimestamp: '2026-11-01T00:00:00Z' };
    const at = (address: string): object => node(1, { annotations: { 'projectcalico.org/IPv4Address': address } });
    bed.feed.put({ apiVersion: 'crd.projectcalico.org/v1', kind: 'BlockAffinity', metadata, spec }, at('10.1.20.9/24'));
    await bed.sync();
    bed.feed.put(at('10.1.20/24'));
    const { diagnostics, writes } = await bed.sync();
    expect([writes, bed.routes()]).toEqual([0, ['192.168.1.0/26 > 10.1.20.9']]);
    expect(diagnostics).toMatchObject([{ field: 'projectcalico.org/IPv4Address', severity: 'error' }]);
  });

  it('openshift-sdn: a hostIP that is none leaves the route as it is, and does not lead to another address', async () => {
    const bed = new Bed([networkOptions({ cni: 'openshift-sdn' })]);
    const subnet = (hostIP: string): object => ({
      apiVersion: 'network.openshift.io/v1',
      kind: 'HostSubnet',
      metadata: { name: 'node1' },
      host: 'node1',
      hostIP,
      subnet: '10.130.0.0/23',
    });
    bed.feed.put(node(1), subnet('10.1.20.51'));
    await bed.sync();
    bed.feed.put(subnet('10.1.20'));
    const { diagnostics, writes } = await bed.sync();
    expect([writes, bed.routes()]).toEqual([0, ['10.130.0.0/23 > 10.1.20.51']]);
    expect(diagnostics[0]?.summary).toContain('HostSubnet node1: hostIP is "10.1.20", expected an address such as');
  });
});
