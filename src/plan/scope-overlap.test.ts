import type { ScopeClause } from './scope.ts';
import { describe, expect, it } from 'vitest';
import { whatBothWrite } from './scope-overlap.ts';
import { parseClause } from './scope-text.ts';

/** What two writers in one partition have in common, by their lines; `all`: none. */
function common(one: string, other: string, partition = 'k'): string | undefined {
  const only = (texts: string): { readonly only?: readonly ScopeClause[] } =>
    texts === 'all' ? {} : { only: texts.split(' + ').map(clauseOf) };
  return whatBothWrite({ partition: 'k', ...only(one) }, { partition, ...only(other) });
}

function clauseOf(text: string): ScopeClause {
  const result = parseClause(text);
  if ('clause' in result) return result.clause;
  throw new Error(result.unexpected.expected);
}

const APART: readonly (readonly [string, string, string?])[] = [
  ['all', 'all', 'm'],
  ['all', 'pool-members of /Common/team'],
  ['kinds pool', 'pool-members of /Common/team'],
  ['partitions k', 'pool-members of /Common/team'],
  ['kinds virtual,virtual-address', 'kinds pool'],
  ['kinds virtual', 'pool-members of /k/web'],
  ['objects pool:/k/a', 'objects pool:/k/b virtual:/k/a'],
  ['kinds pool', 'kinds node'],
  ['objects virtual:/k/a', 'objects virtual:/k/b'],
  ['objects virtual:/k/a', 'kinds pool'],
  ['objects pool:/k/a', 'pool-members of /k/b'],
  ['pool-members of /Common/a', 'pool-members of /Common/b'],
  ['partitions m', 'all'],
  ['all', 'pool-members of /Common/team', 'm'],
];

describe.each([...APART])('%s and %s', (one = 'all', other = 'all', partition = 'k') => {
  it('have nothing in common', () => {
    const around = partition === 'k' ? common(other, one) : undefined;
    expect([common(one, other, partition), around]).toEqual([undefined, undefined]);
  });
});

const SHARED: readonly (readonly [string, string, string])[] = [
  ['all', 'all', 'the partition k'],
  ['all', 'pool-members of /k/web', 'pool-members of /k/web'],
  ['all', 'kinds virtual', 'kinds [virtual]'],
  ['kinds pool + kinds virtual', 'kinds monitor + kinds virtual', 'kinds [virtual]'],
  ['kinds pool', 'pool-members of /k/web', 'kinds [pool]'],
  ['pool-members of /k/web', 'objects pool:/k/web', 'pool-members of /k/web'],
  ['pool-members of /Common/a', 'pool-members of /Common/a', 'pool-members of /Common/a'],
  ['objects pool:/k/a', 'objects virtual:/k/a pool:/k/a', 'objects [pool:/k/a]'],
  ['partitions Common', 'kinds gtm-server', 'partitions [Common]'],
];

it.each(SHARED)('%s and %s meet', (one, other, what) => {
  expect([common(one, other), common(other, one) === undefined]).toEqual([what, false]);
});

it('members of one pool are written by one target, whatever its partition', () => {
  expect(common('pool-members of /Common/a', 'pool-members of /Common/a', 'm')).toBe('pool-members of /Common/a');
  expect(common('pool-members of /m/web', 'all', 'm')).toBe('pool-members of /m/web');
});
