import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Agent } from './agent.ts';
import { Bed, nodeObject, patience, service, type Box } from './bed.ts';
import { ip } from './namespaces.ts';
import { makeEnd, meet } from './overlay.ts';

const missing = inject('noNamespaces');
const VIP = 'http://10.1.20.50/';
const ROUTED_VIP = 'http://10.1.20.51/';

/** The hardware address of a node's end of the overlay (its VtepMAC), before it is restarted. */
function vtep(node: number): string {
  return `c6:d2:32:6f:8f:0${node}`;
}

describe.skipIf(missing !== undefined)('Fairlead joins the pod network of a cluster', () => {
  const macs = new Map([1, 2, 3, 4].map((node) => [node, vtep(node)]));
  let bed: Bed;
  let bigip: string;
  let box: Box;
  let client: Agent;

  const namespace = (node: number): string => bed.namespaces.name(`node${node}`);

  /** The cluster of the overlay with these nodes and a pod on each. */
  function overlayOf(...nodes: readonly number[]): void {
    const prefix = 'flannel.alpha.coreos.com/';
    const objects = nodes.map((node) =>
      nodeObject(node, [`10.244.${node}.0/24`], {
        [`${prefix}backend-type`]: 'vxlan',
        [`${prefix}backend-data`]: JSON.stringify({ VNI: 1, VtepMAC: macs.get(node) }),
        [`${prefix}public-ip`]: `10.1.20.10${node}`,
        [`${prefix}kube-subnet-manager`]: 'true',
      }),
    );
    const pods = nodes.map((node) => `10.244.${node}.5`);
    bed.write('overlay', [...objects, ...service('10.1.20.50', pods)]);
  }

  function boxMac(): string {
    const links = JSON.parse(ip('-n', bigip, '-j', 'link', 'show', 'type', 'vxlan')) as { address: string }[];
    return links[0]?.address ?? '';
  }

  async function untilTunnel(): Promise<void> {
    await vi.waitFor(() => {
      if (boxMac() === '') throw new Error('there is no tunnel yet');
    }, patience);
  }

  /** The side of a node as flannel makes it once the BIG-IP is a Node of the cluster, with a pod. */
  async function makeNode(node: number): Promise<void> {
    const on = ['-n', namespace(node)];
    const end = { mac: vtep(node), local: `10.1.20.10${node}`, gateway: `10.244.${node}.0` };
    makeEnd(namespace(node), { device: 'flannel.1', ...end });
    for (const pod of [`10.244.${node}.5`, `10.50.${node}.5`]) ip(...on, 'address', 'add', `${pod}/32`, 'dev', 'lo');
    meetBox(node);
    const server = bed.agentIn(namespace(node));
    for (const address of [`10.244.${node}.5`, `10.50.${node}.5`]) {
      await server.ask({ op: 'serve', address, port: 8080, text: `pod ${node}` });
    }
  }

  /** What flanneld adds for the Node of the BIG-IP. */
  function meetBox(node: number): void {
    const subnet = { subnet: '10.244.20.0/24', gateway: '10.244.20.0' };
    meet(namespace(node), 'flannel.1', { ...subnet, mac: boxMac(), publicIp: '10.1.20.1' });
  }

  function follow(name: string, podNetwork: string): void {
    bed.fairlead(bigip, 'run', '--config', bed.config(name, podNetwork, bigip)).stdout?.resume();
  }

  async function pagesOf(url: string, wanted: readonly string[]): Promise<void> {
    const pages = new Set<string>();
    await vi.waitFor(async () => {
      pages.add(await client.page(url));
      expect([...pages]).toEqual(expect.arrayContaining([...wanted]));
    }, patience);
  }

  beforeAll(async () => {
    bed = new Bed(inject('prefix'));
    bigip = bed.namespaces.add('bigip');
    for (const node of [1, 2, 3, 4]) bed.namespaces.add(`node${node}`, `10.1.20.10${node}/24`);
    client = bed.agentIn(bed.namespaces.add('client', '10.1.20.200/24'));
    box = await bed.emulator(bigip);
    await box.make('net/vlan', { name: 'internal', interfaces: [{ name: '1.1', untagged: true }] });
    await box.make('net/self', { name: 'internal', address: '10.1.20.1/24', vlan: 'internal' });

    overlayOf(1, 2, 3);
    const vxlan = 'localAddress: 10.1.20.1, selfIp: 10.244.20.60/16, tunnelName: fl, vni: 1, port: 8472';
    follow('overlay', `{ cni: flannel, mode: vxlan, flannel: { vxlan: { ${vxlan} } } }`);
    await untilTunnel();
    for (const node of [1, 2, 3, 4]) await makeNode(node);
  });

  afterAll(() => bed?.close());

  it('AC-35 F-15 a virtual server answers from a pod on each of three nodes', async () => {
    await pagesOf(VIP, ['pod 1', 'pod 2', 'pod 3']);
    expect(await box.list('net/fdb/tunnel/~overlay~fl/records', 'name')).toEqual([vtep(1), vtep(2), vtep(3)]);
  });

  it('AC-36 a node joins under load, and not one request fails', async () => {
    const pages = new Map<string, number>();
    let joined = false;
    const load = async (): Promise<void> => {
      while (!joined) {
        const page = await client.page(VIP);
        pages.set(page, (pages.get(page) ?? 0) + 1);
        joined = page === 'pod 4';
      }
    };
    const loading = load();
    overlayOf(1, 2, 3, 4);
    await loading;
    expect([...pages.keys()].sort()).toEqual(expect.arrayContaining(['pod 4']));
    expect([...pages.keys()].filter((page) => !/^pod [1-4]$/v.test(page))).toEqual([]);
  });

  it('AC-37 a node that comes back with another MAC address is reached again, and nothing stale is left', async () => {
    const fresh = '0e:00:00:00:00:02';
    ip('-n', namespace(2), 'link', 'set', 'flannel.1', 'address', fresh);
    meetBox(2);
    macs.set(2, fresh);
    overlayOf(1, 2, 3, 4);
    await vi.waitFor(async () => {
      expect(await box.list('net/fdb/tunnel/~overlay~fl/records', 'name')).toEqual(
        [fresh, vtep(1), vtep(3), vtep(4)].sort(),
      );
      expect(await box.list('net/arp', 'macAddress')).toEqual([fresh, vtep(1), vtep(3), vtep(4)].sort());
    }, patience);
    await vi.waitFor(async () => expect(await box.page('http://10.244.2.5:8080/')).toBe('pod 2'), patience);
    await pagesOf(VIP, ['pod 2']);
  });

  it('a node that leaves takes its pod, its ARP entry and its record with it, and not one request fails', async () => {
    overlayOf(1, 2, 4);
    await vi.waitFor(async () => {
      expect(await client.page(VIP)).toMatch(/^pod [1-4]$/v);
      expect(await box.list('net/arp', 'ipAddress')).toEqual(['10.244.1.5', '10.244.2.5', '10.244.4.5']);
      expect(await box.list('net/fdb/tunnel/~overlay~fl/records', 'endpoint')).toEqual(
        [1, 2, 4].map((node) => `10.1.20.10${node}`),
      );
    }, patience);
  });

  it('AC-45 through static routes a client reaches pods, also after a node was replaced', async () => {
    const routed = (nodes: Readonly<Record<string, number>>): void => {
      const objects = Object.entries(nodes).map(([subnet, node]) => nodeObject(node, [`10.50.${subnet}.0/24`]));
      const pods = Object.keys(nodes).map((subnet) => `10.50.${subnet}.5`);
      bed.write('routed', [...objects, ...service('10.1.20.51', pods)]);
    };
    routed({ 1: 1, 2: 2 });
    follow('routed', '{ cni: default }');
    await pagesOf(ROUTED_VIP, ['pod 1', 'pod 2']);
    // Node 3 takes the place, the subnet and the pods of node 2.
    const third = ['-n', namespace(3)];
    ip(...third, 'address', 'add', '10.50.2.5/32', 'dev', 'lo');
    await bed.agentIn(namespace(3)).ask({
      op: 'serve',
      address: '10.50.2.5',
      port: 8080,
      text: 'pod of node 3',
    });
    routed({ 1: 1, 2: 3 });
    await pagesOf(ROUTED_VIP, ['pod 1', 'pod of node 3']);
    expect(await box.list('net/route', 'gw')).toEqual(['10.1.20.101', '10.1.20.103']);
  });
});
