import { afterEach, expect, test } from 'vitest';
import type { Emulator } from '../../emulator/index.ts';
import type { BigipObject } from '../../ir/objects.ts';
import type { Change, PlanUnit } from '../../plan/plan.ts';
import type { Target } from '../target.ts';
import { connectPair, startEmulator } from '../../emulator/index.ts';
import { canonical } from '../../ir/canonical.ts';
import { refOf } from '../../ir/ref.ts';
import { MemorySnapshot } from '../../plan/memory-snapshot.ts';
import { atOnce } from '../../plan/steps.ts';
import { groupUnits } from '../../plan/units.ts';
import { signal, testTarget } from '../../../test/support/bigip-target.ts';
import { INSTANCE, PARTITION, pool } from '../../../test/support/objects.ts';

const PASSWORD = 'emulated-secret';
let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
});

/** Milliseconds since the epoch, moved by hand. */
let now = Date.UTC(2026, 0, 1);

async function unit(hostname: string): Promise<Emulator> {
  const users = [{ name: 'admin', password: PASSWORD }];
  const emulator = await startEmulator({ hostname, users, clock: { now: () => now }, heartbeat: { everyMs: 0 } });
  closing.push(() => emulator.close());
  return emulator;
}

const create = (object: BigipObject, origin: string): Change => ({
  op: 'create',
  ref: refOf(object.kind, object.path),
  after: canonical(object),
  origins: origin === '' ? [] : [origin],
});

const partition: PlanUnit = {
  id: `partition:/${PARTITION}`,
  wave: 0,
  changes: [create({ kind: 'partition', path: `/${PARTITION}` }, '')],
  origins: [],
};

/** Applies a pool, behind units that it needs. */
async function applyPool(target: Target, name: string, before: readonly PlanUnit[] = []): Promise<readonly string[]> {
  const origin = `east:Service/default/${name}`;
  const mark = { instance: INSTANCE, origins: [origin] };
  const units = [...before, ...atOnce(groupUnits([create(pool(name, ['10.0.0.1'], { mark }), origin)]))];
  const reports = await target.apply({ units, snapshot: new MemorySnapshot(), signal });
  return reports.map(({ state }) => state);
}

const pools = (emulator: Emulator): readonly string[] =>
  (emulator.dump()['ltm/pool'] ?? []).map(({ fullPath }) => fullPath);

test('AC-01 F-34 writes go to the active unit of a pair, before and after it changes, and the other one gets them', async () => {
  const [one, two] = [await unit('one.example.com'), await unit('two.example.com')];
  await connectPair(one, two, { autoSync: true });
  const { target } = testTarget([two.url, one.url], { password: () => Promise.resolve(PASSWORD) });
  closing.push(() => target.close());
  expect(new Set(await applyPool(target, 'first', [partition]))).toEqual(new Set(['done']));
  expect(one.log.writes().length).toBeGreaterThan(0);
  expect(two.log.writes()).toEqual([]);
  expect(pools(two)).toEqual([`/${PARTITION}/first`]);

  await one.close();
  now += 5000;
  await two.pair.tick();
  expect(two.pair.isActive('/Common/traffic-group-1')).toBe(true);
  expect(new Set(await applyPool(target, 'second'))).toEqual(new Set(['done']));
  expect(pools(two)).toEqual([`/${PARTITION}/first`, `/${PARTITION}/second`]);
});
