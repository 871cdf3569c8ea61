import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Network } from '../ir/network.ts';
import type { Kind } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';
import type { PlanUnit } from '../plan/plan.ts';
import type { Actual, Snapshot } from '../plan/snapshot.ts';

/** What a target can do; shared code asks here, never "which target is it". */
export interface Capabilities {
  readonly kinds: readonly Kind[];
  /** Units may share one atomic request sequence, and are bisected when it is refused. */
  readonly batches: boolean;
  /** Prints of a plan: `rest`, `tmsh`. */
  readonly languages: readonly string[];
}

/** What became of one unit. */
export interface UnitReport {
  readonly unit: string;
  /**
   * `done`: the device confirmed it. `refused`: the device said no, nothing of it is in force; see blame.
   * `stale`: the device is not as the plan assumed (404, 409): read again and plan again.
   * `unknown`: no answer, and reading could not settle it; read again and plan again.
   */
  readonly state: 'done' | 'refused' | 'stale' | 'unknown';
  /** The objects after the write, `undefined` for deleted, with those that the device made of itself (nodes); for `done` only. */
  readonly actual: ReadonlyMap<Ref, Actual | undefined>;
  /** Who is to blame, for `refused`. */
  readonly blame?: Blame;
  readonly diagnostics: readonly Diagnostic[];
}

/** A refusal, traced to an object and its origins. */
export interface Blame {
  /** The object that the device named, or the only one there was. */
  readonly ref?: Ref;
  readonly origins: readonly OriginKey[];
  /** HTTP status, and the device's own words, whole. */
  readonly status: number;
  readonly message: string;
}

/** Counts since the start, for reports, benches and tests. */
export interface TargetCounters {
  readonly requests: number;
  /** Requests that change the configuration, transaction commands counted one by one; commits and logins not. */
  readonly writes: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Milliseconds spent waiting for answers; own time = elapsed - waited. Overlaps counted once. */
  readonly waitedMs: number;
}

/** One finding of `fairlead check`. */
export interface CheckLine {
  readonly subject: string;
  readonly ok: boolean;
  /** What was found; if not ok, what to do. */
  readonly text: string;
}

/** Where configuration goes. One writer at a time. */
export interface Target {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly counters: TargetCounters;
  /** Reads all objects in scope. Rejects with {@link TargetUnavailable} if the device cannot be read whole. */
  read(options: { readonly signal: AbortSignal }): Promise<Snapshot>;
  /** Reads these objects again; `undefined`: not there. */
  readSome(options: {
    readonly refs: readonly Ref[];
    readonly signal: AbortSignal;
  }): Promise<ReadonlyMap<Ref, Actual | undefined>>;
  /**
   * Applies units, wave by wave, in order; one report each. A refused unit never stops the others. Rejects with
   * {@link TargetUnavailable} only if the device stays away; units reported before then are in the error's `reports`. What
   * reports say of one object agrees, in whatever order the device took the units.
   */
  apply(options: {
    readonly units: readonly PlanUnit[];
    /** What the plan assumed: `otherMetadata` is taken from here. Not changed by the target. */
    readonly snapshot: Snapshot;
    readonly signal: AbortSignal;
    readonly onProgress?: (done: number, total: number) => void;
  }): Promise<readonly UnitReport[]>;
  /** Makes what was written survive a reboot (`save sys config`). */
  save(options: { readonly signal: AbortSignal }): Promise<void>;
  /** The requests or commands that `apply` would send, without a network. */
  render(units: readonly PlanUnit[], language: string, snapshot: Snapshot): string;
  /**
   * The networks that gateways lead to, configured or learned, without those that the device is in itself. Left out: the
   * target has no routing table. Rejects with {@link TargetUnavailable}.
   */
  routes?(options: { readonly signal: AbortSignal }): Promise<readonly Network[]>;
  /** Address, rights, version, partition: each line ok or what to do. Never throws. */
  check(options: { readonly signal: AbortSignal }): Promise<readonly CheckLine[]>;
  /** Logs out and lets go of connections. */
  close(): Promise<void>;
}

/** The device cannot be reached, or answers nonsense, after all retries. */
export class TargetUnavailable extends Error {
  override readonly name = 'TargetUnavailable';
  readonly reports: readonly UnitReport[];
  constructor(message: string, options: { readonly cause?: unknown; readonly reports?: readonly UnitReport[] } = {}) {
    super(message, { cause: options.cause });
    this.reports = options.reports ?? [];
  }
}
