import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { makeLanes } from '../../src/cli/assemble.ts';
import { runCli } from '../../src/cli/program.ts';
import { type FakeIo, fakeIo } from '../../src/cli/testing/fake-io.ts';
import type { EmulatorOptions, Emulator, LogEntry } from '../../src/emulator/index.ts';
import { startEmulator } from '../../src/emulator/index.ts';
import { Gate } from './e2e-gate.ts';

/** The password of beds; no output may ever hold it. */
export const PASSWORD = 'correct-horse-8472';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/main.ts');

/** How to make a bed. */
export interface BedOptions {
  readonly emulator?: EmulatorOptions;
  /** An emulator that several beds share; it is not closed with this one. */
  readonly on?: Emulator;
  readonly instance?: string;
  readonly partition?: string;
  /** Where Services come from; default: the folder of manifests. */
  readonly kubernetes?: string;
  /** What members are; default: pods. */
  readonly members?: string;
  /** How long a device that is away is waited for; default 5 s. */
  readonly restart?: string;
  /** More lines of the target (indented by 6), and of the top level. */
  readonly bigip?: string;
  readonly source?: string;
  readonly more?: string;
}

/** What a command came to. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** An event of `run --output json`. */
export interface RunEvent {
  readonly type: string;
  readonly reason?: string;
  readonly complete?: boolean;
  readonly diagnostic?: { readonly code: string; readonly summary: string };
  readonly applied?: { readonly requests: number; readonly writes: number };
  readonly counters?: Readonly<Record<string, number>>;
}

interface Shown {
  readonly fullPath: string;
}

const VIEWED = ['virtual', 'virtual-address', 'pool', 'node', 'monitor/http', 'monitor/tcp'] as const;
/** Counts of writes, their times, and the order in which objects were made. */
const CHANGING: ReadonlySet<string> = new Set(['generation', 'vsIndex', 'creationTime', 'lastModifiedTime']);

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** To be done after the test. */
export function later(close: () => Promise<void>): void {
  open.push(close);
}

/** An emulated BIG-IP, a folder of manifests, and a config file; all that Fairlead does goes through the command line. */
export class Bed {
  readonly folder: string;
  readonly emulator: Emulator;
  readonly gate: Gate;
  /** All that was printed. */
  printed = '';

  constructor(folder: string, emulator: Emulator, gate: Gate) {
    this.folder = folder;
    this.emulator = emulator;
    this.gate = gate;
  }

  get config(): string {
    return path.join(this.folder, 'fairlead.yaml');
  }

