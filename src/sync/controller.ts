import type { Applied, SyncEvent, SyncOptions } from './options.ts';
import type { Clock } from './clock.ts';
import type { Ref } from '../ir/ref.ts';
import type { PlanResult } from '../plan/build-plan.ts';
import type { Source } from '../sources/source.ts';
import { TargetUnavailable } from '../targets/target.ts';
import { systemClock } from './clock.ts';
import { Inbox } from './inbox.ts';
import { Reconciler } from './reconciler.ts';

/** How the continuous run behaves. All times in milliseconds. */
export interface ControllerOptions extends SyncOptions {
  /** Ends the run: the cycle under way is finished, what was written is saved. */
  readonly signal: AbortSignal;
  /** Ends it at once, whatever is under way. */
  readonly kill?: AbortSignal;
  readonly onEvent?: (event: SyncEvent) => void;
  /** The device is read again and compared with what is wanted; default 5 minutes. */
  readonly driftIntervalMs?: number;
  /** What was changed on the device by hand is put back (default), or only reported until its origin changes. */
  readonly drift?: 'revert' | 'report';
  /** Changes of the sources are gathered this long; default 20. */
  readonly settleMs?: number;
  /** Quiet time after which unused nodes are removed and the configuration is saved; default 5 s. */
  readonly idleMs?: number;
  /** First and longest wait while the device is away; default 1 s and 60 s. */
  readonly retryMs?: { readonly first: number; readonly longest: number };
  readonly clock?: Clock;
  readonly onProgress?: (done: number, total: number) => void;
}

type Reason = 'start' | 'change' | 'drift';

/**
 * Follows the sources and keeps the device as they want it, until the signal. Rejects only for faults of its own: a
 * device or source that is away is waited for.
 */
export async function runController(options: ControllerOptions): Promise<void> {
  await new Controller(options).run();
}

class Controller {
  readonly #options: ControllerOptions;
  readonly #clock: Clock;
  readonly #reconciler: Reconciler;
  readonly #inbox = new Inbox();
  readonly #kill: AbortSignal;
  /** Reads end with the run; writes are finished, unless it is killed. */
  readonly #either: AbortSignal;
  /** Written and not yet saved. */
  #unsaved = false;
  /** There may be nodes that nobody uses any more: left by changes, or by a run that was ended before its housekeeping. */
  #untidy = false;
  /** Time of the last write or change. */
  #busyAt = 0;
  /** Time of the last full comparison. */
  #drift = 0;
  #complete = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#reconciler = new Reconciler(options);
    this.#kill = options.kill ?? new AbortController().signal;
    this.#either = AbortSignal.any([options.signal, this.#kill]);
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    await this.#fullPass('start', true);
    const stop = new AbortController();
    const watches = this.#options.sources.map((source) => this.#follow(source, stop.signal));
    try {
      while (!signal.aborted) await this.#turn();
      if (this.#unsaved && !this.#kill.aborted) await this.#save();
    } finally {
      stop.abort();
      await Promise.allSettled(watches);
    }
  }

