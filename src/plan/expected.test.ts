import { expect, it } from 'vitest';
import type { PlanResult } from './build-plan.ts';
import type { BigipObject } from '../ir/objects.ts';
import { DesiredState } from '../desired/desired-state.ts';
import { canonical } from '../ir/canonical.ts';
import {
  contribution,
  desiredOf,
  options,
  pool,
  ref,
  snapshotOf,
  virtual,
  virtualAddress,
} from '../../test/support/objects.ts';
import { buildPlan } from './build-plan.ts';
import { decide } from './decide.ts';
import { MemorySnapshot } from './memory-snapshot.ts';

const web = pool('web', ['10.0.0.1']);
const policy: BigipObject = {
  kind: 'policy',
  path: '/k/shop',
  rules: [
    { name: 'deep', conditions: [], actions: [{ type: 'forward', pool: web.path }] },
    { name: 'wide', conditions: [], actions: [{ type: 'reset' }] },
  ],
};

function plan(desired: DesiredState, there: readonly BigipObject[] = []): PlanResult {
  const snapshot = new MemorySnapshot(there.map((object) => [ref(object), { object: canonical(object) }] as const));
  const refs = new Set([...desired.refs(), ...snapshot.refs()]);
  return buildPlan(refs, { instance: 'east', partition: 'k', desired, snapshot, incomplete: new Set() });
}

/** The rules that are to be written, by name. */
function rulesOf({ plan: { units } }: PlanResult): readonly string[] {
  const change = units.flatMap(({ changes }) => changes).find(({ ref: name }) => name === ref(policy));
  const after = change !== undefined && 'after' in change ? change.after : undefined;
  return after?.kind === 'policy' ? after.rules.map(({ name }) => name) : [];
}

it('a part waits for what another cell is to give, also if that could never be understood', () => {
  const desired = new DesiredState();
  const shop = contribution('shop', [policy], { joins: [ref(policy)], expects: [ref(web)] });
  desired.update(shop);
  const waiting = plan(desired);
  expect(rulesOf(waiting)).toEqual(['wide']);
  expect(waiting.waitsFor.get(ref(policy)) ?? []).toEqual([ref(web)]);
  desired.update(contribution('web', [web]));
  expect(rulesOf(plan(desired))).toEqual(['deep', 'wide']);
});

it('a part does not wait for what is there, nor for what nobody is said to give', () => {
  const desired = new DesiredState();
  desired.update(contribution('shop', [policy], { joins: [ref(policy)], expects: [ref(web)] }));
  const marked = { ...web, mark: { instance: 'east', origins: ['east:Service/default/web'] } };
  expect(rulesOf(plan(desired, [marked]))).toEqual(['deep', 'wide']);
  const stranger = new DesiredState();
  stranger.update(contribution('shop', [policy], { joins: [ref(policy)] }));
  expect(rulesOf(plan(stranger))).toEqual(['deep', 'wide']);
});

it('a new virtual server waits for a pool that a part of its origin would give, which cannot be understood', () => {
  const front = contribution('web', [virtual('web', '10.1.1.1')], { cell: 'east:front' });
  const frozen = contribution('web', [], { cell: 'east:pool', frozen: true });
  const REF = 'virtual:/k/web';
  const { changes, withheld } = decide(REF, options(desiredOf(front, frozen), snapshotOf(virtualAddress('10.1.1.1'))));
  expect(changes).toEqual([]);
  expect(withheld?.diagnostic.summary).toMatch(
    /^virtual server \/k\/web waits for pool \/k\/web: Service default\/web/,
  );
  const there = decide(REF, options(desiredOf(front, frozen), snapshotOf(pool('web'), virtualAddress('10.1.1.1'))));
  expect(there.changes).toMatchObject([{ op: 'create', ref: REF }]);
});
