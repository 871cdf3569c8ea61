import type { Scope } from './scope.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { PoolMember } from '../ir/pool.ts';
import type { Pool } from '../ir/pool.ts';
import type { PlanResult } from './build-plan.ts';
import { describe, expect, it } from 'vitest';
import {
  allRefs,
  contribution,
  desiredOf,
  INSTANCE,
  member,
  options,
  ours,
  pool,
  service,
  snapshotOf,
  virtual,
} from '../../test/support/objects.ts';
import { loneMember } from '../ir/pool-member.ts';
import { refOf } from '../ir/ref.ts';
import { buildPlan } from './build-plan.ts';
import { contributionInScope, membersApart, notesOnPools } from './lone-members.ts';
import { MemorySnapshot } from './memory-snapshot.ts';
import { createScope } from './scope.ts';

const PATH = '/Common/team';
const scope = createScope([{ poolMembers: PATH }])!;
const team: Pool = { kind: 'pool', path: PATH };

function wanted(...members: readonly PoolMember[]): ReturnType<typeof contribution> {
  return contribution('web', [virtual('web', '10.1.1.1'), { ...team, members }]);
}

function lone(ip: string, more: Partial<PoolMember> = {}): BigipObject {
  return loneMember(PATH, member(ip, 80, more));
}

const refOfMember = (ip: string) => `pool-member:${PATH}/members/${ip}:80` as const;

function plan(
  given: ReturnType<typeof contribution>,
  snapshot: MemorySnapshot,
  more: Parameters<typeof options>[2] = {},
): PlanResult {
  const desired = desiredOf(membersApart(given, scope, snapshot));
  return buildPlan(allRefs(desired, snapshot), options(desired, snapshot, { scope, ...more }));
}

function withApplication(strict: boolean): MemorySnapshot {
  const snapshot = snapshotOf();
  snapshot.set(refOf('pool', PATH), { object: team, application: { path: '/Common/a.app/a', strict } });
  return snapshot;
}

describe('a contribution with a pool that is left to its owner', () => {
  it('gives its members apart, and all else as it was', () => {
    const given = {
      ...contribution('web', [...service('web', '10.1.1.1', []), { ...team, members: [member('10.0.0.1', 80)] }]),
      joins: [refOf('pool', PATH), refOf('pool', '/k/web')],
    };
    const apart = membersApart(given, scope, snapshotOf());
    expect(apart.objects.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'virtual /k/web',
      'virtual-address /k/10.1.1.1',
      'pool /k/web',
      `pool-member ${PATH}/members/10.0.0.1:80`,
    ]);
    expect(apart.joins).toEqual([`pool-member:${PATH}/members/10.0.0.1:80`, 'pool:/k/web']);
  });

  it('is itself if it has none of these, or there is no scope', () => {
    const given = contribution('web', service('web', '10.1.1.1', ['10.0.0.1']));
    expect(membersApart(given, scope, snapshotOf())).toBe(given);
    expect(membersApart(wanted(), undefined, snapshotOf()).objects).toHaveLength(2);
    expect(membersApart(given, createScope([{ kinds: ['pool'] }]), snapshotOf())).toBe(given);
    expect(membersApart({ ...given, objects: [team] }, scope, snapshotOf()).objects).toEqual([]);
  });

  it('names addresses as the pool’s partition does', () => {
    const there = new MemorySnapshot([
      ['partition:/Common', { object: { kind: 'partition', path: '/Common', defaultRouteDomain: 2 } }],
    ]);
    const given = wanted(
      { address: { ip: '10.0.0.1', routeDomain: 2 }, port: 80 },
      { address: { ip: '10.0.0.2', routeDomain: 3 }, port: 80 },
    );
    const names = membersApart(given, scope, there).objects.map(({ path }) => path);
    expect(names.slice(1)).toEqual([`${PATH}/members/10.0.0.1:80`, `${PATH}/members/10.0.0.2%3:80`]);
  });

  it('shows what is in scope where no device is known', () => {
    const given = wanted(member('10.0.0.1', 80));
    expect(contributionInScope(given, undefined)).toBe(given);
    expect(contributionInScope(given, scope).objects.map(({ kind }) => kind)).toEqual(['pool-member']);
  });
});

