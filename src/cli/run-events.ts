import type { Logger } from 'pino';
import type { Applied, SyncEvent } from '../sync/options.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { describeOrigin } from '../ir/origin.ts';
import { countStates, unitDocument } from '../report/apply-view.ts';
import { redactDiagnostic } from '../report/diagnostics-text.ts';
import { countPlan, summaryLine } from '../report/plan-view.ts';
import { redact } from '../report/redact.ts';

/** The name and version of the JSON form of events: one object a line. */
const EVENT_FORMAT = 'fairlead.event/v1';

/** An event of the continuous run as one JSON object, for `run --output json`. */
export function eventDocument(target: string, event: SyncEvent): Readonly<Record<string, unknown>> {
  return { format: EVENT_FORMAT, target, ...bodyOf(event) };
}

function bodyOf(event: SyncEvent): Readonly<Record<string, unknown>> {
  if (event.type === 'problem') return { type: event.type, diagnostic: redactDiagnostic(event.diagnostic) };
  if (event.type === 'unavailable') return { ...event, message: redact(event.message) };
  if (event.type === 'started') return { ...event };
  const { type, reason, planned, applied, ownMs, counters } = event;
  const plan = { fingerprint: planned.fingerprint, summary: countPlan(planned) };
  return { type, reason, plan, ...(applied === undefined ? {} : { applied: appliedBody(applied) }), ownMs, counters };
}

function appliedBody({ reports, requests, writes }: Applied): Readonly<Record<string, unknown>> {
  return { summary: countStates(reports), requests, writes, units: reports.map(unitDocument) };
}

/** Puts an event of the continuous run into the log. */
export function logEvent(log: Logger, target: string, event: SyncEvent): void {
  if (event.type === 'started') {
    const { objects, complete } = event;
    log.info(
      { target, objects, complete },
      complete ? 'following the sources' : 'following the sources, not all complete',
    );
  } else if (event.type === 'unavailable') {
    log.warn({ target, retryInMs: event.retryInMs }, event.message);
  } else if (event.type === 'problem') {
    logDiagnostic(log, target, event.diagnostic);
  } else {
    logCycle(log, target, event);
  }
}

const LEVELS = { error: 'error', warning: 'warn', info: 'info' } as const;

function logDiagnostic(log: Logger, target: string, diagnostic: Diagnostic): void {
  const { severity, code, summary, detail, origin, field } = diagnostic;
  // The unit's own line tells it, with status and unit.
  const level = code === 'device-refused' ? 'debug' : LEVELS[severity];
  log[level]({ target, code, origin, field, detail }, summary);
}

/** A cycle that did nothing is only of interest to those who look for it. */
function logCycle(log: Logger, target: string, event: Extract<SyncEvent, { readonly type: 'cycle' }>): void {
  const { reason, planned, applied, ownMs, counters } = event;
  const fields = { target, reason, ownMs: Math.round(ownMs * 10) / 10, ...counters };
  if (applied === undefined || planned.units.length === 0) {
    log.debug(fields, 'in step');
    return;
  }
  const { reports, writes } = applied;
  log.info({ ...fields, ...countStates(reports), writes }, summaryLine({ plan: planned, desired: 0 }));
  for (const { unit, state, blame } of reports) {
    if (state === 'done') continue;
    const origins = blame?.origins.map(describeOrigin).join(', ');
    log.error({ target, unit, state, status: blame?.status, origins }, blame?.message ?? `unit is ${state}`);
  }
}
