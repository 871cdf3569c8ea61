import type { Contribution } from './contribution.ts';
import type { Claim } from './merge.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { member } from '../../test/support/objects.ts';
import { mergeClaims } from './merge.ts';
import { DesiredState } from './desired-state.ts';
import { mergedObjects } from './provenance.ts';

const REF = 'pool:/k/shop';
const MODES = ['round-robin', 'ratio-member', 'least-sessions'] as const;
const MONITORS = [[], ['/Common/tcp'], ['/Common/http']] as const;

/** What one of several sources may say of a pool. */
const saying = fc.record({
  rank: fc.constantFrom(0, 1, 2),
  since: fc.constantFrom('', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
  mode: fc.option(fc.constantFrom(...MODES), { nil: undefined }),
  monitor: fc.option(fc.constantFrom(...MONITORS), { nil: undefined }),
  yields: fc.subarray(['loadBalancingMode', 'monitor']),
  pods: fc.uniqueArray(fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3'), { maxLength: 3 }),
  ratio: fc.constantFrom(1, 2),
  joins: fc.boolean(),
  frozen: fc.constantFrom(false, false, false, true),
});
type Saying = typeof saying extends fc.Arbitrary<infer T> ? T : never;

function contributionOf(name: string, { mode, monitor, pods, ratio, joins, frozen, ...more }: Saying): Contribution {
  const origin = `${name}:Service/shop/web`;
  return {
    cell: origin,
    origin,
    ...more,
    objects: [
      {
        kind: 'pool',
        path: '/k/shop',
        ...(mode === undefined ? {} : { loadBalancingMode: mode }),
        ...(monitor === undefined ? {} : { monitor: { monitors: monitor } }),
        members: pods.map((ip) => member(ip, 80, { ratio })),
      },
    ],
    ...(joins ? { joins: [REF] } : {}),
    ...(frozen ? { frozen: true } : {}),
    diagnostics: [],
  };
}

const NAMES = ['a', 'b', 'c', 'd'] as const;
const world = fc.array(saying, { minLength: 1, maxLength: NAMES.length });

const all = (sayings: readonly Saying[]): readonly Contribution[] =>
  sayings.map((one, index) => contributionOf(NAMES[index] ?? '', one));

function desiredOf(contributions: readonly Contribution[]): DesiredState {
  const desired = new DesiredState();
  for (const contribution of contributions) desired.update(contribution);
  return desired;
}

const seen = (desired: DesiredState): unknown => ({
  merged: desired.merge(REF),
  provenance: mergedObjects(desired, () => undefined),
});

describe('for any sources with any precedence', () => {
  it('the order in which claims come does not matter, nor what was there before', () => {
    fc.assert(
      fc.property(world, world, fc.infiniteStream(fc.nat()), (before, after, order) => {
        const ranks = [...order.take(after.length)].map((rank, index) => [rank, index] as const);
        const shuffled = [...ranks].sort(([a], [b]) => a - b).flatMap(([, index]) => all(after)[index] ?? []);
        const live = after.map((one) => ({ ...one, frozen: false }));
        expect(seen(desiredOf(shuffled))).toEqual(seen(desiredOf(all(after))));
        const grown = desiredOf(all(before.map((one) => ({ ...one, frozen: false }))));
        for (const contribution of all(live)) grown.update(contribution);
        for (const name of NAMES.slice(live.length)) grown.remove(`${name}:Service/shop/web`);
        expect(seen(grown)).toEqual(seen(desiredOf(all(live))));
      }),
    );
  });

  it('what differs in precedence or in what yields touches the object, and what does not differ touches nothing', () => {
    fc.assert(
      fc.property(saying, saying, (one, two) => {
        const [a, b] = [contributionOf('a', { ...one, frozen: false }), contributionOf('a', { ...two, frozen: false })];
        const desired = desiredOf([a]);
        expect([...desired.update(a)]).toEqual([]);
        const before = JSON.stringify(desired.claimsOn(REF));
        const touched = desired.update(b);
        const isSame = JSON.stringify(desired.claimsOn(REF)) === before;
        expect([...touched]).toEqual(isSame ? [] : [REF]);
      }),
    );
  });
});

function claim(name: string, more: Partial<Claim> & { readonly monitor?: string; readonly mode?: string }): Claim {
  const { monitor, mode, ...rest } = more;
  const object = {
    kind: 'pool',
    path: '/k/shop',
    ...(monitor === undefined ? {} : { monitor: { monitors: monitor === 'none' ? [] : [monitor] } }),
    ...(mode === undefined ? {} : { loadBalancingMode: mode }),
    members: [member(`10.0.0.${name.length}`, 80)],
  } as const;
  const origin = `${name}:Service/shop/web`;
  return { origin, since: '2026-01-01T00:00:00Z', held: false, joins: true, object, ...rest };
}

describe('who has a field', () => {
  it('is the source with the higher precedence, however old the other is, and both are told why', () => {
    const merged = mergeClaims(REF, [
      claim('old', { since: '', monitor: '/Common/tcp' }),
      claim('high', { rank: 7, monitor: '/Common/http' }),
    ]);
    expect(merged.object).toMatchObject({ monitor: { monitors: ['/Common/http'] } });
    expect(merged.conflicts.map(({ summary }) => summary)).toEqual([
      'monitor of pool /k/shop is already given by Service shop/web (high), which has precedence 7 over 0, in another way; all else of Service shop/web (old) goes on',
      'monitor of pool /k/shop is also given by Service shop/web (old), which has precedence 0 under 7, in another way, and was not taken from it',
    ]);
  });

  it('is whoever asks for it before any default, and defaults do not conflict', () => {
    const merged = mergeClaims(REF, [
      claim('default', { rank: 7, yields: ['monitor'], monitor: '/Common/tcp' }),
      claim('other', { yields: ['monitor'], monitor: '/Common/udp' }),
      claim('asks', { monitor: '/Common/http' }),
    ]);
    expect(merged.object).toMatchObject({ monitor: { monitors: ['/Common/http'] } });
    expect(merged.conflicts).toEqual([]);
  });

  it('is also who asks for what the device would do anyway', () => {
    const merged = mergeClaims(REF, [
      claim('high', { rank: 7, monitor: 'none', mode: 'round-robin' }),
      claim('low', { monitor: '/Common/tcp', mode: 'ratio-member' }),
    ]);
    expect(merged.object).not.toHaveProperty('monitor');
    expect(merged.object).not.toHaveProperty('loadBalancingMode');
    expect(merged.conflicts).toHaveLength(4);
  });
});

describe('what a pool says in vain', () => {
  const given = (
    more: object,
    members = [member('10.0.0.1', 80, { ratio: 3, priorityGroup: 2 }), member('10.0.0.2', 80)],
  ): Claim => {
    return claim('a', { joins: false, object: { kind: 'pool', path: '/k/shop', members, ...more } });
  };
  const told = (one: Claim): readonly string[] =>
    mergeClaims(REF, [one]).conflicts.map(({ code, summary }) => `${code} ${summary}`);

  it('is told to its owner: ratios without a mode for them, groups that all serve', () => {
    expect(told(given({}))).toEqual([
      expect.stringMatching(/^setting-idle pool \/k\/shop has members with different ratios, which mode round-robin/),
      expect.stringMatching(/^setting-idle pool \/k\/shop has members in different priority groups/),
    ]);
  });

  it('is nothing where the pool looks at it, or all members say the same', () => {
    expect(told(given({ loadBalancingMode: 'ratio-member', minActiveMembers: 1 }))).toEqual([]);
    expect(told(given({}, [member('10.0.0.1', 80, { ratio: 3 }), member('10.0.0.2', 80, { ratio: 3 })]))).toEqual([]);
    expect(told(given({}, []))).toEqual([]);
  });
});
