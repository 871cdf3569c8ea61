import { describe, expect, it } from 'vitest';
import type { BigipObject } from '../ir/objects.ts';
import type { PolicyRule } from '../ir/policy-rule.ts';
import type { Change } from './plan.ts';
import { allRefs, contribution, desiredOf, options, ours, snapshotOf } from '../../test/support/objects.ts';
import { buildPlan } from './build-plan.ts';
import { diffObjects } from './diff.ts';

function filesOf(content: string): readonly BigipObject[] {
  return [
    { kind: 'ssl-cert', path: '/k/shop.crt', checksum: `SHA1:1:cert${content}` },
    { kind: 'ssl-key', path: '/k/shop.key', checksum: `SHA1:1:key${content}` },
  ];
}

const profile: BigipObject = { kind: 'client-ssl', path: '/k/shop', cert: '/k/shop.crt', key: '/k/shop.key' };

function plan(
  desired: ReturnType<typeof desiredOf>,
  snapshot: ReturnType<typeof snapshotOf>,
): ReturnType<typeof buildPlan>['plan'] {
  return buildPlan(allRefs(desired, snapshot), options(desired, snapshot)).plan;
}

function ops(changes: readonly Change[]): readonly string[] {
  return changes.map((change) => `${change.op} ${change.ref}`);
}

const there = [...filesOf('1'), ours(profile)];

describe('files of a profile', () => {
  it('are made before it, with it', () => {
    const { units } = plan(desiredOf(contribution('web', [...filesOf('1'), profile])), snapshotOf());
    expect(units.map(({ changes }) => ops(changes))).toEqual([
      ['create ssl-cert:/k/shop.crt', 'create ssl-key:/k/shop.key', 'create client-ssl:/k/shop'],
    ]);
  });

  it('are ours if it is: nothing is done for those that are there, and all go together', () => {
    const desired = desiredOf(contribution('web', [...filesOf('1'), profile]));
    expect(plan(desired, snapshotOf(...there)).units).toEqual([]);
    const { units } = plan(desiredOf(), snapshotOf(...there));
    expect(units.map(({ changes }) => ops(changes))).toEqual([
      ['delete client-ssl:/k/shop', 'delete ssl-key:/k/shop.key', 'delete ssl-cert:/k/shop.crt'],
    ]);
  });

  it('change together, for several origins too', () => {
    const objects = [...filesOf('2'), profile];
    const one = desiredOf(contribution('web', objects));
    const changed = [['update ssl-cert:/k/shop.crt', 'update ssl-key:/k/shop.key']];
    expect(plan(one, snapshotOf(...there)).units.map(({ changes }) => ops(changes))).toEqual(changed);
    const two = desiredOf(contribution('web', objects), contribution('cart', objects));
    const units = plan(two, snapshotOf(...there)).units.map(({ changes }) =>
      ops(changes).filter((op) => !op.endsWith('client-ssl:/k/shop')),
    );
    expect(units).toEqual(changed);
  });

  it('are used as they are when somebody deleted the profile, and left alone if they differ from what is wanted', () => {
    const desired = desiredOf(contribution('web', [...filesOf('1'), profile]));
    const { units, withheld } = plan(desired, snapshotOf(...filesOf('1')));
    expect(units.map(({ changes }) => ops(changes))).toEqual([['create client-ssl:/k/shop']]);
    expect(withheld).toEqual([]);
    const other = plan(desired, snapshotOf(...filesOf('2')));
    expect(other.units).toEqual([]);
    expect(other.withheld.map(({ ref, reason }) => `${reason} ${ref}`)).toEqual([
      'foreign client-ssl:/k/shop',
      'foreign ssl-cert:/k/shop.crt',
      'foreign ssl-key:/k/shop.key',
    ]);
  });

  it('of a profile that is not ours are left alone', () => {
    const { units } = plan(desiredOf(), snapshotOf(...filesOf('1'), profile));
    expect(units).toEqual([]);
  });
});

describe('a profile with a parent of its own', () => {
  const parent = { defaultsFrom: '/k/parent' } as const;

  it('is compared by what is asked for: what it inherits is left as it is', () => {
    const wanted: BigipObject = { kind: 'http-profile', path: '/k/web', ...parent, insertXForwardedFor: true };
    const shown = ours({ ...wanted, serverAgentName: 'web', redirectRewrite: 'all' });
    expect(plan(desiredOf(contribution('web', [wanted])), snapshotOf(shown)).units).toEqual([]);
    const other = ours({ ...wanted, insertXForwardedFor: false });
    const { units } = plan(desiredOf(contribution('web', [wanted])), snapshotOf(other));
    expect(units.map(({ changes }) => ops(changes))).toEqual([['update http-profile:/k/web']]);
  });

  it('is left alone in what differs by version and is not asked for, whatever its parent', () => {
    const cookie: BigipObject = { kind: 'persistence-cookie', path: '/k/cookie' };
    const shown = [ours({ ...cookie, httpOnly: true, secure: true }), ours({ ...profile, options: ['no-tlsv1.3'] })];
    const desired = desiredOf(contribution('web', [cookie, ...filesOf('1'), profile]));
    expect(plan(desired, snapshotOf(...shown, ...filesOf('1'))).units).toEqual([]);
  });

  it("differs in what somebody changed if the parent is the device's own", () => {
    const wanted: BigipObject = { kind: 'http-profile', path: '/k/web' };
    const { units } = plan(
      desiredOf(contribution('web', [wanted])),
      snapshotOf(ours({ ...wanted, serverAgentName: 'x' })),
    );
    expect(units.map(({ changes }) => ops(changes))).toEqual([['update http-profile:/k/web']]);
  });
});

describe('a policy', () => {
  const rule = (name: string, ...origin: readonly string[]): PolicyRule => ({
    name,
    ...(origin[0] === undefined ? {} : { origin: `east:Service/default/${origin[0]}` }),
    conditions: [],
    actions: [{ type: 'reset' }],
  });
  const policyOf = (...rules: readonly PolicyRule[]): BigipObject => ({ kind: 'policy', path: '/k/l7', rules });

  it('has one change of its order beside those of its rules', () => {
    const before = policyOf(rule('a'), rule('b'), rule('c'));
    expect(diffObjects(before, policyOf(rule('c'), rule('a'), rule('new')))).toEqual([
      { field: 'rules', item: 'b', from: rule('b'), to: undefined },
      { field: 'rules', item: 'new', from: undefined, to: rule('new') },
      { field: 'rules', from: ['a', 'c'], to: ['c', 'a'] },
    ]);
    expect(diffObjects(before, policyOf(rule('a'), rule('x'), rule('b'), rule('c')))).toHaveLength(1);
  });

  it('is marked with the origins of its rules', () => {
    const desired = desiredOf(contribution('web', [policyOf(rule('a', 'web'), rule('b', 'cart'))]));
    const [unit] = plan(desired, snapshotOf()).units;
    const [change] = unit?.changes ?? [];
    expect(change?.op === 'create' && change.after.mark?.origins).toEqual([
      'east:Service/default/cart',
      'east:Service/default/web',
    ]);
  });
});
