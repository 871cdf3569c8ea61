import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';
import { redactFailure, type TargetFailure } from './plan-document.ts';
import { redactDiagnostic } from './diagnostics-text.ts';
import { redact } from './redact.ts';

/** What became of one unit (the shape of a target's report, as far as people are told). */
export interface UnitOutcome {
  readonly unit: string;
  readonly state: 'done' | 'refused' | 'stale' | 'unknown';
  readonly blame?: {
    readonly ref?: Ref;
    readonly origins: readonly OriginKey[];
    readonly status: number;
    readonly message: string;
  };
  readonly diagnostics: readonly Diagnostic[];
}

/** What an apply to one device did. */
export interface ApplyView {
  readonly target: string;
  readonly fingerprint: string;
  readonly reports: readonly UnitOutcome[];
  readonly diagnostics: readonly Diagnostic[];
  readonly requests: number;
  readonly writes: number;
}

/** The name and version of the JSON form of results. */
const APPLY_FORMAT = 'fairlead.apply/v1';

/** Units by what became of them. */
export function countStates(reports: readonly UnitOutcome[]): Readonly<Record<UnitOutcome['state'], number>> {
  const count = (state: UnitOutcome['state']): number => reports.filter((report) => report.state === state).length;
  return { done: count('done'), refused: count('refused'), stale: count('stale'), unknown: count('unknown') };
}

/** Results as JSON: what `apply --output json` prints. */
export function applyDocument(views: readonly ApplyView[], failed: readonly TargetFailure[] = []): unknown {
  return { format: APPLY_FORMAT, results: views.map(resultDocument), failed: failed.map(redactFailure) };
}

function resultDocument({ target, fingerprint, reports, diagnostics, requests, writes }: ApplyView): unknown {
  return {
    target,
    fingerprint,
    summary: countStates(reports),
    requests,
    writes,
    units: reports.map(unitDocument),
    diagnostics: diagnostics.map(redactDiagnostic),
  };
}

/** One unit's outcome as JSON, without anything that looks like a credential. */
export function unitDocument({ unit, state, blame, diagnostics }: UnitOutcome): unknown {
  return {
    unit,
    state,
    ...(blame === undefined ? {} : { blame: { ...blame, message: redact(blame.message) } }),
    diagnostics: diagnostics.map(redactDiagnostic),
  };
}
