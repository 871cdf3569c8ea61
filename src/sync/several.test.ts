import type { Contribution } from '../desired/contribution.ts';
import type { MemoryTarget } from '../targets/memory/index.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../test/support/memory-source.ts';
import { INSTANCE, member, PARTITION } from '../../test/support/objects.ts';
import { withSettings } from '../sources/source-settings.ts';
import { createMemoryTarget } from '../targets/memory/index.ts';
import { applyPlanned } from './apply-planned.ts';
import type { SyncOptions } from './options.ts';
import { planOnce } from './plan-once.ts';

const { signal } = new AbortController();
const NAMES = ['a', 'b', 'c'] as const;
type Name = (typeof NAMES)[number];
const REF = `pool:/${PARTITION}/shop`;

/** What a source says of the pool that all give members to. */
const saying = fc.record({
  precedence: fc.constantFrom(0, 1, 2),
  since: fc.constantFrom('', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
  mode: fc.constantFrom(undefined, 'round-robin', 'ratio-member', 'least-sessions'),
  monitor: fc.constantFrom(undefined, [], ['/Common/tcp'], ['/Common/http']),
  yields: fc.subarray(['loadBalancingMode', 'monitor']),
  pods: fc.subarray([1, 2, 3]),
  ratio: fc.constantFrom(1, 2),
});
type Saying = typeof saying extends fc.Arbitrary<infer T> ? T : never;
type World = Readonly<Record<Name, Saying>>;

/** Sources give members of their own, and one address that all share. */
function contributionOf(name: Name, { since, mode, monitor, yields, pods, ratio }: Saying): Contribution {
  const origin = `${name}:Service/shop/web`;
  const own = pods.map((pod) => member(`10.${NAMES.indexOf(name)}.0.${pod}`, 80, { ratio }));
  const path = `/${PARTITION}/shop`;
  const said = {
    ...(mode === undefined ? {} : { loadBalancingMode: mode }),
    ...(monitor === undefined ? {} : { monitor: { monitors: monitor } }),
  };
  return {
    cell: origin,
    origin,
    since,
    joins: [`pool:${path}`],
    yields,
    objects: [
      { kind: 'pool', path, description: `of ${name}`, ...said, members: [...own, member('10.9.0.1', 80, { ratio })] },
    ],
    diagnostics: [],
  };
}

function optionsOf(world: World, target: MemoryTarget, away?: Name): SyncOptions {
  const sources = NAMES.map((name) => {
    const source = new MemorySource(name, name === away ? [] : [contributionOf(name, world[name])]);
    source.complete = name !== away;
    return withSettings(source, { precedence: world[name].precedence, poolMembers: {} });
  });
  return { instance: INSTANCE, partition: PARTITION, sources, target, threshold: { objects: 10, share: 0.3 } };
}

const world: fc.Arbitrary<World> = fc.record({ a: saying, b: saying, c: saying });

async function made(state: World): Promise<MemoryTarget> {
  const target = createMemoryTarget();
  target.device.put({ object: { kind: 'partition', path: `/${PARTITION}` } });
  await applyPlanned(await planOnce({ ...optionsOf(state, target), signal }), { signal });
  return target;
}

describe('for any sources that give one pool together', () => {
  it('AC-02 a restart while one of them is away changes nothing, whoever won what', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.constantFrom(...NAMES), async (state, away) => {
        const target = await made(state);
        const { plan, complete, stale } = await planOnce({ ...optionsOf(state, target, away), signal });
        expect([complete, stale]).toEqual([false, [away]]);
        expect(plan.units).toEqual([]);
      }),
    );
  });

  it('AC-02 what the others change meanwhile is one update, and when it is back, all is as if it had never been away', async () => {
    await fc.assert(
      fc.asyncProperty(world, world, fc.constantFrom(...NAMES), async (before, after, away) => {
        const target = await made(before);
        const later = { ...after, [away]: before[away] };
        const planned = await planOnce({ ...optionsOf(later, target, away), signal });
        expect(planned.plan.units.length).toBeLessThanOrEqual(1);
        await applyPlanned(planned, { signal });
        const again = await planOnce({ ...optionsOf(later, target, away), signal });
        expect(again.plan.units).toEqual([]);
        await applyPlanned(await planOnce({ ...optionsOf(later, target), signal }), { signal });
        const fresh = await made(later);
        expect(shown(target)).toEqual(shown(fresh));
      }),
    );
  });
});

/** The pool without what it keeps for nodes that are to go. */
function shown(target: MemoryTarget): unknown {
  return { ...target.device.snapshot().get(REF)?.object, nodeLedger: undefined };
}
