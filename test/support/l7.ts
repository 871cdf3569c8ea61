import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BigipObject } from '../../src/ir/objects.ts';
import type { Policy } from '../../src/ir/policy.ts';
import type { PolicyRule } from '../../src/ir/policy-rule.ts';
import type { Pool } from '../../src/ir/pool.ts';
import type { Change } from '../../src/plan/plan.ts';
import type { UnitReport, Target } from '../../src/targets/target.ts';
import { createDataPlane } from '../../src/emulator/dataplane/index.ts';
import { type Emulator, startEmulator } from '../../src/emulator/index.ts';
import { canonical } from '../../src/ir/canonical.ts';
import { refOf } from '../../src/ir/ref.ts';
import { diffObjects } from '../../src/plan/diff.ts';
import { createBlobStore } from '../../src/desired/blob-store.ts';
import { type BigipOptions, createBigipTarget } from '../../src/targets/bigip/index.ts';
import { later, PASSWORD } from './e2e.ts';

/** Contents of the files that beds make. */
export const blobs = createBlobStore();
const signal = new AbortController().signal;
const ORIGIN = 'east:Ingress/shop/web';
const MARK = { instance: 'lab', origins: [ORIGIN] };
const PARTITION = 'k';
export const BACKENDS = ['a', 'b', 'c', 'd'] as const;

/** An emulator with traffic, pools whose servers say their own names, and no virtual server yet. */
export interface L7Bed {
  readonly emulator: Emulator;
  /** A target on the device, or on what stands before it. */
  target(url?: string, more?: Partial<BigipOptions>): Target;
  /** The port at which a virtual server of the partition listens. */
  port(name: string): number;
}

/** Pools `a` to `d` and `default`. */
export async function makeL7Bed(tmos = '17.1'): Promise<L7Bed> {
  const emulator = await startEmulator({
    tmos,
    users: [{ name: 'admin', password: PASSWORD }],
    dataPlane: () => createDataPlane({ map: 'always' }),
  });
  later(() => emulator.close());
  const target = (url = emulator.url, more: Partial<BigipOptions> = {}): Target => {
    const made = createBigipTarget({
      name: 'lab',
      urls: [url],
      username: 'admin',
      password: async () => PASSWORD,
      partition: PARTITION,
      instance: 'lab',
      blobs,
      ...more,
    });
    later(() => made.close());
    return made;
  };
  const bed = {
    emulator,
    target,
    port: (name: string): number =>
      emulator.listeners().find(({ virtual }) => virtual === `/${PARTITION}/${name}`)?.port ?? 0,
  };
  const partition: BigipObject = { kind: 'partition', path: `/${PARTITION}`, mark: MARK };
  await applyAll(target(), create(partition));
  await applyAll(target(), ...(await Promise.all([...BACKENDS, 'default'].map(startBackend))).map(create));
  return bed;
}

async function startBackend(name: string): Promise<Pool> {
  const server = createServer((_, response) => response.end(name));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { kind: 'pool', path: pathOf(name), members: [{ address: { ip: '127.0.0.1' }, port }], mark: MARK };
}

/** A full path in the beds' partition. */
export function pathOf(name: string): string {
  return `/${PARTITION}/${name}`;
}

/** The virtual server `web` on pool `default`. */
export function virtualOf(more: Partial<Extract<BigipObject, { kind: 'virtual' }>> = {}): BigipObject {
  return {
    kind: 'virtual',
    path: pathOf('web'),
    destination: { address: { ip: '198.51.100.1' }, port: 80 },
    virtualAddress: pathOf('198.51.100.1'),
    ipProtocol: 'tcp',
    profiles: [
      { path: '/Common/http', context: 'all' },
      { path: '/Common/tcp', context: 'all' },
    ],
    pool: pathOf('default'),
    sourceAddressTranslation: { type: 'automap' },
    mark: MARK,
    ...more,
  };
}

/** The policy `l7`. */
export function policyOf(rules: readonly PolicyRule[]): Policy {
  return canonical({ kind: 'policy', path: pathOf('l7'), rules, mark: { instance: 'lab', origins: ownersOf(rules) } });
}

function ownersOf(rules: readonly PolicyRule[]): readonly string[] {
  return [...new Set(rules.flatMap(({ origin }) => origin ?? []))].sort();
}

export function create(after: BigipObject): Change {
  return { op: 'create', ref: refOf(after.kind, after.path), after: canonical(after), origins: [ORIGIN] };
}

/** What makes of one state of an object another, as a plan would say it; nothing if they are the same. */
export function update(before: BigipObject, after: BigipObject): readonly Change[] {
  const [from, to] = [canonical(before), canonical(after)];
  const fields = diffObjects(from, to);
  const ref = refOf(after.kind, after.path);
  return fields.length === 0 ? [] : [{ op: 'update', ref, before: from, after: to, fields, origins: [ORIGIN] }];
}

/** Applies changes as one unit, and expects it to be done. */
export async function applyAll(target: Target, ...changes: readonly Change[]): Promise<UnitReport> {
  const units = [{ id: changes[0]?.ref ?? '', wave: 1, changes, origins: [ORIGIN] } as const];
  const [report] = await target.apply({ units, snapshot: await target.read({ signal }), signal });
  if (report?.state !== 'done') throw new Error(JSON.stringify(report));
  return report;
}

/** The object as the device has it. */
export async function readBack(target: Target, object: BigipObject): Promise<BigipObject | undefined> {
  return (await target.read({ signal })).get(refOf(object.kind, object.path))?.object;
}

/** One request on a connection of its own; `error: …` if there is no answer. */
export function ask(port: number, host: string, path: string): Promise<string> {
  return new Promise((resolve) => {
    const sent = request({ port, host: '127.0.0.1', agent: false, path, headers: { Host: host } }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve(response.statusCode === 200 ? body : `error: ${response.statusCode}`));
      response.on('error', (error) => resolve(`error: ${error.message}`));
    });
    sent.on('error', (error) => resolve(`error: ${error.message}`));
    sent.end();
  });
}
