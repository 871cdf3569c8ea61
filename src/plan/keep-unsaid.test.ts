import type { Contribution } from '../desired/contribution.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { Pool } from '../ir/pool.ts';
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
import { refOf } from '../ir/ref.ts';
import { decide } from './decide.ts';

/** What becomes of the first object on the device, and what is told. */
function decided(there: BigipObject, ...given: readonly Contribution[]) {
  const { changes, conflicts } = decide(refOf(there.kind, there.path), options(desiredOf(...given), snapshotOf(there)));
  const [change] = changes;
  return { after: change?.op === 'update' ? change.after : undefined, told: conflicts.map(({ summary }) => summary) };
}

const namesOf = (object: BigipObject | undefined): readonly string[] =>
  ((object as Pool | undefined)?.members ?? []).map(({ address: { ip } }) => ip);

describe('an object of an origin that could not be read whole', () => {
  const there = ours(pool('web', ['10.0.0.1', '10.0.0.2']));

  it('keeps the members that nobody gives now, takes new ones and changes, and says so', () => {
    const members = [member('10.0.0.1', 8080, { connectionLimit: 5 }), member('10.0.0.3')];
    const { after, told } = decided(there, contribution('web', [pool('web', [], { members })], { keeps: [] }));
    expect(namesOf(after)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
    expect(after).toMatchObject({ members: [{ connectionLimit: 5 }, {}, {}] });
    expect(told).toEqual([
      'pool /k/web keeps members 10.0.0.2:8080: something that Service default/web (east) may say of it cannot be read now',
    ]);
  });

  it('is as it is said, as soon as all of it could be read', () => {
    expect(namesOf(decided(there, contribution('web', [pool('web', ['10.0.0.1'])])).after)).toEqual(['10.0.0.1']);
  });

  it('keeps fields that nobody sets, or that are defaults, and changes the others', () => {
    const before = ours(virtual('web', '10.1.1.1', { persistence: '/Common/cookie', rules: ['/Common/a'] }));
    const profiles = [{ path: '/Common/http', context: 'all' }] as const;
    const now = virtual('web', '10.1.1.2', { profiles, rules: ['/Common/b'] });
    const { after } = decided(before, contribution('web', [now], { keeps: ['profiles'] }));
    expect(after).toMatchObject({
      destination: { address: { ip: '10.1.1.2' } },
      rules: ['/Common/b'],
      profiles: [{ path: '/Common/tcp' }],
      persistence: '/Common/cookie',
    });
    const said = decided(before, contribution('web', [now], { keeps: [] }));
    expect(said.after).toMatchObject({ profiles });
  });

  it('keeps of what several give the items of that origin alone', () => {
    const origin = (name: string): string => `east:Service/default/${name}`;
    const items = [
      member('10.0.0.1', 80, { origin: origin('a') }),
      member('10.0.0.2', 80, { origin: origin('b') }),
      member('10.0.0.3', 80, { origin: origin('a') }),
    ];
    const joins = ['pool:/k/shop'] as const;
    const of = (name: string, keeps?: readonly string[]): Contribution =>
      contribution(name, [pool('shop', [], { members: [] })], { joins, ...(keeps === undefined ? {} : { keeps }) });
    const shared = ours(pool('shop', [], { members: items }), 'a', 'b');
    expect(namesOf(decided(shared, of('a', []), of('b')).after)).toEqual(['10.0.0.1', '10.0.0.3']);
  });

  it('names five of what it keeps, and how much more there is; a description is kept without a word', () => {
    const before = ours(
      pool('web', ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6'], { description: 'x' }),
    );
    const { after, told } = decided(
      before,
      contribution('web', [pool('web', ['10.0.0.9'], { members: [member('10.0.0.9')] })], { keeps: [] }),
    );
    expect(after).toMatchObject({ description: 'x' });
    expect(namesOf(after)).toHaveLength(7);
    expect(told).toEqual([expect.stringMatching(/ keeps (members [\d.:]+, ){4}members 10\.0\.0\.5:8080 and 1 more: /)]);
  });

  it('keeps a default of its own that the device has otherwise, and of fields that others set nothing', () => {
    const REF = ['pool:/k/shop'] as const;
    const wanted = (name: string, more: object, keeps?: readonly string[]): Contribution =>
      contribution(name, [pool('shop', [], { members: [], ...more })], {
        joins: REF,
        ...(keeps === undefined ? {} : { keeps }),
      });
    const shop = ours(
      pool('shop', [], { members: [], loadBalancingMode: 'ratio-member', minActiveMembers: 2 }),
      'a',
      'b',
    );
    const own = wanted('a', { loadBalancingMode: 'least-connections-member' }, ['loadBalancingMode']);
    const { told } = decided(shop, own, wanted('b', { minActiveMembers: 3 }));
    expect(told).toEqual([expect.stringContaining('keeps loadBalancingMode: something that Service default/a')]);
  });

  it('keeps nothing of what another made', () => {
    const theirs = { ...there, mark: { instance: 'east', origins: ['east:Service/default/other'] } };
    const { after } = decided(theirs, contribution('web', [pool('web', ['10.0.0.1'])], { keeps: [] }));
    expect(namesOf(after)).toEqual(['10.0.0.1']);
  });
});
