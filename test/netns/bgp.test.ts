import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Agent } from './agent.ts';
import { Bed, nodeObject, patience, service, type Box } from './bed.ts';
import { ip } from './namespaces.ts';

const missing = inject('noBird');
/** What Calico's nodes have unless somebody says otherwise. */
const AS = 64_512;
const NODES = [1, 2] as const;

/** One neighbour, asked often, because a test waits for it. */
function neighbour(own: string, other: string, channel: string): string {
  const timers = 'connect delay time 1; connect retry time 1; error wait time 1, 2;';
  return `protocol bgp { direct; local ${own} as ${AS}; neighbor ${other} as ${AS}; ${timers} ipv4 { ${channel} }; }`;
}

describe.skipIf(missing !== undefined)('calico-bgp: the device learns its routes by BGP', () => {
  const daemons = new Map<string, ChildProcess>();
  let bed: Bed;
  let bigip: string;
  let box: Box;
  let client: Agent;

  /** BIRD in a namespace. On nodes it is Calico's own; beside the emulator it stands for the ZebOS of a BIG-IP. */
  function bird(namespace: string, lines: readonly string[]): void {
    const conf = bed.file(`${namespace}.conf`);
    writeFileSync(conf, ['protocol device { }', ...lines].join('\n'));
    const place = ['-c', conf, '-s', bed.file(`${namespace}.ctl`), '-P', bed.file(`${namespace}.pid`)];
    daemons.set(namespace, bed.spawnIn(namespace, 'bird', '-f', ...place));
  }

  function startNode(node: number): void {
    const address = `10.1.20.10${node}`;
    bird(bed.namespaces.name(`node${node}`), [
      `router id ${address};`,
      `protocol static { ipv4; route 10.244.${node}.0/26 blackhole; }`,
      neighbour(address, '10.1.20.1', 'import none; export all; next hop self;'),
    ]);
  }

  async function stopNode(node: number): Promise<void> {
    const daemon = daemons.get(bed.namespaces.name(`node${node}`));
    if (daemon === undefined) throw new Error(`no daemon of node ${node}`);
    const exit = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    await exit;
  }

  async function check(): Promise<{ readonly code: number; readonly routes: string }> {
    const { code, out } = await bed.run(bigip, 'check', '--config', bed.file('east.yaml'), '--output', 'json');
    const { lines } = JSON.parse(out) as { lines: { subject: string; text: string }[] };
    return { code, routes: lines.find(({ subject }) => subject.endsWith('learned routes'))?.text ?? '' };
  }

  async function untilLearned(nodes: readonly number[]): Promise<void> {
    const wanted = nodes.map((node) => `10.244.${node}.0/26 via 10.1.20.10${node}`);
    await vi.waitFor(() => {
      const routes = ip('-n', bigip, 'route', 'show', 'proto', 'bird').split('\n').filter(Boolean);
      expect(routes.map((route) => route.split(' ').slice(0, 3).join(' '))).toEqual(wanted);
    }, patience);
  }

  beforeAll(async () => {
    bed = new Bed(inject('prefix'));
    bigip = bed.namespaces.add('bigip');
    for (const node of NODES) {
      const name = bed.namespaces.add(`node${node}`, `10.1.20.10${node}/24`);
      ip('-n', name, 'address', 'add', `10.244.${node}.5/32`, 'dev', 'lo');
      await bed.agentIn(name).ask({ op: 'serve', address: `10.244.${node}.5`, port: 8080, text: `pod ${node}` });
    }
    client = bed.agentIn(bed.namespaces.add('client', '10.1.20.200/24'));
    box = await bed.emulator(bigip);
    await box.make('net/vlan', { name: 'internal', interfaces: [{ name: '1.1', untagged: true }] });
    await box.make('net/self', {
      name: 'internal',
      address: '10.1.20.1/24',
      vlan: 'internal',
      allowService: ['tcp:179'],
    });
    await box.list('net/self', 'name');
    const blocks = NODES.map((node) => ({
      apiVersion: 'crd.projectcalico.org/v1',
      kind: 'BlockAffinity',
      metadata: { name: `node${node}-10-244-${node}-0-26` },
      spec: { cidr: `10.244.${node}.0/26`, node: `node${node}`, state: 'confirmed', deleted: 'false' },
    }));
    const pods = NODES.map((node) => `10.244.${node}.5`);
    const nodes = NODES.map((node) => nodeObject(node, []));
    bed.write('east', [...nodes, ...blocks, ...service('10.1.20.50', pods)]);
    bed.config('east', '{ cni: calico-bgp }', bigip);
  });

  afterAll(() => bed?.close());

  it('names every block before there is a session', async () => {
    const { code, routes } = await check();
    expect(code).toBe(1);
    for (const node of NODES) expect(routes).toContain(`no route to its block 10.244.${node}.0/26`);
  });

  it('is content when the blocks were learned, and a client reaches a pod on each node', async () => {
    bird(bigip, [
      'router id 10.1.20.1;',
      'protocol kernel { ipv4 { import none; export all; }; }',
      ...NODES.map((node) => neighbour('10.1.20.1', `10.1.20.10${node}`, 'import all; export none;')),
    ]);
    for (const node of NODES) startNode(node);
    await untilLearned(NODES);
    expect(await check()).toEqual({ code: 0, routes: 'there is one to each of 2 blocks of the pod networks' });
    const applied = await bed.run(bigip, 'apply', '--yes', '--config', bed.file('east.yaml'));
    expect([applied.code, applied.out]).toMatchObject([0, expect.not.stringContaining('route-not-learned')]);
    const pages = new Set<string>();
    await vi.waitFor(async () => {
      pages.add(await client.page('http://10.1.20.50/'));
      expect([...pages]).toEqual(expect.arrayContaining(['pod 1', 'pod 2']));
    }, patience);
    expect(await box.list('net/route', 'name')).toEqual([]);
  });

  it('names the node and the block whose session is lost, and no other, until it is back', async () => {
    await stopNode(2);
    await untilLearned([1]);
    const lost = await check();
    expect(lost.code).toBe(1);
    expect(lost.routes).toContain('Node node2 (east.network): the device has no route to its block 10.244.2.0/26');
    expect(lost.routes).not.toContain('node1');
    startNode(2);
    await untilLearned(NODES);
    expect((await check()).code).toBe(0);
  });
});
