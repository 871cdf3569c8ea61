import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { startEmulator } from '../../src/emulator/index.ts';
import type { Access, Client, Plan, Result } from './client.ts';

/** What one client did against one release. */
export interface Run {
  readonly client: Client;
  readonly release: string;
  readonly plans: readonly Plan[];
  readonly results: readonly Result[];
  /** Exit code of the driver, and the end of what it said besides its results. */
  readonly code: number | null;
  readonly said: string;
}

/** Proxies and certificates of the machine must not reach the clients. */
const removed = new Set([
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'http_proxy',
  'https_proxy',
]);

function environment(client: Client, access: Access): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !removed.has(name)));
  return {
    ...own,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
    DEVICE_HOST: access.host,
    DEVICE_PORT: String(access.port),
    DEVICE_USER: access.user,
    DEVICE_PASSWORD: access.password,
    DEVICE_CA: access.caFile,
    DEVICE_RELEASE: access.release,
    DEVICE_SCRATCH: access.scratch,
    ...client.env?.(access),
  };
}

function sort(line: string, into: { plans: Plan[]; results: Result[]; said: string[] }): void {
  const read: unknown = line.startsWith('{') ? JSON.parse(line) : undefined;
  if (typeof read !== 'object' || read === null) into.said.push(line);
  else if ('operations' in read) into.plans.push(read as Plan);
  else into.results.push(read as Result);
}

async function drive(client: Client, access: Access): Promise<Run> {
  const [program, ...args] = client.command();
  const driver = spawn(program, args, {
    cwd: access.scratch,
    env: environment(client, access),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const found = { plans: [] as Plan[], results: [] as Result[], said: [] as string[] };
  createInterface({ input: driver.stdout }).on('line', (line) => sort(line, found));
  createInterface({ input: driver.stderr }).on('line', (line) => found.said.push(line));
  const code = await new Promise<number | null>((resolve, reject) => {
    driver.on('error', reject).on('close', resolve);
  });
  const said = found.said.slice(-40).join('\n');
  return { client, release: access.release, plans: found.plans, results: found.results, code, said };
}

/** Starts a device of a release, lets the driver of a client work it over TLS, and gives all that it told. */
export async function run(client: Client, release: string): Promise<Run> {
  const user = { name: 'admin', password: 'a-Password-of-16' };
  const modules = client.modules ?? [];
  const emulator = await startEmulator({ tls: 'self-signed', tmos: release, users: [user], modules });
  const scratch = mkdtempSync(path.join(tmpdir(), 'fairlead-clients-'));
  try {
    const caFile = path.join(scratch, 'ca.pem');
    writeFileSync(caFile, emulator.certificate ?? '');
    const { hostname: host, port } = new URL(emulator.url);
    const access = { host, port: Number(port), user: user.name, password: user.password, caFile, release, scratch };
    return await drive(client, access);
  } finally {
    await emulator.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs every client against each of its releases, two at a time. `report` gets a line for each that ended. */
export async function runAll(clients: readonly Client[], report: (line: string) => void): Promise<readonly Run[]> {
  const jobs = clients.flatMap((client) => client.releases.map((release) => ({ client, release })));
  const runs: Run[] = [];
  const waiting = jobs.entries();
  const worker = async (): Promise<void> => {
    for (const [at, { client, release }] of waiting) {
      const done = await run(client, release);
      runs[at] = done;
      report(`${client.name} against ${release}: ${done.results.length} operations, exit ${done.code}`);
    }
  };
  await Promise.all([worker(), worker()]);
  return runs;
}
