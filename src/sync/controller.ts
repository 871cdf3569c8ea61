import type { Applied, SyncEvent, SyncOptions } from './options.ts';
import type { Clock } from './clock.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Ref } from '../ir/ref.ts';
import type { PlanResult } from '../plan/build-plan.ts';
import type { Source } from '../sources/source.ts';
import { TargetUnavailable } from '../targets/target.ts';
import { mendable } from '../plan/plan.ts';
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

/** Under changes that never end, housekeeping waits no longer than so many times its quiet time. */
const LATEST = 12;

/** Changes that come while changes are taken are taken along, this often. */
const CATCH_UP = 5;

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
  #unreached: ReadonlySet<string> = new Set();
  /** When to tidy up and save, if it is quiet; and when to do so even if it is not. */
  #idleAt = 0;
  #latestAt: number | undefined;
  /** Failures of it in a row. */
  #idleFailures = 0;
  /** When to compare everything next. */
  #driftAt = 0;
  /** A source that cannot be followed any more. */
  #fault: { readonly error: unknown } | undefined;
  #complete = false;
  /** What is known to be in the way of changes: each is told once. */
  #withheld = new Map<Ref, string>();

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
      while (!signal.aborted && this.#fault === undefined) await this.#turn();
      if (this.#unsaved && !this.#kill.aborted) await this.#save();
    } finally {
      stop.abort();
      await Promise.allSettled(watches);
    }
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  async #follow(source: Source, signal: AbortSignal): Promise<void> {
    try {
      await source.watch?.({
        signal,
        onChange: (cells) => this.#inbox.put(source, cells),
        onProblem: (diagnostic) => this.#tell({ type: 'problem', diagnostic }),
      });
    } catch (error) {
      if (signal.aborted) return;
      this.#fault ??= { error };
      this.#inbox.put(source, []);
    }
  }

  /** Waits for something to do, and does it. However many changes come, the other duties get their turn. */
  async #turn(): Promise<void> {
    const { signal, settleMs = 20 } = this.#options;
    const due = this.#isUnfinished ? Math.min(this.#driftAt, this.#idleAt) : this.#driftAt;
    await this.#inbox.wait(Math.max(0, due - this.#clock.now()), { signal, clock: this.#clock });
    if (signal.aborted || this.#fault !== undefined) return;
    const now = this.#clock.now();
    if (now >= this.#driftAt) return this.#fullPass('drift', false);
    if (this.#isUnfinished && this.#latestAt !== undefined && now >= this.#latestAt) return this.#idle();
    if (this.#inbox.size > 0) {
      await this.#clock.sleep(settleMs, signal);
      return this.#changes();
    }
    if (this.#isUnfinished && now >= this.#idleAt) await this.#idle();
  }

  async #changes(): Promise<void> {
    const started = this.#begin();
    const refs = new Set<Ref>();
    // Many cells take several turns of the event loop: what changed in between may belong to what was taken before.
    for (let round = 0; round < CATCH_UP && this.#inbox.size > 0; round += 1) {
      for (const [source, cells] of this.#inbox.take()) {
        for (const ref of await this.#reconciler.takeChanges(source, cells)) refs.add(ref);
      }
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
    if (!(await this.#readDevice(reason)) || this.#options.signal.aborted) return;
    this.#driftAt = this.#clock.now() + this.#driftIntervalMs;
    this.#untidy = true;
    const unfollowed = this.#options.sources.some((source) => source.watch === undefined);
    if (sources || unfollowed) await this.#reconciler.readSources(this.#either);
    this.#tellUnreached(reason, await this.#reconciler.readRoutes(this.#either));
    this.#complete = this.#reconciler.complete;
    if (reason === 'drift' && this.#options.drift !== 'report') this.#reconciler.release();
    const { open } = this.#reconciler;
    const planned = await this.#reconciler.planAll();
    if (reason === 'start') {
      const { desired, complete, diagnostics } = this.#reconciler.describe(planned);
      for (const diagnostic of diagnostics) this.#tell({ type: 'problem', diagnostic });
      this.#tell({ type: 'started', objects: desired, complete });
    }
    if (reason === 'drift' && this.#options.drift === 'report') this.#report(planned, started, open);
    else await this.#applyOrWait(reason, planned, started);
  }

  /** Says which routes the device has not learned, when that is news; at start the description of the plan says so. */
  #tellUnreached(reason: Reason, problems: readonly Diagnostic[]): void {
    const before = this.#unreached;
    this.#unreached = new Set(problems.map(({ summary }) => summary));
    if (reason === 'start') return;
    const news = problems.filter(({ summary }) => !before.has(summary));
    for (const diagnostic of news) this.#tell({ type: 'problem', diagnostic });
  }

  /** At start, waits for the device. Later, tries again another time: changes go on meanwhile. */
  async #readDevice(reason: Reason): Promise<boolean> {
    const read = (): Promise<void> => this.#reconciler.readDevice(this.#either);
    if (reason === 'start') {
      await this.#untilAvailable(read);
      return true;
    }
    const error = await this.#attempt(read);
    if (error === undefined) return true;
    const retryInMs = Math.min(this.#retry.longest, this.#driftIntervalMs);
    this.#driftAt = this.#clock.now() + retryInMs;
    this.#tell({ type: 'unavailable', message: error.message, retryInMs });
    return false;
  }

  /** Says what differs, and leaves it. */
  #report({ plan }: PlanResult, started: Started, open: ReadonlySet<Ref>): void {
    for (const { id, origins, changes } of plan.units) {
      this.#reconciler.settled(changes.map(({ ref }) => ref).filter((ref) => !open.has(ref)));
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
        if (!signal.aborted) result = await this.#reconciler.planAll();
      }
    }
    if (target.counters.writes > before) {
      this.#unsaved = true;
      this.#untidy = true;
    }
    this.#restLater();
  }

  get #isUnfinished(): boolean {
    return this.#unsaved || this.#untidy;
  }

  /** Housekeeping is due after some quiet, and in any case after some time. */
  #restLater(): void {
    const { idleMs = 5_000 } = this.#options;
    const now = this.#clock.now();
    this.#idleAt = now + idleMs;
    this.#latestAt = this.#isUnfinished ? (this.#latestAt ?? now + LATEST * idleMs) : undefined;
  }

  /** Tidies up; what cannot be done is tried again later: changes go on meanwhile. */
  async #idle(): Promise<void> {
    const late = this.#latestAt !== undefined && this.#clock.now() >= this.#latestAt;
    const error = await this.#attempt(() => this.#tidyUp(late));
    this.#latestAt = undefined;
    this.#restLater();
    this.#idleFailures = error === undefined ? 0 : this.#idleFailures + 1;
    if (error === undefined) return;
    const { first, longest } = this.#retry;
    const retryInMs = Math.min(first * 2 ** Math.min(this.#idleFailures - 1, 20), longest);
    this.#idleAt = this.#clock.now() + retryInMs;
    this.#tell({ type: 'unavailable', message: error.message, retryInMs });
  }

  /** Removes unused nodes; when there are none left, or it is late, saves. */
  async #tidyUp(late: boolean): Promise<void> {
    if (this.#untidy) {
      const cleaned = await this.#reconciler.cleanNodes({ signal: this.#kill });
      if (cleaned.some(({ state }) => state === 'done')) {
        this.#unsaved = true;
        if (!late) return;
      } else {
        this.#untidy = false;
      }
    }
    if (this.#unsaved) await this.#save();
  }

  /** Runs a step once; gives the error if the device is away. */
  async #attempt(step: () => Promise<void>): Promise<TargetUnavailable | undefined> {
    try {
      await step();
      return undefined;
    } catch (error) {
      if (error instanceof TargetUnavailable) return error;
      if (!this.#options.signal.aborted) throw error;
      return undefined;
    }
  }

  async #save(): Promise<void> {
    if (this.#options.save !== false) await this.#options.target.save({ signal: this.#kill });
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

  get #driftIntervalMs(): number {
    return this.#options.driftIntervalMs ?? 300_000;
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
    this.#tellWithheld(reason, result);
  }

  /** A full pass knows all; a change only what it touched. */
  #tellWithheld(reason: Reason, { plan }: PlanResult): void {
    const before = this.#withheld;
    const now = new Map(reason === 'change' ? before : []);
    for (const { ref, diagnostic } of mendable(plan)) {
      now.set(ref, diagnostic.summary);
      if (before.get(ref) !== diagnostic.summary) this.#tell({ type: 'problem', diagnostic });
    }
    this.#withheld = now;
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
