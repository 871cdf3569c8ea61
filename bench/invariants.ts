import type { Result } from './result.ts';

const WORK = ['extractions', 'merges', 'diffs', 'requests'] as const;

/** What must hold whatever the machine: one sentence for each that does not. */
export function brokenInvariants(results: readonly Result[]): readonly string[] {
  return [...results.flatMap(brokenAlone), ...unequalWork(results)];
}

function brokenAlone({ scenario, services, requests, writes, counters, ...times }: Result): readonly string[] {
  const at = `${scenario} at ${services} Services`;
  const broken: string[] = [];
  for (const work of WORK) {
    if (!(counters[work] >= 0)) broken.push(`${at}: the counter ${work} is missing`);
  }
  if (!(times.ownMs.p50 > 0 && times.peakRssMiB > 0)) broken.push(`${at}: time or memory was not measured`);
  if (scenario === 'restart' && writes !== 0) broken.push(`${at}: ${writes} writes, expected 0`);
  if (scenario === 'pod-change' && (requests !== 1 || writes !== 1)) {
    broken.push(`${at}: ${requests} requests and ${writes} writes for one change, expected 1 and 1`);
  }
  return broken;
}

/** One pod change is the same work at every size. */
function unequalWork(results: readonly Result[]): readonly string[] {
  const [first, ...rest] = results.filter(({ scenario }) => scenario === 'pod-change');
  if (first === undefined) return [];
  return rest.flatMap(({ services, counters }) =>
    WORK.filter((work) => counters[work] !== first.counters[work]).map(
      (work) =>
        `pod-change: ${work} is ${counters[work]} at ${services} Services and ${first.counters[work]} at ` +
        `${first.services}, expected the same`,
    ),
  );
}
