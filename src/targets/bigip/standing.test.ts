import { expect, test } from 'vitest';
import type { BigipObject } from '../../ir/objects.ts';
import type { Change, PlanUnit } from '../../plan/plan.ts';
import { refOf } from '../../ir/ref.ts';
import { pool, virtualAddress } from '../../../test/support/objects.ts';
import { createPools, deletePool, updatePool } from '../../../test/support/bigip-target.ts';
import { refsToRead, standingOf } from './standing.ts';

const found = (...objects: readonly BigipObject[]): ReadonlyMap<ReturnType<typeof refOf>, { object: BigipObject }> =>
  new Map(objects.map((object) => [refOf(object.kind, object.path), { object }]));
const unit = (...changes: readonly Change[]): PlanUnit => ({ id: 'u', wave: 1, changes, origins: [] });

test('a create is applied when it is there as wanted, unapplied when nothing is there', () => {
  const made = pool('a', [], { description: 'made' });
  expect(standingOf(createPools(['a']), found(made))).toBe('applied');
  expect(standingOf(createPools(['a']), found())).toBe('unapplied');
  expect(standingOf(createPools(['a']), found(pool('a', [], { description: 'theirs' })))).toBe('other');
});

test('what the device fills in where nothing was said does not count', () => {
  const after = virtualAddress('10.0.0.1');
  const change = { op: 'create', ref: refOf('virtual-address', after.path), after, origins: [] } as const;
  const there = { ...after, trafficGroup: '/Common/traffic-group-1' };
  expect(standingOf(unit(change), found(there))).toBe('applied');
});

test('an update is judged by the fields that it touches', () => {
  const change = updatePool('a', 'old', 'new');
  expect(standingOf(change, found(pool('a', ['10.0.0.1'], { description: 'new' })))).toBe('applied');
  expect(standingOf(change, found(pool('a', [], { description: 'old' })))).toBe('unapplied');
  expect(standingOf(change, found(pool('a', [], { description: 'third' })))).toBe('other');
  expect(standingOf(change, found())).toBe('other');
});

test('a field that an update takes away must be gone', () => {
  const [before, after] = [pool('a', [], { description: 'old' }), pool('a')];
  const fields = [{ field: 'description', from: 'old', to: undefined }];
  const change = { op: 'update', ref: 'pool:/k/a', before, after, fields, origins: [] } as const;
  expect(standingOf(unit(change), found(before))).toBe('unapplied');
  expect(standingOf(unit(change), found(after))).toBe('applied');
});

test('members are compared as a set of identities, whatever their order on the device', () => {
  const [before, after] = [pool('a', ['10.0.0.1']), pool('a', ['10.0.0.1', '10.0.0.2'])];
  const fields = [{ field: 'members', item: '10.0.0.2:8080', from: undefined, to: {} }];
  const change = { op: 'update', ref: 'pool:/k/a', before, after, fields, origins: [] } as const;
  expect(standingOf(unit(change), found(pool('a', ['10.0.0.2', '10.0.0.1'])))).toBe('applied');
  expect(standingOf(unit(change), found(before))).toBe('unapplied');
});

test('a delete is applied when nothing is there', () => {
  expect(standingOf(deletePool('a'), found())).toBe('applied');
  expect(standingOf(deletePool('a'), found(pool('a', [], { description: 'made' })))).toBe('unapplied');
});

test('a unit is applied or unapplied as a whole, else it is neither', () => {
  const made = (name: string): BigipObject => pool(name, [], { description: 'made' });
  expect(standingOf(createPools(['a', 'b']), found(made('a'), made('b')))).toBe('applied');
  expect(standingOf(createPools(['a', 'b']), found())).toBe('unapplied');
  expect(standingOf(createPools(['a', 'b']), found(made('a')))).toBe('other');
});

test('delete and create of one object is one step, and optional deletes do not count', () => {
  const [remove] = deletePool('a').changes;
  const [optional] = deletePool('n', { optional: true }).changes;
  const after = pool('a', [], { description: 'anew' });
  const create = { op: 'create', ref: 'pool:/k/a', after, origins: [] } as const;
  const both = unit(...[remove, create, optional].filter((change) => change !== undefined));
  expect(refsToRead(both)).toEqual(['pool:/k/a']);
  expect(standingOf(both, found(after))).toBe('applied');
  expect(standingOf(both, found(pool('a', [], { description: 'made' })))).toBe('unapplied');
  expect(standingOf(both, found())).toBe('other');
});
