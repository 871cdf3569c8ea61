import type { Scheduled, Scheduler } from '../scheduler.ts';
import type { MonitorConfig, SocketAddress } from '../model.ts';
import { parseOverride } from './monitor-text.ts';
import type { DestinationOverride } from './monitor-text.ts';
import { Latency } from './latency.ts';
import { isMeasuring, probeFor } from './probe.ts';
import type { Probe, ProbeResult } from './probe.ts';
import type { ProbeQueue } from './probe-queue.ts';
import type { MonitorView } from './rule.ts';

/** What targets share. */
export interface TargetContext {
  readonly scheduler: Scheduler;
  readonly queue: ProbeQueue;
  /** Milliseconds of a second of the configuration. */
  readonly msPerSecond: number;
}

export interface TargetOptions {
  /** Names the target; spreads first probes over time, always in the same way. */
  readonly key: string;
  /** Where the member is, or where the monitor looks instead. */
  readonly reach: (override: DestinationOverride) => SocketAddress;
  readonly onChange: () => void;
}

/** What a monitor of performance knows before it has an answer, or when it gets none any more. */
const UNMEASURED: MonitorView = { status: 'checking', draining: false, measured: {} };

/** First probes of many targets are spread over this time, or over the interval if that is shorter. */
const SPREAD_SECONDS = 1;

/**
 * One monitor's view of one address and port, whatever the number of pools that use it. It is `checking` until the
 * first good probe or until `timeout` has passed; after that up, until `timeout` passes without a good probe (a
 * refused connection does not shorten this, as on the device), then down until the next good one; with `timeUntilUp`
 * until answers have been good for so long. An adaptive monitor takes it down at once when answers are too slow.
 */
export class MonitorTarget {
  readonly #context: TargetContext;
  readonly #options: TargetOptions;
  #view: MonitorView = { status: 'checking', draining: false };
  #next: Scheduled | undefined;
  #deadline: Scheduled | undefined;
  /** The first good answers have come; up when they have been good for `timeUntilUp`. */
  #rising: Scheduled | undefined;
  #running: AbortController | undefined;
  /** The running probe has had its turn; before that it waits for others. */
  #started = false;
  #latency = new Latency();

  constructor(context: TargetContext, options: TargetOptions) {
    this.#context = context;
    this.#options = options;
  }

  get view(): MonitorView {
    return this.#view;
  }

  /**
   * Starts, or goes on with another configuration of the monitor; without one, or with one that does not probe, the target
   * stays as it is.
   */
  configure(monitor: MonitorConfig | undefined): void {
    this.stop();
    if (monitor === undefined) return;
    this.#latency = new Latency();
    if (isMeasuring(monitor.type)) this.#view = UNMEASURED;
    const probe = probeFor(monitor.type);
    if (probe === undefined) return;
    this.#expect(monitor);
    const spread = Math.min(SPREAD_SECONDS, monitor.interval) * this.#context.msPerSecond;
    this.#next = this.#context.scheduler.after(spread * fraction(this.#options.key), () => this.#tick(monitor, probe));
  }

  /** Ends probing. */
  stop(): void {
    this.#next?.cancel();
    this.#deadline?.cancel();
    this.#sink();
    this.#running?.abort();
    this.#running = undefined;
  }

  /** A probe each interval; one that still waits for its answer is given the time until the monitor's time-out. */
  #tick(monitor: MonitorConfig, probe: Probe): void {
    const { scheduler, queue, msPerSecond } = this.#context;
    this.#next = scheduler.after(this.#pace(monitor) * msPerSecond, () => this.#tick(monitor, probe));
    if (this.#running !== undefined) return;
    const running = new AbortController();
    this.#running = running;
    this.#started = false;
    queue.run(running.signal, () => this.#probe(monitor, probe, running));
  }

  /** Seconds until the next probe. */
  #pace({ interval, upInterval = 0 }: MonitorConfig): number {
    return Math.max(1, this.#view.status === 'up' && upInterval > 0 ? upInterval : interval);
  }

  async #probe(monitor: MonitorConfig, probe: Probe, running: AbortController): Promise<void> {
    const { scheduler, msPerSecond } = this.#context;
    const giveUp = scheduler.after(monitor.timeout * msPerSecond, () => running.abort());
    this.#started = true;
    const begin = scheduler.now();
    const at = this.#options.reach(parseOverride(monitor.destination));
    const probing = probe({ monitor, at, msPerSecond, signal: running.signal });
    // What can't even be tried (port 0) is a failure like any other.
    const result = await probing.catch(() => 'failure' as const);
    giveUp.cancel();
    if (this.#running !== running) return;
    this.#running = undefined;
    const isInTime = result === 'failure' || this.#isInTime(monitor, begin);
    if (isInTime) this.#found(monitor, result);
    else this.#missed();
  }

  /** Whether an adaptive monitor takes the time of an answer. */
  #isInTime({ adaptive }: MonitorConfig, begin: number): boolean {
    const now = this.#context.scheduler.now();
    return adaptive === undefined || this.#latency.accepts(now - begin, now, adaptive);
  }

  #found(monitor: MonitorConfig, result: ProbeResult): void {
    if (result === 'failure') return this.#sink();
    this.#expect(monitor);
    if (typeof result === 'object') return this.#become({ ...UNMEASURED, measured: result });
    const view: MonitorView = { status: 'up', draining: result === 'disable' };
    const { timeUntilUp = 0 } = monitor;
    if (timeUntilUp === 0 || this.#view.status === 'up') return this.#become(view);
    const { scheduler, msPerSecond } = this.#context;
    this.#rising ??= scheduler.after(timeUntilUp * msPerSecond, () => {
      this.#rising = undefined;
      this.#become(view);
    });
  }

  /** What began to answer well does so no longer. */
  #sink(): void {
    this.#rising?.cancel();
    this.#rising = undefined;
  }

  /** From now on a good probe is due within the time-out. */
  #expect(monitor: MonitorConfig, seconds = monitor.timeout): void {
    this.#deadline?.cancel();
    const { scheduler, msPerSecond } = this.#context;
    const due = scheduler.now() + seconds * msPerSecond;
    this.#deadline = scheduler.after(seconds * msPerSecond, () => {
      // No blame for a probe that never had its turn, nor for a process that was held up itself.
      const waiting = this.#running !== undefined && !this.#started;
      const late = scheduler.now() - due > (monitor.interval * msPerSecond) / 2;
      if (waiting || late) this.#expect(monitor, monitor.interval);
      else this.#missed();
    });
  }

  #missed(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#sink();
    this.#become(this.#view.measured === undefined ? { status: 'down', draining: false } : UNMEASURED);
  }

  #become(view: MonitorView): void {
    const before = this.#view;
    const sameRatio = view.measured?.dynamicRatio === before.measured?.dynamicRatio;
    const same = view.status === before.status && view.draining === before.draining && sameRatio;
    this.#view = view;
    if (!same) this.#options.onChange();
  }
}

/** A number from 0 to 1 that depends on the text alone (FNV-1a). */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash / 2 ** 32;
}
