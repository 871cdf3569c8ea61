import type { Ref } from '../ir/ref.ts';
import type { Scope, ScopeClause } from './scope.ts';
import { describe, expect, it } from 'vitest';
import { SCOPE_KINDS, parseClause } from './scope-text.ts';
import { allows, createScope, isOfPoolsAlone, printScope } from './scope.ts';

/** The scope of lists of texts. */
function scopeOf(config: readonly string[], flags?: readonly string[]): Scope {
  return createScope(config.map(clauseOf), { only: flags?.map(clauseOf), partition: 'k' })!;
}

function clauseOf(text: unknown): ScopeClause {
  const result = parseClause(text);
  if ('clause' in result) return result.clause;
  throw new Error(result.unexpected.expected);
}

function expectedOf(given: unknown): string {
  const result = parseClause(given);
  if ('clause' in result) throw new Error(JSON.stringify(result.clause));
  return `${result.unexpected.path.join('.')}: ${result.unexpected.expected}`;
}

const REFS: readonly Ref[] = [
  'pool:/Common/web',
  'pool:/k/a',
  'pool:/k/folder/a',
  'pool-member:/Common/web/members/10.0.0.1:80',
  'pool-member:/k/members/members/2001:db8::1.80',
  'virtual:/k/a',
  'node:/k/10.0.0.1',
  'partition:/k',
  'gtm-server:/Common/box',
];

/** Those of {@link REFS} that a scope lets in. */
function allowed(scope: Scope | undefined): readonly Ref[] {
  return REFS.filter((ref) => allows(scope, ref));
}

describe('a scope', () => {
  it('that is not there lets everything in, as does one that nobody draws', () => {
    expect(allowed(undefined)).toEqual(REFS);
    expect(createScope(undefined)).toBeUndefined();
  });

  it('of the members of a pool lets in those alone, never the pool', () => {
    expect(allowed(scopeOf(['pool-members of /Common/web']))).toEqual(['pool-member:/Common/web/members/10.0.0.1:80']);
    expect(allowed(scopeOf(['pool-members of /k/members']))).toEqual(['pool-member:/k/members/members/2001:db8::1.80']);
    const both = scopeOf(['pool-members of /k/a', 'kinds pool']);
    expect(allowed(both).filter((ref) => ref.startsWith('pool:'))).toEqual(['pool:/Common/web', 'pool:/k/folder/a']);
  });

  it('of kinds lets in what they bring along and what is in them, and no partition', () => {
    expect(allowed(scopeOf(['kinds [virtual]']))).toEqual(['virtual:/k/a']);
    expect(allowed(scopeOf(['kinds pool']))).toEqual(REFS.filter((ref) => /^(pool|pool-member|node):/.test(ref)));
    expect(allowed(scopeOf(['kinds node, partition']))).toEqual(['node:/k/10.0.0.1', 'partition:/k']);
  });

  it('of partitions lets in all that is in them, in folders too, and the partition itself', () => {
    expect(allowed(scopeOf(['partitions k']))).toEqual(REFS.filter((ref) => ref.includes(':/k')));
  });

  it('is an "or" within a list, an "and" between lists and within a mapping', () => {
    expect(allowed(scopeOf(['kinds virtual', 'partitions Common'], ['kinds pool virtual']))).toEqual([
      'pool:/Common/web',
      'pool-member:/Common/web/members/10.0.0.1:80',
      'virtual:/k/a',
    ]);
    const mapping = createScope([clauseOf({ kinds: ['pool'], partitions: ['Common'] })]);
    expect(allowed(mapping)).toEqual(['pool:/Common/web', 'pool-member:/Common/web/members/10.0.0.1:80']);
    expect(allowed(scopeOf(['pool-members of /Common/web'], ['kinds virtual']))).toEqual([]);
  });

  it('asks for members of pools that the configuration names, and by a flag alone of those that may be written as they are', () => {
    const poolsOf = ({ pools, ownPools }: Scope): unknown => [[...pools], [...ownPools]];
    const members = (path: string): readonly string[] => [`pool-members of ${path}`];
    expect(poolsOf(scopeOf([...members('/k/a'), 'kinds pool'], members('/k/b')))).toEqual([['/k/a', '/k/b'], ['/k/b']]);
    expect(poolsOf(scopeOf(['kinds virtual'], members('/k/b')))).toEqual([[], []]);
    expect(poolsOf(scopeOf(members('/k/a'), members('/k/a')))).toEqual([['/k/a'], []]);
    const flag = (path: string): Scope =>
      createScope(undefined, { only: members(path).map(clauseOf), partition: 'k' })!;
    expect(poolsOf(flag('/k/folder/a'))).toEqual([['/k/folder/a'], ['/k/folder/a']]);
    expect(poolsOf(flag('/Common/web'))).toEqual([[], []]);
    expect(allowed(flag('/k/a'))).toEqual([]);
    expect(allows(flag('/k/a'), 'pool-member:/k/a/members/10.0.0.1:80')).toBe(true);
    const both = createScope(undefined, { only: ['kinds pool', ...members('/k/a')].map(clauseOf), partition: 'k' })!;
    expect([poolsOf(both), allows(both, 'pool:/k/a')]).toEqual([[[], []], true]);
  });

  it('of objects lets in those, what is in them, and the nodes that pools among them bring along', () => {
    expect(allowed(scopeOf(['objects [virtual:/k/a, partition:/k]']))).toEqual(['virtual:/k/a', 'partition:/k']);
    expect(allowed(scopeOf(['objects pool:/k/a']))).toEqual(['pool:/k/a', 'node:/k/10.0.0.1']);
    expect(allowed(scopeOf(['objects pool:/Common/web']))).toEqual([
      'pool:/Common/web',
      'pool-member:/Common/web/members/10.0.0.1:80',
    ]);
    expect(allowed(scopeOf(['partitions k'], ['objects pool:/Common/web']))).toEqual([]);
  });

  it('needs nothing but its pools to be read if one list is of nothing else', () => {
    expect(isOfPoolsAlone(scopeOf(['kinds pool']))).toBe(false);
    expect(isOfPoolsAlone(scopeOf(['kinds pool', 'pool-members of /k/a']))).toBe(false);
    expect(isOfPoolsAlone(scopeOf(['kinds pool'], ['pool-members of /k/a', 'pool-members of /k/b']))).toBe(true);
  });

  it('is printed in the words of the configuration', () => {
    const scope = createScope(
      [clauseOf('pool-members of /k/a'), clauseOf({ kinds: ['pool', 'virtual'], partitions: ['k'] })],
      { only: [clauseOf('partitions k,Common')], partition: 'k' },
    )!;
    expect(printScope(scope)).toBe(
      'pool-members of /k/a or kinds [pool, virtual] in partitions [k], and of that partitions [k, Common]',
    );
    expect(printScope(scopeOf(['objects pool:/k/a,virtual:/k/a']))).toBe('objects [pool:/k/a, virtual:/k/a]');
  });
});

