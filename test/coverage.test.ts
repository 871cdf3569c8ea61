import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..');

/** Half of it is never run by its test. */
const UNTESTED = `export function half(flag: boolean): string {
  if (flag) return 'tested';
  return flag === undefined ? 'never' : 'not';
}
`;
const TEST = `import { expect, it } from 'vitest';
import { half } from './half.ts';
it('tests half of it', () => {
  expect(half(true)).toBe('tested');
});
`;

describe('the coverage gate of the pure folders', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(root, 'src/plan/seeded-'));
    await writeFile(path.join(folder, 'half.ts'), UNTESTED);
    await writeFile(path.join(folder, 'half.test.ts'), TEST);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('bites on a branch that no test takes', async () => {
    const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
    const seeded = path.relative(root, folder);
    const args = ['run', '--config', 'vitest.coverage.config.ts', `--coverage.include=${seeded}/half.ts`, `${seeded}/`];
    const said = await run(process.execPath, [vitest, ...args], { cwd: root }).then(
      ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
      (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => ({
        code: error.code,
        text: error.stdout + error.stderr,
      }),
    );
    expect(said.text).toContain('1 passed');
    expect(said.text).toMatch(/Coverage for branches .* does not meet global threshold/);
    expect(said.code).not.toBe(0);
  }, 60_000);
});
