import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Change, Plan, Withheld } from '../plan/plan.ts';

/** A plan for one device, with what a person wants to know beside it. */
export interface PlanView {
  /** The name of the target. */
  readonly target: string;
  readonly plan: Plan;
  readonly diagnostics: readonly Diagnostic[];
  /** Objects that are wanted. */
  readonly desired: number;
  /** What alone may be written, in words, and how many wanted objects are outside of it; left out: everything may be. */
  readonly scope?: { readonly text: string; readonly outside: number };
  /** False if a source could not be read whole. */
  readonly complete: boolean;
  /** The sources that could not be read whole. */
  readonly stale?: readonly string[];
}

/** How much there is to do. */
export interface PlanCounts {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly units: number;
  readonly withheld: number;
}

/** Counts what a plan does. */
export function countPlan(plan: Plan): PlanCounts {
  const ops = plan.units.flatMap((unit) => unit.changes.map(({ op }) => op));
  const count = (wanted: Change['op']): number => ops.filter((op) => op === wanted).length;
  return {
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    units: plan.units.length,
    withheld: plan.withheld.length,
  };
}

/** How much of a fingerprint is shown to people; `apply --plan` accepts as little. */
export const SHORT_FINGERPRINT = 16;

/** `Plan: 3 to create, 1 to update, 0 to delete in 2 units; 1 withheld; fingerprint 0123456789abcdef`. */
export function summaryLine({
  plan,
  desired,
  complete,
}: Pick<PlanView, 'plan' | 'desired'> & Partial<Pick<PlanView, 'complete'>>): string {
  const counts = countPlan(plan);
  const withheld = counts.withheld === 0 ? '' : `; ${counts.withheld} withheld`;
  if (counts.units === 0) {
    const read = complete === false ? ' with what could be read' : '';
    return `Nothing to do${read}: ${plural(desired, 'object')} wanted${withheld}`;
  }
  const changes = `${counts.create} to create, ${counts.update} to update, ${counts.delete} to delete`;
  const fingerprint = plan.fingerprint.slice(0, SHORT_FINGERPRINT);
  return `Plan: ${changes} in ${plural(counts.units, 'unit')}${withheld}; fingerprint ${fingerprint}`;
}

/** `1 unit`, `2 units`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The diagnostics that the withheld section does not already tell. */
export function otherDiagnostics({ plan, diagnostics }: PlanView): readonly Diagnostic[] {
  const told = new Set(plan.withheld.map(({ diagnostic }: Withheld) => `${diagnostic.code} ${diagnostic.summary}`));
  return diagnostics.filter(({ code, summary }) => !told.has(`${code} ${summary}`));
}

/** What a person must know of a plan from sources that could not be read whole; empty if they could. */
export function incompleteLine({ complete, stale = [] }: Pick<PlanView, 'complete' | 'stale'>): string {
  const named = stale.length === 0 ? '' : ` (${stale.join(', ')})`;
  return complete
    ? ''
    : `Not every source could be read whole${named}: nothing of those is deleted, and there may be more to do.`;
}

/** `Only pool-members of /Common/web: 2 wanted objects are out of scope and left as they are.`; empty without a scope. */
export function scopeLine({ scope }: Pick<PlanView, 'scope'>): string {
  if (scope === undefined) return '';
  if (scope.outside === 0) return `Only ${scope.text}.`;
  const [noun, verb] = scope.outside === 1 ? ['object is', 'it is'] : ['objects are', 'they are'];
  return `Only ${scope.text}: ${scope.outside} wanted ${noun} out of scope and left as ${verb}.`;
}
