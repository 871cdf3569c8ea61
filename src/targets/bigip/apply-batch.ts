import type { Refusal } from './blame.ts';
import type { UnknownOutcome } from './client/errors.ts';
import type { Resolution } from './resolve.ts';
import type { RestRequest } from './request.ts';
import type { TransactionEnd } from './transaction.ts';
import type { Job, Work } from './work.ts';
import type { Ref } from '../../ir/ref.ts';
import { pathOf } from '../../ir/ref.ts';
import { TargetUnavailable } from '../target.ts';
import { culpritOf, namedPaths, ownWords } from './blame.ts';
import { RestError } from './client/errors.ts';
import { headline } from './client/words.ts';
import { doneAsFound, doneAsSent } from './done.ts';
import { refusedReport, unknownReport } from './reports.ts';
import { resolveByReading } from './resolve.ts';
import { runTransaction } from './transaction.ts';
import { bringFiles, removeFiles } from './uploads.ts';
import { withoutOptional } from './work.ts';

/** Refusals of one batch that are traced by name; more than that, and halving is cheaper. */
const NAMED_MOST = 3;
/** How often a transaction that got lost, or that reading found undone, is made. */
const TRIES = 3;
/** So many units in a row that never got through: then it is not the units. */
const STRIKES = 3;

/**
 * Applies several units in one transaction. If the device refuses it, nothing of it is in force, and the unit to
 * blame is found: by the objects that the message names, else by halving, until it stands alone.
 * @param named how many units of this batch were found by name already.
 */
export async function applyBatch(work: Work, jobs: readonly Job[], named = 0): Promise<void> {
  const [first] = jobs;
  if (first === undefined) return;
  const open = await commitJobs(work, jobs);
  if (open === undefined) return;
  const { refusal, jobs: left } = open;
  if (refusal === undefined) return lostAgain(work, left, open.reason);
  if (open.everyone === true) return left.forEach(({ unit }) => work.report(refusedReport(unit, refusal)));
  const [only] = left;
  if (left.length === 1 && only !== undefined) return refusedAlone(work, only, refusal);
  const culprit = findCulprit(left, refusal, named);
  tell(work, left, { refusal, next: culprit === undefined ? 'halves' : `without ${culprit.unit.id}` });
  if (culprit === undefined) return applyHalves(work, left);
  const rest = left.filter((job) => job !== culprit);
  await applyBatch(work, rest, named + 1);
  return applyBatch(work, [culprit]);
}

async function applyHalves(work: Work, jobs: readonly Job[]): Promise<void> {
  const half = Math.ceil(jobs.length / 2);
  await applyBatch(work, jobs.slice(0, half));
  await applyBatch(work, jobs.slice(half));
}

/**
 * A transaction that never gets through may hold one unit that the device chokes on: that one must not hold back the
 * others. If several units in a row do not get through alone, it is the device.
 * @throws {TargetUnavailable}
 */
async function lostAgain(work: Work, jobs: readonly Job[], reason: string): Promise<void> {
  const [only] = jobs;
  if (jobs.length > 1 || only === undefined) return applyHalves(work, jobs);
  work.strikes += 1;
  if (work.strikes < STRIKES) return work.report(unknownReport(only.unit, reason));
  const { name } = work.settings;
  throw new TargetUnavailable(`${name}: no transaction gets through: ${headline(reason)}`);
}

function findCulprit(jobs: readonly Job[], refusal: Refusal, named: number): Job | undefined {
  const { request } = refusal;
  if (request !== undefined) return jobs.find(({ requests }) => requests.includes(request));
  return named < NAMED_MOST ? culpritOf(refusal.message, jobs) : undefined;
}

/**
 * A unit that was refused all alone: once more without what it can do without, then the refusal is its own. If the device
 * does not say that this is what it is about, the whole is tried once more first: nodes that are left out when their pool
 * goes are left for good.
 */