  /** Writes a file of manifests: beside it first, then renamed, as careful tools do. */
  async put(name: string, ...objects: readonly object[]): Promise<void> {
    await this.write(name, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
  }

  /** Writes any text into the folder of manifests. */
  async write(name: string, text: string): Promise<void> {
    const file = path.join(this.folder, 'cluster', `${name}.yaml`);
    await writeFile(`${file}.new`, text);
    // An old file needs no waiting for its writer to be done.
    const old = new Date(Date.now() - 60_000);
    await utimes(`${file}.new`, old, old);
    await rename(`${file}.new`, file);
  }

  async remove(name: string): Promise<void> {
    await rm(path.join(this.folder, 'cluster', `${name}.yaml`));
  }

  /** Runs a command of Fairlead in this process. */
  async cli(verb: string, ...args: readonly string[]): Promise<Outcome> {
    const io = fakeIo();
    const code = await runCli([verb, '--config', this.config, ...args], { io, makeLanes });
    this.printed += io.out() + io.err();
    return { code, out: io.out(), err: io.err() };
  }

  /** `apply --yes`; throws with all that it said if it does not end well. */
  async apply(...args: readonly string[]): Promise<Outcome> {
    const outcome = await this.cli('apply', '--yes', ...args);
    if (outcome.code !== 0) throw new Error(`apply: ${outcome.code}\n${outcome.out}\n${outcome.err}`);
    return outcome;
  }

  /**
   * A command that ends at its Nth write as a killed process does: the device gets nothing more of it, not even a logout.
   * With `after`, the device did that write, and its answer is lost. Gives whether it came so far.
   */
  async killed(write: number, when: 'before' | 'after', ...args: readonly string[]): Promise<boolean> {
    const io = fakeIo();
    let dead = false;
    this.gate.reset();
    this.gate.rule = (request) => {
      if (dead || request.write < write) return dead ? 'away' : 'pass';
      dead = true;
      io.signal();
      return when === 'before' ? 'cut-before' : 'cut-after';
    };
    const [verb = 'apply', ...rest] = args;
    await runCli([verb, '--config', this.config, ...rest], { io, makeLanes });
    this.gate.reset();
    this.printed += io.out() + io.err();
    return dead;
  }

  /** Starts a command of Fairlead as a process of its own. */
  spawn(verb: string, ...args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [MAIN, verb, '--config', this.config, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const note = (chunk: Buffer): void => {
      this.printed += chunk.toString();
    };
    child.stdout?.on('data', note);
    child.stderr?.on('data', note);
    return child;
  }

  /** Starts `run` in this process. */
  run(): Running {
    const io = fakeIo();
    return new Running(io, runCli(['run', '--config', this.config, '-o', 'json'], { io, makeLanes }), this);
  }

  /** Talks to the device as a person with another tool. */
  async rest(method: string, url: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(this.emulator.url + url, {
      method,
      headers: { Authorization: `Basic ${btoa(`admin:${PASSWORD}`)}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  }

  /** The configuration of the device, without counts of writes. */
  state(): ReadonlyMap<string, string> {
    return stateOf(this.emulator);
  }

  /** What the device shows of a partition: as `state`, and alike where a default is set or not. */
  async view(partition = 'k'): Promise<string> {
    const shown: unknown[] = [];
    for (const kind of VIEWED) {
      const query = `$filter=partition%20eq%20${partition}&expandSubcollections=true`;
      const { items = [] } = (await this.rest('GET', `/mgmt/tm/ltm/${kind}?${query}`)) as { items?: Shown[] };
      shown.push(...items.sort((a, b) => (a.fullPath < b.fullPath ? -1 : 1)));
    }
    return JSON.stringify(shown, (key, value: unknown) => (CHANGING.has(key) ? undefined : value), 1);
  }

  /** Changes since the log was cleared: everything but reads and logins. */
  writes(): readonly string[] {
    return changesOf(this.emulator.log.entries());
  }
}

/** `run`, at work. */
export class Running {
  readonly io: FakeIo;
  readonly done: Promise<number>;
  readonly #bed: Bed;

  constructor(io: FakeIo, done: Promise<number>, bed: Bed) {
    this.io = io;
    this.done = done;
    this.#bed = bed;
  }

  events(): readonly RunEvent[] {
    const lines = this.io.out().split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as RunEvent);
  }

  /** Cycles for this reason so far. */
  cycles(reason: 'start' | 'change' | 'drift'): readonly RunEvent[] {
    return this.events().filter((event) => event.type === 'cycle' && event.reason === reason);
  }

  /** Waits for the first full pass. */
  async started(): Promise<this> {
    await until('the first pass is done', () => this.cycles('start').length > 0);
    return this;
  }

  /** Ends it as a signal does. */
  async stop(): Promise<number> {
    this.io.signal();
    const code = await this.done;
    this.#bed.printed += this.io.out() + this.io.err();
    return code;
  }
}

/** Makes a bed that ends with the test. */
export async function makeBed(options: BedOptions = {}): Promise<Bed> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fairlead-bed-'));
  later(() => rm(folder, { recursive: true, force: true }));
  await mkdir(path.join(folder, 'cluster'));
  const emulator = options.on ?? (await ownEmulator(options.emulator ?? {}));
  const gate = await new Gate(emulator.url).start();
  later(() => gate.close());
  const bed = new Bed(folder, emulator, gate);
  await writeFile(path.join(folder, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
  await writeFile(bed.config, configText(gate.url, options));
  return bed;
}

async function ownEmulator(options: EmulatorOptions): Promise<Emulator> {
  const emulator = await startEmulator({ users: [{ name: 'admin', password: PASSWORD }], ...options });
  later(() => emulator.close());
  return emulator;
}

function configText(url: string, options: BedOptions): string {
  const { instance = 'lab', partition = 'k', kubernetes = '{ manifests: ./cluster }', members = 'cluster' } = options;
  return `instance: ${instance}
sources:
  - name: ${instance}
    kubernetes: ${kubernetes}
    members: ${members}
${options.source ?? ''}
targets:
  - name: emu
    bigip:
      url: ${url}
      username: admin
      password: { file: ./password }
      partition: ${partition}
      timeouts: { connect: 2s, request: 10s, restart: ${options.restart ?? '5s'} }
${options.bigip ?? ''}
log: { level: trace, format: text }
${options.more ?? 'run: { settle: 5ms, idle: 50ms, driftInterval: 1h, retry: { initial: 50ms, max: 200ms } }'}
`;
}

/** All objects of a device by collection and path, as text, without counts of writes. */
export function stateOf(emulator: Emulator): ReadonlyMap<string, string> {
  const entries = Object.entries(emulator.dump()).flatMap(([collection, objects]) =>
    objects.map(({ fullPath, parent = '', values }) => {
      return [`${collection} ${parent} ${fullPath}`, JSON.stringify(values, withoutTimes)] as const;
    }),
  );
  return new Map(entries);
}

/** When a policy was changed differs from run to run. */
function withoutTimes(key: string, value: unknown): unknown {
  return key === 'lastModified' ? undefined : value;
}

/** Requests that change something, saves among them; logins are not. */
export function changesOf(entries: readonly LogEntry[]): readonly string[] {
  const changes = entries.filter(({ method, path: url }) => method !== 'GET' && url.startsWith('/mgmt/tm/'));
  return changes.map(({ method, path: url }) => `${method} ${url.replace(/\/\d{10,}$/, '/ID')}`);
}

/** Polls until a condition holds. */
export async function until(what: string, done: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
