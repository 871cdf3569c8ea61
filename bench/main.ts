import { readArguments, USAGE } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { targetTable, writeDocument } from './document.ts';
import { brokenInvariants } from './invariants.ts';
import type { Result } from './result.ts';
import { runSize } from './scenarios.ts';
import { formatNumber, ratioTable, resultTable, textTable } from './table.ts';

/** Runs the bench. Gives the exit code: 1 if it failed, or if something that must hold does not. */
async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const asked = readArguments(args);
  if (asked === undefined) {
    process.stdout.write(USAGE);
    return 0;
  }
  const results = await measure(asked, signal);
  if (asked.output === 'text') process.stdout.write(resultsText(results));
  if (asked.writeDocs) await writeDocument(results);
  const broken = brokenInvariants(results);
  for (const sentence of broken) process.stderr.write(`broken: ${sentence}\n`);
  return broken.length === 0 ? 0 : 1;
}

async function measure(asked: Arguments, signal: AbortSignal): Promise<readonly Result[]> {
  const { scenarios, output, profiles } = asked;
  const results: Result[] = [];
  const started = performance.now();
  for (const services of asked.services) {
    await runSize({
      services,
      scenarios,
      signal,
      ...(profiles === undefined ? {} : { profiles }),
      progress: (text) => {
        const seconds = Math.round((performance.now() - started) / 1000);
        process.stderr.write(`${String(seconds).padStart(5)} s  ${text}\n`);
      },
      onResult: (result) => {
        results.push(result);
        if (output === 'json') process.stdout.write(`${JSON.stringify(result)}\n`);
        else process.stderr.write(`         ${resultLine(result)}\n`);
      },
    });
  }
  return results;
}

/** For those who wait: the table comes at the end. */
function resultLine({ scenario, requests, writes, ownMs, peakRssMiB }: Result): string {
  const [own, peak] = [formatNumber(ownMs.p50), formatNumber(peakRssMiB)];
  return `${scenario}: requests ${requests}, writes ${writes}, own time ${own} ms, peak RSS ${peak} MiB`;
}

function resultsText(results: readonly Result[]): string {
  const tables = [resultTable(results), ratioTable(results), targetTable(results)];
  return tables
    .filter(({ rows }) => rows.length > 0)
    .map((table) => `\n${textTable(table)}`)
    .join('');
}

/** Ends the processes of the bench; a second signal ends the bench at once, and they follow. */
function stopOnSignal(stop: AbortController): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(1);
      stop.abort();
    });
  }
}

const stop = new AbortController();
stopOnSignal(stop);
try {
  process.exitCode = await main(process.argv.slice(2), stop.signal);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`bench: ${stop.signal.aborted ? 'ended by a signal' : message}\n`);
  process.exitCode = 1;
}
