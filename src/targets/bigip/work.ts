import type { Ref } from '../../ir/ref.ts';
import type { PlanUnit } from '../../plan/plan.ts';
import type { Snapshot } from '../../plan/snapshot.ts';
import type { UnitReport } from '../target.ts';
import type { Channel } from './client/io.ts';
import type { Settings } from './client/options.ts';
import type { RestRequest } from './request.ts';
import type { Found } from './standing.ts';

/** One unit on its way to the device. */
export interface Job {
  readonly unit: PlanUnit;
  /** In the order to send. */
  readonly requests: readonly RestRequest[];
  /** The objects of optional requests that were given up. */
  readonly dropped: ReadonlySet<Ref>;
  /** It was refused without a word about what it can do without, and is tried once more as a whole. */
  readonly again?: true;
}

/** What applying units works with. */
export interface Work {
  readonly settings: Settings;
  readonly channel: Channel;
  /** What the plan assumed. */
  readonly snapshot: Snapshot;
  /** Reads objects again. */
  readonly readSome: (refs: readonly Ref[]) => Promise<Found>;
  /** A short-lived channel for tidying up, independent of the work's signal. */
  readonly cleaner: () => Channel;
  /** Units in a row whose transaction never got through. */
  strikes: number;
  /** Called once for each unit. */
  readonly report: (report: UnitReport) => void;
}

/**
 * What is left of a job when the device refuses it: the optional requests that its message names are given up, or else
 * all of them.
 * @returns undefined if no request is optional.
 */
export function withoutOptional(job: Job, isNamed: (ref: Ref) => boolean): Job | undefined {
  const optional = job.requests.filter((request) => request.optional === true);
  if (optional.length === 0) return undefined;
  const named = optional.filter(({ ref }) => isNamed(ref));
  const given = new Set((named.length > 0 ? named : optional).map(({ ref }) => ref));
  return {
    unit: job.unit,
    requests: job.requests.filter(({ ref, optional }) => optional !== true || !given.has(ref)),
    dropped: new Set([...job.dropped, ...given]),
  };
}
