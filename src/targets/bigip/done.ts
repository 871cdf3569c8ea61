import type { UnitReport } from '../target.ts';
import type { Found } from './standing.ts';
import type { Job, Work } from './work.ts';
import { actualAfter } from './after-write.ts';
import { doneReport } from './reports.ts';

/** The device confirmed the job: what was sent is there. */
export function doneAsSent(work: Work, job: Job): UnitReport {
  return doneReport(job.unit, actualAfter(job.unit, work.snapshot, job.dropped));
}

/** No answer came, but reading found the job done: what was read is there. */
export function doneAsFound(work: Work, job: Job, found: Found): UnitReport {
  const actual = new Map(actualAfter(job.unit, work.snapshot, job.dropped));
  for (const ref of actual.keys()) if (found.has(ref)) actual.set(ref, found.get(ref));
  return doneReport(job.unit, actual);
}
