import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { brokenCounts, ratesTable, replaceEmulatorResults, targetsTable } from './emulator-report.ts';
import { measureEmulator, TRANSACTIONS } from './emulator-scenarios.ts';
import { textTable } from './table.ts';

const USAGE = `npm run bench:emulator -- [options]

  --requests 10000       requests of each kind
  --creates 1000         creates in one transaction
  --objects 20000        objects for the memory
  --output text|json     tables, or one JSON object on standard output
  --write-docs           write the tables of docs/performance.md anew

The emulator is a process of its own, held to one core where taskset is there; the load comes from this one.
Exits with 1 if it does not hold the objects that it was given.
`;

const DOCUMENT = path.resolve(import.meta.dirname, '../docs/performance.md');

function readCount(name: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`--${name}: found "${text}", expected a number from 1 on`);
}

async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: 'string', default: '10000' },
      creates: { type: 'string', default: '1000' },
      objects: { type: 'string', default: '20000' },
      output: { type: 'string', default: 'text' },
      'write-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { output } = values;
  if (output !== 'text' && output !== 'json') throw new Error(`--output: found "${output}", expected text or json`);
  const sizes = {
    requests: readCount('requests', values.requests),
    creates: readCount('creates', values.creates),
    objects: readCount('objects', values.objects),
  };
  const progress = (text: string): boolean => process.stderr.write(`${text}\n`);
  const result = await measureEmulator(sizes, { signal, progress });
  if (output === 'json') process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stdout.write(`${textTable(targetsTable(result))}\n${textTable(ratesTable(result))}`);
  if (values['write-docs']) {
    await writeFile(DOCUMENT, replaceEmulatorResults(await readFile(DOCUMENT, 'utf8'), result));
  }
  const broken = brokenCounts(result, TRANSACTIONS);
  for (const sentence of broken) process.stderr.write(`broken: ${sentence}\n`);
  return broken.length === 0 ? 0 : 1;
}

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
try {
  process.exitCode = await main(process.argv.slice(2), stop.signal);
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
