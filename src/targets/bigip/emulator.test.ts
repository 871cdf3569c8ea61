import { afterEach, expect, test } from 'vitest';
import type { Emulator } from '../../emulator/index.ts';
import type { BigipObject } from '../../ir/objects.ts';
import type { Change, PlanUnit } from '../../plan/plan.ts';
import type { Snapshot } from '../../plan/snapshot.ts';
import type { Target, UnitReport } from '../target.ts';
import { startEmulator } from '../../emulator/index.ts';
import { canonical } from '../../ir/canonical.ts';
import { refOf } from '../../ir/ref.ts';
import { MemorySnapshot } from '../../plan/memory-snapshot.ts';
import { atOnce } from '../../plan/steps.ts';
import { groupUnits } from '../../plan/units.ts';
import { signal, testTarget } from '../../../test/support/bigip-target.ts';
import { INSTANCE, PARTITION, pool, virtual, virtualAddress } from '../../../test/support/objects.ts';

let emulator: Emulator;
let target: Target;
afterEach(async () => {
  await target.close();
  await emulator.close();
});

async function start(options: Parameters<typeof startEmulator>[0] = {}, more: object = {}): Promise<void> {
  emulator = await startEmulator({ ...options, users: [{ name: 'admin', password: 'emulated-secret' }] });
  const tls = emulator.certificate === undefined ? {} : { tls: { ca: emulator.certificate } };
  ({ target } = testTarget([emulator.url], { password: () => Promise.resolve('emulated-secret'), ...tls, ...more }));
}

const create = (object: BigipObject, origin: string): Change => ({
  op: 'create',
  ref: refOf(object.kind, object.path),
  after: canonical(object),
  origins: origin === '' ? [] : [origin],
});
const partition = (): PlanUnit => ({
  id: `partition:/${PARTITION}`,
  wave: 0,
  changes: [create({ kind: 'partition', path: `/${PARTITION}` }, '')],
  origins: [],
});

/** One Service's objects: a virtual address, a pool with two members, a virtual server. */
function service(index: number, more: { readonly profile?: string } = {}): readonly Change[] {
  const origin = `east:Service/default/s${index}`;
  const mark = { instance: INSTANCE, origins: [origin] };
  const ip = `198.18.${Math.floor(index / 250)}.${(index % 250) + 1}`;
  const members = [1, 2].map((last) => `10.${last}.${Math.floor(index / 250)}.${(index % 250) + 1}`);
  const profiles = [{ path: more.profile ?? '/Common/tcp', context: 'all' }] as const;
  return [
    create(virtualAddress(ip, { mark }), origin),
    create(pool(`s${index}`, members, { mark }), origin),
    create(virtual(`s${index}`, ip, { mark, profiles }), origin),
  ];
}

const services = (count: number): readonly PlanUnit[] => [
  partition(),
  ...atOnce(groupUnits(Array.from({ length: count }, (_, index) => service(index)).flat())),
];
const apply = (units: readonly PlanUnit[], snapshot: Snapshot = new MemorySnapshot()): Promise<readonly UnitReport[]> =>
  target.apply({ units, snapshot, signal });
const writes = (): string[] =>
  emulator.log.entries().flatMap(({ method, path }) => (method === 'GET' ? [] : [`${method} ${path}`]));

/** What was reported is what a full read finds, nodes and all. */
async function expectReportsToBeTrue(reports: readonly UnitReport[]): Promise<void> {
  const read = await target.read({ signal });
  const reported = new Map(reports.flatMap(({ actual }) => [...actual]));
  const refs = new Set([...reported.keys(), ...read.refs()]);
  for (const ref of refs) expect([ref, read.get(ref)?.object]).toEqual([ref, reported.get(ref)?.object]);
}

test('AC-01 a partition and 60 Services: over TLS, in transactions; what is reported is what is then read', async () => {
  await start({ tls: 'self-signed' });
  const reports = await apply(services(60));
  expect(reports.map(({ state }) => state)).toEqual(Array(61).fill('done'));
  expect(writes().filter((line) => line === 'POST /mgmt/tm/transaction')).toHaveLength(1);
  await expectReportsToBeTrue(reports);
});

test('of 50 units in a batch the broken one is refused in the device’s own words, and 49 are done', async () => {
  await start();
  const broken = atOnce(groupUnits(service(25, { profile: '/Common/no-such-profile' })));
  const units = [
    ...services(25),
    ...broken,
    ...atOnce(groupUnits(Array.from({ length: 24 }, (_, index) => service(26 + index)).flat())),
  ];
  const reports = await apply(units);
  expect(reports.filter(({ state }) => state === 'done')).toHaveLength(50);
  const refused = reports.filter(({ state }) => state === 'refused');
  expect(refused.map(({ blame }) => blame?.origins)).toEqual([['east:Service/default/s25']]);
  expect(refused[0]?.blame?.message).toContain('/Common/no-such-profile');
  expect(refused[0]?.blame?.message).not.toContain('transaction failed');
  await expectReportsToBeTrue(reports);
});

test('AC-01 a commit that outlasts the device’s own 60 s is found by reading, not sent again', async () => {
  await start();
  emulator.faults.add({ type: 'slow-transaction', count: 1, applyAfterMs: 30 });
  const reports = await apply(services(5));
  expect(reports.map(({ state }) => state)).toEqual(Array(6).fill('done'));
  expect(writes().filter((line) => line.startsWith('PATCH /mgmt/tm/transaction'))).toHaveLength(1);
  await expectReportsToBeTrue(reports);
});

