import type { WorkCounters } from '../src/sync/options.ts';

/** What is measured, in the order in which it is done. */
export const SCENARIOS = ['first-sync', 'restart', 'pod-change', 'service-added', 'one-broken'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/**
 * One scenario at one size: what `--output json` prints. For `pod-change` and `service-added`, `requests`, `writes`,
 * `bytes` and `counters` are those of one change (of the costliest one); for the others, of the whole start.
 */
export interface Result {
  readonly scenario: Scenario;
  readonly services: number;
  readonly endpoints: number;
  /** Requests to the device, logins included. */
  readonly requests: number;
  /** Of these, those that change the configuration; commands of a transaction one by one. */
  readonly writes: number;
  /** Bytes of bodies to and from the device. */
  readonly bytes: number;
  /** Milliseconds of a cycle without waiting for the device. */
  readonly ownMs: { readonly p50: number; readonly p99: number };
  /** The most memory that Fairlead's process held from its start to the end of the scenario. */
  readonly peakRssMiB: number;
  /** The longest that the event loop was late during the scenario. */
  readonly loopDelayMs: number;
  /** Work, free of clocks: see {@link WorkCounters}. */
  readonly counters: WorkCounters;
}

/** One change that was followed from the API server to the device. */
export interface Sample {
  readonly requests: number;
  readonly writes: number;
  readonly bytes: number;
  readonly ownMs: number;
  readonly counters: WorkCounters;
}

/** The smallest value that at least this share (0 to 1) of the values does not exceed (nearest rank). NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** Many changes as one: the most of each count, percentiles of the times. */
export function summarise(samples: readonly Sample[]): Summary {
  const most = (of: (sample: Sample) => number): number => Math.max(...samples.map(of));
  const times = samples.map(({ ownMs }) => ownMs);
  return {
    requests: most(({ requests }) => requests),
    writes: most(({ writes }) => writes),
    bytes: most(({ bytes }) => bytes),
    ownMs: { p50: round(percentile(times, 0.5)), p99: round(percentile(times, 0.99)) },
    counters: {
      extractions: most(({ counters }) => counters.extractions),
      merges: most(({ counters }) => counters.merges),
      diffs: most(({ counters }) => counters.diffs),
      requests: most(({ counters }) => counters.requests),
    },
  };
}

type Summary = Pick<Result, 'requests' | 'writes' | 'bytes' | 'ownMs' | 'counters'>;

/** The work between two readings of the counters. */
export function difference(after: WorkCounters, before: WorkCounters): WorkCounters {
  return {
    extractions: after.extractions - before.extractions,
    merges: after.merges - before.merges,
    diffs: after.diffs - before.diffs,
    requests: after.requests - before.requests,
  };
}

/** Milliseconds and MiB with one digit, small ones with two. */
export function round(value: number): number {
  const factor = value < 10 ? 100 : 10;
  return Math.round(value * factor) / factor;
}
