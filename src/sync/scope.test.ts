import type { SyncEvent, SyncOptions } from './options.ts';
import type { ScopeClause } from '../plan/scope.ts';
import type { BigipObject } from '../ir/objects.ts';
import { expect, it } from 'vitest';
import { MemorySource } from '../../test/support/memory-source.ts';
import { contribution, INSTANCE, member, ours, PARTITION, pool, service } from '../../test/support/objects.ts';
import { loneMember } from '../ir/pool-member.ts';
import { createScope } from '../plan/scope.ts';
import { createMemoryTarget, type MemoryTarget } from '../targets/memory/index.ts';
import { applyPlanned } from './apply-planned.ts';
import { runController } from './controller.ts';
import { planOnce, readSources } from './plan-once.ts';

const { signal } = new AbortController();
const PATH = '/Common/team';
const MEMBERS: ScopeClause = { poolMembers: PATH };

function optionsOf(source: MemorySource, target: MemoryTarget, ...clauses: readonly ScopeClause[]): SyncOptions {
  const scope = createScope(clauses.length === 0 ? undefined : clauses);
  const threshold = { objects: 10, share: 0.3 };
  const options = { instance: INSTANCE, partition: PARTITION, sources: [source], target, threshold };
  return scope === undefined ? options : { ...options, scope };
}

async function sync(options: SyncOptions) {
  const planned = await planOnce({ ...options, signal });
  return { planned, applied: await applyPlanned(planned, { signal }) };
}

/** A Service with a pool of its own, and members for somebody else’s. */
function both(...ips: readonly string[]) {
  const team: BigipObject = { kind: 'pool', path: PATH, members: ips.map((ip) => member(ip, 80)) };
  return contribution('web', [...service('web', '10.1.1.1', ips), team]);
}

function deviceWithTeam(): MemoryTarget {
  const target = createMemoryTarget();
  target.device.put({ object: { kind: 'pool', path: PATH, description: 'theirs' } });
  return target;
}

it('AC-06 writes what is in scope, one request an object, and counts what is not', async () => {
  const [source, target] = [new MemorySource('east', [both('10.0.0.1', '10.0.0.2')]), deviceWithTeam()];
  const { planned, applied } = await sync(optionsOf(source, target, MEMBERS));
  expect([planned.desired, planned.outOfScope]).toEqual([2, 3]);
  expect([applied.writes, applied.reports.length]).toEqual([2, 2]);
  expect(target.device.get('pool:/k/web')).toBeUndefined();
  const again = await sync(optionsOf(source, target, MEMBERS));
  expect([again.planned.plan.units, again.applied.writes]).toEqual([[], 0]);
  expect(target.device.get(`pool:${PATH}`)?.object).toEqual({ kind: 'pool', path: PATH, description: 'theirs' });
});

it('tells an owner that all is well only if all is looked at, and refusals always', async () => {
  const whole = contribution('web', [{ kind: 'pool', path: PATH, members: [member('10.0.0.1', 80)] }]);
  const source = new MemorySource('east', [whole]);
  await sync(optionsOf(source, deviceWithTeam(), MEMBERS));
  expect(source.outcomes.map(({ state }) => state)).toEqual(['applied']);
  const partly = new MemorySource('east', [both('10.0.0.1')]);
  await sync(optionsOf(partly, deviceWithTeam(), MEMBERS));
  expect(partly.outcomes).toEqual([]);
  const blocked = new MemorySource('east', [both('10.0.0.1')]);
  await sync(optionsOf(blocked, createMemoryTarget(), MEMBERS));
  expect(blocked.outcomes.map(({ state, diagnostics }) => [state, diagnostics.map(({ code }) => code)])).toEqual([
    ['refused', ['blocked']],
  ]);
});

it('says of an origin that is gone nothing as long as something of it is left out of scope', async () => {
  const target = deviceWithTeam();
  await sync(optionsOf(new MemorySource('east', [both('10.0.0.1')]), target));
  const source = new MemorySource('east', [contribution('other', [pool('other')])]);
  await sync(optionsOf(source, target, { kinds: ['virtual', 'virtual-address'] }));
  expect(target.device.get('virtual:/k/web')).toBeUndefined();
  expect(target.device.get('pool:/k/web')).toBeDefined();
  expect(source.outcomes).toEqual([]);
});