async function refusedAlone(work: Work, job: Job, refusal: Refusal): Promise<void> {
  const paths = new Set(namedPaths(refusal.message));
  const isNamed = (ref: Ref): boolean => ref === refusal.request?.ref || paths.has(pathOf(ref));
  const optional = job.requests.filter((request) => request.optional === true);
  const isSilent = optional.length > 0 && !optional.some(({ ref }) => isNamed(ref));
  if (isSilent && job.again !== true) return applyBatch(work, [{ ...job, again: true }]);
  const smaller = withoutOptional(job, isNamed);
  if (smaller === undefined) return work.report(refusedReport(job.unit, refusal));
  if (smaller.requests.length > 0) return applyBatch(work, [smaller]);
  return work.report(doneAsSent(work, smaller));
}

/** What a transaction left open. */
interface Open {
  /** Left out: it never got through. */
  readonly refusal?: Refusal;
  readonly everyone?: boolean;
  readonly reason: string;
  /** Those that are still to do. */
  readonly jobs: readonly Job[];
}

/** Undefined: every job is reported. */
async function commitJobs(work: Work, jobs: readonly Job[]): Promise<Open | undefined> {
  let left = jobs;
  let reason = '';
  for (let time = 0; time < TRIES && left.length > 0; time += 1) {
    const requests = left.flatMap((job) => job.requests);
    const end = await commitWithFiles(work, requests);
    if (end.kind === 'refused' || end.kind === 'committed') work.strikes = 0;
    if (end.kind === 'refused') return { refusal: end.refusal, jobs: left, everyone: end.everyone === true, reason };
    if (end.kind === 'committed') {
      for (const job of left) work.report(doneAsSent(work, job));
      return undefined;
    }
    if (end.kind === 'unknown') left = await undone(work, left, end.error);
    else await untilAnswering(work, end.reason);
    reason = end.kind === 'unknown' ? end.error.message : end.reason;
  }
  return left.length === 0 ? undefined : { jobs: left, reason };
}

/** One transaction, with the files that it needs around it. */
async function commitWithFiles(work: Work, requests: readonly RestRequest[]): Promise<TransactionEnd> {
  try {
    const brought = await bringFiles(work, requests);
    if (brought.kind !== 'brought') return brought;
    return await runTransaction(work.channel, requests, work.cleaner);
  } finally {
    await removeFiles(work, requests);
  }
}

/** The jobs that reading found undone: they are sent again. The others are reported. */
async function undone(work: Work, jobs: readonly Job[], error: UnknownOutcome): Promise<readonly Job[]> {
  const resolution = await readOrGiveUp(work, jobs, error);
  return jobs.filter((job) => {
    const standing = resolution?.standings.get(job) ?? 'other';
    if (standing === 'other') work.report(unknownReport(job.unit, error.message));
    if (standing === 'applied' && resolution !== undefined) work.report(doneAsFound(work, job, resolution.found));
    return standing === 'unapplied';
  });
}

async function readOrGiveUp(work: Work, jobs: readonly Job[], error: UnknownOutcome): Promise<Resolution | undefined> {
  try {
    return await resolveByReading(work, jobs, error);
  } catch (failure) {
    if (failure instanceof RestError) return undefined;
    throw failure;
  }
}

/** A read waits out a restart. Nothing was committed, so there is nothing to look at. */
async function untilAnswering(work: Work, reason: string): Promise<void> {
  const { settings, channel } = work;
  settings.logger({ event: 'unknown-outcome', device: settings.name, what: 'transaction, not committed', reason });
  await channel.get('/mgmt/tm/sys');
}

function tell(work: Work, jobs: readonly Job[], told: { readonly refusal: Refusal; readonly next: string }): void {
  const { name: device, logger } = work.settings;
  const words = headline(ownWords(told.refusal.message));
  logger({ event: 'batch-refused', device, units: jobs.length, status: told.refusal.status, words, next: told.next });
}
