import type { SyncOptions } from './options.ts';
import type { Contribution } from '../desired/contribution.ts';
import type { Emulator } from '../emulator/index.ts';
import type { Fault } from '../emulator/faults/fault.ts';
import type { Target } from '../targets/target.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testTarget } from '../../test/support/bigip-target.ts';
import { MemorySource } from '../../test/support/memory-source.ts';
import { contribution, INSTANCE, PARTITION, pool, virtual, virtualAddress } from '../../test/support/objects.ts';
import { startEmulator } from '../emulator/index.ts';
import { canonical } from '../ir/canonical.ts';
import { Reconciler } from './reconciler.ts';

const { signal } = new AbortController();
const SECRET = 'emulated-secret';
const NAMES = ['a', 'b', 'c', 'd'];
const VIPS = ['10.1.1.1', '10.1.1.2', '10.1.1.3', '10.1.1.4', '2001:db8::1'] as const;

/** What one Service may look like: few addresses and pods, so that they meet; now and then one that is refused. */
const shape = fc.record({
  vip: fc.constantFrom(...VIPS),
  pods: fc.uniqueArray(fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', '2001:db8:1::4'), { maxLength: 4 }),
  limit: fc.constantFrom(0, 5),
  protocol: fc.constantFrom('tcp', 'tcp', 'udp'),
  monitor: fc.boolean(),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** The two cells of one Service: its front and its backend. */
function cellsOf(name: string, { vip, pods, limit, protocol, monitor }: Shape): readonly Contribution[] {
  const own = `/${PARTITION}/${name}_tcp`;
  const rule = monitor ? { monitor: { monitors: [own] } } : {};
  const probes = monitor ? [{ kind: 'monitor', path: own, type: 'tcp' } as const] : [];
  const ipProtocol = protocol === 'tcp' ? 'tcp' : 'udp';
  const profiles = [{ path: `/Common/${ipProtocol}`, context: 'all' }] as const;
  const front = [virtual(name, vip, { connectionLimit: limit, ipProtocol, profiles }), virtualAddress(vip)];
  const back = [canonical({ ...pool(name, pods), ...rule }), ...probes];
  const cell = `east:Service/default/${name}`;
  return [contribution(name, front), contribution(name, back, { cell: `${cell}#80` })];
}

interface Bed {
  readonly emulator: Emulator;
  readonly target: Target;
  readonly source: MemorySource;
  readonly reconciler: Reconciler;
}

async function withBed(use: (bed: Bed) => Promise<void>): Promise<void> {
  const emulator = await startEmulator({ users: [{ name: 'admin', password: SECRET }] });
  const { target } = testTarget([emulator.url], { password: () => Promise.resolve(SECRET) });
  const source = new MemorySource();
  const options: SyncOptions = {
    instance: INSTANCE,
    partition: PARTITION,
    sources: [source],
    target,
    threshold: { objects: 10, share: 0.3 },
    allowDeletes: true,
  };
  try {
    await use({ emulator, target, source, reconciler: new Reconciler(options) });
  } finally {
    await target.close();
    await emulator.close();
  }
}

/** One Service changes, as the event path sees it: its cells, then the refs that they touch. */
async function change({ reconciler, source }: Bed, steps: readonly (readonly [string, Shape | undefined])[]) {
  const cells = new Set<string>();
  for (const [name, to] of steps) {
    const cell = `east:Service/default/${name}`;
    const given = to === undefined ? [] : cellsOf(name, to);
    for (const [index, key] of [cell, `${cell}#80`].entries()) {
      cells.add(key);
      const one = given[index];
      if (one === undefined) source.cells.delete(key);
      else source.cells.set(key, one);
    }
  }
  const refs = await reconciler.takeChanges(source, cells);
  return reconciler.apply(reconciler.plan(refs).plan, { signal });
}

async function begin({ reconciler }: Bed): Promise<void> {
  await reconciler.readDevice(signal);
  await reconciler.readSources(signal);
  await reconciler.apply((await reconciler.planAll()).plan, { signal });
}

/** The snapshot that was kept is what a fresh read finds. */
async function expectTruth({ reconciler, target }: Bed): Promise<void> {
  const read = await target.read({ signal });
  const refs = [...new Set([...reconciler.snapshot.refs(), ...read.refs()])].sort();
  const print = (snapshot: typeof read) => refs.map((ref) => [ref, snapshot.get(ref)]);
  expect(print(reconciler.snapshot)).toEqual(print(read));
}

/** As a person with another tool; what the device refuses is not done. */
async function deleteByHand({ emulator }: Bed, path: string): Promise<boolean> {
  const headers = { Authorization: `Basic ${btoa(`admin:${SECRET}`)}` };
  return (await fetch(`${emulator.url}/mgmt/tm/ltm/${path}`, { method: 'DELETE', headers })).ok;
}

/** Marks and names of all but nodes: those of former members go in housekeeping. */
async function stateOf({ target }: Bed): Promise<readonly string[]> {
  const read = await target.read({ signal });
  return [...read.refs()].filter((ref) => !/^(node|partition):/.test(ref)).sort();
}

function isAnyHeld({ reconciler: { desired } }: Bed): boolean {
  return [...desired.origins()].some((origin) => desired.holdOf(origin) !== undefined);
}

async function fromScratch({ source }: Bed): Promise<readonly string[]> {
  let state: readonly string[] = [];
  await withBed(async (bed) => {
    for (const [cell, one] of source.cells) bed.source.cells.set(cell, one);
    await begin(bed);
    state = await stateOf(bed);
  });
  return state;
}

const step = fc.tuple(fc.constantFrom(...NAMES), fc.option(shape, { nil: undefined, freq: 4 }));

describe('against the emulator', () => {
  it('the snapshot that is kept is the truth after every change, and in the end there is nothing to do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(step, { minLength: 1, maxLength: 3, selector: ([name]) => name }), {
          minLength: 1,
          maxLength: 6,
        }),
        async (rounds) =>
          withBed(async (bed) => {
            await begin(bed);
            for (const round of rounds) {
              await change(bed, round);
              await expectTruth(bed);
            }
            while ((await bed.reconciler.cleanNodes({ signal })).length > 0) await expectTruth(bed);
            bed.reconciler.release();
            await bed.reconciler.apply((await bed.reconciler.planAll()).plan, { signal });
            await bed.reconciler.readDevice(signal);
            const again = await bed.reconciler.planAll();
            expect(again.plan.units.map(({ id }) => id)).toEqual([]);
          }),
      ),
      { numRuns: 25 },
    );
  }, 60_000);

  it('leaves an address that nobody wants any more while a virtual server that was refused its move is still on it', async () => {
    const at = (vip: Shape['vip']): Shape => ({ vip, pods: [], limit: 0, protocol: 'tcp', monitor: false });
    await withBed(async (bed) => {
      await begin(bed);
      await change(bed, [
        ['c', at('10.1.1.4')],
        ['a', at('10.1.1.2')],
      ]);
      await change(bed, [
        ['c', at('10.1.1.2')],
        ['d', at('10.1.1.4')],
      ]);
      await change(bed, [['d', undefined]]);
      await bed.reconciler.readDevice(signal);
      const { plan } = await bed.reconciler.planAll();
      expect(plan.units).toEqual([]);
      expect(plan.withheld).toContainEqual(
        expect.objectContaining({ ref: 'virtual-address:/k/10.1.1.4', reason: 'quarantined' }),
      );
      // Once the way is free, the virtual server moves, and the address goes with it.
      await change(bed, [['a', undefined]]);
      bed.reconciler.release();
      await bed.reconciler.apply((await bed.reconciler.planAll()).plan, { signal });
      expect(bed.reconciler.snapshot.get('virtual-address:/k/10.1.1.4')).toBeUndefined();
    });
  });

  it('knows a node that one Service let go of and another took in the same round', async () => {
    const only: Shape = { vip: '10.1.1.1', pods: ['10.0.0.2'], limit: 0, protocol: 'tcp', monitor: false };
    await withBed(async (bed) => {
      await begin(bed);
      await change(bed, [['d', only]]);
      await change(bed, [
        ['a', only],
        ['d', undefined],
      ]);
      await expectTruth(bed);
      expect([...bed.reconciler.snapshot.refs()]).toContain('node:/k/10.0.0.2');
    });
  });

  it('knows a node that was made again after the batch that kept it was refused and taken apart', async () => {
    const only: Shape = { vip: '10.1.1.1', pods: ['10.0.0.1'], limit: 0, protocol: 'tcp', monitor: false };
    await withBed(async (bed) => {
      await begin(bed);
      await change(bed, [['c', only]]);
      const message = '01071234:3: no more /k/b.';
      bed.emulator.faults.add({ type: 'mcp-error', method: 'POST', path: 'virtual', message, count: 1 });
      const { reports } = await change(bed, [
        ['c', undefined],
        ['b', { ...only, vip: '10.1.1.3' }],
      ]);
      expect(reports.map(({ unit, state }) => [unit, state])).toEqual([
        ['pool:/k/b', 'done'],
        ['virtual:/k/c', 'done'],
      ]);
      await expectTruth(bed);
      expect([...bed.reconciler.snapshot.refs()]).toContain('node:/k/10.0.0.1');
    });
  });

  it('AC-01 the same under trouble of all kinds, with hands at work in between', async () => {
    const fault = fc.constantFrom<Fault>(
      { type: 'cut', when: 'before', method: 'PATCH', count: 1 },
      { type: 'cut', when: 'after', method: 'PATCH', count: 1 },
      { type: 'cut', when: 'after', method: 'POST', path: '/ltm/', count: 1 },
      { type: 'cut', when: 'after', method: 'DELETE', path: '/ltm/', count: 1 },
      { type: 'unavailable', count: 2 },
      { type: 'slow-transaction', count: 1 },
      { type: 'mcp-error', method: 'PATCH', path: '~a', message: '01071234:3: something is wrong.', count: 1 },
      { type: 'mcp-error', method: 'POST', path: 'virtual', message: '01071234:3: no more /k/b.', count: 1 },
      { type: 'mcp-error', method: 'DELETE', path: 'pool', message: '01070265:3: The Pool is in use.', count: 2 },
    );
    const hand = fc.constantFrom('virtual/~k~a', 'pool/~k~b', 'virtual/~k~c', 'node/~k~10.0.0.1', 'pool/~k~d');
    const round = fc.record({
      steps: fc.uniqueArray(step, { minLength: 1, maxLength: 3, selector: ([name]) => name }),
      faults: fc.array(fault, { maxLength: 2 }),
      deleted: fc.option(hand, { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 5 }), async (rounds) =>
        withBed(async (bed) => {
          await begin(bed);
          for (const { steps, faults, deleted } of rounds) {
            const handled = deleted !== undefined && (await deleteByHand(bed, deleted));
            for (const one of faults) bed.emulator.faults.add(one);
            await change(bed, steps);
            bed.emulator.faults.clear();
            if (handled) await bed.reconciler.readDevice(signal);
            else await expectTruth(bed);
          }
          await bed.reconciler.readDevice(signal);
          bed.reconciler.release();
          await bed.reconciler.apply((await bed.reconciler.planAll()).plan, { signal });
          await expectTruth(bed);
          expect((await bed.reconciler.planAll()).plan.units.map(({ id }) => id)).toEqual([]);
          // Of two that want one address the device takes the first that comes.
          const found = await stateOf(bed);
          expect(found).toEqual(isAnyHeld(bed) ? found : await fromScratch(bed));
        }),
      ),
      { numRuns: 15 },
    );
  }, 60_000);

  it('Services that move between addresses get them at once, in whatever circle', async () => {
    const vips = [...VIPS];
    const places = fc.shuffledSubarray(vips, { minLength: NAMES.length, maxLength: NAMES.length });
    const shapeAt = (vip: Shape['vip']): Shape => ({
      vip,
      pods: ['10.0.0.1'],
      limit: 0,
      protocol: 'tcp',
      monitor: false,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(places, { minLength: 2, maxLength: 4 }), async (rounds) =>
        withBed(async (bed) => {
          await begin(bed);
          for (const round of rounds) {
            const steps = NAMES.map((name, index) => [name, shapeAt(round[index] ?? '10.1.1.1')] as const);
            const { outcomes } = await change(bed, steps);
            expect(outcomes.filter(({ state }) => state !== 'applied')).toEqual([]);
            await expectTruth(bed);
          }
        }),
      ),
      { numRuns: 12 },
    );
  }, 60_000);
});