describe('a clause', () => {
  it('is a text or a mapping', () => {
    const members = { poolMembers: '/Common/app_owner_pool' };
    expect(clauseOf('  pool-members of   /Common/app_owner_pool ')).toEqual(members);
    expect(clauseOf(members)).toEqual(members);
    for (const text of ['kinds [pool, virtual]', 'kinds pool,virtual', 'kinds pool virtual', 'kinds [ pool virtual ]'])
      expect(clauseOf(text)).toEqual({ kinds: ['pool', 'virtual'] });
    expect(clauseOf('partitions [k]')).toEqual({ partitions: ['k'] });
    expect(clauseOf({ partitions: ['k'] })).toEqual({ partitions: ['k'] });
  });

  it('may name every kind but those that are items of other people’s objects', () => {
    expect(SCOPE_KINDS).toContain('gtm-pool-a');
    expect(SCOPE_KINDS).not.toContain('pool-member');
    for (const kind of SCOPE_KINDS) expect(clauseOf(`kinds ${kind}`)).toEqual({ kinds: [kind] });
  });

  it('that is wrong says where, what was expected, and what is near', () => {
    expect(expectedOf(3)).toMatch(/^: pool-members of \/PARTITION\/POOL, objects .*, kinds/);
    expect(expectedOf(['kinds pool'])).toMatch(/^: pool-members of/);
    expect(expectedOf(null)).toMatch(/^: pool-members of/);
    expect(expectedOf('')).toMatch(/^: pool-members of/);
    expect(expectedOf('kind pool')).toMatch(/did you mean kinds\?$/);
    expect(expectedOf('poolMembers /k/a')).not.toContain('/k/a');
    expect(expectedOf('pool-members /k/a')).toBe(': pool-members of /PARTITION/POOL');
    expect(expectedOf('pool-members of web')).toBe(': the full path of a pool, such as /Common/web');
    expect(expectedOf({ poolMembers: 'web' })).toBe('poolMembers: the full path of a pool, such as /Common/web');
    expect(expectedOf({ poolMembers: 3 })).toBe('poolMembers: the full path of a pool, such as /Common/web');
    expect(expectedOf({ poolMembers: '/k/a', kinds: ['pool'] })).toMatch(/^: poolMembers alone/);
    expect(expectedOf({})).toBe(': one of poolMembers, objects, kinds, partitions');
    expect(expectedOf({ kind: ['pool'] })).toBe(
      'kind: one of poolMembers, objects, kinds, partitions; did you mean kinds?',
    );
    expect(expectedOf({ kinds: [] })).toBe('kinds: a list of kinds, such as [pool]');
    expect(expectedOf({ kinds: 'pool' })).toBe('kinds: a list of kinds, such as [pool]');
    expect(expectedOf({ kinds: ['pool', 'vitrual'] })).toMatch(/^kinds\.1: a kind, one of .*; did you mean virtual\?$/);
    expect(expectedOf({ kinds: ['pool-member'] })).toMatch(/; or pool-members of \/PARTITION\/POOL$/);
    expect(expectedOf({ objects: [] })).toMatch(/^objects: a list of objects/);
    expect(expectedOf('objects')).toBe(': a list of objects, such as [pool:/kubernetes/web]');
    expect(expectedOf({ objects: ['pool:/k/a', '/k/web'] })).toBe(
      'objects.1: KIND:/PARTITION/NAME, such as pool:/kubernetes/web',
    );
    expect(expectedOf({ objects: ['pol:/k/a'] })).toMatch(/^objects\.0: KIND.*; did you mean pool\?$/);
    expect(expectedOf({ objects: ['pool:/web'] })).toMatch(/^objects\.0: KIND/);
    expect(expectedOf({ objects: [7] })).toMatch(/^objects\.0: KIND/);
    expect(expectedOf({ objects: ['pool-member:/k/a/members/10.0.0.1:80'] })).toBe(
      'objects.0: pool-members of /PARTITION/POOL',
    );
    expect(expectedOf({ objects: ['pool:/k/a'], kinds: ['pool'] })).toMatch(/^: objects alone/);
    expect(expectedOf({ partitions: [] })).toMatch(/^partitions: names of partitions/);
    expect(expectedOf({ partitions: 'k' })).toMatch(/^partitions: names of partitions/);
    expect(expectedOf({ partitions: ['k', '/Common'] })).toMatch(/^partitions\.1: names of partitions without a slash/);
    expect(expectedOf({ partitions: [3] })).toMatch(/^partitions\.0: /);
  });
});
