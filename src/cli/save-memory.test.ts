import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const FILE = path.join(import.meta.dirname, 'save-memory.ts');

/** Fills the heap with 60 MB that stay and as many that do not, piece by piece; prints how large it got, in MiB. */
const FILL = `
  import { getHeapStatistics } from 'node:v8';
  const kept = [];
  for (let count = 0; count < 600_000; count += 1) kept.push({ count, a: [count], gone: [[count], [count]].length });
  console.log(getHeapStatistics().total_heap_size / 2 ** 20);
`;

async function heapOf(first: string): Promise<{ readonly mib: number; readonly stderr: string }> {
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', `${first}${FILL}`]);
  return { mib: Number(stdout), stderr };
}

it('keeps the heap smaller, with flags that this V8 knows', async () => {
  const [usual, saving] = await Promise.all([
    heapOf(''),
    heapOf(`import { saveMemory } from ${JSON.stringify(FILE)}; saveMemory();`),
  ]);
  expect(saving.stderr).toBe('');
  expect(saving.mib).toBeLessThan(usual.mib);
});