describe('a plan for members of somebody else’s pool', () => {
  it('AC-06 makes, changes and removes ours, each in a unit of its own, and leaves the pool and the rest', () => {
    const snapshot = snapshotOf(
      { ...team, description: 'theirs' },
      ours(lone('10.0.0.2')),
      ours(lone('10.0.0.3')),
      lone('10.0.0.9'),
    );
    const { plan: made } = plan(wanted(member('10.0.0.1', 80), member('10.0.0.2', 80, { ratio: 3 })), snapshot);
    expect(made.units.map(({ changes }) => changes.map(({ op, ref }) => `${op} ${ref}`))).toEqual([
      [`create ${refOfMember('10.0.0.1')}`],
      [`update ${refOfMember('10.0.0.2')}`],
      [`delete ${refOfMember('10.0.0.3')}`],
    ]);
    expect(made.withheld).toEqual([]);
    const [create, update] = made.units.flatMap(({ changes }) => changes);
    expect(create?.op === 'create' && create.after.mark).toEqual({
      instance: INSTANCE,
      origins: ['east:Service/default/web'],
    });
    expect(update?.op === 'update' && update.fields).toEqual([{ field: 'ratio', from: undefined, to: 3 }]);
  });

  it('stands on the node that has the address, as far as the pool can use it', () => {
    const node = (path: string, address = '10.0.0.1') => [{ kind: 'node', address, path }] as const;
    const nodeOf = (elsewhere: ReturnType<typeof node>): unknown => {
      const snapshot = new MemorySnapshot([[refOf('pool', PATH), { object: team }]], elsewhere);
      const [unit] = plan(wanted(member('10.0.0.1', 80)), snapshot).plan.units;
      const [change] = unit?.changes ?? [];
      return change?.op === 'create' && change.after.kind === 'pool-member' ? change.after.node : 'no create';
    };
    expect(nodeOf(node('/Common/web1'))).toBe('/Common/web1');
    expect(nodeOf(node('/Common/10.0.0.1'))).toBeUndefined();
    expect(nodeOf(node('/other/10.0.0.1'))).toBeUndefined();
  });

  it('finds that node by the route domain of the pool’s partition', () => {
    const path = '/tenant/team';
    const tenant = createScope([{ poolMembers: path }])!;
    const snapshot = new MemorySnapshot(
      [
        ['partition:/tenant', { object: { kind: 'partition', path: '/tenant', defaultRouteDomain: 2 } }],
        [refOf('pool', path), { object: { kind: 'pool', path } }],
      ],
      [{ kind: 'node', address: '10.0.0.1%2', path: '/tenant/db' }],
    );
    const given = membersApart(
      contribution('web', [{ kind: 'pool', path, members: [member('10.0.0.1', 80)] }]),
      tenant,
      snapshot,
    );
    const desired = desiredOf(given);
    const [unit] = buildPlan(desired.refs(), options(desired, snapshot, { scope: tenant })).plan.units;
    expect(unit?.changes[0]).toMatchObject({ op: 'create', after: { node: '/tenant/db' } });
  });

  it('keeps the node and the words of a member that it changes or adopts', () => {
    const there = { ...lone('10.0.0.1', { node: '/Common/web1' }), description: 'by hand' } as BigipObject;
    const { plan: made } = plan(wanted(member('10.0.0.1', 80, { ratio: 2 })), snapshotOf(team, there), {
      adopt: 'all',
    });
    const [change] = made.units[0]?.changes ?? [];
    expect(change).toMatchObject({
      op: 'update',
      adopts: true,
      after: { node: '/Common/web1', description: 'by hand' },
    });
    expect(change?.op === 'update' && change.fields.map(({ field }) => field)).toEqual(['ratio', 'mark']);
  });

  it('leaves a state that a person set, if asked, unless the source gives one', () => {
    const snapshot = snapshotOf(team, ours(lone('10.0.0.1', { adminState: 'offline' })));
    const given = wanted(member('10.0.0.1', 80));
    expect(plan(given, snapshot, { keepMemberState: true }).plan.units).toEqual([]);
    expect(plan(given, snapshot).plan.units).toHaveLength(1);
    const asked = wanted(member('10.0.0.1', 80, { adminState: 'disabled' }));
    expect(plan(asked, snapshot, { keepMemberState: true }).plan.units).toHaveLength(1);
    expect(plan(given, snapshotOf(team), { keepMemberState: true }).plan.units).toHaveLength(1);
  });

  it('keeps those of an origin of which something could not be read, and takes what it says', () => {
    const snapshot = snapshotOf(team, ours(lone('10.0.0.1')), ours(lone('10.0.0.2')));
    const given = { ...wanted(member('10.0.0.1', 80, { ratio: 2 }), member('10.0.0.3', 80)), keeps: [] };
    const { plan: made } = plan(given, snapshot);
    expect(made.units.map(({ id }) => id)).toEqual([refOfMember('10.0.0.1'), refOfMember('10.0.0.3')]);
    expect(made.withheld).toMatchObject([
      {
        ref: refOfMember('10.0.0.2'),
        reason: 'incomplete',
        diagnostic: {
          summary: `pool member ${PATH}/members/10.0.0.2:80 is not deleted: something that Service default/web (east) may say of it cannot be read now`,
        },
      },
    ]);
  });

  it('counts deletes against what is in scope', () => {
    const others = Array.from({ length: 90 }, (_, index) => ours(pool(`p${index}`)));
    const members = Array.from({ length: 12 }, (_, index) => ours(lone(`10.0.0.${index + 1}`)));
    const snapshot = snapshotOf(team, ...others, ...members);
    const { plan: made } = plan(wanted(), snapshot, { limit: { objects: 10, members: 12, share: 0.3 } });
    expect([made.units.length, made.withheld.length]).toEqual([0, 12]);
    expect(made.withheld[0]?.diagnostic.summary).toContain('12 of 12 owned objects');
    expect(plan(wanted(), snapshot, { limit: { objects: 12, members: 12, share: 0.3 } }).plan.units).toHaveLength(12);
    expect(plan(wanted(), snapshot, { limit: { objects: 5, share: 1 } }).plan.units).toHaveLength(12);
  });

  /** What is held back where a pool has members that are ours, and the sources give some of them. */
  function heldBack(there: number, left: number, more: { readonly made?: number; readonly foreign?: number } = {}) {
    const { made = 0, foreign = 0 } = more;
    const mine = Array.from({ length: there }, (_, index) => ours(lone(`10.0.0.${index + 1}`)));
    const theirs = Array.from({ length: foreign }, (_, index) => lone(`10.0.9.${index + 1}`));
    const stay = Array.from({ length: left }, (_, index) => member(`10.0.0.${index + 1}`, 80));
    const come = Array.from({ length: made }, (_, index) => member(`10.0.5.${index + 1}`, 80));
    const given = wanted(...stay, ...come);
    return plan(given, snapshotOf(team, ...mine, ...theirs), { limit: { objects: 10, share: 0.3 } }).plan.withheld;
  }

  it('lets a pool grow and shrink a little, and waits for a person before most of it goes', () => {
    expect([heldBack(10, 9), heldBack(10, 7), heldBack(2, 1), heldBack(1, 0)]).toEqual([[], [], [], []]);
    const held = heldBack(4, 1);
    expect(held.map(({ reason }) => reason)).toEqual(['threshold', 'threshold', 'threshold']);
    expect(held[0]?.diagnostic).toMatchObject({
      code: 'delete-threshold',
      summary: `pool member ${PATH}/members/10.0.0.2:80 is not deleted: 3 of the 4 that are ours in pool ${PATH} (75 %) would go at once`,
      detail: expect.stringContaining('More than 1 fewer, and more than 30 % of one, wait for a person'),
    });
    // Members of others do not make the share smaller; members that come in their place make fewer of those that go.
    expect(heldBack(4, 1, { foreign: 20 })).toHaveLength(3);
    expect(heldBack(4, 1, { made: 3 })).toEqual([]);
    expect(heldBack(40, 0, { made: 40 })).toEqual([]);
  });

  it('is never empty on the way: what comes is there before what it replaces goes', () => {
    const snapshot = snapshotOf(team, ours(lone('10.0.0.1')), ours(lone('10.0.0.2')));
    const { units } = plan(wanted(member('10.0.0.8', 80), member('10.0.0.9', 80)), snapshot).plan;
    expect(units.map(({ wave, changes }) => `${wave} ${changes[0]?.op}`)).toEqual([
      '0 create',
      '0 create',
      '1 delete',
      '1 delete',
    ]);
  });

  it('has a fingerprint of its own for each scope', () => {
    const snapshot = snapshotOf(team);
    const wider = createScope([{ poolMembers: PATH }, { poolMembers: '/Common/other' }])!;
    const [one, other] = [scope, wider].map(
      (given) => plan(wanted(member('10.0.0.1', 80)), snapshot, { scope: given }).plan,
    );
    expect(one?.units).toEqual(other?.units);
    expect(one?.fingerprint).not.toBe(other?.fingerprint);
  });
});

