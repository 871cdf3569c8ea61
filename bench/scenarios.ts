import { Cluster, ENDPOINTS } from './cluster.ts';
import type { CycleMessage, FairleadMessage, Totals } from './messages.ts';
import { difference, round, summarise } from './result.ts';
import type { Result, Sample, Scenario } from './result.ts';
import { setStage } from './stage.ts';
import type { Fairlead, Stage } from './stage.ts';

/** A start may take so long: a first synchronisation writes everything. */
const START_MS = 900_000;
/** A change, or an idle run's save. */
const CHANGE_MS = 60_000;
/** Changes that are measured, one after another; fewer where there are many Services. */
const CHANGES = 50;
const CHANGES_OF_MANY = 30;
const MANY = 10_000;

/** How to run the scenarios of one size. */
export interface RunOptions {
  readonly services: number;
  readonly scenarios: readonly Scenario[];
  readonly profiles?: string;
  readonly signal: AbortSignal;
  /** Told what happens now. */
  readonly progress: (text: string) => void;
  /** Told each result as it comes. */
  readonly onResult: (result: Result) => void;
}

/** Runs the scenarios of one size: all but `one-broken` on one device, one after the other. */
export async function runSize(options: RunOptions): Promise<void> {
  const { scenarios, services, progress } = options;
  if (scenarios.some((scenario) => scenario !== 'one-broken')) {
    await onStage(options, false, async (stage) => {
      progress(`${services} Services: first sync`);
      const first = await firstSync(stage, services);
      if (scenarios.includes('first-sync')) options.onResult(first);
      await follow(stage, options);
    });
  }
  if (!scenarios.includes('one-broken')) return;
  progress(`${services} Services: first sync with one broken`);
  await onStage(options, true, async (stage) => options.onResult(await oneBroken(stage, services)));
}

async function onStage(options: RunOptions, broken: boolean, run: (stage: Stage) => Promise<void>): Promise<void> {
  const { services, profiles, signal } = options;
  const stage = await setStage({ services, broken, signal, ...(profiles === undefined ? {} : { profiles }) });
  try {
    await run(stage);
  } finally {
    await stage.close();
  }
}

/** Restart, and the changes that the restarted process follows. */
async function follow(stage: Stage, { services, scenarios, progress, onResult }: RunOptions): Promise<void> {
  if (!scenarios.some((scenario) => ['restart', 'pod-change', 'service-added'].includes(scenario))) return;
  progress(`${services} Services: restart`);
  const fairlead = stage.startFairlead();
  let last = await start(fairlead);
  if (scenarios.includes('restart')) onResult(startResult('restart', services, last));
  const repeat = { count: services < MANY ? CHANGES : CHANGES_OF_MANY, fairlead, services };
  if (scenarios.includes('pod-change')) {
    progress(`${services} Services: ${repeat.count} pod changes`);
    const change = (number: number): string => {
      const key = Cluster.key((number * 7919) % services);
      stage.cluster.replacePod(key);
      return poolOf(key);
    };
    const done = await changes('pod-change', { ...repeat, last, change });
    last = done.last;
    onResult(done.result);
  }
  if (scenarios.includes('service-added')) {
    progress(`${services} Services: ${repeat.count} more, one by one`);
    const change = (): string => poolOf(stage.cluster.addService());
    onResult((await changes('service-added', { ...repeat, last, change })).result);
  }
  await fairlead.stop({ type: 'stop' });
}

async function firstSync(stage: Stage, services: number): Promise<Result> {
  const fairlead = stage.startFairlead();
  const saved = untilSaved(fairlead);
  saved.catch(() => undefined);
  const cycle = await start(fairlead);
  expectEqual(cycle.refused + cycle.unsettled, 0, 'units that were not done');
  const counted = await stage.count();
  expectEqual(counted.virtuals, services, 'virtual servers on the device');
  expectEqual(counted.members, services * ENDPOINTS, 'pool members on the device');
  // What it held while it saved, wrote status and Events, and took in their echo counts, too.
  const { totals } = await saved;
  await fairlead.stop({ type: 'stop' });
  const { peakRssMiB, loopDelayMs } = totals;
  return startResult('first-sync', services, { ...cycle, totals: { ...cycle.totals, peakRssMiB, loopDelayMs } });
}

