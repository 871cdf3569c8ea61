import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { Agent } from './agent.ts';
import { ip, Namespaces } from './namespaces.ts';

const missing = inject('noNamespaces');
const program = path.join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const management = 'https://127.0.0.1:8443';
const patience = { timeout: 90_000, interval: 100 };
const VIP = 'http://10.1.20.50/';
const ROUTED_VIP = 'http://10.1.20.51/';

/** The hardware address of a node's end of the overlay (its VtepMAC), before it is restarted. */
function vtep(node: number): string {
  return `c6:d2:32:6f:8f:0${node}`;
}

describe.skipIf(missing !== undefined)('Fairlead joins the pod network of a cluster', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fairlead-pod-network-'));
  const file = (name: string): string => path.join(folder, name);
  const agents: Agent[] = [];
  const processes: ChildProcess[] = [];
  const macs = new Map([1, 2, 3, 4].map((node) => [node, vtep(node)]));
  let namespaces: Namespaces;
  let bigip: string;
  let box: Agent;
  let client: Agent;

  function agentIn(name: string): Agent {
    const agent = new Agent(name);
    agents.push(agent);
    return agent;
  }

  async function send(method: string, where: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const url = `${management}/mgmt/tm/${where}`;
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await box.ask({ op: 'request', method, url, user: 'admin:secret', caFile: file('ca.pem'), ...text });
    if ('problem' in answer) throw new Error(`${method} ${where}: ${answer.problem}`);
    return { status: answer.status, body: answer.text === '' ? undefined : JSON.parse(answer.text) };
  }

  async function make(where: string, body: unknown): Promise<void> {
    expect([where, await send('POST', where, body)]).toMatchObject([where, { status: 200 }]);
  }

  /** A collection of the device as a list of one property. */
  async function list(where: string, property: string): Promise<readonly string[]> {
    const { body } = await send('GET', where);
    const { items = [] } = body as { items?: Record<string, string>[] };
    return items.map((item) => item[property] ?? '').sort();
  }

  /** Writes the manifests of a cluster at once, as an editor does. */
  function write(cluster: string, objects: readonly object[]): void {
    const target = path.join(file(cluster), 'all.json');
    writeFileSync(file(`${cluster}.new`), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    renameSync(file(`${cluster}.new`), target);
  }

  function service(address: string, pods: readonly string[]): readonly object[] {
    const metadata = { name: 'web', namespace: 'default' };
    return [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { ...metadata, annotations: { 'fairlead.io/address': address } },
        spec: {
          type: 'LoadBalancer',
          loadBalancerClass: 'fairlead.io/bigip',
          ports: [{ port: 80, targetPort: 8080 }],
        },
      },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'web' } },
        addressType: 'IPv4',
        ports: [{ port: 8080, protocol: 'TCP' }],
        endpoints: pods.map((pod) => ({ addresses: [pod], conditions: { ready: true } })),
      },
    ];
  }

  function nodeObject(node: number, cidr: string, annotations: object = {}): object {
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: `node${node}`, annotations },
      spec: { podCIDR: cidr, podCIDRs: [cidr] },
      status: {
        addresses: [{ type: 'InternalIP', address: `10.1.20.10${node}` }],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    };
  }

  /** The cluster of the overlay with these nodes and a pod on each. */
  function overlayOf(...nodes: readonly number[]): void {
    const prefix = 'flannel.alpha.coreos.com/';
    const objects = nodes.map((node) =>
      nodeObject(node, `10.244.${node}.0/24`, {
        [`${prefix}backend-type`]: 'vxlan',
        [`${prefix}backend-data`]: JSON.stringify({ VNI: 1, VtepMAC: macs.get(node) }),
        [`${prefix}public-ip`]: `10.1.20.10${node}`,
        [`${prefix}kube-subnet-manager`]: 'true',
      }),
    );
    const pods = nodes.map((node) => `10.244.${node}.5`);
    write('overlay', [...objects, ...service('10.1.20.50', pods)]);
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

  function bridge(...args: readonly string[]): void {
    const { status, stderr } = spawnSync('bridge', args, { encoding: 'utf8' });
    expect([stderr, status]).toEqual(['', 0]);
  }

  /** The side of a node as flannel makes it once the BIG-IP is a Node of the cluster, with a pod. */
  async function makeNode(node: number): Promise<void> {
    const on = ['-n', namespaces.name(`node${node}`)];
    const vxlan = ['type', 'vxlan', 'id', '1', 'dev', 'net0', 'local', `10.1.20.10${node}`, 'dstport', '8472'];
    ip(...on, 'link', 'add', 'flannel.1', 'address', vtep(node), ...vxlan, 'nolearning');
    ip(...on, 'address', 'add', `10.244.${node}.0/32`, 'dev', 'flannel.1');
    ip(...on, 'link', 'set', 'flannel.1', 'up');
    for (const pod of [`10.244.${node}.5`, `10.50.${node}.5`]) ip(...on, 'address', 'add', `${pod}/32`, 'dev', 'lo');
    meetBox(node);
    const server = agentIn(namespaces.name(`node${node}`));
    for (const address of [`10.244.${node}.5`, `10.50.${node}.5`]) {
      await server.ask({ op: 'serve', address, port: 8080, text: `pod ${node}` });
    }
  }

  /** What flanneld adds for the Node of the BIG-IP. */
  function meetBox(node: number): void {
    const on = ['-n', namespaces.name(`node${node}`)];
    ip(...on, 'route', 'replace', '10.244.20.0/24', 'via', '10.244.20.0', 'dev', 'flannel.1', 'onlink');
    ip(...on, 'neigh', 'replace', '10.244.20.0', 'lladdr', boxMac(), 'dev', 'flannel.1', 'nud', 'permanent');
    bridge(...on, 'fdb', 'replace', boxMac(), 'dev', 'flannel.1', 'dst', '10.1.20.1');
  }

  function start(args: readonly string[]): ChildProcess {
    const run = ['netns', 'exec', bigip, process.execPath, program, ...args];
    const child = spawn('ip', run, { stdio: ['ignore', 'pipe', 'inherit'] });
    processes.push(child);
    return child;
  }

  function follow(name: string, source: string): void {
    mkdirSync(file(name), { recursive: true });
    const config = [
      `instance: ${name}`,
      'log: { level: warn }',
      `sources: [{ name: ${name}, kubernetes: { manifests: ${file(name)} }, members: cluster, podNetwork: ${source} }]`,
      `targets: [{ name: bigip, bigip: { url: "${management}", username: admin, password: { file: ${file('password')} },`,
      `  tls: { caFile: ${file('ca.pem')} }, partition: ${name} } }]`,
    ];
    writeFileSync(file(`${name}.yaml`), config.join('\n'));
    start(['run', '--config', file(`${name}.yaml`)]).stdout?.resume();
  }

  async function pagesOf(url: string, wanted: readonly string[]): Promise<void> {
    const pages = new Set<string>();
    await vi.waitFor(async () => {
      pages.add(await client.page(url));
      expect([...pages]).toEqual(expect.arrayContaining([...wanted]));
    }, patience);
  }

  beforeAll(async () => {
    namespaces = new Namespaces(inject('prefix'));
    bigip = namespaces.add('bigip');
    for (const node of [1, 2, 3, 4]) namespaces.add(`node${node}`, `10.1.20.10${node}/24`);
    namespaces.add('client', '10.1.20.200/24');
    writeFileSync(file('password'), 'secret');
    const flags = ['--listen', '127.0.0.1:8443', '--password-file', file('password'), '--ca-out', file('ca.pem')];
    const emulator = start(['emulator', '--kernel', '1.1=net0', ...flags, '--output', 'json']);
    if (emulator.stdout === null) throw new Error('no stdout');
    await once(createInterface({ input: emulator.stdout }), 'line');
    box = agentIn(bigip);
    client = agentIn(namespaces.name('client'));
    await make('net/vlan', { name: 'internal', interfaces: [{ name: '1.1', untagged: true }] });
    await make('net/self', { name: 'internal', address: '10.1.20.1/24', vlan: 'internal' });

    mkdirSync(file('overlay'));
    overlayOf(1, 2, 3);
    const vxlan = 'localAddress: 10.1.20.1, selfIp: 10.244.20.60/16, tunnelName: fl, vni: 1, port: 8472';
    follow('overlay', `{ cni: flannel, mode: vxlan, flannel: { vxlan: { ${vxlan} } } }`);
    await untilTunnel();
    for (const node of [1, 2, 3, 4]) await makeNode(node);
  });

  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.close()));
    for (const child of processes.toReversed()) {
      if (child.exitCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
    namespaces?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('AC-35 F-15 a virtual server answers from a pod on each of three nodes', async () => {
    await pagesOf(VIP, ['pod 1', 'pod 2', 'pod 3']);
    expect(await list('net/fdb/tunnel/~overlay~fl/records', 'name')).toEqual([vtep(1), vtep(2), vtep(3)]);
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
    ip('-n', namespaces.name('node2'), 'link', 'set', 'flannel.1', 'address', fresh);
    meetBox(2);
    macs.set(2, fresh);
    overlayOf(1, 2, 3, 4);
    await vi.waitFor(async () => {
      expect(await list('net/fdb/tunnel/~overlay~fl/records', 'name')).toEqual(
        [fresh, vtep(1), vtep(3), vtep(4)].sort(),
      );
      expect(await list('net/arp', 'macAddress')).toEqual([fresh, vtep(1), vtep(3), vtep(4)].sort());
    }, patience);
    await vi.waitFor(async () => expect(await box.page('http://10.244.2.5:8080/')).toBe('pod 2'), patience);
    await pagesOf(VIP, ['pod 2']);
  });

  it('a node that leaves takes its pod, its ARP entry and its record with it, and not one request fails', async () => {
    overlayOf(1, 2, 4);
    await vi.waitFor(async () => {
      expect(await client.page(VIP)).toMatch(/^pod [1-4]$/v);
      expect(await list('net/arp', 'ipAddress')).toEqual(['10.244.1.5', '10.244.2.5', '10.244.4.5']);
      expect(await list('net/fdb/tunnel/~overlay~fl/records', 'endpoint')).toEqual(
        [1, 2, 4].map((node) => `10.1.20.10${node}`),
      );
    }, patience);
  });

  it('AC-45 through static routes a client reaches pods, also after a node was replaced', async () => {
    const routed = (nodes: Readonly<Record<string, number>>): void => {
      const objects = Object.entries(nodes).map(([subnet, node]) => nodeObject(node, `10.50.${subnet}.0/24`));
      const pods = Object.keys(nodes).map((subnet) => `10.50.${subnet}.5`);
      write('routed', [...objects, ...service('10.1.20.51', pods)]);
    };
    mkdirSync(file('routed'));
    routed({ 1: 1, 2: 2 });
    follow('routed', '{ cni: default }');
    await pagesOf(ROUTED_VIP, ['pod 1', 'pod 2']);
    // Node 3 takes the place, the subnet and the pods of node 2.
    const third = ['-n', namespaces.name('node3')];
    ip(...third, 'address', 'add', '10.50.2.5/32', 'dev', 'lo');
    await agentIn(namespaces.name('node3')).ask({
      op: 'serve',
      address: '10.50.2.5',
      port: 8080,
      text: 'pod of node 3',
    });
    routed({ 1: 1, 2: 3 });
    await pagesOf(ROUTED_VIP, ['pod 1', 'pod of node 3']);
    expect(await list('net/route', 'gw')).toEqual(['10.1.20.101', '10.1.20.103']);
  });
});
