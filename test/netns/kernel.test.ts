import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { Agent } from './agent.ts';
import { ip, Namespaces } from './namespaces.ts';

const missing = inject('noNamespaces');
const program = path.join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const management = 'https://127.0.0.1:8443';
const patience = { timeout: 60_000, interval: 100 };
const nodes = [1, 2, 3] as const;

/** The hardware address of a node's end of the overlay (its VtepMAC). */
function vtep(node: number): string {
  return `c6:d2:32:6f:8f:0${node}`;
}

function pod(node: number): string {
  return `http://10.244.${node}.5:8080/`;
}

describe.skipIf(missing !== undefined)('AC-35: the kernel of a network namespace follows the configuration', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fairlead-netns-'));
  const ca = path.join(folder, 'ca.pem');
  const password = path.join(folder, 'password');
  const agents: Agent[] = [];
  let namespaces: Namespaces;
  let bigip: string;
  let emulator: ChildProcess;
  let box: Agent;
  let client: Agent;

  function agentIn(name: string): Agent {
    const agent = new Agent(name);
    agents.push(agent);
    return agent;
  }

  async function send(method: string, where: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const url = `${management}${where.startsWith('/') ? where : `/mgmt/tm/${where}`}`;
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await box.ask({ op: 'request', method, url, user: 'admin:secret', caFile: ca, ...text });
    if ('problem' in answer) throw new Error(`${method} ${where}: ${answer.problem}`);
    return { status: answer.status, body: answer.text === '' ? undefined : JSON.parse(answer.text) };
  }

  async function make(where: string, body: unknown): Promise<void> {
    expect([where, await send('POST', where, body)]).toMatchObject([where, { status: 200 }]);
  }

  /** What the emulator says of an object, as soon as the kernel follows. */
  async function stateOf(object: string): Promise<{ state?: string; problem?: string }> {
    const { body } = await send('GET', '/emulator/kernel');
    const { items } = body as { items: { object: string; state: string; problem?: string }[] };
    return items.find((item) => item.object === object) ?? {};
  }

  async function records(wanted: readonly number[]): Promise<void> {
    const list = wanted.map((node) => ({ name: vtep(node), endpoint: `10.1.20.10${node}` }));
    expect((await send('PATCH', 'net/fdb/tunnel/~Common~fl', { records: list })).status).toBe(200);
    await stateOf('');
  }

  /** The side of a node as flannel makes it; it knows the box as one more node. */
  function makeNode(node: number, boxMac: string): void {
    const name = namespaces.name(`node${node}`);
    const on = ['-n', name];
    const vxlan = ['type', 'vxlan', 'id', '1', 'dev', 'net0', 'local', `10.1.20.10${node}`, 'dstport', '8472'];
    ip(...on, 'link', 'add', 'flannel.1', 'address', vtep(node), ...vxlan, 'nolearning');
    ip(...on, 'address', 'add', `10.244.${node}.0/32`, 'dev', 'flannel.1');
    ip(...on, 'address', 'add', `10.244.${node}.5/32`, 'dev', 'lo');
    ip(...on, 'link', 'set', 'flannel.1', 'up');
    ip(...on, 'route', 'add', '10.244.20.0/24', 'via', '10.244.20.0', 'dev', 'flannel.1', 'onlink');
    const neighbour = ['10.244.20.0', 'lladdr', boxMac, 'dev', 'flannel.1', 'nud', 'permanent'];
    ip(...on, 'neigh', 'add', ...neighbour);
    const entry = ['fdb', 'append', boxMac, 'dev', 'flannel.1', 'dst', '10.1.20.1'];
    const { status, stderr } = spawnSync('bridge', [...on, ...entry], { encoding: 'utf8' });
    expect([stderr, status]).toEqual(['', 0]);
  }

  function macOf(device: string): string {
    const [link] = JSON.parse(ip('-n', bigip, '-j', 'link', 'show', device)) as { address: string }[];
    return link?.address ?? '';
  }

  beforeAll(async () => {
    namespaces = new Namespaces(inject('prefix'));
    bigip = namespaces.add('bigip');
    for (const node of nodes) namespaces.add(`node${node}`, `10.1.20.10${node}/24`);
    namespaces.add('client', '10.1.20.200/24');
    writeFileSync(password, 'secret');
    const flags = ['--listen', '127.0.0.1:8443', '--password-file', password, '--ca-out', ca, '--output', 'json'];
    const run = ['netns', 'exec', bigip, process.execPath, program, 'emulator', '--kernel', '1.1=net0', ...flags];
    emulator = spawn('ip', run, { stdio: ['ignore', 'pipe', 'inherit'] });
    if (emulator.stdout === null) throw new Error('no stdout');
    await once(createInterface({ input: emulator.stdout }), 'line');
    box = agentIn(bigip);
    client = agentIn(namespaces.name('client'));

    await make('net/vlan', { name: 'internal', interfaces: [{ name: '1.1', untagged: true }] });
    await make('net/self', { name: 'internal', address: '10.1.20.1/24', vlan: 'internal' });
    await make('net/tunnels/vxlan', { name: 'fl', floodingType: 'none', port: 8472 });
    await make('net/tunnels/tunnel', { name: 'fl', profile: 'fl', key: 1, localAddress: '10.1.20.1' });
    await make('net/self', { name: 'overlay', address: '10.244.20.60/16', vlan: 'fl' });
    await stateOf('net/tunnels/tunnel /Common/fl');
    for (const node of nodes) {
      makeNode(node, macOf('fl'));
      const name = `10.244.${node}.5`;
      await make('net/arp', { name, ipAddress: name, macAddress: vtep(node) });
      const server = agentIn(namespaces.name(`node${node}`));
      await server.ask({ op: 'serve', address: name, port: 8080, text: `pod ${node}` });
    }
    await records(nodes);
  });

  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.close()));
    if (emulator?.exitCode === null) {
      const exit = once(emulator, 'exit');
      emulator.kill('SIGKILL');
      await exit;
    }
    namespaces?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('reaches a pod on each of three nodes through the tunnel, and a virtual server answers from all of them', async () => {
    expect(await stateOf('net/tunnels/tunnel /Common/fl')).toMatchObject({ state: 'applied' });
    for (const node of nodes) {
      await vi.waitFor(async () => expect(await box.page(pod(node))).toBe(`pod ${node}`), patience);
    }
    await make('ltm/pool', { name: 'pods', members: nodes.map((node) => `10.244.${node}.5:8080`) });
    await make('ltm/virtual', { name: 'vip', destination: '10.1.20.50:80', ipProtocol: 'tcp', pool: 'pods' });
    await vi.waitFor(async () => expect(await client.page('http://10.1.20.50/')).toMatch(/^pod/v), patience);
    const pages = new Set<string>();
    await vi.waitFor(async () => {
      pages.add(await client.page('http://10.1.20.50/'));
      expect([...pages]).toEqual(expect.arrayContaining(['pod 1', 'pod 2', 'pod 3']));
    }, patience);
  });

  it('loses a node with its record, and finds it again', async () => {
    await records([2, 3]);
    expect(await box.page(pod(1))).toMatch(/^problem/v);
    await vi.waitFor(async () => expect(await box.page(pod(2))).toBe('pod 2'), patience);
    await records(nodes);
    await vi.waitFor(async () => expect(await box.page(pod(1))).toBe('pod 1'), patience);
  });

  it('makes a tunnel anew with all that stands on it when its key changes', async () => {
    const before = macOf('fl');
    expect((await send('PATCH', 'net/tunnels/tunnel/~Common~fl', { key: 2 })).status).toBe(200);
    expect(await stateOf('net/tunnels/tunnel /Common/fl')).toMatchObject({ state: 'applied' });
    expect(await box.page(pod(2))).toMatch(/^problem/v);
    expect((await send('PATCH', 'net/tunnels/tunnel/~Common~fl', { key: 1 })).status).toBe(200);
    for (const object of ['net/self /Common/overlay', `net/fdb/tunnel/records /Common/fl ${vtep(2)}`]) {
      expect([object, await stateOf(object)]).toMatchObject([object, { state: 'applied' }]);
    }
    expect(macOf('fl')).toBe(before);
    await vi.waitFor(async () => expect(await box.page(pod(2))).toBe('pod 2'), patience);
  });

  it('routes to the network of a node without a tunnel (host-gw)', async () => {
    ip('-n', namespaces.name('node3'), 'address', 'add', '10.245.3.5/32', 'dev', 'lo');
    const server = agentIn(namespaces.name('node3'));
    await server.ask({ op: 'serve', address: '10.245.3.5', port: 8080, text: 'by route' });
    await make('net/route', { name: 'n3', network: '10.245.3.0/24', gw: '10.1.20.103' });
    await vi.waitFor(async () => expect(await box.page('http://10.245.3.5:8080/')).toBe('by route'), patience);
    expect((await send('DELETE', 'net/route/~Common~n3')).status).toBe(200);
    expect(await stateOf('net/route /Common/n3')).toEqual({});
    expect(await box.page('http://10.245.3.5:8080/')).toMatch(/^problem/v);
  });

  it('keeps the second address of a network when the first goes', async () => {
    for (const last of [61, 62]) {
      await make('net/self', { name: `over${last}`, address: `10.99.0.${last}/24`, vlan: 'fl' });
    }
    expect((await send('DELETE', 'net/self/~Common~over61')).status).toBe(200);
    expect(await stateOf('net/self /Common/over62')).toMatchObject({ state: 'applied' });
    const addresses = ip('-n', bigip, 'address', 'show', 'dev', 'fl');
    expect([addresses.includes('10.99.0.61'), addresses.includes('10.99.0.62')]).toEqual([false, true]);
  });

  it('answers DNS at the address and port of a listener', async () => {
    expect((await send('PATCH', 'sys/provision/gtm', { level: 'nominal' })).status).toBe(200);
    await make('gtm/datacenter', { name: 'dc' });
    const addresses = [{ name: '10.1.20.1', deviceName: 'box' }];
    await make('gtm/server', { name: 'box', datacenter: 'dc', product: 'bigip', addresses });
    await make('gtm/server/~Common~box/virtual-servers', { name: '/Common/vip', destination: '10.1.20.50:80' });
    await make('gtm/pool/a', { name: 'vip', members: ['box:/Common/vip'] });
    await make('gtm/wideip/a', { name: 'www.example.com', pools: ['vip'] });
    await make('gtm/listener', { name: 'dns', address: '10.1.20.53' });
    const resolve = { op: 'resolve', server: '10.1.20.53', name: 'www.example.com' } as const;
    await vi.waitFor(async () => expect(await client.ask(resolve)).toMatchObject({ text: '10.1.20.50' }), patience);
  });

  it('says in words what it cannot apply, and goes on', async () => {
    await make('net/vlan', { name: 'nowhere', interfaces: [{ name: '1.3', untagged: true }] });
    await make('net/self', { name: 'lost', address: '10.9.9.1/24', vlan: 'nowhere' });
    await make('net/tunnels/tunnel', { name: 'gre', profile: 'gre', localAddress: '10.1.20.1' });
    // The kernel has a device of this name.
    await make('net/tunnels/tunnel', { name: 'net0', profile: 'fl', key: 9, localAddress: '10.1.20.1' });
    expect((await stateOf('net/vlan /Common/nowhere')).problem).toContain('interface 1.3');
    expect((await stateOf('net/self /Common/lost')).problem).toContain('/Common/nowhere is not applied');
    expect((await stateOf('net/tunnels/tunnel /Common/gre')).problem).toContain('profile gre');
    expect((await stateOf('net/tunnels/tunnel /Common/net0')).problem).toContain('exists');
    await vi.waitFor(async () => expect(await box.page(pod(1))).toBe('pod 1'), patience);
  });

  it('leaves the namespace as it found it when it ends', async () => {
    ip('-n', bigip, 'address', 'add', '10.77.0.1/32', 'dev', 'lo');
    const exit = once(emulator, 'exit');
    emulator.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    const links = JSON.parse(ip('-n', bigip, '-j', 'address', 'show')) as {
      ifname: string;
      addr_info: { family: string; local: string }[];
    }[];
    expect(links.map(({ ifname }) => ifname).sort()).toEqual(['lo', 'net0']);
    const addresses = links.flatMap(({ addr_info }) => addr_info).filter(({ family }) => family === 'inet');
    expect(addresses.map(({ local }) => local).sort()).toEqual(['10.77.0.1', '127.0.0.1']);
    expect(ip('-n', bigip, 'route', 'show')).toBe('');
  });

  it("refuses the machine's own network namespace", () => {
    const flags = ['--listen', '127.0.0.1:0', '--password-file', password];
    const { status, stderr } = spawnSync(process.execPath, [program, 'emulator', '--kernel', ...flags], {
      encoding: 'utf8',
      timeout: 170_000,
    });
    expect(stderr).toContain("machine's own network namespace");
    expect(status).toBe(1);
  });
});
