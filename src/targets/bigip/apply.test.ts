import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BigipObject } from '../../ir/objects.ts';
import type { PlanUnit } from '../../plan/plan.ts';
import type { Target, UnitReport } from '../target.ts';
import type { ScriptedBigip } from '../../../test/support/scripted-bigip.ts';
import { refOf } from '../../ir/ref.ts';
import { MemorySnapshot } from '../../plan/memory-snapshot.ts';
import { createPools, deletePool, signal, testTarget, updatePool } from '../../../test/support/bigip-target.ts';
import { pool } from '../../../test/support/objects.ts';
import { error, startScriptedBigip } from '../../../test/support/scripted-bigip.ts';

let device: ScriptedBigip;
beforeEach(async () => {
  device = await startScriptedBigip();
});
afterEach(() => device.close());

const snapshot = new MemorySnapshot();
const put = (name: string, description: string): unknown =>
  device.objects.set(`/mgmt/tm/ltm/pool/~k~${name}`, { name, partition: 'k', fullPath: `/k/${name}`, description });
const states = (reports: readonly UnitReport[]): string[] => reports.map(({ unit, state }) => `${unit} ${state}`);
const apply = (target: Target, units: readonly PlanUnit[]): Promise<readonly UnitReport[]> =>
  target.apply({ units, snapshot, signal });

test('AC-01 one changed pool is one request, after the login and the version probe', async () => {
  put('web', 'old');
  const { target } = testTarget([device.url]);
  await apply(target, [updatePool('web', 'old', 'new')]);
  put('web', 'old');
  const before = target.counters;
  const reports = await apply(target, [updatePool('web', 'old', 'new')]);
  expect(states(reports)).toEqual(['pool:/k/web done']);
  expect(reports[0]?.actual.get('pool:/k/web')?.object).toEqual(pool('web', [], { description: 'new' }));
  expect(target.counters.requests - before.requests).toBe(1);
  expect(target.counters.writes - before.writes).toBe(1);
  expect(device.lines().at(-1)).toBe('PATCH /mgmt/tm/ltm/pool/~k~web');
  await target.close();
});

test('no units, no requests', async () => {
  const { target } = testTarget([device.url]);
  expect(await apply(target, [])).toEqual([]);
  expect(target.counters.requests).toBe(0);
  await target.close();
});

