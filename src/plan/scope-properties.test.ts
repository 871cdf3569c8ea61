import type { BigipObject } from '../ir/objects.ts';
import type { Ref } from '../ir/ref.ts';
import type { Scope } from './scope.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyObject } from '../../test/arbitraries/objects.ts';
import { allRefs, contribution, desiredOf, INSTANCE, options } from '../../test/support/objects.ts';
import { refOf } from '../ir/ref.ts';
import { buildPlan } from './build-plan.ts';
import { membersApart } from './lone-members.ts';
import { MemorySnapshot } from './memory-snapshot.ts';
import { planNodeRemoval } from './node-removal.ts';
import { SCOPE_KINDS } from './scope-text.ts';
import { allows, createScope } from './scope.ts';

const kinds = fc.uniqueArray(fc.constantFrom(...SCOPE_KINDS), { minLength: 1, maxLength: 4 });
const partitions = fc.uniqueArray(fc.constantFrom('kubernetes', 'Common', 'other'), { minLength: 1 });

/** An object as it is wanted, as it is on the device (ours or not), or both in different forms. */
interface Case {
  readonly wanted: readonly BigipObject[];
  readonly there: readonly BigipObject[];
  readonly scope: Scope;
}

const given: fc.Arbitrary<Case> = fc
  .record({
    wanted: fc.array(anyObject, { maxLength: 6 }),
    same: fc.array(anyObject, { maxLength: 6 }),
    ours: fc.array(anyObject, { maxLength: 6 }),
    lent: fc.boolean(),
    clause: fc.oneof(
      kinds.map((names) => ({ kinds: names })),
      partitions.map((names) => ({ partitions: names })),
      fc.record({ kinds, partitions }),
    ),
  })
  .map(({ wanted, same, ours, lent, clause }) => {
    const pools = [...wanted, ...same].filter(({ kind }) => kind === 'pool').map(({ path }) => ({ poolMembers: path }));
    const scope = createScope([clause, ...(lent ? pools.slice(0, 1) : [])]);
    const marked = ours.map((one) =>
      Object.assign({}, one, { mark: { instance: INSTANCE, origins: ['east:Service/x'] } }),
    );
    return { wanted: [...wanted, ...same], there: [...same, ...marked], scope: scope! };
  });

it('AC-06 nothing out of scope is ever in a plan, whatever is wanted, there, and ours', () => {
  fc.assert(
    fc.property(given, fc.boolean(), ({ wanted, there, scope }, adopt) => {
      const snapshot = new MemorySnapshot(there.map((one) => [refOf(one.kind, one.path), { object: one }] as const));
      const desired = desiredOf(membersApart(contribution('web', wanted), scope, snapshot));
      const { plan } = buildPlan(
        allRefs(desired, snapshot),
        options(desired, snapshot, { scope, partition: 'kubernetes', ...(adopt ? { adopt: 'all' } : {}) }),
      );
      const units = [...plan.units, ...planNodeRemoval({ snapshot, instance: INSTANCE, scope })];
      const refs: readonly Ref[] = units.flatMap(({ changes }) => changes.map(({ ref }) => ref));
      expect(refs.filter((ref) => !allows(scope, ref))).toEqual([]);
      expect(plan.withheld.filter(({ ref }) => !allows(scope, ref))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
