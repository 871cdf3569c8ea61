import type { Scope, ScopeClause } from './scope.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FullPath, Ref } from '../ir/ref.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { holderOf } from '../ir/objects.ts';
import { kindOf, partitionOf, pathOf, refOf } from '../ir/ref.ts';
import { allows } from './scope.ts';

/**
 * Names in a scope that let nothing in, because no source gives and the device does not have what they name: a slip of the
 * pen would pass for "nothing to do".
 * @param known all that is wanted or there.
 */
export function notesOnNames(scope: Scope | undefined, known: Iterable<Ref>): readonly Diagnostic[] {
  if (scope === undefined) return [];
  const clauses = scope.lists.flat();
  if (clauses.every(({ kinds, partitions }) => kinds !== undefined && partitions === undefined)) return [];
  const refs = new Set(known);
  const notes = clauses.flatMap((clause) => noteOnClause(clause, scope, refs));
  return notes.map(({ what, guess }) => {
    const hint = guess === undefined ? '' : `; did you mean ${guess}?`;
    const summary = `only ${what} lets nothing in: no source gives anything of it, and nothing of it is on the device${hint}`;
    return { code: 'scope-empty', severity: 'warning', summary };
  });
}

interface Note {
  readonly what: string;
  readonly guess: string | undefined;
}

function noteOnClause(
  { poolMembers, objects = [], partitions = [] }: ScopeClause,
  scope: Scope,
  refs: ReadonlySet<Ref>,
): Note[] {
  const notes: Note[] = [];
  for (const ref of objects) {
    if (refs.has(ref)) continue;
    const choices = [...refs].filter((one) => kindOf(one) === kindOf(ref));
    notes.push({ what: `objects [${ref}]`, guess: nearest(ref, choices) });
  }
  const inUse = new Set(partitions.length === 0 ? [] : [...refs].map((ref) => partitionOf(pathOf(ref))));
  for (const name of partitions) {
    if (!inUse.has(name)) notes.push({ what: `partitions [${name}]`, guess: nearest(name, inUse) });
  }
  if (poolMembers !== undefined && !isOfUse(poolMembers, scope, refs)) {
    const pools = [...refs].flatMap((ref) => (kindOf(ref) === 'pool' ? [pathOf(ref)] : []));
    const guess = refs.has(refOf('pool', poolMembers)) ? undefined : nearest(poolMembers, pools);
    notes.push({ what: `pool-members of ${poolMembers}`, guess });
  }
  return notes;
}

/** Whether members of a pool are wanted or there, or another clause lets in the pool as a whole. */
function isOfUse(pool: FullPath, scope: Scope, refs: ReadonlySet<Ref>): boolean {
  const holder = refOf('pool', pool);
  return (refs.has(holder) && allows(scope, holder)) || [...refs].some((ref) => holderOf(ref) === holder);
}
