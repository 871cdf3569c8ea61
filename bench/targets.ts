import type { Result } from './result.ts';
import { formatNumber } from './table.ts';

/** The size that targets are set for. */
const SIZE = 10_000;
/** Megabytes (1,000,000 bytes) of memory that Fairlead's process may hold. */
const MOST_MB = 400;
/** Milliseconds of its own time that a pod change may take, in the median. */
const MOST_OWN_MS = 5;
const MB_OF_MIB = 1.048_576;

/** One goal, and how far the results are from it. */
export interface Target {
  readonly goal: string;
  readonly found: string;
  readonly met: boolean;
}

/** The goals that these results say something about. */
export function targetsOf(results: readonly Result[]): readonly Target[] {
  return [...results.flatMap(changeTargets), ...restartTargets(results), ...memoryTargets(results)];
}

function changeTargets({ scenario, services, requests, ownMs }: Result): readonly Target[] {
  if (scenario !== 'pod-change' || services !== SIZE) return [];
  return [
    { goal: `a pod change at ${at(SIZE)} costs one request`, found: formatNumber(requests), met: requests === 1 },
    {
      goal: `a pod change at ${at(SIZE)} takes at most ${MOST_OWN_MS} ms of own time (median)`,
      found: `${formatNumber(ownMs.p50)} ms`,
      met: ownMs.p50 <= MOST_OWN_MS,
    },
  ];
}

function restartTargets(results: readonly Result[]): readonly Target[] {
  const restarts = results.filter(({ scenario }) => scenario === 'restart');
  if (restarts.length === 0) return [];
  const writes = Math.max(...restarts.map((result) => result.writes));
  return [{ goal: 'a restart writes nothing', found: `${formatNumber(writes)} writes`, met: writes === 0 }];
}

function memoryTargets(results: readonly Result[]): readonly Target[] {
  const largest = results.filter(({ services }) => services === SIZE);
  if (largest.length === 0) return [];
  const most = Math.max(...largest.map(({ peakRssMiB }) => peakRssMiB)) * MB_OF_MIB;
  const goal = `Fairlead holds at most ${MOST_MB} MB at ${at(SIZE)}, whatever it does (peak RSS)`;
  return [{ goal, found: `${formatNumber(most)} MB`, met: most <= MOST_MB }];
}

function at(services: number): string {
  return `${formatNumber(services)} Services`;
}
