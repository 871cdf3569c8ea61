import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Ref } from '../../ir/ref.ts';
import type { PlanUnit } from '../../plan/plan.ts';
import type { Actual } from '../../plan/snapshot.ts';
import type { UnitReport } from '../target.ts';
import type { Refusal } from './blame.ts';
import { descriptorOf } from '../../ir/objects.ts';
import { kindOf, pathOf } from '../../ir/ref.ts';
import { blameOf, isStale, ownWords } from './blame.ts';

const NOTHING: ReadonlyMap<Ref, Actual | undefined> = new Map();

/** The device confirmed it, or reading did. */
export function doneReport(unit: PlanUnit, actual: ReadonlyMap<Ref, Actual | undefined>): UnitReport {
  return { unit: unit.id, state: 'done', actual, diagnostics: [] };
}

/** The device said no to the unit alone: `refused` with blame, or `stale` if the plan was made for another world. */
export function refusedReport(unit: PlanUnit, refusal: Refusal): UnitReport {
  if (isStale(unit, refusal)) {
    return staleReport(unit, 'is not on the device as it was when the plan was made', refusal.message);
  }
  const blame = blameOf(unit, refusal);
  const [origin] = blame.origins;
  const diagnostic = {
    ...(origin === undefined ? {} : { origin }),
    code: 'device-refused',
    severity: 'error',
    summary: `the device refused ${describe(blame.ref ?? unit.changes[0]?.ref)} (HTTP ${blame.status})`,
    detail: blame.message,
  } as const;
  return { ...withDiagnostic(unit, 'refused', diagnostic), blame };
}

/** The unit is to be planned again: `what` is said of its first object, `words` are the device's. */
export function staleReport(unit: PlanUnit, what: string, words: string): UnitReport {
  return withDiagnostic(unit, 'stale', {
    code: 'device-changed',
    severity: 'info',
    summary: `${describe(unit.changes[0]?.ref)} ${what}`,
    detail: ownWords(words),
  });
}

/** Neither an answer nor a read could tell. */
export function unknownReport(unit: PlanUnit, reason: string): UnitReport {
  const summary = `it is not known whether ${describe(unit.changes[0]?.ref)} was written; it is read again`;
  return withDiagnostic(unit, 'unknown', { code: 'outcome-unknown', severity: 'warning', summary, detail: reason });
}

function withDiagnostic(unit: PlanUnit, state: UnitReport['state'], diagnostic: Diagnostic): UnitReport {
  const [origin] = unit.origins;
  const placed = origin === undefined ? diagnostic : { origin, ...diagnostic };
  return { unit: unit.id, state, actual: NOTHING, diagnostics: [placed] };
}

function describe(ref: Ref | undefined): string {
  return ref === undefined ? 'the change' : `${descriptorOf(kindOf(ref)).noun} ${pathOf(ref)}`;
}