it('removes unused nodes only where they are in scope', async () => {
  const target = createMemoryTarget();
  const source = new MemorySource('east', [contribution('web', service('web', '10.1.1.1', ['10.0.0.1', '10.0.0.2']))]);
  await sync(optionsOf(source, target));
  source.set('east:Service/default/web', contribution('web', service('web', '10.1.1.1', ['10.0.0.1'])));
  const planned = await planOnce({ ...optionsOf(source, target), signal });
  await planned.reconciler.apply(planned.plan, { signal });
  const idle = await sync(optionsOf(source, target, { kinds: ['virtual'] }));
  expect([idle.planned.plan.units, idle.applied.writes]).toEqual([[], 0]);
  expect(target.device.get('node:/k/10.0.0.2')).toBeDefined();
  await sync(optionsOf(source, target, { objects: ['pool:/k/other'] }));
  expect(target.device.get('node:/k/10.0.0.2')).toBeDefined();
  await sync(optionsOf(source, target, { objects: ['pool:/k/web'] }));
  expect(target.device.get('node:/k/10.0.0.2')).toBeUndefined();
});

it('saves only if that is not switched off', async () => {
  const source = new MemorySource('east', [both('10.0.0.1')]);
  for (const [save, saves] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const target = deviceWithTeam();
    await sync({ ...optionsOf(source, target, MEMBERS), save });
    expect(target.saves).toBe(saves);
  }
});

it('run follows members, tells once what is blocked, and never saves if told so', async () => {
  const [source, target] = [new MemorySource('east', [both('10.0.0.1')]), createMemoryTarget()];
  const events: SyncEvent[] = [];
  const stop = new AbortController();
  const seen = (): number => events.filter(({ type }) => type === 'cycle').length;
  const waiters: (() => void)[] = [];
  const cycles = async (count: number): Promise<void> => {
    while (seen() < count) await new Promise<void>((resolve) => waiters.push(resolve));
  };
  const running = runController({
    ...optionsOf(source, target, MEMBERS),
    save: false,
    signal: stop.signal,
    settleMs: 1,
    idleMs: 1,
    driftIntervalMs: 50,
    onEvent: (event) => {
      events.push(event);
      for (const wake of waiters.splice(0)) wake();
    },
  });
  await cycles(3);
  const blocked = (): number =>
    events.filter((event) => event.type === 'problem' && event.diagnostic.code === 'blocked').length;
  expect(blocked()).toBe(1);
  target.device.put({ object: { kind: 'pool', path: PATH } });
  await cycles(seen() + 2);
  source.set('east:Service/default/web', both('10.0.0.1', '10.0.0.2'));
  await cycles(seen() + 2);
  stop.abort();
  await running;
  const names = [...target.device.snapshot().refs()].filter((ref) => ref.startsWith('pool-member:'));
  expect(names.toSorted()).toEqual([
    `pool-member:${PATH}/members/10.0.0.1:80`,
    `pool-member:${PATH}/members/10.0.0.2:80`,
  ]);
  expect([blocked(), target.saves]).toEqual([1, 0]);
});

it('a member that is there and nobody marked is left, and what the sources say of it is shown', async () => {
  const [source, target] = [new MemorySource('east', [both('10.0.0.1')]), deviceWithTeam()];
  target.device.put({ object: loneMember(PATH, member('10.0.0.1', 80, { ratio: 5 })) });
  const { planned, applied } = await sync(optionsOf(source, target, MEMBERS));
  expect([planned.plan.withheld.map(({ reason }) => reason), applied.writes]).toEqual([['foreign'], 0]);
  const shown = await readSources({ ...optionsOf(source, target, MEMBERS), signal });
  expect(shown.contributions.flatMap(({ objects }) => objects.map(({ kind }) => kind))).toEqual(['pool-member']);
});

it('members of a pool of ours that went while their origin could not be understood go when it can be', async () => {
  const cell = 'east:Service/default/web';
  const source = new MemorySource('east', [
    contribution('web', [], { frozen: true }),
    contribution('other', service('other', '10.1.1.2', ['10.0.0.8'])),
  ]);
  const target = createMemoryTarget();
  target.device.put({ object: ours(pool('web', ['10.0.0.1', '10.0.0.2'])) });
  for (const ip of ['10.0.0.1', '10.0.0.2']) target.device.put({ object: loneMember('/k/web', member(ip)) });
  const only = [{ poolMembers: '/k/web' }];
  const scope = createScope(undefined, { only, partition: PARTITION })!;
  const { plan, reconciler } = await planOnce({ ...optionsOf(source, target), scope, signal });
  expect([plan.units, plan.withheld.map(({ reason }) => reason)]).toEqual([[], ['frozen', 'frozen']]);
  source.set(cell, contribution('web', [pool('web', ['10.0.0.1'])]));
  const { plan: later } = reconciler.plan(await reconciler.takeChanges(source, new Set([cell])));
  expect(later.units.map(({ id }) => id)).toEqual(['pool-member:/k/web/members/10.0.0.2:8080']);
});
