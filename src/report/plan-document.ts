import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { FullPath, Ref } from '../ir/ref.ts';
import type { Change, PlanUnit, Withheld } from '../plan/plan.ts';
import type { ChangeRow } from './change-rows.ts';
import type { PlanCounts, PlanView } from './plan-view.ts';
import { kindOf, pathOf } from '../ir/ref.ts';
import { rowsOf } from './change-rows.ts';
import { redactDiagnostic } from './diagnostics-text.ts';
import { countPlan } from './plan-view.ts';
import { redact } from './redact.ts';

/** The name and version of the JSON form of plans. A change that breaks readers gives a new version. */
export const PLAN_FORMAT = 'fairlead.plan/v1';

/** Plans as JSON: what `plan --output json` prints, `plan --out` writes, and `apply --plan` reads. */
export interface PlanDocument {
  readonly format: typeof PLAN_FORMAT;
  readonly plans: readonly TargetPlanDocument[];
  /** Targets that could not be planned for. */
  readonly failed: readonly TargetFailure[];
}

/** Why there is nothing of a target. */
export interface TargetFailure {
  readonly target: string;
  readonly message: string;
}

/** The plan for one target. */
export interface TargetPlanDocument {
  readonly target: string;
  readonly fingerprint: string;
  /** False: a source could not be read whole, and nothing of it is deleted. */
  readonly complete: boolean;
  readonly stale: readonly string[];
  /** Objects that are wanted. */
  readonly desired: number;
  /** What alone may be written; left out: everything may be. */
  readonly only?: string;
  /** Objects that are wanted and out of scope, with `only`. */
  readonly outOfScope?: number;
  readonly summary: PlanCounts;
  readonly units: readonly UnitDocument[];
  readonly withheld: readonly WithheldDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Changes that succeed or fail together. */
interface UnitDocument {
  readonly id: string;
  readonly wave: number;
  readonly origins: readonly OriginKey[];
  readonly changes: readonly ChangeDocument[];
}

/** One object that changes. */
export interface ChangeDocument {
  readonly op: Change['op'];
  readonly ref: Ref;
  readonly kind: string;
  readonly path: FullPath;
  readonly origins: readonly OriginKey[];
  readonly adopts?: true;
  readonly optional?: true;
  readonly fields: readonly FieldDocument[];
}

/** One field, or one item of a list with keys. `null`: not set. */
interface FieldDocument {
  readonly field: string;
  readonly item?: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** A change that is not made. */
interface WithheldDocument {
  readonly ref: Ref;
  readonly reason: Withheld['reason'];
  readonly origins: readonly OriginKey[];
  readonly diagnostic: Diagnostic;
}

/** The JSON form of plans, one per target. */
export function planDocument(views: readonly PlanView[], failed: readonly TargetFailure[] = []): PlanDocument {
  return { format: PLAN_FORMAT, plans: views.map(targetDocument), failed: failed.map(redactFailure) };
}

/** The failure without anything that looks like a credential. */
export function redactFailure({ target, message }: TargetFailure): TargetFailure {
  return { target, message: redact(message) };
}

function targetDocument({
  target,
  plan,
  complete,
  stale = [],
  desired,
  scope,
  diagnostics,
}: PlanView): TargetPlanDocument {
  return {
    target,
    fingerprint: plan.fingerprint,
    complete,
    stale,
    desired,
    ...(scope === undefined ? {} : { only: scope.text, outOfScope: scope.outside }),
    summary: countPlan(plan),
    units: plan.units.map(unitDocument),
    withheld: plan.withheld.map(({ ref, reason, origins, diagnostic }) => ({
      ref,
      reason,
      origins,
      diagnostic: redactDiagnostic(diagnostic),
    })),
    diagnostics: diagnostics.map(redactDiagnostic),
  };
}

function unitDocument({ id, wave, origins, changes }: PlanUnit): UnitDocument {
  return { id, wave, origins, changes: changes.map(changeDocument) };
}

function changeDocument(change: Change): ChangeDocument {
  const { op, ref, origins } = change;
  return {
    op,
    ref,
    kind: kindOf(ref),
    path: pathOf(ref),
    origins,
    ...(change.op === 'update' && change.adopts === true ? { adopts: true } : {}),
    ...(change.op === 'delete' && change.optional === true ? { optional: true } : {}),
    fields: rowsOf(change).map(fieldDocument),
  };
}

function fieldDocument({ field, item, from, to }: ChangeRow): FieldDocument {
  return { field, ...(item === undefined ? {} : { item }), from: from ?? null, to: to ?? null };
}
