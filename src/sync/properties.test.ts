import type { SyncOptions } from './options.ts';
import type { Contribution } from '../desired/contribution.ts';
import type { MemoryTarget } from '../targets/memory/index.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../test/support/memory-source.ts';
import { contribution, INSTANCE, PARTITION, pool, virtual, virtualAddress } from '../../test/support/objects.ts';
import { canonical } from '../ir/canonical.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { createMemoryTarget } from '../targets/memory/index.ts';
import { applyPlanned } from './apply-planned.ts';
import { planOnce } from './plan-once.ts';
import { Reconciler } from './reconciler.ts';

const { signal } = new AbortController();
const NAMES = ['a', 'b', 'c', 'd'];

/** What one Service may look like: few addresses and pods, so that they meet. */
const shape = fc.record({
  vip: fc.constantFrom('10.1.1.1', '10.1.1.2', '10.1.1.3'),
  pods: fc.uniqueArray(fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'), { maxLength: 4 }),
  limit: fc.constantFrom(0, 5),
  monitor: fc.boolean(),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** The two cells of one Service: its front and its backend. */
function cellsOf(name: string, { vip, pods, limit, monitor }: Shape): readonly Contribution[] {
  const own = `/${PARTITION}/${name}_tcp`;
  const rule = monitor ? { monitor: { monitors: [own] } } : {};
  const probes = monitor ? [{ kind: 'monitor', path: own, type: 'tcp' } as const] : [];
  const front = [virtual(name, vip, { connectionLimit: limit }), virtualAddress(vip)];
  const back = [canonical({ ...pool(name, pods), ...rule }), ...probes];
  const cell = `east:Service/default/${name}`;
  return [contribution(name, front), contribution(name, back, { cell: `${cell}#80` })];
}

const world = fc.dictionary(fc.constantFrom(...NAMES), shape, { maxKeys: NAMES.length });
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function contributionsOf(state: World): readonly Contribution[] {
  return Object.entries(state).flatMap(([name, one]) => cellsOf(name, one));
}

function optionsOf(source: MemorySource, target: MemoryTarget): SyncOptions {
  const threshold = { objects: 10, share: 0.3 };
  return { instance: INSTANCE, partition: PARTITION, sources: [source], target, threshold, allowDeletes: true };
}

async function sync(state: World, target: MemoryTarget): Promise<number> {
  const planned = await planOnce({ ...optionsOf(new MemorySource('east', contributionsOf(state)), target), signal });
  const { writes } = await applyPlanned(planned, { signal });
  return writes;
}

/** Everything on the device, sorted, as text. */
function dump(target: MemoryTarget): string {
  const snapshot = target.device.snapshot();
  return [...snapshot.refs()]
    .sort()
    .map((ref) => JSON.stringify(snapshot.get(ref)?.object))
    .join('\n');
}

async function fresh(state: World): Promise<string> {
  const target = createMemoryTarget();
  // The partition outlives what was in it.
  target.device.put({ object: { kind: 'partition', path: `/${PARTITION}` } });
  await sync(state, target);
  return dump(target);
}

function target(): MemoryTarget {
  const made = createMemoryTarget();
  made.device.put({ object: { kind: 'partition', path: `/${PARTITION}` } });
  return made;
}

describe('for any state of the sources', () => {
  it('a second run has nothing to do', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (state) => {
        const device = target();
        await sync(state, device);
        expect(await sync(state, device)).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it('going from a to b gives what b alone gives, nodes included', async () => {
    await fc.assert(
      fc.asyncProperty(world, world, async (a, b) => {
        const device = target();
        await sync(a, device);
        await sync(b, device);
        expect(dump(device)).toBe(await fresh(b));
      }),
      { numRuns: 200 },
    );
  });

  it('shuffled input gives the same bytes of plan', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.infiniteStream(fc.nat()), async (state, order) => {
        const given = contributionsOf(state);
        const ranks = order.take(given.length);
        const shuffled = given
          .map((one) => ({ one, rank: Number(ranks.next().value) }))
          .toSorted((x, y) => x.rank - y.rank)
          .map(({ one }) => one);
        const plans = await Promise.all(
          [given, shuffled].map(async (all) =>
            planOnce({ ...optionsOf(new MemorySource('east', all), target()), signal }),
          ),
        );
        const [one, two] = plans.map(({ plan }) => JSON.stringify(plan));
        expect(two).toBe(one);
      }),
      { numRuns: 100 },
    );
  });

  it('any sequence of changes, taken one by one, ends where a run from scratch ends', async () => {
    const step = fc.record({ name: fc.constantFrom(...NAMES), to: fc.option(shape, { nil: undefined }) });
    await fc.assert(
      fc.asyncProperty(world, fc.array(step, { minLength: 1, maxLength: 8 }), async (first, steps) => {
        const source = new MemorySource('east', contributionsOf(first));
        const device = target();
        const reconciler = new Reconciler(optionsOf(source, device));
        await reconciler.readDevice(signal);
        await reconciler.readSources(signal);
        await reconciler.apply((await reconciler.planAll()).plan, { signal });
        const state: World = { ...first };
        for (const { name, to } of steps) {
          if (to === undefined) delete state[name];
          else state[name] = to;
          await change(reconciler, { source, name, to });
        }
        while ((await reconciler.cleanNodes({ signal })).length > 0);
        expect(dump(device)).toBe(await fresh(state));
        const everything = [...reconciler.desired.refs(), ...reconciler.snapshot.refs()];
        const { plan } = buildPlan(new Set(everything), {
          instance: INSTANCE,
          partition: PARTITION,
          desired: reconciler.desired,
          snapshot: reconciler.snapshot,
          incomplete: new Set(),
        });
        expect(plan.units).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

/** One Service changes, as the event path sees it: its cells, then the refs that they touch. */
async function change(
  reconciler: Reconciler,
  { source, name, to }: { source: MemorySource; name: string; to: Shape | undefined },
): Promise<void> {
  const cells = [`east:Service/default/${name}`, `east:Service/default/${name}#80`];
  const given = to === undefined ? [] : cellsOf(name, to);
  for (const [index, cell] of cells.entries()) {
    const one = given[index];
    if (one === undefined) source.cells.delete(cell);
    else source.cells.set(cell, one);
  }
  const refs = await reconciler.takeChanges(source, new Set(cells));
  await reconciler.apply(reconciler.plan(refs).plan, { signal });
}
