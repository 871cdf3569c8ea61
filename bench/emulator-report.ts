import type { EmulatorResult } from './emulator-scenarios.ts';
import type { Table } from './table.ts';
import type { Target } from './targets.ts';
import { RATES } from './emulator-scenarios.ts';
import { formatNumber, markdownTable } from './table.ts';

/** Simple requests a second that one core answers at least. */
const LEAST_PER_SECOND = 2000;
/** Milliseconds that a commit of 1,000 creates takes at most. */
const MOST_COMMIT_MS = 300;
const COMMIT_SIZE = 1000;
/** Megabytes (1,000,000 bytes) that 20,000 objects take at most, the whole process counted. */
const MOST_MB = 300;
const MEMORY_SIZE = 20_000;
const MB_OF_MIB = 1.048_576;

/** The goals that a result says something about. */
export function emulatorTargets({ sizes, rates, commitMs, memory }: EmulatorResult): readonly Target[] {
  const slowest = Math.min(...RATES.map((name) => rates[name].perCpuSecond));
  const megabytes = memory.peakRssMiB * MB_OF_MIB;
  const targets: Target[] = [
    {
      goal: `at least ${formatNumber(LEAST_PER_SECOND)} simple requests a second of one core, whatever they do`,
      found: formatNumber(slowest),
      met: slowest >= LEAST_PER_SECOND,
    },
  ];
  if (sizes.creates === COMMIT_SIZE) {
    const goal = `${formatNumber(COMMIT_SIZE)} creates in one transaction take at most ${MOST_COMMIT_MS} ms`;
    targets.push({ goal, found: `${formatNumber(commitMs)} ms`, met: commitMs <= MOST_COMMIT_MS });
  }
  if (sizes.objects === MEMORY_SIZE) {
    const goal = `${formatNumber(MEMORY_SIZE)} objects take at most ${MOST_MB} MB (peak RSS)`;
    targets.push({ goal, found: `${formatNumber(megabytes)} MB`, met: megabytes <= MOST_MB });
  }
  return targets;
}

/** What must hold on every machine: counts, no times. Gives a sentence for each that does not. */
export function brokenCounts({ sizes, committed, memory }: EmulatorResult, transactions: number): readonly string[] {
  const wanted = sizes.creates * transactions;
  const objects = Math.floor(sizes.objects / 10) * 10;
  return [
    ...(committed === wanted ? [] : [`the transactions made ${committed} objects, expected ${wanted}`]),
    ...(memory.objects === objects ? [] : [`the device holds ${memory.objects} objects, expected ${objects}`]),
  ];
}

/** The goals as a table. */
export function targetsTable(result: EmulatorResult): Table {
  const rows = emulatorTargets(result).map(({ goal, found, met }) => [goal, found, met ? 'met' : 'missed']);
  return { head: ['target', 'found', ''], rows };
}

/** Requests a second as a table. */
export function ratesTable({ rates, ratesKept }: EmulatorResult): Table {
  const rows = RATES.map((name) => {
    const { perCpuSecond, perSecond } = rates[name];
    return [name, formatNumber(perCpuSecond), formatNumber(perSecond), formatNumber(ratesKept[name].perSecond)];
  });
  return { head: ['request', 'a second of one core', 'a second of that run', 'with state on disk'], rows };
}

const START = '<!-- emulator:start -->\n';
const END = '<!-- emulator:end -->\n';

/**
 * A document with its tables made anew.
 * @throws {Error} The document does not mark where they stand.
 */
export function replaceEmulatorResults(document: string, result: EmulatorResult): string {
  const [start, end] = [document.indexOf(START), document.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`the document lacks ${START.trim()} and ${END.trim()}, in this order`);
  const tables = [targetsTable(result), ratesTable(result)].map(markdownTable).join('\n');
  return `${document.slice(0, start + START.length)}\n${tables}\n${document.slice(end)}`;
}
