import { monitorEventLoopDelay } from 'node:perf_hooks';
import { makeLanes } from '../src/cli/assemble.ts';
import type { Lane } from '../src/cli/assemble.ts';
import { createLog } from '../src/cli/log.ts';
import { saveMemory } from '../src/cli/save-memory.ts';
import { loadConfig } from '../src/config/load.ts';
import type { Config } from '../src/config/schema.ts';
import { runController } from '../src/sync/controller.ts';
import type { SyncEvent } from '../src/sync/options.ts';
import type { FairleadMessage, FairleadOrder, Totals } from './messages.ts';
import { peakRssMiB } from './peak-memory.ts';

/** Milliseconds between two looks at the event loop, which Node counts as delay. */
const RESOLUTION_MS = 5;
/** Plans with more changes do not name them: only changes are looked for by name. */
const NAMED = 50;

type Cycle = Extract<SyncEvent, { readonly type: 'cycle' }>;

/**
 * Fairlead as `fairlead run` makes it, from a config file (`argv`), with its measurements sent to the bench. Ends when it
 * is told to, or when the bench is gone.
 */
async function main(configFile: string): Promise<void> {
  saveMemory();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const { config, diagnostics } = await loadConfig(configFile);
  if (config === undefined) throw new Error(diagnostics.map(({ summary }) => summary).join('\n'));
  const stop = new AbortController();
  const log = createLog({ level: 'error', format: 'text', out: process.stderr });
  const [lane] = await makeLanes(config, { log, env: process.env, signal: stop.signal });
  if (lane === undefined) throw new Error(`${configFile}: no target`);
  const totals = (): Totals => totalsOf(lane, Math.max(0, delay.max / 1e6 - RESOLUTION_MS));
  process.on('message', ({ type }: FairleadOrder) => {
    if (type === 'mark') delay.reset();
    else stop.abort();
  });
  // Without a bench there is nobody to finish the cycle for.
  process.on('disconnect', () => process.exit());
  tellOfSaves(lane, totals);
  // Loading the program is not what is measured.
  delay.reset();
  await follow({ config, lane, totals, signal: stop.signal });
  await lane.close();
}

async function follow(run: {
  readonly config: Config;
  readonly lane: Lane;
  readonly totals: () => Totals;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { driftInterval, settle, idle, retry } = run.config.run;
  await runController({
    ...run.lane.options,
    signal: run.signal,
    driftIntervalMs: driftInterval,
    settleMs: settle,
    idleMs: idle,
    retryMs: { first: retry.initial, longest: retry.max },
    onEvent: (event) => {
      if (event.type === 'cycle') tell(cycleMessage(event, run.totals()));
      if (event.type === 'unavailable') tell({ type: 'failed', message: event.message });
    },
  });
}

function cycleMessage({ planned, applied, ownMs, counters }: Cycle, totals: Totals): FairleadMessage {
  const reports = applied?.reports ?? [];
  const changes = planned.units.flatMap((unit) => unit.changes);
  const refused = reports.filter(({ state }) => state === 'refused').length;
  return {
    type: 'cycle',
    units: planned.units.length,
    refused,
    unsettled: reports.filter(({ state }) => state !== 'done').length - refused,
    refs: changes.length > NAMED ? [] : changes.map(({ ref }) => ref),
    requests: applied?.requests ?? 0,
    writes: applied?.writes ?? 0,
    ownMs,
    counters,
    totals,
  };
}

function totalsOf({ options }: Lane, loopDelayMs: number): Totals {
  const { requests, writes, bytesSent, bytesReceived } = options.target.counters;
  return { requests, writes, bytes: bytesSent + bytesReceived, peakRssMiB: peakRssMiB(), loopDelayMs };
}

/** The run tells nobody when it is idle and has saved; the bench waits for that. */
function tellOfSaves({ options: { target } }: Lane, totals: () => Totals): void {
  const save = target.save.bind(target);
  target.save = async (options) => {
    await save(options);
    tell({ type: 'saved', totals: totals() });
  };
}

function tell(message: FairleadMessage): void {
  if (process.connected) process.send?.(message);
}

main(process.argv[2] ?? 'fairlead.yaml')
  .catch((error: unknown) => {
    tell({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.exitCode = 1;
  })
  .finally(() => {
    if (process.connected) process.disconnect();
  });
