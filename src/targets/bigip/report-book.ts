import type { Ref } from '../../ir/ref.ts';
import type { PlanUnit } from '../../plan/plan.ts';
import type { Actual } from '../../plan/snapshot.ts';
import type { UnitReport } from '../target.ts';

/**
 * Reports as they come in, given back in the order of the units. A refused batch is taken apart, so that units may be carried
 * out in another order than they were given in; where two of them say something of one object (the node that one lets go of
 * and another's members bring along again), what was said last holds in both.
 */
export class ReportBook {
  readonly #units: readonly PlanUnit[];
  readonly #reports = new Map<string, UnitReport>();
  readonly #latest = new Map<Ref, Actual | undefined>();

  constructor(units: readonly PlanUnit[]) {
    this.#units = units;
  }

  /** How many units are reported. */
  get size(): number {
    return this.#reports.size;
  }

  add(report: UnitReport): void {
    this.#reports.set(report.unit, report);
    for (const [ref, actual] of report.actual) this.#latest.set(ref, actual);
  }

  inOrder(): readonly UnitReport[] {
    return this.#units.flatMap(({ id }) => {
      const report = this.#reports.get(id);
      return report === undefined ? [] : { ...report, actual: this.#settled(report.actual) };
    });
  }

  #settled(actual: UnitReport['actual']): UnitReport['actual'] {
    return new Map([...actual.keys()].map((ref) => [ref, this.#latest.get(ref)]));
  }
}
