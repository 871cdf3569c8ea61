import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What `docker run` is told. */
export interface RunOptions {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** `8080/tcp`, published on `0.0.0.0:32768` or not at all (empty). */
  readonly ports?: Readonly<Record<string, string>>;
  readonly networks?: Readonly<Record<string, string>>;
  readonly hostNetwork?: boolean;
}

interface FakeContainer extends RunOptions {
  readonly id: string;
  readonly created: number;
  name: string;
  state: 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'dead';
  health?: 'starting' | 'healthy' | 'unhealthy';
  networks: Readonly<Record<string, string>>;
}

interface FakeEvent {
  readonly Type: 'container' | 'network';
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly time: number;
}

interface EngineTls {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

type Filters = Readonly<Record<string, readonly string[]>>;

/** How many events an Engine remembers. */
const KEPT = 256;

/** A Docker Engine as far as lists and events go: shapes and filters of the Engine API 1.44 (K), on a Unix socket. */
export class FakeEngine {
  readonly socket: string;
  readonly asked: string[] = [];
  api: { readonly newest: string; readonly oldest: string } = { newest: '1.44', oldest: '1.24' };
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'fairlead-docker-'));
  readonly #containers = new Map<string, FakeContainer>();
  readonly #streams = new Map<ServerResponse, Filters>();
  #events: FakeEvent[] = [];
  #server: Server | undefined;
  #count = 0;

  readonly #tls: EngineTls | undefined;

  private constructor(tls: EngineTls | undefined) {
    this.#tls = tls;
    this.socket = path.join(this.#folder, 'docker.sock');
  }

  /** With `tls`, as `dockerd --tlsverify`: by TCP, for those who show a certificate of the authority. */
  static async start(tls?: EngineTls): Promise<FakeEngine> {
    const engine = new FakeEngine(tls);
    await engine.up();
    return engine;
  }

  async up(): Promise<void> {
    this.#events = [];
    const take = (request: IncomingMessage, response: ServerResponse): void => {
      this.asked.push(decodeURIComponent(request.url ?? ''));
      this.#answer(new URL(request.url ?? '/', 'http://localhost'), response);
    };
    this.#server =
      this.#tls === undefined
        ? createServer(take).listen(this.socket)
        : createTlsServer({ ...this.#tls, requestCert: true, rejectUnauthorized: true }, take).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Where it listens by TLS. */
  get url(): string {
    const { port } = (this.#server?.address() ?? { port: 0 }) as AddressInfo;
    return `https://127.0.0.1:${port}`;
  }

  /** The daemon ends, and takes its socket along. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#streams.clear();
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async close(): Promise<void> {
    await this.down();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Starts a container; gives its id. */
  run(options: RunOptions): string {
    this.#count += 1;
    const id = this.#count.toString(16).padStart(64, '0');
    const created = 1_780_000_000 + this.#count;
    const container: FakeContainer = { networks: {}, ...options, id, created, state: 'running' };
    this.#containers.set(id, container);
    this.#tell(container, 'create', 'start');
    return id;
  }

  /** `docker stop`: what it was told, what it did, that it is over. */
  stop(id: string): void {
    this.#change(id, { state: 'exited' }, 'kill', 'die', 'stop');
  }

  start(id: string): void {
    this.#change(id, { state: 'running' }, 'start');
  }

  pause(id: string): void {
    this.#change(id, { state: 'paused' }, 'pause');
  }

  unpause(id: string): void {
    this.#change(id, { state: 'running' }, 'unpause');
  }

  die(id: string, state: 'restarting' | 'dead' | 'exited' = 'exited'): void {
    this.#change(id, { state }, 'die');
  }

  health(id: string, health: 'starting' | 'healthy' | 'unhealthy'): void {
    this.#change(
      id,
      { health },
      'exec_create: /bin/check',
      'exec_start: /bin/check',
      'exec_die',
      `health_status: ${health}`,
    );
  }

  rename(id: string, name: string): void {
    this.#change(id, { name }, 'rename');
  }

  connect(id: string, networks: Readonly<Record<string, string>>): void {
    Object.assign(this.#of(id), { networks });
    this.#send({
      Type: 'network',
      Action: 'connect',
      Actor: { ID: 'n1', Attributes: { container: id, name: 'n' } },
      time: now(),
    });
  }

  /** `docker rm -f`. */
  remove(id: string): void {
    const container = this.#of(id);
    this.#containers.delete(id);
    this.#tell(container, 'kill', 'die', 'destroy');
  }

  #of(id: string): FakeContainer {
    const container = this.#containers.get(id);
    if (container === undefined) throw new Error(`there is no container ${id}`);
    return container;
  }

  #change(id: string, change: Partial<FakeContainer>, ...actions: readonly string[]): void {
    const container = Object.assign(this.#of(id), change);
    this.#tell(container, ...actions);
  }

  #tell({ id, name, labels = {} }: FakeContainer, ...actions: readonly string[]): void {
    const Actor = { ID: id, Attributes: { ...labels, name, image: 'nginx' } };
    for (const Action of actions) this.#send({ Type: 'container', Action, Actor, time: now() });
  }

  #send(event: FakeEvent): void {
    this.#events = [...this.#events, event].slice(-KEPT);
    for (const [stream, filters] of this.#streams)
      if (matches(event, filters)) stream.write(`${JSON.stringify(event)}\n`);
  }

  #answer(url: URL, response: ServerResponse): void {
    const { newest, oldest } = this.api;
    const [, version, rest = url.pathname] = /^\/v(\d+\.\d+)(\/.*)$/.exec(url.pathname) ?? [];
    if (version !== undefined && (minor(version) > minor(newest) || minor(version) < minor(oldest))) {
      const what = minor(version) > minor(newest) ? 'new. Maximum' : 'old. Minimum';
      json(response, 400, { message: `client version ${version} is too ${what} supported API version is ${newest}` });
      return;
    }
    const filters = JSON.parse(url.searchParams.get('filters') ?? '{}') as Filters;
    if (rest === '/version') json(response, 200, { Version: '25.0.3', ApiVersion: newest, MinAPIVersion: oldest });
    else if (rest === '/containers/json')
      json(response, 200, this.#list(filters, url.searchParams.get('all') === 'true'));
    else if (rest === '/events') this.#follow(response, filters, Number(url.searchParams.get('since') ?? now()));
    else json(response, 404, { message: 'page not found' });
  }

  #follow(response: ServerResponse, filters: Filters, since: number): void {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    this.#streams.set(response, filters);
    response.on('close', () => this.#streams.delete(response));
    for (const event of this.#events)
      if (event.time >= since && matches(event, filters)) response.write(`${JSON.stringify(event)}\n`);
  }

  #list({ label = [], id = [] }: Filters, all: boolean): readonly object[] {
    return [...this.#containers.values()]
      .filter(({ labels = {} }) => label.every((name) => name in labels))
      .filter((container) => id.length === 0 || id.some((start) => container.id.startsWith(start)))
      .filter(({ state }) => all || ['running', 'paused', 'restarting'].includes(state))
      .toReversed()
      .map(shown);
  }
}

function shown({
  id,
  name,
  labels = {},
  ports = {},
  networks,
  hostNetwork,
  state,
  health,
  created,
}: FakeContainer): object {
  const words = { running: 'Up 5 minutes', paused: 'Up 5 minutes (Paused)', exited: 'Exited (0) 2 seconds ago' };
  const status = state === 'running' || state === 'paused' || state === 'exited' ? words[state] : state;
  const suffix =
    health === undefined || state !== 'running' ? '' : health === 'starting' ? ' (health: starting)' : ` (${health})`;
  return {
    Id: id,
    Names: [`/${name}`],
    Image: 'nginx',
    ImageID: 'sha256:0',
    Command: 'nginx',
    Created: created,
    // Ports are those of a process that is there.
    Ports:
      state === 'running' || state === 'paused'
        ? Object.entries(ports).map(([port, binding]) => portOf(port, binding))
        : [],
    Labels: labels,
    State: state,
    Status: status + suffix,
    HostConfig: { NetworkMode: hostNetwork === true ? 'host' : 'default' },
    NetworkSettings: {
      Networks: Object.fromEntries(
        Object.entries(networks).map(([network, ip]) => [network, { IPAddress: ip, GlobalIPv6Address: '' }]),
      ),
    },
    Mounts: [],
  };
}

function portOf(port: string, binding: string): object {
  const [digits, protocol] = port.split('/');
  const [, ip, publicPort] = /^(.*):(\d+)$/.exec(binding) ?? [];
  const published = ip === undefined ? {} : { IP: ip, PublicPort: Number(publicPort) };
  return { ...published, PrivatePort: Number(digits), Type: protocol };
}

/** Names of events match whole, but those that have more behind a colon. */
function matches({ Type, Action }: FakeEvent, { type = [], event = [] }: Filters): boolean {
  const isNamed = event.some((name) => Action === name || Action.startsWith(`${name}:`));
  return (type.length === 0 || type.includes(Type)) && (event.length === 0 || isNamed);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

const minor = (version: string): number => Number(version.split('.')[1]);
const now = (): number => Math.floor(Date.now() / 1000);
