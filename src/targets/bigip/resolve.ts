import type { UnknownOutcome } from './client/errors.ts';
import type { Found, Standing } from './standing.ts';
import type { Job, Work } from './work.ts';
import { backoff } from './client/patience.ts';
import { refsToRead, standingOf } from './standing.ts';

/** Reads that show nothing yet, before a device that may still be at work is believed to be done. */
const READS = 4;

/** How each job stands, by reading. */
export interface Resolution {
  readonly found: Found;
  readonly standings: ReadonlyMap<Job, Standing>;
}

/**
 * Settles writes of unknown outcome by reading their objects. While the device may still be at work (it gave up waiting
 * for itself), what is not there yet is read again after a pause.
 */
export async function resolveByReading(work: Work, jobs: readonly Job[], error: UnknownOutcome): Promise<Resolution> {
  const { settings, channel } = work;
  const what = jobs.length === 1 ? (jobs[0]?.unit.id ?? '') : `${jobs.length} units`;
  settings.logger({ event: 'unknown-outcome', device: settings.name, what, reason: error.message });
  const refs = [...new Set(jobs.flatMap(({ unit }) => refsToRead(unit)))];
  for (let round = 0; ; round += 1) {
    const found = await work.readSome(refs);
    const standings = new Map(jobs.map((job) => [job, standingOf(job.unit, found)]));
    const settled = [...standings.values()].every((standing) => standing === 'applied');
    if (settled || !error.mayStillRun || round + 1 >= READS) {
      const counts = Object.entries(Object.groupBy(standings.values(), (standing) => standing));
      const text = counts.map(([standing, list]) => `${list.length} ${standing}`).join(', ');
      settings.logger({ event: 'resolved', device: settings.name, what, found: text });
      return { found, standings };
    }
    await channel.pause(backoff(settings, round + 1));
  }
}
