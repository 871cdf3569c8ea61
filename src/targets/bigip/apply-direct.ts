import type { RestRequest } from './request.ts';
import type { Answer } from './client/io.ts';
import type { Job, Work } from './work.ts';
import { pathOf } from '../../ir/ref.ts';
import { namedPaths } from './blame.ts';
import { RestError, UnknownOutcome } from './client/errors.ts';
import { judge } from './client/verdict.ts';
import { doneAsFound, doneAsSent } from './done.ts';
import { refusedReport, unknownReport } from './reports.ts';
import { resolveByReading } from './resolve.ts';
import { bringFiles, removeFiles } from './uploads.ts';

/**
 * A unit of one request is sent by itself: a transaction would cost two requests more, and would mix its refusal with
 * that of others.
 */
export async function applyDirect(work: Work, job: Job): Promise<void> {
  const [request] = job.requests;
  if (request === undefined) return work.report(doneAsSent(work, job));
  if (request.upload === undefined) return settleAnswer(work, job, request);
  try {
    const brought = await bringFiles(work, job.requests);
    if (brought.kind === 'refused') return work.report(refusedReport(job.unit, brought.refusal));
    if (brought.kind === 'lost') return work.report(unknownReport(job.unit, brought.reason));
    return await settleAnswer(work, job, request);
  } finally {
    await removeFiles(work, job.requests);
  }
}

async function settleAnswer(work: Work, job: Job, request: RestRequest): Promise<void> {
  const answer = await sendOrResolve(work, job, request);
  if (answer === undefined) return undefined;
  if (judge(answer) === 'ok' || isGoneAlready(request, answer, job)) {
    return work.report(doneAsSent(work, job));
  }
  if (request.optional === true) {
    return work.report(doneAsSent(work, { ...job, dropped: new Set([...job.dropped, request.ref]) }));
  }
  const { status, message } = answer;
  return work.report(refusedReport(job.unit, { status, message, request }));
}

/** The device's answer; undefined if there was none, and the unit is reported. */
async function sendOrResolve(work: Work, job: Job, request: RestRequest): Promise<Answer | undefined> {
  let last: UnknownOutcome | undefined;
  // The second time only after reading showed that the first did nothing.
  for (let time = 0; time < 2; time += 1) {
    const { answer, error } = await send(work, request);
    if (error === undefined) return answer;
    last = error;
    const standing = await standingAfter(work, job, error);
    if (standing === 'applied') return undefined;
    if (standing === 'other') break;
    // A refusal that reading confirms: it did not make it after all.
    if (answer !== undefined) return answer;
  }
  work.report(unknownReport(job.unit, last?.message ?? ''));
  return undefined;
}

/** Reports the unit if reading shows that it is in force. */
async function standingAfter(work: Work, job: Job, error: UnknownOutcome): Promise<'applied' | 'unapplied' | 'other'> {
  try {
    const { found, standings } = await resolveByReading(work, [job], error);
    const standing = standings.get(job) ?? 'other';
    if (standing === 'applied') {
      work.report(doneAsFound(work, job, found));
    }
    return standing;
  } catch (failure) {
    if (failure instanceof RestError) return 'other';
    throw failure;
  }
}

async function send(
  work: Work,
  request: RestRequest,
): Promise<{ readonly answer?: Answer; readonly error?: UnknownOutcome }> {
  try {
    const answer = await work.channel.send(request);
    return saysMissingThoughMade(request, answer) ? { answer, error: doubt(request, answer) } : { answer };
  } catch (error) {
    if (error instanceof UnknownOutcome) return { error };
    throw error;
  }
}

/**
 * Old TMOS answers some POSTs with 404 although it made the object (facts 7.2: a member in a partition with a route
 * domain of its own). A reference that is missing has an mcpd code.
 */
function saysMissingThoughMade(request: RestRequest, answer: Answer): boolean {
  return request.method === 'POST' && judge(answer) === 'missing' && !/\b[0-9a-f]{8}:\d:/.test(answer.message);
}

function doubt(request: RestRequest, answer: Answer): UnknownOutcome {
  return new UnknownOutcome(`POST ${request.path}: ${answer.status} ${answer.message}`, { mayStillRun: false });
}

/** 404 on DELETE: it is gone, as wanted; unless it is the object around it (a member's pool) that is gone. */
function isGoneAlready(request: RestRequest, answer: Answer, { unit }: Job): boolean {
  if (request.method !== 'DELETE' || judge(answer) !== 'missing') return false;
  const change = unit.changes.find(({ ref }) => ref === request.ref);
  return change?.op === 'delete' || !namedPaths(answer.message).includes(pathOf(request.ref));
}