  async #follow(source: Source, signal: AbortSignal): Promise<void> {
    await source.watch?.({
      signal,
      onChange: (cells) => this.#inbox.put(source, cells),
      onProblem: (diagnostic) => this.#tell({ type: 'problem', diagnostic }),
    });
  }

  /** Waits for something to do, and does it. */
  async #turn(): Promise<void> {
    const { signal, driftIntervalMs = 300_000, idleMs = 5_000, settleMs = 20 } = this.#options;
    const due = this.#isUnfinished
      ? Math.min(this.#drift + driftIntervalMs, this.#busyAt + idleMs)
      : this.#drift + driftIntervalMs;
    await this.#inbox.wait(Math.max(0, due - this.#clock.now()), { signal, clock: this.#clock });
    if (signal.aborted) return;
    if (this.#inbox.size > 0) {
      await this.#clock.sleep(settleMs, signal);
      await this.#changes();
      return;
    }
    if (this.#clock.now() - this.#drift >= driftIntervalMs) await this.#fullPass('drift', false);
    else if (this.#isUnfinished) await this.#idle();
  }

  async #changes(): Promise<void> {
    const started = this.#begin();
    const refs = new Set<Ref>();
    for (const [source, cells] of this.#inbox.take()) {
      for (const ref of this.#reconciler.takeChanges(source, cells)) refs.add(ref);
    }
    // Once every source vouches for what it lacks, deletes that waited for that are due: they may be anywhere.
    const vouched = this.#reconciler.complete && !this.#complete;
    this.#complete = this.#reconciler.complete;
    const planned = vouched ? await this.#reconciler.planAll() : this.#reconciler.plan(refs);
    await this.#applyOrWait('change', planned, started);
  }

  /** Reads the device (and at start, or if a source cannot be followed, the sources) and compares everything. */
  async #fullPass(reason: Reason, sources: boolean): Promise<void> {
    const started = this.#begin();
    await this.#untilAvailable(() => this.#reconciler.readDevice(this.#either));
    if (this.#options.signal.aborted) return;
    this.#drift = this.#clock.now();
    this.#untidy = true;
    const unfollowed = this.#options.sources.some((source) => source.watch === undefined);
    if (sources || unfollowed) await this.#reconciler.readSources(this.#either);
    this.#complete = this.#reconciler.complete;
    if (reason === 'drift' && this.#options.drift !== 'report') this.#reconciler.release();
    const planned = await this.#reconciler.planAll();
    if (reason === 'start') {
      const { desired, complete, diagnostics } = this.#reconciler.describe(planned);
      for (const diagnostic of diagnostics) this.#tell({ type: 'problem', diagnostic });
      this.#tell({ type: 'started', objects: desired, complete });
    }
    if (reason === 'drift' && this.#options.drift === 'report') this.#report(planned, started);
    else await this.#applyOrWait(reason, planned, started);
  }

  /** Says what differs, and leaves it. */
  #report({ plan }: PlanResult, started: Started): void {
    for (const { id, origins } of plan.units) {
      const origin = origins[0];
      const diagnostic = {
        code: 'drift',
        severity: 'warning',
        summary: `${id} is not as it should be on the device; it is left so until its origin changes (drift: report)`,
      } as const;
      this.#tell({ type: 'problem', diagnostic: origin === undefined ? diagnostic : { ...diagnostic, origin } });
    }
    const ownMs = performance.now() - started.at - (this.#options.target.counters.waitedMs - started.waited);
    this.#tell({ type: 'cycle', reason: 'drift', planned: plan, ownMs, counters: this.#reconciler.counters });
  }

  /** Applies; while the device stays away, waits, reads it again and plans anew. */
  async #applyOrWait(reason: Reason, first: PlanResult, started: Started): Promise<void> {
    const { target, signal, onProgress } = this.#options;
    const before = target.counters.writes;
    let result = first;
    let wait = this.#retry.first;
    for (let done = false; !done && !signal.aborted;) {
      try {
        const progress = onProgress === undefined ? {} : { onProgress };
        const applied = await this.#reconciler.apply(result.plan, { signal: this.#kill, ...progress });
        this.#finish(reason, { result, applied, started });
        done = true;
      } catch (error) {
        if (!(error instanceof TargetUnavailable)) throw error;
        await this.#away(error, wait);
        wait = Math.min(wait * 2, this.#retry.longest);
        await this.#untilAvailable(() => this.#reconciler.readDevice(this.#either));
        if (signal.aborted) return;
        result = await this.#reconciler.planAll();
      }
    }
    if (target.counters.writes > before) {
      this.#unsaved = true;
      this.#untidy = true;
    }
    this.#busyAt = this.#clock.now();
  }

  get #isUnfinished(): boolean {
    return this.#unsaved || this.#untidy;
  }

  /** Removes unused nodes; when there are none left, saves. */
  async #idle(): Promise<void> {
    await this.#untilAvailable(async () => {
      const cleaned = await this.#reconciler.cleanNodes({ signal: this.#kill });
      if (cleaned.some(({ state }) => state === 'done')) {
        this.#unsaved = true;
        return;
      }
      this.#untidy = false;
      if (this.#unsaved) await this.#save();
    });
    this.#busyAt = this.#clock.now();
  }

  async #save(): Promise<void> {
    await this.#options.target.save({ signal: this.#kill });
    this.#unsaved = false;
  }

  /** Runs a step again until the device answers or the run ends. */
  async #untilAvailable(step: () => Promise<void>): Promise<void> {
    let wait = this.#retry.first;
    while (!this.#options.signal.aborted) {
      try {
        await step();
        return;
      } catch (error) {
        if (this.#options.signal.aborted) return;
        if (!(error instanceof TargetUnavailable)) throw error;
        await this.#away(error, wait);
        wait = Math.min(wait * 2, this.#retry.longest);
      }
    }
  }

  async #away(error: TargetUnavailable, waitMs: number): Promise<void> {
    this.#tell({ type: 'unavailable', message: error.message, retryInMs: waitMs });
    await this.#clock.sleep(waitMs, this.#options.signal);
  }

  get #retry(): { readonly first: number; readonly longest: number } {
    return this.#options.retryMs ?? { first: 1_000, longest: 60_000 };
  }

  #begin(): Started {
    return { at: performance.now(), waited: this.#options.target.counters.waitedMs };
  }

  #finish(reason: Reason, { result, applied, started }: Finished): void {
    const waited = this.#options.target.counters.waitedMs - started.waited;
    const ownMs = performance.now() - started.at - waited;
    const { counters } = this.#reconciler;
    this.#tell({ type: 'cycle', reason, planned: result.plan, applied, ownMs, counters });
    for (const diagnostic of applied.diagnostics) this.#tell({ type: 'problem', diagnostic });
  }

  #tell(event: SyncEvent): void {
    this.#options.onEvent?.(event);
  }
}

interface Started {
  readonly at: number;
  readonly waited: number;
}

interface Finished {
  readonly result: PlanResult;
  readonly applied: Applied;
  readonly started: Started;
}
