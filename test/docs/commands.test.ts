import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { fakeIo } from '../../src/cli/testing/fake-io.ts';
import { parseConfig } from '../../src/config/parse.ts';

const ROOT = join(import.meta.dirname, '../..');
const inDocs = (await readdir(join(ROOT, 'docs'), { recursive: true })).filter((file) => file.endsWith('.md'));
const pages = ['README.md', ...inDocs.map((file) => `docs/${file}`)];

const { commands } = createProgram({ io: fakeIo(), makeLanes: () => Promise.resolve([]) }, () => undefined);

/** Command lines that begin with `fairlead` or `npm run demo --`, comments left out. */
function commandLines(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim().replace(/^npm run (?:fairlead|demo) --/, 'fairlead demo'));
  return lines.filter((line) => /^fairlead [a-z]+( |$)/.test(line)).map((line) => line.replace(/\s+#.*$/, ''));
}

/** Why a command line would not be understood; undefined if it is. */
function problemWith(line: string): string | undefined {
  const [, verb, ...words] = line.split(/\s+/);
  const command = commands.find((one) => one.name() === verb);
  if (command === undefined) return `${line}: no verb ${verb}`;
  const known = new Set(command.options.flatMap(({ long, short }) => [long, short]));
  const flags = words.filter((word) => word.startsWith('-') && word !== '--');
  const wrong = flags.find((flag) => !known.has(flag));
  return wrong === undefined ? undefined : `${line}: no flag ${wrong}`;
}

it('every command in the pages has a verb and flags that are there', async () => {
  const texts = await Promise.all(pages.map((page) => readFile(join(ROOT, page), 'utf8')));
  // The line with all verbs at the head of docs/cli.md is no command.
  const lines = texts.flatMap(commandLines).filter((line) => !line.includes(' | '));
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.flatMap((line) => problemWith(line) ?? [])).toEqual([]);
  expect(problemWith('fairlead plan --colour')).toBe('fairlead plan --colour: no flag --colour');
  expect(problemWith('fairlead paint')).toBe('fairlead paint: no verb paint');
});

it('the config in the README is read without a problem', async () => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const configs = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(configs).toHaveLength(1);
  for (const config of configs) expect(parseConfig(config, 'README.md').diagnostics).toEqual([]);
});