describe('members are blocked', () => {
  const given = wanted(member('10.0.0.1', 80));

  it('by a pool that is not there, and wait for it', () => {
    const { plan: made, waitsFor } = plan(given, snapshotOf());
    expect(made.units).toEqual([]);
    expect(made.withheld).toMatchObject([{ ref: refOfMember('10.0.0.1'), reason: 'blocked' }]);
    expect(made.withheld[0]?.diagnostic).toMatchObject({
      code: 'blocked',
      severity: 'error',
      summary: `pool member ${PATH}/members/10.0.0.1:80 is not written: pool ${PATH} is not on the device`,
      origin: 'east:Service/default/web',
    });
    expect(waitsFor.get(refOfMember('10.0.0.1'))).toEqual([refOf('pool', PATH)]);
  });

  it('by a pool that another instance of Fairlead writes, whatever its members are', () => {
    const reasonOf = (owner: BigipObject): string | undefined =>
      plan(given, snapshotOf(owner, lone('10.0.0.1'))).plan.withheld[0]?.diagnostic.summary;
    expect(reasonOf({ ...team, mark: { instance: 'west', origins: [] } })).toContain('instance west of Fairlead makes');
    expect(reasonOf(team)).toContain('exists on the device and is not ours');
  });

  it('AC-56 by an iApp with strict updates, deletes too; without them there is a word about it', () => {
    const strict = withApplication(true);
    strict.set(refOfMember('10.0.0.2'), { object: ours(lone('10.0.0.2')) });
    const { plan: made } = plan(given, strict);
    expect(made.units).toEqual([]);
    expect(made.withheld.map(({ reason }) => reason)).toEqual(['blocked', 'blocked']);
    expect(made.withheld[0]?.diagnostic.summary).toContain('the iApp /Common/a.app/a, whose strict updates are on');
    expect(notesOnPools(scope, strict, INSTANCE)).toEqual([]);
    expect(plan(given, withApplication(false)).plan.units).toHaveLength(1);
    expect(notesOnPools(scope, withApplication(false), INSTANCE)).toMatchObject([
      { code: 'iapp-member', severity: 'warning' },
    ]);
  });
});