async function oneBroken(stage: Stage, services: number): Promise<Result> {
  const fairlead = stage.startFairlead();
  const cycle = await start(fairlead);
  expectEqual(cycle.refused, 1, 'units that the device refused');
  expectEqual(cycle.unsettled, 0, 'units that were neither done nor refused');
  expectEqual((await stage.count()).virtuals, services - 1, 'virtual servers on the device');
  await fairlead.stop({ type: 'stop' });
  return startResult('one-broken', services, cycle);
}

async function start(fairlead: Fairlead): Promise<CycleMessage> {
  return fairlead.next(isCycle, { what: 'first cycle', withinMs: START_MS });
}

async function untilSaved(fairlead: Fairlead): Promise<{ readonly totals: Totals }> {
  return fairlead.next((message) => message.type === 'saved', { what: 'save', withinMs: START_MS + CHANGE_MS });
}

function startResult(scenario: Scenario, services: number, { totals, ownMs, counters }: CycleMessage): Result {
  const { requests, writes, bytes, peakRssMiB, loopDelayMs } = totals;
  return {
    scenario,
    services,
    endpoints: services * ENDPOINTS,
    requests,
    writes,
    bytes,
    ownMs: { p50: round(ownMs), p99: round(ownMs) },
    peakRssMiB: round(peakRssMiB),
    loopDelayMs: round(loopDelayMs),
    counters,
  };
}

/** Changes one by one: each waits until the device has the one before. */
async function changes(
  scenario: Scenario,
  run: {
    readonly fairlead: Fairlead;
    readonly services: number;
    readonly count: number;
    /** What Fairlead told last. */
    readonly last: CycleMessage;
    /** Makes the change with this number; gives the object on the device that it must reach. */
    readonly change: (number: number) => string;
  },
): Promise<{ readonly result: Result; readonly last: CycleMessage }> {
  const { fairlead, services } = run;
  const samples: Sample[] = [];
  let { last } = run;
  fairlead.send({ type: 'mark' });
  for (let number = 0; number < run.count; number += 1) {
    let ref = '';
    const reached = fairlead.next(
      (message): message is CycleMessage => isCycle(message) && message.refs.includes(ref),
      {
        what: `cycle of ${scenario} ${number}`,
        withinMs: CHANGE_MS,
      },
    );
    ref = run.change(number);
    const cycle = await reached;
    expectEqual(cycle.refused + cycle.unsettled, 0, 'units that were not done');
    samples.push(sampleOf(cycle, last));
    last = cycle;
  }
  const { peakRssMiB, loopDelayMs } = last.totals;
  const result: Result = {
    scenario,
    services,
    endpoints: services * ENDPOINTS,
    ...summarise(samples),
    peakRssMiB: round(peakRssMiB),
    loopDelayMs: round(loopDelayMs),
  };
  return { result, last };
}

function sampleOf(cycle: CycleMessage, before: CycleMessage): Sample {
  const { requests, writes, ownMs } = cycle;
  const bytes = cycle.totals.bytes - before.totals.bytes;
  // Between two changes a quiet run tidies up and saves: its requests are not the change's.
  return { requests, writes, bytes, ownMs, counters: { ...difference(cycle.counters, before.counters), requests } };
}

function isCycle(message: FairleadMessage): message is CycleMessage {
  return message.type === 'cycle';
}

/** As extraction names the pool of a Service's port. */
function poolOf(key: string): string {
  return `pool:/kubernetes/${key.replace('/', '_')}_http`;
}

function expectEqual(found: number, expected: number, what: string): void {
  if (found !== expected) throw new Error(`${what}: found ${found}, expected ${expected}`);
}
