import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Agent } from './agent.ts';
import { Bed, nodeObject, patience, service, type Box } from './bed.ts';
import { ip } from './namespaces.ts';
import { makeEnd, meet } from './overlay.ts';

const missing = inject('noNamespaces');
const NODES = [1, 2] as const;
const VIP = 'http://10.1.20.50/';
const prefix = 'flannel.alpha.coreos.com/';

/** The units of the pair: each has its management address, its own end of the tunnel and its own self IP in it. */
const UNITS = {
  a: { management: '10.255.0.60', local: '10.1.20.60', self: '10.244.20.60', net: '10.244.20' },
  b: { management: '10.255.0.61', local: '10.1.20.61', self: '10.244.21.61', net: '10.244.21' },
} as const;
type Unit = keyof typeof UNITS;
const BOTH = ['a', 'b'] as const;

function vtep(node: number): string {
  return `c6:d2:32:6f:8f:0${node}`;
}

describe.skipIf(missing !== undefined)('AC-38 a pair joins the VXLAN of flannel', () => {
  let bed: Bed;
  let client: Agent;
  const boxes = new Map<Unit, Box>();

  const box = (unit: Unit): Box => boxes.get(unit)!;
  const space = (unit: Unit): string => bed.namespaces.name(`bigip-${unit}`);

  async function status(unit: Unit, page: 'sync-status' | 'failover-status'): Promise<string> {
    const { body } = await box(unit).send('GET', `cm/${page}`);
    const { entries } = body as {
      entries: Record<string, { nestedStats: { entries: { status: { description: string } } } }>;
    };
    return Object.values(entries)[0]?.nestedStats.entries.status.description ?? '';
  }

  async function until(unit: Unit, page: 'sync-status' | 'failover-status', wanted: string): Promise<void> {
    await vi.waitFor(async () => expect(await status(unit, page)).toBe(wanted), patience);
  }

  /** A device of its own, and of the partition that Fairlead writes on it: the other unit has another tunnel there. */
  async function startUnit(unit: Unit): Promise<void> {
    const { management, local } = UNITS[unit];
    bed.namespaces.add(`bigip-${unit}`, `${management}/24`);
    const flags = ['--listen', `${management}:8443`, '--hostname', `${unit}.example.com`];
    boxes.set(unit, await bed.emulator(space(unit), ...flags));
    await box(unit).make('net/vlan', { name: 'internal', interfaces: [{ name: '1.1', untagged: true }] });
    await box(unit).make('net/self', { name: 'internal', address: `${local}/24`, vlan: 'internal' });
    await box(unit).make('auth/partition', { name: 'pods' });
    const apart = { deviceGroup: 'none', inheritedDevicegroup: 'false', trafficGroup: '/Common/traffic-group-1' };
    expect((await box(unit).send('PATCH', 'sys/folder/~pods', apart)).status).toBe(200);
  }

  async function pairUp(): Promise<void> {
    const other = {
      device: `${UNITS.b.management}:8443`,
      deviceName: 'b.example.com',
      username: 'admin',
      password: 'secret',
    };
    await box('a').make('cm/add-to-trust', { command: 'run', name: 'Root', caDevice: true, ...other });
    const devices = ['a.example.com', 'b.example.com'];
    await box('a').make('cm/device-group', { name: 'pair', type: 'sync-failover', devices });
    await until('b', 'sync-status', 'Awaiting Initial Sync');
    await until('a', 'failover-status', 'STANDBY');
    await box('b').make('sys/failover', { command: 'run', standby: true });
    await until('a', 'failover-status', 'ACTIVE');
    await box('a').make('cm', { command: 'run', utilCmdArgs: 'config-sync to-group pair' });
    await until('b', 'sync-status', 'In Sync');
  }

  function boxMac(unit: Unit): string {
    const links = JSON.parse(ip('-n', space(unit), '-j', 'link', 'show', 'type', 'vxlan')) as { address: string }[];
    return links[0]?.address ?? '';
  }

  function flannelNode(number: number, given: { mac: string; publicIp: string; cidr: string }): object {
    return nodeObject(number, [given.cidr], {
      [`${prefix}kube-subnet-manager`]: 'true',
      [`${prefix}backend-type`]: 'vxlan',
      [`${prefix}backend-data`]: JSON.stringify({ VNI: 1, VtepMAC: given.mac }),
      [`${prefix}public-ip`]: given.publicIp,
    });
  }

  /** The cluster; with the Nodes that stand for the units, once their tunnels have MAC addresses. */
  function cluster(units: readonly Unit[]): void {
    const nodes = NODES.map((node) =>
      flannelNode(node, { mac: vtep(node), publicIp: `10.1.20.10${node}`, cidr: `10.244.${node}.0/24` }),
    );
    const own = units.map((unit, at) =>
      flannelNode(8 + at, { mac: boxMac(unit), publicIp: UNITS[unit].local, cidr: `${UNITS[unit].net}.0/24` }),
    );
    bed.write('pods', [
      ...nodes,
      ...own,
      ...service(
        '10.1.20.50',
        NODES.map((node) => `10.244.${node}.5`),
      ),
    ]);
  }

  /** Config of one source and two targets, one for each unit. */
  function config(): string {
    const own = (unit: Unit): string =>
      `bigip-${unit}: { localAddress: ${UNITS[unit].local}, selfIp: ${UNITS[unit].self}/16 }`;
    const vxlan = `{ perTarget: { ${BOTH.map(own).join(', ')} }, tunnelName: fl, vni: 1, port: 8472 }`;
    const target = (unit: Unit): string =>
      `  - { name: bigip-${unit}, bigip: { url: "https://${UNITS[unit].management}:8443", username: admin, password: { file: ${bed.file('password')} }, tls: { caFile: ${bed.file(`${space(unit)}.pem`)} }, partition: pods } }`;
    const network = `{ cni: flannel, mode: vxlan, flannel: { vxlan: ${vxlan} } }`;
    const lines = [
      'instance: pods',
      'log: { level: warn }',
      `sources: [{ name: pods, kubernetes: { manifests: ${bed.file('pods')} }, members: cluster, podNetwork: ${network} }]`,
      'targets:',
      ...BOTH.map(target),
    ];
    writeFileSync(bed.file('pods.yaml'), lines.join('\n'));
    return bed.file('pods.yaml');
  }

  async function makeNode(node: number): Promise<void> {
    const name = bed.namespaces.name(`node${node}`);
    makeEnd(name, { device: 'flannel.1', mac: vtep(node), local: `10.1.20.10${node}`, gateway: `10.244.${node}.0` });
    ip('-n', name, 'address', 'add', `10.244.${node}.5/32`, 'dev', 'lo');
    for (const unit of BOTH) {
      const { net, local } = UNITS[unit];
      const machine = { subnet: `${net}.0/24`, gateway: `${net}.0`, mac: boxMac(unit), publicIp: local };
      meet(name, 'flannel.1', machine);
    }
    await bed.agentIn(name).ask({ op: 'serve', address: `10.244.${node}.5`, port: 8080, text: `pod ${node}` });
  }

  async function pagesOfAll(): Promise<void> {
    const pages = new Set<string>();
    await vi.waitFor(async () => {
      pages.add(await client.page(VIP));
      expect([...pages]).toEqual(expect.arrayContaining(['pod 1', 'pod 2']));
    }, patience);
  }

  /** Whether the kernel of a unit has the address of the virtual server. */
  function hasAddress(unit: Unit): boolean {
    return ip('-n', space(unit), '-4', 'address', 'show').includes('10.1.20.50/');
  }

  /** The unit that the client takes for the owner of the virtual server's address; it has asked nobody since. */
  function believed(): Unit | undefined {
    const entries = JSON.parse(ip('-n', bed.namespaces.name('client'), '-j', 'neigh', 'show', '10.1.20.50')) as {
      lladdr?: string;
    }[];
    return BOTH.find((unit) => {
      const [link] = JSON.parse(ip('-n', space(unit), '-j', 'link', 'show', 'net0')) as { address: string }[];
      return link?.address === entries[0]?.lladdr;
    });
  }

  beforeAll(async () => {
    bed = new Bed(inject('prefix'));
    for (const node of NODES) bed.namespaces.add(`node${node}`, `10.1.20.10${node}/24`);
    client = bed.agentIn(bed.namespaces.add('client', '10.1.20.200/24'));
    const manager = bed.namespaces.add('manager', '10.255.0.9/24');
    await startUnit('b');
    await startUnit('a');
    await pairUp();
    cluster([]);
    bed.fairlead(manager, 'run', '--config', config()).stdout?.resume();
    for (const unit of BOTH) {
      await vi.waitFor(() => {
        if (boxMac(unit) === '') throw new Error(`there is no tunnel on ${unit} yet`);
      }, patience);
    }
    for (const node of NODES) await makeNode(node);
    cluster(BOTH);
  });

  afterAll(() => bed?.close());

  it('each unit has a self IP of its own in the tunnel, which stays on it, and knows the other as a machine', async () => {
    for (const unit of BOTH) {
      const { self, local } = UNITS[unit];
      const { body } = await box(unit).send('GET', 'net/self/~pods~fl_self');
      expect(body).toMatchObject({
        address: `${self}/16`,
        trafficGroup: '/Common/traffic-group-local-only',
        floating: 'disabled',
      });
      expect((await box(unit).send('GET', 'net/tunnels/tunnel/~pods~fl')).body).toMatchObject({ localAddress: local });
      const other = UNITS[unit === 'a' ? 'b' : 'a'].local;
      await vi.waitFor(async () => {
        const endpoints = await box(unit).list('net/fdb/tunnel/~pods~fl/records', 'endpoint');
        expect(endpoints).toEqual(['10.1.20.101', '10.1.20.102', other].sort());
      }, patience);
      expect(await box(unit).list('net/arp', 'macAddress')).toEqual(NODES.map(vtep));
    }
    expect(boxMac('a')).not.toBe(boxMac('b'));
    const checked = await bed.run(bed.namespaces.name('manager'), 'check', '--config', bed.file('pods.yaml'));
    expect(checked.out.match(/no device group synchronises it/gv)).toHaveLength(2);
  });

  it('the active unit serves, and after a failover the other one does, through its own end of the tunnel', async () => {
    await pagesOfAll();
    expect(BOTH.map(hasAddress)).toEqual([true, false]);
    await box('a').make('sys/failover', { command: 'run', standby: true });
    await until('b', 'failover-status', 'ACTIVE');
    await vi.waitFor(() => expect(BOTH.map(hasAddress)).toEqual([false, true]), patience);
    // The client sends nothing: what it knows, it was told.
    await vi.waitFor(() => expect(believed()).toBe('b'), patience);
    await pagesOfAll();
  });

  it('a pod network that changes while the other unit is active is followed by both, and nothing waits for a sync', async () => {
    const name = bed.namespaces.name('node2');
    ip('-n', name, 'address', 'add', '10.244.2.6/32', 'dev', 'lo');
    await bed.agentIn(name).ask({ op: 'serve', address: '10.244.2.6', port: 8080, text: 'pod 3' });
    const nodes = [
      flannelNode(2, { mac: vtep(2), publicIp: '10.1.20.102', cidr: '10.244.2.0/24' }),
      ...BOTH.map((unit, at) =>
        flannelNode(8 + at, { mac: boxMac(unit), publicIp: UNITS[unit].local, cidr: `${UNITS[unit].net}.0/24` }),
      ),
    ];
    bed.write('pods', [...nodes, ...service('10.1.20.50', ['10.244.2.6'])]);
    for (const unit of BOTH) {
      await vi.waitFor(async () => {
        expect(await box(unit).list('net/arp', 'ipAddress')).toEqual(['10.244.2.6']);
        expect(await box(unit).list('net/fdb/tunnel/~pods~fl/records', 'endpoint')).not.toContain('10.1.20.101');
      }, patience);
    }
    await vi.waitFor(async () => expect(await client.page(VIP)).toBe('pod 3'), patience);
    for (const unit of BOTH) expect(await status(unit, 'sync-status')).toBe('In Sync');
    // And back again.
    await box('b').make('sys/failover', { command: 'run', standby: true });
    await until('a', 'failover-status', 'ACTIVE');
    await vi.waitFor(() => expect(BOTH.map(hasAddress)).toEqual([true, false]), patience);
    await vi.waitFor(async () => expect(await client.page(VIP)).toBe('pod 3'), patience);
  });
});
