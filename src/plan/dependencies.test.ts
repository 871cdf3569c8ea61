import type { BigipObject } from '../ir/objects.ts';
import type { Change, PlanUnit, Wave } from './plan.ts';
import { describe, expect, it } from 'vitest';
import { pool, ref, virtual } from '../../test/support/objects.ts';
import { atOnce } from './steps.ts';
import { orderUnits } from './dependencies.ts';
import { diffObjects } from './diff.ts';

function create(after: BigipObject): Change {
  return { op: 'create', ref: ref(after), after, origins: [] };
}
function remove(before: BigipObject): Change {
  return { op: 'delete', ref: ref(before), before, origins: [] };
}
function update(before: BigipObject, after: BigipObject): Change {
  return { op: 'update', ref: ref(after), before, after, fields: diffObjects(before, after), origins: [] };
}

/** The waves of the units, and what each unit does. */
function ordered(...groups: readonly (readonly Change[])[]): readonly string[] {
  const toUnit = (changes: readonly Change[], wave: Wave): PlanUnit => {
    const id = changes[0]?.ref ?? '';
    return { id, wave, changes, origins: [] };
  };
  return atOnce(orderUnits(groups, toUnit)).map(
    ({ wave, changes }) => `${wave} ${changes.map((change) => `${change.op} ${change.ref}`).join(', ')}`,
  );
}

const [X, Y] = ['10.1.1.1', '10.1.1.2'];

describe('groups that go round in a circle', () => {
  it('are taken apart where deletes by themselves break it: both addresses are free before they are taken', () => {
    const one = [remove(virtual('a', X)), create(virtual('a2', Y))];
    const two = [remove(virtual('b', Y)), create(virtual('b2', X))];
    expect(ordered(one, two)).toEqual([
      '0 delete virtual:/k/a',
      '0 delete virtual:/k/b',
      '1 create virtual:/k/a2',
      '1 create virtual:/k/b2',
    ]);
  });

  it('leave other groups as they are', () => {
    const circle = [
      [remove(virtual('a', X)), create(virtual('a2', Y))],
      [remove(virtual('b', Y)), create(virtual('b2', X))],
    ];
    const other = [remove(virtual('c', '10.1.1.9')), create(pool('c'))];
    expect(ordered(...circle, other)).toContain('0 delete virtual:/k/c, create pool:/k/c');
  });

  it('become one where each makes its own object anew: the delete belongs to the create', () => {
    const one = [remove(virtual('a', X)), create(virtual('a', Y))];
    const two = [remove(virtual('b', Y)), create(virtual('b', X))];
    expect(ordered(one, two)).toEqual([
      '0 delete virtual:/k/a, create virtual:/k/a, delete virtual:/k/b, create virtual:/k/b',
    ]);
  });

  it('become one where a delete makes room for something of its own group', () => {
    const one = [remove(virtual('a', X)), create(virtual('a2', X)), update(virtual('c', Y), virtual('c', '10.1.1.3'))];
    const two = [update(virtual('d', '10.1.1.3'), virtual('d', Y))];
    expect(ordered(one, two)).toEqual([
      '0 delete virtual:/k/a, create virtual:/k/a2, update virtual:/k/c, update virtual:/k/d',
    ]);
  });

  it('become one where a group of deletes alone waits for who takes the address that it lets go of', () => {
    const one = [remove(virtual('a', X)), remove(pool('p'))];
    const two = [update(virtual('b', Y, { pool: '/k/p' }), virtual('b', X, { pool: '/k/q' }))];
    expect(ordered(one, two)).toEqual(['0 delete virtual:/k/a, delete pool:/k/p, update virtual:/k/b']);
  });
});
