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
}

/**
 * What of a device may be written. Everything else is neither made nor changed, deleted, adopted or marked, whatever the
 * sources say. Left out wherever a scope is taken: everything.
 */
export interface Scope {
  /** One list for each who draws the line (the configuration, flags): something in each must let an object in. */
  readonly lists: readonly (readonly ScopeClause[])[];
  /** The pools whose members are objects of their own, while the pool is left to its owner. */
  readonly pools: ReadonlySet<FullPath>;
}

/**
 * The scope that a configuration draws and that flags narrow; undefined if neither says anything. Members of a pool are let
 * in if the configuration names it: a flag alone would let in what is not ours to write.
 */
export function createScope(
  config: readonly ScopeClause[] | undefined,
  flags?: readonly ScopeClause[],
): Scope | undefined {
  const lists = [config, flags].filter((list) => list !== undefined);
  return lists.length === 0 ? undefined : { lists, pools: poolsOf(config) };
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

/** An item is let in with what it is an item of, what is brought along with what brings it. */
function letsIn({ poolMembers, kinds, partitions }: ScopeClause, ref: Ref): boolean {
  const kind = kindOf(ref);
  const { within, broughtBy } = descriptorOf(kind);
  const holder = within?.(pathOf(ref));
  if (poolMembers !== undefined) return holder === refOf(POOL, poolMembers);
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

/** A scope in the words of the configuration: `pool-members of /Common/web`, `kinds [pool, virtual]`. */
export function printScope({ lists }: Scope): string {
  return lists.map((list) => list.map(printClause).join(' or ')).join(', and of that ');
}

function printClause({ poolMembers, kinds, partitions }: ScopeClause): string {
  if (poolMembers !== undefined) return `pool-members of ${poolMembers}`;
  return [
    ...(kinds === undefined ? [] : [`kinds [${kinds.join(', ')}]`]),
    ...(partitions === undefined ? [] : [`partitions [${partitions.join(', ')}]`]),
  ].join(' in ');
}
