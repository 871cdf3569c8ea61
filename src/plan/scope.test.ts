import type { Ref } from '../ir/ref.ts';
import type { Scope, ScopeClause } from './scope.ts';
import { describe, expect, it } from 'vitest';
import { SCOPE_KINDS, parseClause } from './scope-text.ts';
import { allows, createScope, isOfPoolsAlone, printScope } from './scope.ts';

/** The scope of lists of texts. */
function scopeOf(config: readonly string[], flags?: readonly string[]): Scope {
  return createScope(config.map(clauseOf), flags?.map(clauseOf))!;
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
    expect(createScope(undefined, undefined)).toBeUndefined();
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

  it('asks for members of pools that the configuration names, never of one that a flag alone does', () => {
    expect([...scopeOf(['pool-members of /k/a', 'kinds pool'], ['pool-members of /k/b']).pools]).toEqual(['/k/a']);
    const flag = createScope(undefined, [clauseOf('pool-members of /Common/web')]);
    expect([flag?.pools.size, allows(flag, 'pool:/k/a')]).toEqual([0, false]);
  });

  it('needs nothing but its pools to be read if one list is of nothing else', () => {
    expect(isOfPoolsAlone(scopeOf(['kinds pool']))).toBe(false);
    expect(isOfPoolsAlone(scopeOf(['kinds pool', 'pool-members of /k/a']))).toBe(false);
    expect(isOfPoolsAlone(scopeOf(['kinds pool'], ['pool-members of /k/a', 'pool-members of /k/b']))).toBe(true);
  });

  it('is printed in the words of the configuration', () => {
    const scope = createScope(
      [clauseOf('pool-members of /k/a'), clauseOf({ kinds: ['pool', 'virtual'], partitions: ['k'] })],
      [clauseOf('partitions k,Common')],
    )!;
    expect(printScope(scope)).toBe(
      'pool-members of /k/a or kinds [pool, virtual] in partitions [k], and of that partitions [k, Common]',
    );
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
    expect(expectedOf(3)).toMatch(/^: pool-members of \/PARTITION\/POOL, kinds/);
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
    expect(expectedOf({})).toBe(': one of poolMembers, kinds, partitions');
    expect(expectedOf({ kind: ['pool'] })).toBe('kind: one of poolMembers, kinds, partitions; did you mean kinds?');
    expect(expectedOf({ kinds: [] })).toBe('kinds: a list of kinds, such as [pool]');
    expect(expectedOf({ kinds: 'pool' })).toBe('kinds: a list of kinds, such as [pool]');
    expect(expectedOf({ kinds: ['pool', 'vitrual'] })).toMatch(/^kinds\.1: a kind, one of .*; did you mean virtual\?$/);
    expect(expectedOf({ kinds: ['pool-member'] })).toMatch(/; or pool-members of \/PARTITION\/POOL$/);
    expect(expectedOf({ partitions: [] })).toMatch(/^partitions: names of partitions/);
    expect(expectedOf({ partitions: 'k' })).toMatch(/^partitions: names of partitions/);
    expect(expectedOf({ partitions: ['k', '/Common'] })).toMatch(/^partitions\.1: names of partitions without a slash/);
    expect(expectedOf({ partitions: [3] })).toMatch(/^partitions\.0: /);
  });
});
