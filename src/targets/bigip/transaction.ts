import type { Refusal } from './blame.ts';
import type { Answer, Channel } from './client/io.ts';
import type { Json, RestRequest } from './request.ts';
import { RestError, UnknownOutcome } from './client/errors.ts';
import { judge } from './client/verdict.ts';

/** How a transaction ended. */
export type TransactionEnd =
  | { readonly kind: 'committed' }
  /** Nothing of it is in force. `everyone`: no request is to blame, the transaction itself is refused. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly everyone?: true }
  /** It was never committed, and can be made anew. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** Committed or not: read. */
  | { readonly kind: 'unknown'; readonly error: UnknownOutcome };

/** The longest that the device works on a commit (`executionTimeout`), and some. */
const LONGEST_COMMIT_MS = 330_000;
const TRANSACTIONS = '/mgmt/tm/transaction';

/**
 * Sends requests as one transaction: all of them come into force, or none. Commands are queued one by one, because the
 * device evaluates them in the order of arrival (`evalOrder`).
 * @param cleaner gives a channel for abandoning: short-lived and independent of the work's signal.
 * @throws {TargetUnavailable} the device stays away; the signal's reason.
 */
export async function runTransaction(
  channel: Channel,
  requests: readonly RestRequest[],
  cleaner: () => Channel,
): Promise<TransactionEnd> {
  const opened = await begin(channel);
  if (typeof opened !== 'string') return opened;
  let open = true;
  try {
    const stopped = await fill(channel, requests, opened);
    if (stopped !== undefined) return stopped;
    const { end, state } = await commit(channel, opened);
    // A commit ends the transaction, refused or not; one that never arrived leaves it open.
    open = state === 'STARTED';
    return end;
  } finally {
    if (open) await abandon(cleaner(), opened);
  }
}

async function begin(channel: Channel): Promise<string | TransactionEnd> {
  const answer = await attempt(() => channel.command({ method: 'POST', path: TRANSACTIONS, body: {} }));
  if (answer instanceof UnknownOutcome) return { kind: 'lost', reason: answer.message };
  const id = answer.body?.['transId'];
  if (judge(answer) !== 'ok') return { kind: 'refused', refusal: refusalOf(answer), everyone: true };
  if (typeof id !== 'number' && typeof id !== 'string') return { kind: 'lost', reason: 'the answer holds no transId' };
  return String(id);
}

/** Undefined: all is queued. */
async function fill(
  channel: Channel,
  requests: readonly RestRequest[],
  id: string,
): Promise<TransactionEnd | undefined> {
  for (const request of requests) {
    const answer = await attempt(() => channel.send(request, id));
    if (answer instanceof UnknownOutcome) return { kind: 'lost', reason: answer.message };
    if (judge(answer) === 'ok') continue;
    if (isGone(answer)) return { kind: 'lost', reason: `the transaction has expired (${answer.message})` };
    return { kind: 'refused', refusal: { ...refusalOf(answer), request } };
  }
  return undefined;
}

/** How the commit ended, and the state that the transaction was last seen in. */
interface Commit {
  readonly end: TransactionEnd;
  readonly state?: unknown;
}

async function commit(channel: Channel, id: string): Promise<Commit> {
  const path = `${TRANSACTIONS}/${id}`;
  const answer = await attempt(() => channel.command({ method: 'PATCH', path, body: { state: 'VALIDATING' } }));
  if (answer instanceof UnknownOutcome) return settle(channel, id, answer);
  if (judge(answer) !== 'ok') {
    if (isGone(answer)) return { end: { kind: 'lost', reason: `the transaction has expired (${answer.message})` } };
    return { end: { kind: 'refused', refusal: refusalOf(answer) } };
  }
  const error = new UnknownOutcome('the commit was accepted, and is not done yet', { mayStillRun: true });
  return readState(answer.body) ?? settle(channel, id, error);
}

/** Asks the transaction itself how it went, while it says that it is still at work. */
async function settle(channel: Channel, id: string, error: UnknownOutcome): Promise<Commit> {
  let pauseMs = 250;
  let state: unknown;
  for (let waitedMs = 0; waitedMs < LONGEST_COMMIT_MS; waitedMs += pauseMs, pauseMs = Math.min(pauseMs * 2, 5000)) {
    const body = await channel.get(`${TRANSACTIONS}/${id}`).catch(ignoreRefusal);
    const known = readState(body);
    if (known !== undefined) return known;
    state = body?.['state'];
    if (state !== 'VALIDATING' && state !== 'UNKNOWN') break;
    await channel.pause(pauseMs);
  }
  return { end: { kind: 'unknown', error }, state };
}

/** What the transaction itself says of its end; undefined if it says nothing that settles it. */
function readState(body: Json | undefined): Commit | undefined {
  if (body?.['state'] === 'COMPLETED') return { end: { kind: 'committed' } };
  const message = body?.['failureReason'];
  if (body?.['state'] !== 'FAILED' || typeof message !== 'string' || message === '') return undefined;
  return { end: { kind: 'refused', refusal: { status: 400, message } } };
}

/** Best effort: the device removes it by itself after 120 s. */
async function abandon(channel: Channel, id: string): Promise<void> {
  await channel.command({ method: 'DELETE', path: `${TRANSACTIONS}/${id}` }).catch(() => undefined);
}

async function attempt(send: () => Promise<Answer>): Promise<Answer | UnknownOutcome> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof UnknownOutcome) return error;
    throw error;
  }
}

function ignoreRefusal(error: unknown): undefined {
  if (error instanceof RestError) return undefined;
  throw error;
}

function refusalOf(answer: Answer): Refusal {
  return { status: answer.status, message: answer.message };
}

/** `Missing transaction ID for this call.`, or the transaction is not found; not the refusal of a command. */
function isGone(answer: Answer): boolean {
  return answer.status === 404 && /transaction/i.test(answer.message) && !/transaction failed:/i.test(answer.message);
}