describe('members of a pool of ours', () => {
  const path = '/k/web';
  const flag = createScope(undefined, { only: [{ poolMembers: path }], partition: 'k' })!;
  const given = (...ips: readonly string[]) => contribution('web', service('web', '10.1.1.1', ips));
  const joint = (name: string, ...ips: readonly string[]) =>
    contribution(name, [pool('web', ips)], { joins: [refOf('pool', path)] });

  /** What is on the device once everything was applied: the pool, and its members as a subset reads them. */
  function deviceOf(whole: Pool): MemorySnapshot {
    return snapshotOf(
      whole,
      ...(whole.members ?? []).map(({ origin, ...one }) => withOrigin(loneMember(path, one), origin)),
    );
  }
  const withOrigin = (one: BigipObject, origin?: string): BigipObject =>
    origin === undefined ? one : Object.assign({}, one, { origin });

  function planOwn(
    contributions: readonly ReturnType<typeof contribution>[],
    snapshot: MemorySnapshot,
    more: Parameters<typeof options>[2] = {},
  ): PlanResult {
    const desired = desiredOf(...contributions.map((one) => membersApart(one, flag, snapshot)));
    return buildPlan(allRefs(desired, snapshot), options(desired, snapshot, { scope: flag, ...more }));
  }
  const changesOf = ({ plan: made }: PlanResult) => made.units.flatMap(({ changes }) => changes);

  it('AC-06 come and go one by one, unmarked as when the pool is written as a whole', () => {
    const snapshot = deviceOf(ours(pool('web', ['10.0.0.1', '10.0.0.2'])));
    expect(planOwn([given('10.0.0.1', '10.0.0.2')], snapshot).plan).toMatchObject({ units: [], withheld: [] });
    const changes = changesOf(planOwn([given('10.0.0.1', '10.0.0.3')], snapshot));
    expect(changes.map(({ op, ref }) => `${op} ${ref}`)).toEqual([
      `create pool-member:${path}/members/10.0.0.3:8080`,
      `delete pool-member:${path}/members/10.0.0.2:8080`,
    ]);
    expect(changes.find(({ op }) => op === 'create')).toMatchObject({
      after: { kind: 'pool-member', path: `${path}/members/10.0.0.3:8080`, address: { ip: '10.0.0.3' }, port: 8080 },
    });
    expect(changes.flatMap((change) => ('after' in change ? [change.after.mark] : []))).toEqual([undefined]);
    expect(notesOnPools(flag, snapshot, INSTANCE)).toEqual([]);
  });

  it('carry the origin that gave them where several do, and stay with one that is held', () => {
    const origin = (name: string): string => `east:Service/default/${name}`;
    const members = [
      member('10.0.0.1', 8080, { origin: origin('a') }),
      member('10.0.0.2', 8080, { origin: origin('b') }),
    ];
    const snapshot = deviceOf(ours(pool('web', [], { members }), 'a', 'b'));
    expect(changesOf(planOwn([joint('a', '10.0.0.1'), joint('b', '10.0.0.2')], snapshot))).toEqual([]);
    const [made] = changesOf(planOwn([joint('a', '10.0.0.1', '10.0.0.3'), joint('b', '10.0.0.2')], snapshot));
    expect(made).toMatchObject({ op: 'create', after: { origin: origin('a') }, origins: [origin('a')] });
    const [gone, ...others] = changesOf(planOwn([joint('a', '10.0.0.1'), joint('b')], snapshot));
    expect([gone, others]).toMatchObject([{ op: 'delete', origins: [origin('b')] }, []]);
    const frozen = { ...joint('b'), objects: [], frozen: true as const };
    const { plan: kept } = planOwn([joint('a', '10.0.0.1'), frozen], snapshot);
    expect([kept.units, kept.withheld.map(({ reason }) => reason)]).toEqual([[], ['frozen']]);
  });

  it('wait for a person if most of them would go, and are blocked if the pool is not ours or not there', () => {
    const many = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'];
    const { plan: made } = planOwn([given('10.0.0.1')], deviceOf(ours(pool('web', many))), {
      limit: { objects: 10, share: 0.3 },
    });
    expect([made.units.length, made.withheld.length]).toEqual([0, 3]);
    const reasonOf = (snapshot: MemorySnapshot): string =>
      planOwn([given('10.0.0.1')], snapshot)
        .plan.withheld.map(({ diagnostic }) => `${diagnostic.summary}; ${diagnostic.detail}`)
        .join('\n');
    expect(reasonOf(deviceOf(pool('web')))).toContain('pool /k/web is not ours (nobody marked it)');
    expect(reasonOf(deviceOf({ ...pool('web'), mark: { instance: 'west', origins: [] } }))).toContain('instance west');
    expect(reasonOf(snapshotOf())).toContain('apply without --only, which makes it');
  });

  it('keep what a member carried before the pool was ours', () => {
    const mark = { instance: INSTANCE, origins: ['east:Service/default/web'] };
    const snapshot = snapshotOf(ours(pool('web', ['10.0.0.1'])), { ...loneMember(path, member('10.0.0.1')), mark });
    expect(changesOf(planOwn([given('10.0.0.1')], snapshot))).toEqual([]);
  });
});

