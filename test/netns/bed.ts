import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { Agent } from './agent.ts';
import { Namespaces } from './namespaces.ts';

const program = path.join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

/** Where the emulator listens in its own namespace. */
export const MANAGEMENT = 'https://127.0.0.1:8443';

/** How long something of the kernel or of another program may take. */
export const patience = { timeout: 90_000, interval: 100 };

/** Runs `bridge`; throws with its words. */
export function bridge(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('bridge', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`bridge ${args.join(' ')}: ${stderr.trim()}`);
}

/** A device in a namespace, as the test asks it. */
export class Box {
  readonly #agent: Agent;
  readonly #url: string;
  readonly #caFile: string;

  constructor(agent: Agent, given: { readonly url: string; readonly caFile: string }) {
    this.#agent = agent;
    this.#url = given.url;
    this.#caFile = given.caFile;
  }

  /** Sends a request to a path below `/mgmt/tm/`. */
  async send(method: string, where: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const url = `${this.#url}/mgmt/tm/${where}`;
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await this.#agent.ask({
      op: 'request',
      method,
      url,
      user: 'admin:secret',
      caFile: this.#caFile,
      ...given,
    });
    if ('problem' in answer) throw new Error(`${method} ${where}: ${answer.problem}`);
    return { status: answer.status, body: answer.text === '' ? undefined : JSON.parse(answer.text) };
  }

  async make(where: string, body: unknown): Promise<void> {
    const answer = await this.send('POST', where, body);
    if (answer.status !== 200) throw new Error(`POST ${where}: ${JSON.stringify(answer)}`);
  }

  /** A collection of the device as a list of one property. */
  async list(where: string, property: string): Promise<readonly string[]> {
    const { body } = await this.send('GET', where);
    const { items = [] } = body as { items?: Record<string, string>[] };
    return items.map((item) => item[property] ?? '').sort();
  }

  page(url: string): Promise<string> {
    return this.#agent.page(url);
  }
}

/** Namespaces, processes in them, and a folder: all of it goes with {@link close}. */
export class Bed {
  readonly namespaces: Namespaces;
  readonly #folder: string;
  readonly #agents: Agent[] = [];
  readonly #processes: ChildProcess[] = [];
  readonly #certificates: string[] = [];

  constructor(prefix: string) {
    this.#folder = mkdtempSync(path.join(tmpdir(), 'fairlead-netns-'));
    this.namespaces = new Namespaces(prefix);
    writeFileSync(this.file('password'), 'secret');
  }

  file(name: string): string {
    return path.join(this.#folder, name);
  }

  agentIn(name: string): Agent {
    const agent = new Agent(name);
    this.#agents.push(agent);
    return agent;
  }

  /** Starts any program in a namespace; it ends with the bed. */
  spawnIn(namespace: string, ...command: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', namespace, ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#processes.push(child);
    return child;
  }

  /** Starts `fairlead` in a namespace. */
  fairlead(namespace: string, ...args: readonly string[]): ChildProcess {
    // Emulators of a pair verify each other's certificates: each trusts those that were there before it.
    const trusted = this.#certificates.length === 0 ? [] : [`NODE_EXTRA_CA_CERTS=${this.#trust()}`];
    return this.spawnIn(namespace, 'env', ...trusted, process.execPath, program, ...args);
  }

  #trust(): string {
    const all = this.#certificates.map((file) => readFileSync(file, 'utf8')).join('\n');
    writeFileSync(this.file('trusted.pem'), all);
    return this.file('trusted.pem');
  }

  /** Runs `fairlead` to its end; gives what it said and how it ended. */
  async run(namespace: string, ...args: readonly string[]): Promise<{ readonly out: string; readonly code: number }> {
    const child = this.fairlead(namespace, ...args);
    if (child.stdout === null) throw new Error('no stdout');
    const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number]>]);
    return { out, code };
  }

  /** An emulator in a namespace whose kernel it rules, at {@link MANAGEMENT} or where `flags` say. */
  async emulator(namespace: string, ...flags: readonly string[]): Promise<Box> {
    const listen = flags.includes('--listen') ? [] : ['--listen', MANAGEMENT.slice('https://'.length)];
    const own = ['--password-file', this.file('password'), '--ca-out', this.file(`${namespace}.pem`)];
    const args = ['emulator', '--kernel', '1.1=net0', ...listen, ...own, '--output', 'json', ...flags];
    const child = this.fairlead(namespace, ...args);
    if (child.stdout === null) throw new Error('no stdout');
    await once(createInterface({ input: child.stdout }), 'line');
    this.#certificates.push(this.file(`${namespace}.pem`));
    const url = listen.length > 0 ? MANAGEMENT : `https://${flags[flags.indexOf('--listen') + 1]}`;
    return new Box(this.agentIn(namespace), { url, caFile: this.file(`${namespace}.pem`) });
  }

  /** Writes the manifests of a cluster at once, as an editor does. */
  write(cluster: string, objects: readonly object[]): void {
    mkdirSync(this.file(cluster), { recursive: true });
    writeFileSync(this.file(`${cluster}.new`), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    renameSync(this.file(`${cluster}.new`), path.join(this.file(cluster), 'all.json'));
  }

  /** The config of one cluster and one device, whose partition has the name of the cluster. */
  config(cluster: string, podNetwork: string, device: string): string {
    const config = [
      `instance: ${cluster}`,
      'log: { level: warn }',
      `sources: [{ name: ${cluster}, kubernetes: { manifests: ${this.file(cluster)} }, members: cluster, podNetwork: ${podNetwork} }]`,
      `targets: [{ name: bigip, bigip: { url: "${MANAGEMENT}", username: admin, password: { file: ${this.file('password')} },`,
      `  tls: { caFile: ${this.file(`${device}.pem`)} }, partition: ${cluster} } }]`,
    ];
    writeFileSync(this.file(`${cluster}.yaml`), config.join('\n'));
    return this.file(`${cluster}.yaml`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent.close()));
    for (const child of this.#processes.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
    this.namespaces.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A Service with an address, and its pods. */
export function service(address: string, pods: readonly string[]): readonly object[] {
  const metadata = { name: 'web', namespace: 'default' };
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata, annotations: { 'fairlead.io/address': address } },
      spec: {
        type: 'LoadBalancer',
        loadBalancerClass: 'fairlead.io/bigip',
        ipFamilies: [family],
        ports: [{ port: 80, targetPort: 8080 }],
      },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: family,
      ports: [{ port: 8080, protocol: 'TCP' }],
      endpoints: pods.map((pod) => ({ addresses: [pod], conditions: { ready: true } })),
    },
  ];
}

/** `node1` at 10.1.20.101, which has these parts of the pod network. */
export function nodeObject(number: number, cidrs: readonly string[], annotations: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `node${number}`, annotations },
    spec: cidrs.length === 0 ? {} : { podCIDR: cidrs[0], podCIDRs: cidrs },
    status: {
      addresses: [{ type: 'InternalIP', address: `10.1.20.10${number}` }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}
