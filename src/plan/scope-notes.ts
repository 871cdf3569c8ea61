import type { Scope, ScopeClause } from './scope.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Ref } from '../ir/ref.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { descriptorOf } from '../ir/objects.ts';
import { kindOf, partitionOf, pathOf, refOf } from '../ir/ref.ts';

/**
 * Names in a scope that let nothing in, because no source gives and the device does not have what they name: a slip of the
 * pen would pass for "nothing to do".
 * @param known all that is wanted or there.
 */
export function notesOnNames(scope: Scope | undefined, known: Iterable<Ref>): readonly Diagnostic[] {
  const clauses = scope?.lists.flat() ?? [];
  if (clauses.every(({ kinds, partitions }) => kinds !== undefined && partitions === undefined)) return [];
  const refs = new Set(known);
  const notes = clauses.flatMap((clause) => noteOnClause(clause, refs));
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

function noteOnClause({ poolMembers, objects = [], partitions = [] }: ScopeClause, refs: ReadonlySet<Ref>): Note[] {
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
  const holder = poolMembers === undefined ? undefined : refOf('pool', poolMembers);
  if (holder !== undefined && ![...refs].some((ref) => isIn(holder, ref))) {
    notes.push({ what: `pool-members of ${poolMembers}`, guess: undefined });
  }
  return notes;
}

function isIn(holder: Ref, ref: Ref): boolean {
  return descriptorOf(kindOf(ref)).within?.(pathOf(ref)) === holder;
}