describe('notes', () => {
  it('name pools that are not there, and members that are not ours', () => {
    const two = createScope([{ poolMembers: PATH }, { poolMembers: '/Common/gone' }]);
    const snapshot = snapshotOf(team, ours(lone('10.0.0.1')), lone('10.0.0.9'), {
      ...lone('10.0.0.8'),
      mark: { instance: 'west', origins: [] },
    });
    expect(notesOnPools(two, snapshot, INSTANCE).map(({ summary }) => summary)).toEqual([
      'pool /Common/gone is not on the device; its members wait until its owner makes it',
      `pool ${PATH} has members that are not ours, and that are left as they are: 10.0.0.8:80, 10.0.0.9:80`,
    ]);
    expect(notesOnPools(undefined, snapshot, INSTANCE)).toEqual([]);
  });

  it('name a few of many', () => {
    const many = Array.from({ length: 7 }, (_, index) => lone(`10.0.0.${index + 1}`));
    expect(notesOnPools(scope, snapshotOf(team, ...many), INSTANCE)[0]?.summary).toMatch(/10\.0\.0\.5:80 and 2 more$/);
  });
});

/** What a scope of kinds plans for one Service. */
function planKinds(kinds: Scope, objects: readonly BigipObject[], there: readonly BigipObject[] = []): PlanResult {
  const desired = desiredOf(contribution('web', objects));
  const snapshot = snapshotOf(...there);
  return buildPlan(allRefs(desired, snapshot), options(desired, snapshot, { scope: kinds }));
}