test.each(['before', 'after'] as const)(
  'AC-01 the connection cut %s any one write: all Services arrive, none twice',
  async (when) => {
    await start();
    await apply(services(2));
    const methods = writes().map((line) => line.split(' ')[0] ?? '');
    expect(methods.length).toBeGreaterThan(8);
    for (const [at, method] of methods.entries()) {
      await target.close();
      await emulator.close();
      await start();
      let seen = 0;
      const { log, faults } = emulator;
      const cutNext = (): unknown => seen === at && faults.add({ type: 'cut', when, count: 1, method });
      const add = log.add.bind(log);
      log.add = (entry) => {
        add(entry);
        if (entry.method === 'GET') return;
        seen += 1;
        cutNext();
      };
      cutNext();
      const reports = await apply(services(2));
      expect([at, reports.map(({ state }) => state)]).toEqual([at, ['done', 'done', 'done']]);
      expect(faults.list()).toEqual([]);
      await expectReportsToBeTrue(reports);
    }
  },
);

test('AC-01 503, lost tokens and a cut connection in the middle of a read: it is whole in the end', async () => {
  await start({}, { pageSize: 5 });
  const reports = await apply(services(12));
  emulator.faults.add({ type: 'unavailable', count: 2, path: '/ltm/pool' });
  emulator.faults.add({ type: 'cut', when: 'after', count: 1, path: '/ltm/virtual\\?' });
  emulator.faults.expireTokens();
  await expectReportsToBeTrue(reports);
  expect(emulator.faults.list()).toEqual([]);
});

test('AC-01 check finds everything in order, and a login that cannot work', async () => {
  await start();
  const lines = await target.check({ signal });
  expect(lines.filter(({ ok }) => !ok)).toEqual([]);
  expect(lines).toHaveLength(7);
  const { target: wrong } = testTarget([emulator.url], { password: () => Promise.resolve('guessed-wrong') });
  expect((await wrong.check({ signal })).at(-1)).toMatchObject({ ok: false, subject: 'login as admin' });
  await wrong.close();
});

test('AC-01 one changed member is one request', async () => {
  await start();
  const reports = await apply(services(3));
  const snapshot = await target.read({ signal });
  const before = snapshot.get('pool:/k/s1')?.object;
  if (before?.kind !== 'pool') throw new Error('the pool is not there');
  const [first, ...rest] = before.members ?? [];
  if (first === undefined) throw new Error('the pool has no members');
  const disabled = { ...first, adminState: 'disabled' } as const;
  const members = [disabled, ...rest];
  const after = canonical({ ...before, members });
  const fields = [{ field: 'members', item: '10.1.0.2:8080', from: first, to: disabled }];
  const change = { op: 'update', ref: 'pool:/k/s1', before, after, fields, origins: [] } as const;
  const earlier = target.counters;
  const [report] = await apply([{ id: 'pool:/k/s1', wave: 1, changes: [change], origins: [] }], snapshot);
  expect(report?.state).toBe('done');
  expect(target.counters.requests - earlier.requests).toBe(1);
  await expectReportsToBeTrue([...reports, ...(report === undefined ? [] : [report])]);
});

test('AC-01 saving is one request', async () => {
  await start();
  await target.save({ signal });
  expect(writes().at(-1)).toBe('POST /mgmt/tm/sys/config');
});

test('deletes: an optional node that is in use stays, the others go', async () => {
  await start();
  const reports = await apply(services(2));
  const snapshot = await target.read({ signal });
  const remove = (ref: Change['ref'], optional?: true): Change => {
    const before = snapshot.get(ref)?.object;
    if (before === undefined) throw new Error(`${ref} is not there`);
    return { op: 'delete', ref, before, origins: [], ...(optional === undefined ? {} : { optional }) };
  };
  const gone = ['virtual:/k/s0', 'virtual-address:/k/198.18.0.1', 'pool:/k/s0'] as const;
  const nodes = ['node:/k/10.1.0.1', 'node:/k/10.1.0.2', 'node:/k/10.2.0.1'] as const;
  const changes = [...gone.map((ref) => remove(ref)), ...nodes.map((ref) => remove(ref, true))];
  const [report] = await apply([{ id: 'virtual:/k/s0', wave: 1, changes, origins: [] }], snapshot);
  expect(report?.state).toBe('done');
  expect([...(report?.actual.keys() ?? [])]).toEqual([...gone, 'node:/k/10.1.0.1', 'node:/k/10.2.0.1']);
  await expectReportsToBeTrue([...reports, ...(report === undefined ? [] : [report])]);
});

test('what needs a refused virtual address of several origins is not sent: the device would bring one along', async () => {
  await start();
  const words = '01071234:3: no more addresses.';
  emulator.faults.add({ type: 'mcp-error', method: 'POST', path: 'virtual-address', message: words });
  const origins = ['east:Service/default/other', 'east:Service/default/s0'];
  const shared = { ...create(virtualAddress('198.18.0.1'), ''), origins };
  const mine = service(0).filter(({ ref }) => !ref.startsWith('virtual-address:'));
  const reports = await apply([partition(), ...atOnce(groupUnits([shared, ...mine, ...service(1).slice(1, 2)]))]);
  expect(reports.map(({ state, blame }) => [state, blame?.message])).toEqual([
    ['done', undefined],
    ['done', undefined],
    ['refused', words],
    ['refused', words],
  ]);
  expect((await target.read({ signal })).get('virtual-address:/k/198.18.0.1')).toBeUndefined();
});
