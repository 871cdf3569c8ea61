import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Agent } from './agent.ts';
import { Bed, nodeObject, patience, service, type Box } from './bed.ts';
import { ip } from './namespaces.ts';
import { makeEnd, meet } from './overlay.ts';

const missing = inject('noNamespaces');
const NODES = [1, 2] as const;
const VIP = 'http://[fd00:20::50]/';

/** The hardware address of a node's end of the VXLAN for a family. */
function vtep(node: number, family: 4 | 6): string {
  return family === 4 ? `c6:d2:32:6f:8f:0${node}` : `c6:d2:32:6f:6f:0${node}`;
}

/** A node's address on the network of the nodes. */
function nodeAddress(node: number): string {
  return `fd00:20::10${node}`;
}

function pod(node: number): string {
  return `fd00:244:0:${node}::5`;
}

describe.skipIf(missing !== undefined)('AC-44 Fairlead joins the VXLAN of flannel with IPv6', () => {
  let bed: Bed;
  let bigip: string;
  let box: Box;
  let client: Agent;

  const namespace = (node: number): string => bed.namespaces.name(`node${node}`);

  function cluster(...nodes: readonly number[]): void {
    const prefix = 'flannel.alpha.coreos.com/';
    const objects = nodes.map((node) =>
      nodeObject(node, [`10.244.${node}.0/24`, `fd00:244:0:${node}::/64`], {
        [`${prefix}kube-subnet-manager`]: 'true',
        [`${prefix}backend-type`]: 'vxlan',
        [`${prefix}backend-data`]: JSON.stringify({ VNI: 1, VtepMAC: vtep(node, 4) }),
        [`${prefix}public-ip`]: `10.1.20.10${node}`,
        [`${prefix}backend-v6-data`]: JSON.stringify({ VNI: 1, VtepMAC: vtep(node, 6) }),
        [`${prefix}public-ipv6`]: nodeAddress(node),
      }),
    );
    bed.write('dual', [...objects, ...service('fd00:20::50', nodes.map(pod))]);
  }

  /** The MAC address of the device's end over IPv6, once it is there. */
  async function boxMac(): Promise<string> {
    return vi.waitFor(() => {
      const links = JSON.parse(ip('-n', bigip, '-j', '-d', 'link', 'show', 'type', 'vxlan')) as {
        address: string;
        linkinfo: { info_data: { local6?: string } };
      }[];
      const six = links.find(({ linkinfo }) => linkinfo.info_data.local6 !== undefined);
      if (six === undefined || links.length < 2) throw new Error('there are not both tunnels yet');
      return six.address;
    }, patience);
  }

  async function makeNode(node: number, mac: string): Promise<void> {
    const name = namespace(node);
    ip('-n', name, 'address', 'add', `${nodeAddress(node)}/64`, 'dev', 'net0', 'nodad');
    const four = { mac: vtep(node, 4), local: `10.1.20.10${node}`, gateway: `10.244.${node}.0` };
    makeEnd(name, { device: 'flannel.1', ...four });
    const six = { mac: vtep(node, 6), local: nodeAddress(node), gateway: `fd00:244:0:${node}::` };
    makeEnd(name, { device: 'flannel-v6.1', ...six });
    ip('-n', name, 'address', 'add', `${pod(node)}/128`, 'dev', 'lo', 'nodad');
    const own = { subnet: 'fd00:244:0:20::/64', gateway: 'fd00:244:0:20::', mac, publicIp: 'fd00:20::1' };
    meet(name, 'flannel-v6.1', own);
    await bed.agentIn(name).ask({ op: 'serve', address: pod(node), port: 8080, text: `pod ${node}` });
  }

  beforeAll(async () => {
    bed = new Bed(inject('prefix'));
    bigip = bed.namespaces.add('bigip');
    for (const node of NODES) bed.namespaces.add(`node${node}`, `10.1.20.10${node}/24`);
    const clientSpace = bed.namespaces.add('client', '10.1.20.200/24');
    ip('-n', clientSpace, 'address', 'add', 'fd00:20::200/64', 'dev', 'net0', 'nodad');
    client = bed.agentIn(clientSpace);
    box = await bed.emulator(bigip);
    await box.make('net/vlan', { name: 'internal', interfaces: [{ name: '1.1', untagged: true }] });
    await box.make('net/self', { name: 'internal', address: '10.1.20.1/24', vlan: 'internal' });
    await box.make('net/self', { name: 'internal-six', address: 'fd00:20::1/64', vlan: 'internal' });
    cluster(...NODES);
    const four = 'localAddress: 10.1.20.1, selfIp: 10.244.20.60/16';
    const six = 'ipv6: { localAddress: "fd00:20::1", selfIp: "fd00:244:0:20::60/48" }';
    const vxlan = `{ ${four}, ${six}, tunnelName: fl, vni: 1, port: 8472 }`;
    const config = bed.config('dual', `{ cni: flannel, mode: vxlan, flannel: { vxlan: ${vxlan} } }`, bigip);
    bed.fairlead(bigip, 'run', '--config', config).stdout?.resume();
    const mac = await boxMac();
    for (const node of NODES) await makeNode(node, mac);
  });

  afterAll(() => bed?.close());

  it('a virtual server answers from an IPv6 pod on each node, over a tunnel of IPv6', async () => {
    const pages = new Set<string>();
    await vi.waitFor(async () => {
      pages.add(await client.page(VIP));
      expect([...pages]).toEqual(expect.arrayContaining(['pod 1', 'pod 2']));
    }, patience);
    expect(await box.list('net/ndp', 'ipAddress')).toEqual(NODES.map(pod));
    expect(await box.list('net/ndp', 'macAddress')).toEqual(NODES.map((node) => vtep(node, 6)));
    expect(await box.list('net/fdb/tunnel/~dual~fl_v6/records', 'endpoint')).toEqual(NODES.map(nodeAddress));
    expect(await box.list('net/fdb/tunnel/~dual~fl/records', 'endpoint')).toEqual(['10.1.20.101', '10.1.20.102']);
  });

  it('a node that leaves takes its pod, its neighbour entry and both records with it', async () => {
    cluster(1);
    await vi.waitFor(async () => {
      expect(await client.page(VIP)).toBe('pod 1');
      expect(await box.list('net/ndp', 'ipAddress')).toEqual([pod(1)]);
      expect(await box.list('net/fdb/tunnel/~dual~fl_v6/records', 'name')).toEqual([vtep(1, 6)]);
      expect(await box.list('net/fdb/tunnel/~dual~fl/records', 'name')).toEqual([vtep(1, 4)]);
    }, patience);
  });
});
