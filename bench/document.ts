import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Result } from './result.ts';
import { markdownTable, ratioTable, resultTable } from './table.ts';
import type { Table } from './table.ts';
import { targetsOf } from './targets.ts';

const FILE = path.resolve(import.meta.dirname, '../docs/performance.md');
const START = '<!-- results:start -->\n';
const END = '<!-- results:end -->\n';

/** Writes the results into docs/performance.md. */
export async function writeDocument(results: readonly Result[]): Promise<void> {
  await writeFile(FILE, replaceResults(await readFile(FILE, 'utf8'), results));
}

/**
 * A document with its tables made anew from these results.
 * @throws {Error} the document does not mark where they stand.
 */
export function replaceResults(document: string, results: readonly Result[]): string {
  const start = document.indexOf(START);
  const end = document.indexOf(END);
  if (start < 0 || end < start) throw new Error(`the document lacks ${START.trim()} and ${END.trim()}, in this order`);
  return `${document.slice(0, start + START.length)}\n${resultsText(results)}\n${document.slice(end)}`;
}

function resultsText(results: readonly Result[]): string {
  const parts = [
    ['### Targets', targetTable(results)],
    ['### Measured', resultTable(results)],
    ['### The largest size against the smallest', ratioTable(results)],
  ] as const;
  return parts.map(([title, table]) => `${title}\n\n${markdownTable(table)}`).join('\n');
}

/** The goals as a table. */
export function targetTable(results: readonly Result[]): Table {
  const rows = targetsOf(results).map(({ goal, found, met }) => [goal, found, met ? 'met' : 'missed']);
  return { head: ['target', 'found', ''], rows };
}
