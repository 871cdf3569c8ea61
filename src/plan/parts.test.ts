import type { TunnelFdb } from '../ir/fdb.ts';
import type { BigipObject } from '../ir/objects.ts';
import { describe, expect, it } from 'vitest';
import {
  contribution,
  desiredOf,
  member,
  options,
  ours,
  pool,
  snapshotOf,
  virtual,
} from '../../test/support/objects.ts';
import { decide } from './decide.ts';
import { hasParts, ownersNamed, ownersOfChanges } from './parts.ts';

const FDB = 'fdb:/k/fl';
const tunnel: BigipObject = { kind: 'tunnel', path: '/k/fl', profile: '/Common/vxlan' };

function fdb(...nodes: readonly number[]): TunnelFdb {
  const records = nodes.map((node) => ({ mac: `c6:d2:32:6f:8f:0${node}`, endpoint: { ip: `10.1.20.10${node}` } }));
  return { kind: 'fdb', path: '/k/fl', records };
}

/** What one machine gives of the forwarding table; the first brings the tunnel along. */
function machine(name: string, ...nodes: readonly number[]): ReturnType<typeof contribution> {
  return contribution(name, name === 'a' ? [tunnel, fdb(...nodes)] : [fdb(...nodes)], { joins: [FDB] });
}

describe('parts of which the device cannot say who gave them', () => {
  const there = snapshotOf(ours(tunnel, 'a'), fdb(1, 2));

  it('go when nobody gives them any more', () => {
    const { changes } = decide(FDB, options(desiredOf(machine('a', 1)), there));
    expect(changes).toMatchObject([{ op: 'update', after: fdb(1) }]);
    expect(changes[0]).not.toHaveProperty('after.mark');
  });

  it('all stay while one that gives some is held, and new ones of others come', () => {
    const desired = desiredOf(machine('a', 1), machine('b', 2));
    desired.update({ ...machine('b'), objects: [], frozen: true });
    expect(decide(FDB, options(desired, there)).changes).toEqual([]);
    desired.update(machine('a', 3));
    expect(decide(FDB, options(desired, there)).changes).toMatchObject([{ op: 'update', after: fdb(1, 2, 3) }]);
  });

  it('all stay while the source of the object is not complete, not while another one is', () => {
    const desired = desiredOf(machine('a', 3));
    const decideWith = (incomplete: string) =>
      decide(FDB, options(desired, there, { incomplete: new Set([incomplete]) })).changes;
    expect(decideWith('east')).toMatchObject([{ op: 'update', after: fdb(1, 2, 3) }]);
    expect(decideWith('west')).toMatchObject([{ op: 'update', after: fdb(3) }]);
  });

  it('stay but for those in whose place another stands: of TCP and HTTP profiles there is one', () => {
    const uses = (...named: readonly string[]) =>
      virtual('web', '10.1.1.1', {
        profiles: named.map((name) => ({
          path: `/k/${name}`,
          context: name.startsWith('host') ? 'clientside' : 'all',
        })),
      });
    const REF = 'virtual:/k/web';
    const given = (name: string, ...named: readonly string[]) => contribution(name, [uses(...named)], { joins: [REF] });
    const desired = desiredOf(given('a', 'tcp', 'http', 'host-a'), given('b', 'tcp', 'http', 'host-b'));
    desired.update(contribution('a', [], { frozen: true }));
    const before = snapshotOf(ours(uses('tcp', 'http', 'host-a', 'host-b'), 'a', 'b'));
    const profilesWith = (...named: readonly string[]): unknown => {
      desired.update(given('b', ...named));
      const { changes } = decide(REF, options(desired, before));
      const [change] = changes;
      return change?.op !== 'update' || change.after.kind !== 'virtual'
        ? changes
        : change.after.profiles.map(({ path }) => path);
    };
    expect(profilesWith('tcp-own', 'http', 'host-b')).toEqual(['/k/host-a', '/k/host-b', '/k/http', '/k/tcp-own']);
    expect(profilesWith('tcp', 'http')).toEqual([]);
    const others = ['http', 'host-b'].flatMap((name) => uses(name).profiles);
    const profiles = [{ path: '/k/tcp-usual', context: 'all', purpose: 'tcp' } as const, ...others];
    const usual = { ...uses(), profiles };
    // What is there by default only gives way to what the one that is held may have asked for.
    desired.update(contribution('b', [usual], { joins: [REF], yields: ['profiles tcp'] }));
    expect(decide(REF, options(desired, before)).changes).toEqual([]);
    desired.update(contribution('b', [usual], { joins: [REF] }));
    expect(decide(REF, options(desired, before)).changes).toMatchObject([{ op: 'update' }]);
  });

  it('are not ours to change where nothing on the device says whose the object is', () => {
    const desired = desiredOf(contribution('a', [fdb(3)], { joins: [FDB] }));
    const { changes, withheld } = decide(
      FDB,
      options(desired, snapshotOf(fdb(1, 2)), { incomplete: new Set(['east']) }),
    );
    expect(changes).toEqual([]);
    expect(withheld).toMatchObject({ ref: FDB, reason: 'foreign' });
  });
});

describe('a part that belongs to nobody in particular', () => {
  it('waits for what it needs, and is told without an owner; the object goes on without it', () => {
    const profiles = [
      { path: '/Common/tcp', context: 'all' },
      { path: '/k/web', context: 'all' },
    ] as const;
    const expects = ['http-profile:/k/web'] as const;
    const desired = desiredOf(contribution('web', [virtual('web', '10.1.1.1', { profiles })], { expects }));
    const decision = decide('virtual:/k/web', options(desired, snapshotOf()));
    expect(decision.changes).toMatchObject([{ op: 'create', after: { profiles: [profiles[0]] } }]);
    expect(decision.waitsFor).toEqual(expects);
    expect(decision.conflicts).toMatchObject([{ code: 'part-waits', severity: 'error' }]);
    expect(decision.conflicts[0]?.summary).toContain('profiles /k/web of virtual server /k/web waits: ');
    expect(decision.conflicts[0]).not.toHaveProperty('origin');
  });
});

describe('the owners of parts', () => {
  const given = (ip: string, owner?: string) =>
    member(ip, 80, owner === undefined ? {} : { origin: `east:Service/default/${owner}` });
  const shared = pool('web', [], { members: [given('10.0.0.1', 'a'), given('10.0.0.2', 'b'), given('10.0.0.3')] });

  it('of changes are those whose items differ, came or went; an item of nobody names none', () => {
    const after = pool('web', [], { members: [given('10.0.0.1', 'a'), given('10.0.0.4', 'c')] });
    expect([...ownersOfChanges(shared, after)].sort()).toEqual(['east:Service/default/b', 'east:Service/default/c']);
    expect([...ownersOfChanges(undefined, shared)]).toHaveLength(2);
    expect([...ownersOfChanges(shared, shared)]).toEqual([]);
  });

  it('are found by the names of their items in a message of the device, as whole words', () => {
    const named = (text: string): readonly string[] => [...ownersNamed(shared, text)];
    expect(named('01070734:3: invalid pool member (10.0.0.2:80).')).toEqual(['east:Service/default/b']);
    expect(named('01070734:3: 10.0.0.1:80: no such network')).toEqual(['east:Service/default/a']);
    expect(named('invalid member 110.0.0.1:80, 10.0.0.2:8080')).toEqual([]);
    expect(named('invalid member 10.0.0.3:80')).toEqual([]);
    expect(hasParts({ kind: 'partition', path: '/k' })).toBe(false);
  });
});
