import type { WorkCounters } from '../src/sync/options.ts';

/** What a process of Fairlead has done since its start, or since the last `mark`, where that is said. */
export interface Totals {
  /** Requests to the device, logins included. */
  readonly requests: number;
  /** Of these, those that change the configuration; commands of a transaction one by one. */
  readonly writes: number;
  /** Bytes of bodies, both ways. */
  readonly bytes: number;
  /** The most memory that the process ever held. */
  readonly peakRssMiB: number;
  /** The longest that the event loop was late, since the last `mark`. */
  readonly loopDelayMs: number;
}

/** One cycle of the continuous run, as the bench needs it. */
export interface CycleMessage {
  readonly type: 'cycle';
  /** Units of the plan. */
  readonly units: number;
  /** Units that the device refused. */
  readonly refused: number;
  /** Units that were neither done nor refused. */
  readonly unsettled: number;
  /** The objects that were to change; left out of large plans. */
  readonly refs: readonly string[];
  /** Requests and writes of this cycle's apply alone. */
  readonly requests: number;
  readonly writes: number;
  /** Time of this cycle without waiting for the device. */
  readonly ownMs: number;
  /** Work since the start of the process. */
  readonly counters: WorkCounters;
  readonly totals: Totals;
}

/** What Fairlead's process tells the bench. */
export type FairleadMessage =
  | CycleMessage
  | { readonly type: 'saved'; readonly totals: Totals }
  | { readonly type: 'failed'; readonly message: string };

/** What the bench asks of Fairlead's process. */
export type FairleadOrder = { readonly type: 'mark' } | { readonly type: 'stop' };

/** What the emulator's process tells the bench. */
export type EmulatorMessage =
  | { readonly type: 'listening'; readonly url: string; readonly certificate: string; readonly password: string }
  | { readonly type: 'counted'; readonly virtuals: number; readonly pools: number; readonly members: number }
  | { readonly type: 'failed'; readonly message: string };

/** What the bench asks of the emulator's process. */
export type EmulatorOrder = { readonly type: 'count' } | { readonly type: 'stop' };
