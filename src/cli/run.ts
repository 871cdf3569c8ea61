import type { Logger } from 'pino';
import type { SyncEvent } from '../sync/options.ts';
import type { Lane } from './assemble.ts';
import type { CommonFlags } from './flags.ts';
import type { Deps, Session } from './session.ts';
import { mendable } from '../plan/plan.ts';
import { applyPlanned } from '../sync/apply-planned.ts';
import { type ControllerOptions, runController } from '../sync/controller.ts';
import { planOnce } from '../sync/plan-once.ts';
import { explainError } from './failure.ts';
import { eventDocument, logEvent } from './run-events.ts';
import { EXIT, withLanes } from './session.ts';

/** What `fairlead run` takes. */
export interface RunFlags extends CommonFlags {
  readonly once?: true;
}

/**
 * `fairlead run`: follows the sources and keeps the devices as they want them, until SIGTERM or SIGINT. The first ends it
 * cleanly, a second at once. `--once`: one pass, no question.
 */
export async function runVerb(deps: Deps, flags: RunFlags): Promise<number> {
  deps.io.saveMemory?.();
  return await withLanes({ ...deps, service: true }, flags, async (session, lanes) => {
    const stop = new AbortController();
    const signal = AbortSignal.any([session.signal, stop.signal]);
    const results = await Promise.all(
      lanes.map(async (lane) => {
        try {
          return await (flags.once === true ? runOnce(session, lane) : follow(session, lane, signal));
        } catch (error) {
          if (session.signal.aborted) session.log.warn({ target: lane.name }, 'work under way was cut');
          else logFailure(session.log, lane, error);
          // One that cannot go on ends all: whoever supervises the process sees it and starts it again.
          if (flags.once !== true) stop.abort();
          return false;
        }
      }),
    );
    if (session.signal.aborted) session.log.info('ended by signal');
    return results.every(Boolean) ? EXIT.ok : EXIT.error;
  });
}

async function follow(session: Session, lane: Lane, signal: AbortSignal): Promise<boolean> {
  const { run } = session.config;
  const grace = graceAfter(signal, run.grace);
  try {
    await runController({ ...controllerOptions(session, lane), signal, kill: grace.over });
    return true;
  } finally {
    grace.clear();
  }
}

function controllerOptions(session: Session, lane: Lane): Omit<ControllerOptions, 'signal'> {
  const { run } = session.config;
  return {
    ...lane.options,
    driftIntervalMs: run.driftInterval,
    drift: run.drift,
    settleMs: run.settle,
    idleMs: run.idle,
    retryMs: { first: run.retry.initial, longest: run.retry.max },
    onEvent: (event) => tell(session, lane, event),
  };
}

/** Aborts some time after a signal: whoever stops a process kills it if it does not end, in the middle of something. */
function graceAfter(signal: AbortSignal, ms: number): { readonly over: AbortSignal; readonly clear: () => void } {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    timer = setTimeout(() => over.abort(), ms);
  };
  signal.addEventListener('abort', start, { once: true });
  if (signal.aborted) start();
  return { over: over.signal, clear: () => clearTimeout(timer) };
}

async function runOnce(session: Session, lane: Lane): Promise<boolean> {
  const { signal } = session;
  const { counters } = lane.options.target;
  const started = performance.now();
  const prepared = await planOnce({ ...lane.options, signal });
  const left = mendable(prepared.plan).map(({ diagnostic }) => diagnostic);
  for (const diagnostic of [...prepared.diagnostics, ...left]) tell(session, lane, { type: 'problem', diagnostic });
  tell(session, lane, { type: 'started', objects: prepared.desired, complete: prepared.complete });
  const applied = await applyPlanned(prepared, { signal });
  const waitedMs = lane.options.target.counters.waitedMs - counters.waitedMs;
  const ownMs = performance.now() - started - waitedMs;
  tell(session, lane, {
    type: 'cycle',
    reason: 'start',
    planned: prepared.plan,
    applied,
    ownMs,
    counters: prepared.reconciler.counters,
  });
  for (const diagnostic of applied.diagnostics) tell(session, lane, { type: 'problem', diagnostic });
  return prepared.complete && applied.reports.every(({ state }) => state === 'done');
}

function tell({ flags, io, log }: Session, lane: Lane, event: SyncEvent): void {
  if (flags.output === 'json') io.stdout.write(`${JSON.stringify(eventDocument(lane.name, event))}\n`);
  logEvent(log, lane.name, event);
}

function logFailure(log: Logger, lane: Lane, error: unknown): void {
  log.error({ target: lane.name }, explainError(error, log.isLevelEnabled('debug')));
}