test('units of several requests share a transaction up to the batch size; a larger unit goes alone', async () => {
  const { target } = testTarget([device.url], { batchSize: 4 });
  const progress: string[] = [];
  const big = ['e', 'f', 'g', 'h', 'i', 'j'];
  const reports = await target.apply({
    units: [createPools(['a', 'b']), createPools(['c', 'd']), createPools(big), createPools(['k', 'l'])],
    snapshot,
    signal,
    onProgress: (done, total) => progress.push(`${done}/${total}`),
  });
  expect(reports.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
  const shape = device.lines().map((line) => line.replace(/^POST .* queued$/, 'queued').replace(/\/\d+$/, ''));
  const transaction = (size: number): string[] => [
    'POST /mgmt/tm/transaction',
    ...Array<string>(size).fill('queued'),
    'PATCH /mgmt/tm/transaction',
  ];
  expect(shape).toEqual(['GET /mgmt/tm/sys', ...transaction(4), ...transaction(6), ...transaction(2)]);
  expect(progress).toEqual(['1/4', '2/4', '3/4', '4/4']);
  expect(target.counters.writes).toBe(12);
  await target.close();
});

test('waves go one after the other, and reports come in the order of the units', async () => {
  const { target } = testTarget([device.url]);
  const last = { ...createPools(['z']), wave: 2 } as const;
  const first = { ...createPools(['p']), wave: 0 } as const;
  const reports = await apply(target, [last, createPools(['a', 'b']), first]);
  expect(states(reports)).toEqual(['pool:/k/z done', 'pool:/k/a done', 'pool:/k/p done']);
  const made = device.requests.flatMap(({ method, path, body }) =>
    method === 'POST' && path.includes('/ltm/') ? [body['name']] : [],
  );
  expect(made).toEqual(['p', 'a', 'b', 'z']);
  await target.close();
});

test('of 50 units in one batch the broken one is refused in the device’s own words, 49 are done', async () => {
  const { target } = testTarget([device.url]);
  const units = Array.from({ length: 50 }, (_, index) =>
    createPools([`a${index}`, `b${index}`], index === 23 ? { description: 'broken' } : {}),
  );
  const reports = await apply(target, units);
  expect(reports.filter(({ state }) => state === 'done')).toHaveLength(49);
  const refused = reports.find(({ state }) => state === 'refused');
  expect(refused?.blame).toEqual({
    ref: 'pool:/k/a23',
    origins: ['east:Service/default/a23'],
    status: 400,
    message: '01070734:3: Configuration error: bad value on /k/a23',
  });
  expect(refused?.diagnostics[0]).toMatchObject({ code: 'device-refused', origin: 'east:Service/default/a23' });
  expect([...device.objects.keys()].filter((path) => path.includes('/pool/'))).toHaveLength(98);
  const commits = device.lines().filter((line) => line.startsWith('PATCH /mgmt/tm/transaction'));
  expect(commits).toHaveLength(3);
  await target.close();
});

test('a refusal that names nothing is found by halving, and blames the unit', async () => {
  const { target, events } = testTarget([device.url]);
  const units = Array.from({ length: 16 }, (_, index) =>
    createPools([`a${index}`, `b${index}`], index === 5 ? { description: 'unnamed' } : {}),
  );
  const reports = await apply(target, units);
  expect(reports.filter(({ state }) => state === 'done')).toHaveLength(15);
  expect(reports[5]?.blame).toEqual({
    origins: ['east:Service/default/a5'],
    status: 400,
    message: '01070734:3: Configuration error: a bad value',
  });
  expect(events.filter(({ event }) => event === 'batch-refused')).toHaveLength(4);
  await target.close();
});

test('many broken units in one batch: all found, none of the others lost', async () => {
  const { target } = testTarget([device.url]);
  const units = Array.from({ length: 40 }, (_, index) =>
    createPools([`a${index}`, `b${index}`], index % 4 === 0 ? { description: 'broken' } : {}),
  );
  const reports = await apply(target, units);
  expect(reports.filter(({ state }) => state === 'refused').map(({ blame }) => blame?.ref)).toEqual(
    Array.from({ length: 10 }, (_, index) => `pool:/k/a${index * 4}`),
  );
  expect(reports.filter(({ state }) => state === 'done')).toHaveLength(30);
  await target.close();
});

test('a command refused while it is queued blames its own request, and the rest goes on', async () => {
  device.script = ({ transaction, body }) =>
    transaction !== undefined && body['name'] === 'd' ? error(400, 'a bad URI') : undefined;
  const { target } = testTarget([device.url]);
  const reports = await apply(target, [createPools(['a', 'b']), createPools(['c', 'd']), createPools(['e', 'f'])]);
  expect(states(reports)).toEqual(['pool:/k/a done', 'pool:/k/c refused', 'pool:/k/e done']);
  expect(reports[1]?.blame).toMatchObject({ ref: 'pool:/k/d', message: 'a bad URI' });
  expect(device.objects.has('/mgmt/tm/ltm/pool/~k~c')).toBe(false);
  await target.close();
});

test('a unit that is refused alone with an optional delete goes on without it', async () => {
  put('gone', 'made');
  const inUse = "01070110:3: Node address '/k/gone' is referenced by a member of pool '/k/p'.";
  device.script = ({ method, transaction, path }, proceed) => {
    if (method === 'DELETE' && path.endsWith('gone') && transaction === undefined) return error(400, inUse);
    const commit = method === 'PATCH' && path.includes('/transaction/');
    const queued = device.requests.some((seen) => seen.transaction === path.split('/')[4] && seen.method === 'DELETE');
    if (!commit || !queued) return undefined;
    proceed();
    device.objects.delete('/mgmt/tm/ltm/pool/~k~kept');
    return error(400, `transaction failed:${inUse}`);
  };
  const { target } = testTarget([device.url]);
  const optional = deletePool('gone', { optional: true });
  const unit = { ...createPools(['kept']), changes: [...createPools(['kept']).changes, ...optional.changes] };
  const reports = await apply(target, [unit, { ...optional, id: 'alone' }]);
  expect(states(reports)).toEqual(['pool:/k/kept done', 'alone done']);
  expect([...(reports[0]?.actual.keys() ?? [])]).toEqual(['pool:/k/kept']);
  expect([...(reports[1]?.actual.keys() ?? [])]).toEqual([]);
  expect(device.objects.has('/mgmt/tm/ltm/pool/~k~kept')).toBe(true);
  await target.close();
});

test('the world has changed: 409 on create and 404 on update are stale, 404 on delete is done', async () => {
  put('there', 'by somebody');
  const { target } = testTarget([device.url]);
  const reports = await apply(target, [
    createPools(['there']),
    updatePool('away', 'old', 'new'),
    deletePool('away-too'),
    createPools(['there', 'new']),
  ]);
  expect(states(reports)).toEqual([
    'pool:/k/there stale',
    'pool:/k/away stale',
    'pool:/k/away-too done',
    'pool:/k/there stale',
  ]);
  await target.close();
});

test('a 404 that names an object that is referred to is a refusal', async () => {
  put('web', 'old');
  const missing = '01020036:3: The requested Pool (/k/other) was not found.';
  device.script = ({ method, path }) =>
    method === 'PATCH' && path.includes('/pool/') ? error(404, missing) : undefined;
  const { target } = testTarget([device.url]);
  const [report] = await apply(target, [updatePool('web', 'old', 'new')]);
  expect(report).toMatchObject({ state: 'refused', blame: { ref: 'pool:/k/web', status: 404, message: missing } });
  await target.close();
});

test('a user without the right to transactions is told once for all units, without halving', async () => {
  const words = 'Authorization failed: user=https://localhost/mgmt/shared/authz/users/guest verb=POST';
  device.script = ({ path }) => (path === '/mgmt/tm/transaction' ? error(401, words) : undefined);
  const { target } = testTarget([device.url]);
  const reports = await apply(target, [createPools(['a', 'b']), createPools(['c', 'd'])]);
  expect(reports.map(({ blame }) => blame?.message)).toEqual([words, words]);
  expect(device.lines()).toHaveLength(2);
  await target.close();
});

test('a partition is not created where that is turned off', async () => {
  const { target } = testTarget([device.url], { createPartition: false });
  const after = { kind: 'partition', path: '/k' } as const;
  const change = { op: 'create', ref: 'partition:/k', after, origins: [] } as const;
  const [report] = await apply(target, [{ id: 'partition:/k', wave: 0, changes: [change], origins: [] }]);
  expect(report?.blame?.message).toMatch(/createPartition is off/);
  expect(device.lines()).toEqual(['GET /mgmt/tm/sys']);
  await target.close();
});

test('the partition is made before what goes into it, whatever the names', async () => {
  device.objects.clear();
  const { target } = testTarget([device.url]);
  const make = (after: BigipObject): PlanUnit => {
    const change = { op: 'create', ref: refOf(after.kind, after.path), after, origins: [] } as const;
    return { id: change.ref, wave: 0, changes: [change], origins: [] };
  };
  const monitor = make({ kind: 'monitor', path: '/k/shared', type: 'tcp' });
  const reports = await apply(target, [monitor, make({ kind: 'partition', path: '/k' })]);
  expect(states(reports)).toEqual(['monitor:/k/shared done', 'partition:/k done']);
  expect(device.lines().slice(1)).toEqual(['POST /mgmt/tm/auth/partition', 'POST /mgmt/tm/ltm/monitor/tcp']);
  await target.close();
});

test('where the partition cannot be made, what was to go into it is refused with the same words, and not sent', async () => {
  const words = '01070822:3: Access Denied: User (admin) may not create partitions';
  device.script = ({ method, path }) =>
    method === 'POST' && path === '/mgmt/tm/auth/partition' ? error(403, words) : undefined;
  const { target } = testTarget([device.url]);
  const after = { kind: 'partition', path: '/k' } as const;
  const change = { op: 'create', ref: 'partition:/k', after, origins: [] } as const;
  const partition = { id: 'partition:/k', wave: 0, changes: [change], origins: [] } as const;
  const reports = await apply(target, [partition, createPools(['a', 'b']), createPools(['c'])]);
  expect(reports.map(({ state, blame }) => `${state} ${blame?.message}`)).toEqual(Array(3).fill(`refused ${words}`));
  expect(reports[1]?.blame?.origins).toEqual(['east:Service/default/a']);
  expect(device.lines()).toEqual(['GET /mgmt/tm/sys', 'POST /mgmt/tm/auth/partition']);
  await target.close();
});

test('a pool brings the nodes of its members along', async () => {
  const { target } = testTarget([device.url]);
  const after = pool('web', ['10.0.0.1', '2001:db8::1']);
  const change = { op: 'create', ref: 'pool:/k/web', after, origins: [] } as const;
  const [report] = await apply(target, [{ id: 'pool:/k/web', wave: 1, changes: [change], origins: [] }]);
  expect([...(report?.actual.keys() ?? [])]).toEqual(['pool:/k/web', 'node:/k/10.0.0.1', 'node:/k/2001:db8::1']);
  await target.close();
});