describe('a plan within kinds', () => {
  const web = service('web', '10.1.1.1', ['10.0.0.1']);
  const pools = createScope([{ kinds: ['pool'] }])!;

  it('AC-06 leaves all others, wanted or owned, and counts no work for them', () => {
    const changed = [virtual('web', '10.1.1.9'), pool('web', ['10.0.0.2'])];
    const { plan: made, diffs } = planKinds(
      pools,
      changed,
      [...web, virtual('old', '10.1.1.7')].map((object) => ours(object)),
    );
    expect(made.units.flatMap(({ changes }) => changes.map(({ ref }) => ref))).toEqual(['pool:/k/web']);
    expect(diffs).toBe(1);
  });

  it('lets an object wait for one that is out of scope and not there, until it comes', () => {
    const virtuals = createScope([{ kinds: ['virtual', 'virtual-address'] }])!;
    const { plan: made, waitsFor } = planKinds(virtuals, web);
    expect(made.units.map(({ id }) => id)).toEqual(['virtual-address:/k/10.1.1.1']);
    expect(made.withheld[0]?.diagnostic.summary).toBe(
      'virtual server /k/web is not written: pool /k/web is not on the device, and it is out of scope',
    );
    expect(waitsFor.get('virtual:/k/web')).toEqual(['pool:/k/web']);
    const complete = planKinds(virtuals, web, [ours(pool('web', ['10.0.0.1']))]);
    expect(complete.plan.units.flatMap(({ changes }) => changes)).toHaveLength(2);
  });

  it('removes the nodes that go with a pool only if they are in scope', () => {
    const node: BigipObject = { kind: 'node', path: '/k/10.0.0.1', address: { ip: '10.0.0.1' } };
    const there = [ours(pool('web', ['10.0.0.1'])), node];
    const opsOf = (given: Scope): readonly string[] =>
      planKinds(given, [], there).plan.units.flatMap(({ changes }) => changes.map(({ op, ref }) => `${op} ${ref}`));
    expect(opsOf(pools)).toEqual(['delete pool:/k/web', 'delete node:/k/10.0.0.1']);
    expect(opsOf(createScope([{ partitions: ['other'] }])!)).toEqual([]);
  });

  it('makes nothing in a partition that is not there, unless that is in scope', () => {
    const desired = desiredOf(contribution('web', [pool('web')]));
    const idsOf = (given: Scope): readonly string[] => {
      const { plan: made } = buildPlan(desired.refs(), options(desired, new MemorySnapshot(), { scope: given }));
      return [...made.units.map(({ id }) => id), ...made.withheld.map(({ diagnostic }) => diagnostic.summary)];
    };
    expect(idsOf(pools)).toEqual([
      'pool /k/web is not written: partition /k is not on the device, and it is out of scope',
    ]);
    expect(idsOf(createScope([{ partitions: ['k'] }])!)).toEqual(['partition:/k', 'pool:/k/web']);
  });
});
