import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..');

/** Folder, a file that breaks a rule of the house there, and what the linter must say. */
const violations: readonly (readonly [string, string, string])[] = [
  ['src/ir', "import { readFile } from 'node:fs';\nexport const x = readFile;\n", 'ir imports nothing'],
  ['src/ir', "import { refOf } from '../../plan/plan.ts';\nexport const x = refOf;\n", 'ir imports nothing'],
  [
    'src/diagnostics',
    "import { refOf } from '../../ir/ref.ts';\nexport const x = refOf;\n",
    'diagnostics imports nothing',
  ],
  ['src/desired', "import type { Source } from '../../sources/source.ts';\nexport type X = Source;\n", 'know only'],
  ['src/plan', "export { createBigipTarget } from '../../targets/bigip/index.ts';\n", 'know only'],
  ['src/plan', "import fs from 'node:fs';\nexport const x = fs;\n", 'pure: no I/O'],
  ['src/plan', 'export const x = Date.now();\n', 'Date'],
  ['src/report', 'export const x = process.env;\n', 'process'],
  ['src/report', "import { request } from 'undici';\nexport const x = request;\n", 'pure: no I/O'],
  ['src/sources', "import { x } from '../../sync/controller.ts';\nexport const y = x;\n", 'stand below sync'],
  ['src/sources/kubernetes/extract', "import net from 'node:net';\nexport const x = net;\n", 'pure: no I/O'],
  [
    'src/sources/kubernetes/extract',
    "import { x } from '../../../../emulator/index.ts';\nexport const y = x;\n",
    'stand below',
  ],
  ['src/targets/bigip/compile', 'export const x = Date.now();\n', 'Date'],
  ['src/targets/bigip/decode', "import { request } from 'undici';\nexport const x = request;\n", 'pure: no I/O'],
  [
    'src/emulator',
    "import { parseAddress } from '../../ir/address.ts';\nexport const x = parseAddress;\n",
    'shares no code',
  ],
  [
    'src/emulator/dataplane',
    "import { x } from '../../../targets/target.ts';\nexport const y = x;\n",
    'shares no code',
  ],
  ['src/sync', "import { main } from '../../cli/main.ts';\nexport const x = main;\n", 'sync stands below cli'],
  ['src/cli', 'export default 1;\n', 'no-default-export'],
  ['src/cli', 'export function f(x: unknown): string {\n  return (x as any).y;\n}\n', 'no-explicit-any'],
];
const innocent = ['src/plan', "import { refOf } from '../../ir/ref.ts';\nexport const x = refOf;\n"] as const;

interface Finding {
  readonly filename: string;
  readonly message: string;
  readonly code: string;
}

describe('the layer rules', () => {
  const folders: string[] = [];
  const files: string[] = [];
  let code = 0;
  let findings: readonly Finding[] = [];

  beforeAll(async () => {
    for (const [folder, text] of [...violations, innocent]) {
      const place = await mkdtemp(path.join(root, folder, 'seeded-'));
      folders.push(place);
      const file = path.join(place, 'violation.ts');
      await writeFile(file, text);
      files.push(path.relative(root, file));
    }
    const linter = path.join(root, 'node_modules/oxlint/bin/oxlint');
    const said = await run(process.execPath, [linter, '--deny-warnings', '--format', 'json', ...files], {
      cwd: root,
    }).catch((error: unknown) => error as { readonly code: number; readonly stdout: string });
    code = 'code' in said ? said.code : 0;
    findings = (JSON.parse(said.stdout) as { readonly diagnostics: readonly Finding[] }).diagnostics;
  }, 60_000);

  afterAll(async () => {
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  it('fail the run', () => {
    expect(code).not.toBe(0);
  });

  it.each(violations.map(([folder, text, words], index) => ({ folder, words, index, line: text.split('\n')[0] })))(
    'bite in $folder: $line',
    ({ index, words }) => {
      const own = findings.filter(({ filename }) => filename === files[index]);
      expect(
        own.map((finding) => `${finding.code} ${finding.message} ${JSON.stringify(finding)}`).join('\n'),
      ).toContain(words);
    },
  );

  it('let a file that keeps them pass', () => {
    expect(findings.filter(({ filename }) => filename === files.at(-1))).toEqual([]);
  });
});
