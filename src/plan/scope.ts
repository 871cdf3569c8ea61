import type { Kind } from '../ir/objects.ts';
import type { FullPath, Ref } from '../ir/ref.ts';
import { descriptorOf } from '../ir/objects.ts';
import { kindOf, partitionOf, pathOf, refOf } from '../ir/ref.ts';

/** What may be written: all that one clause says must hold. */
export interface ScopeClause {
  /** The members of the pool at this path, and nothing else. */
  readonly poolMembers?: FullPath;
  /** Objects of these kinds, and what they bring along. */
  readonly kinds?: readonly Kind[];
  /** Objects of these partitions. */
  readonly partitions?: readonly string[];
  /** These objects, and what they bring along. */
  readonly objects?: readonly Ref[];
}

/**
 * What of a device may be written. Everything else is neither made nor changed, deleted, adopted or marked, whatever the
 * sources say. Left out wherever a scope is taken: everything.
 */
export interface Scope {
  /** One list for each who draws the line (the configuration, flags): something in each must let an object in. */
  readonly lists: readonly (readonly ScopeClause[])[];
  /** The pools whose members are objects of their own, while the pool itself is left as it is. */
  readonly pools: ReadonlySet<FullPath>;
  /** Those among them that flags alone name: their members are written only if the pool is ours. */
  readonly ownPools: ReadonlySet<FullPath>;
}

/** What flags narrow a scope to. */
export interface Narrowing {
  /** Left out: nothing less. */
  readonly only: readonly ScopeClause[] | undefined;
  /** The partition that is written to. */
  readonly partition: string;
}

/**
 * The scope that a configuration draws and that flags narrow; undefined if neither says anything. Members of anybody's pool
 * are let in if the configuration names it. A flag alone lets in those of a pool that may be written anyway, if it is ours.
 */
export function createScope(
  config: readonly ScopeClause[] | undefined,
  { only, partition }: Narrowing = { only: undefined, partition: '' },
): Scope | undefined {
  const lists = [config, only].filter((list) => list !== undefined);
  if (lists.length === 0) return undefined;
  const lent = poolsOf(config);
  const isWhole = (path: FullPath): boolean => only?.some((clause) => letsIn(clause, refOf(POOL, path))) === true;
  const named = [...poolsOf(only)].filter((path) => !lent.has(path) && isPoolLetIn(path, config, partition));
  const ownPools = new Set(named.filter((path) => !isWhole(path)));
  return { lists, pools: new Set([...lent, ...ownPools]), ownPools };
}

/** Whether a pool, or at least its members, may be written before flags narrow that: anybody's, or ours. */
export function isPoolLetIn(path: FullPath, config: readonly ScopeClause[] | undefined, partition: string): boolean {
  if (poolsOf(config).has(path)) return true;
  if (partitionOf(path) !== partition) return false;
  return config === undefined || config.some((clause) => letsIn(clause, refOf(POOL, path)));
}

/** The pools whose members clauses ask for. */
export function poolsOf(clauses: readonly ScopeClause[] = []): ReadonlySet<FullPath> {
  return new Set(clauses.flatMap(({ poolMembers }) => poolMembers ?? []));
}

/** Whether an object may be written. */
export function allows(scope: Scope | undefined, ref: Ref): boolean {
  if (scope === undefined) return true;
  if (kindOf(ref) === POOL && scope.pools.has(pathOf(ref))) return false;
  return scope.lists.every((list) => list.some((clause) => letsIn(clause, ref)));
}

const POOL = 'pool';

/** Whether a clause lets an object in: an item with what it is an item of, what is brought along with what brings it. */
export function letsIn({ poolMembers, kinds, partitions, objects }: ScopeClause, ref: Ref): boolean {
  const kind = kindOf(ref);
  const { within, broughtBy } = descriptorOf(kind);
  const holder = within?.(pathOf(ref));
  if (poolMembers !== undefined) return holder === refOf(POOL, poolMembers);
  if (objects !== undefined) {
    const brings = (one: Ref): boolean =>
      kindOf(one) === broughtBy && partitionOf(pathOf(one)) === partitionOf(pathOf(ref));
    return objects.some((one) => one === ref || one === holder || brings(one));
  }
  const names = [
    kind,
    ...(holder === undefined ? [] : [kindOf(holder)]),
    ...(broughtBy === undefined ? [] : [broughtBy]),
  ];
  if (kinds !== undefined && !names.some((name) => kinds.includes(name))) return false;
  return partitions === undefined || partitions.includes(partitionOf(pathOf(ref)));
}

/** Whether nothing but members of named pools may be written: then nothing else needs to be read. */
export function isOfPoolsAlone(scope: Scope): boolean {
  return scope.lists.some((list) => list.every(({ poolMembers }) => poolMembers !== undefined));
}

/** A scope in the words of the configuration: `pool-members of /Common/web`, `kinds [pool, virtual]`, `objects [pool:/k/web]`. */
export function printScope({ lists }: Scope): string {
  return lists.map((list) => list.map(printClause).join(' or ')).join(', and of that ');
}

/** A clause in the words of the configuration. */
export function printClause({ poolMembers, kinds, partitions, objects }: ScopeClause): string {
  if (poolMembers !== undefined) return `pool-members of ${poolMembers}`;
  if (objects !== undefined) return `objects [${objects.join(', ')}]`;
  return [
    ...(kinds === undefined ? [] : [`kinds [${kinds.join(', ')}]`]),
    ...(partitions === undefined ? [] : [`partitions [${partitions.join(', ')}]`]),
  ].join(' in ');
}
