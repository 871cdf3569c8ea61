import type { Contribution } from '../desired/contribution.ts';
import { describe, expect, it } from 'vitest';
import { contribution, desiredOf, member, options, ours, pool, snapshotOf } from '../../test/support/objects.ts';
import { decide } from './decide.ts';

const REF = 'pool:/k/shop';
const OLD = '2025-01-01T00:00:00Z';

function giver(name: string, monitor: string | undefined, more: Partial<Contribution> = {}): Contribution {
  const rule = monitor === undefined ? {} : { monitor: { monitors: [monitor] } };
  const members = [member(`10.0.0.${name.length}`)];
  return contribution(name, [pool('shop', [], { ...rule, members })], { joins: [REF], ...more });
}

const there = snapshotOf(
  ours(
    pool('shop', [], {
      monitor: { monitors: ['/Common/http'] },
      members: [member('10.0.0.1', 8080, { origin: 'east:Service/default/a' })],
      description: 'x',
    }),
    'a',
    'bb',
  ),
);

function decided(...contributions: readonly Contribution[]): { readonly monitor: unknown; readonly told: unknown } {
  const desired = desiredOf(giver('a', '/Common/http'), giver('bb', '/Common/tcp'));
  for (const one of contributions) desired.update(one);
  const { changes, conflicts } = decide(REF, options(desired, there));
  const [change] = changes;
  const after = change?.op === 'update' && change.after.kind === 'pool' ? change.after : undefined;
  return {
    monitor: after?.monitor?.monitors[0] ?? after,
    told: conflicts.map(({ code, origin }) => `${code} ${origin}`),
  };
}

describe('a field of a pool that is given together', () => {
  it('stays while the earlier origin that set it is frozen, and the later one is told', () => {
    const frozen = giver('a', undefined, { frozen: true });
    expect(decided(frozen)).toEqual({ monitor: '/Common/http', told: ['field-held east:Service/default/bb'] });
  });

  it('is the earlier one’s to change while a later one is frozen', () => {
    const frozen = giver('bb', undefined, { frozen: true });
    expect(decided(frozen, giver('a', '/Common/udp'))).toEqual({ monitor: '/Common/udp', told: [] });
  });

  it('is anybody’s whom nobody that is frozen had contradicted', () => {
    const silent = giver('a', undefined);
    expect(decided(silent, { ...silent, frozen: true })).toEqual({ monitor: '/Common/tcp', told: [] });
  });

  it('is anybody’s who asks for it, where one that is frozen had it by default only', () => {
    const byDefault = giver('a', '/Common/http', { yields: ['monitor'] });
    const frozen = giver('a', undefined, { frozen: true });
    expect(decided(byDefault, frozen)).toEqual({ monitor: '/Common/tcp', told: [] });
  });

  it('is that of a source with precedence, although an older origin is frozen', () => {
    const frozen = giver('a', undefined, { frozen: true });
    const high = giver('bb', '/Common/tcp', { rank: 1, since: '2026-05-01T00:00:00Z' });
    expect(decided(frozen, high)).toEqual({ monitor: '/Common/tcp', told: [] });
  });

  it('stays against a default, whatever the precedence of the one that has it', () => {
    const frozen = giver('a', undefined, { frozen: true });
    const high = giver('bb', '/Common/tcp', { rank: 1, yields: ['monitor'] });
    expect(decided(frozen, high)).toMatchObject({ monitor: '/Common/http' });
  });

  it('stays for one that is away and of which nothing is known, unless its source has a lower precedence', () => {
    const desired = desiredOf(giver('bb', '/Common/tcp', { rank: 1, since: OLD, origin: 'west:Service/default/bb' }));
    const fieldsWith = (rank: number): unknown =>
      decide(REF, options(desired, there, { incomplete: new Set(['east']), rankOf: () => rank })).changes.flatMap(
        (change) => (change.op === 'update' ? change.fields.map(({ field }) => field) : []),
      );
    expect(fieldsWith(1)).not.toContain('monitor');
    expect(fieldsWith(0)).toContain('monitor');
    expect(fieldsWith(0)).not.toContain('description');
  });

  it('stays when its source is configured no longer, and whoever gives to the pool is told how it goes', () => {
    const desired = desiredOf(giver('bb', '/Common/tcp'));
    const left = pool('shop', [], {
      monitor: { monitors: ['/Common/http'] },
      members: [member('10.0.0.1', 8080, { origin: 'old:Service/default/a' })],
    });
    const gone = snapshotOf(
      Object.assign({}, ours(left), { mark: { ...ours(left).mark, origins: ['old:Service/default/a'] } }),
    );
    const decision = decide(REF, { ...options(desired, gone), sources: new Set(['east']) });
    expect(decision.conflicts.map(({ summary }) => summary)).toEqual([
      'what Service default/a (old) gave to pool /k/shop stays: no source of that name is configured',
      'monitor of pool /k/shop stays as it is: Service default/a (old), which may have set it, is of no source that is configured',
    ]);
    const allowed = decide(REF, options(desired, gone)).changes[0];
    expect(allowed?.op === 'update' && allowed.after.kind === 'pool' ? allowed.after.members : allowed).toHaveLength(1);
  });
});
