import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createProgram } from './program.ts';
import { fakeIo } from './testing/fake-io.ts';
import { flagTable } from './testing/flag-tables.ts';

const PAGE = fileURLToPath(new URL('../../docs/cli.md', import.meta.url));

const program = createProgram({ io: fakeIo(), makeLanes: () => Promise.resolve([]) }, () => undefined);

it('docs/cli.md has every verb with every flag, as the help has it: UPDATE_DOCS=1 writes them anew', async () => {
  const page = await readFile(PAGE, 'utf8');
  let wanted = page;
  for (const verb of program.commands) {
    const name = verb.name();
    expect(page, `a section for ${name}`).toContain(`\n## fairlead ${name}\n`);
    const table = new RegExp(`(<!-- flags:${name}:start -->)[\\s\\S]*?(<!-- flags:${name}:end -->)`);
    expect(page, `a place for the flags of ${name}`).toMatch(table);
    wanted = wanted.replace(table, (_, start: string, end: string) => `${start}\n\n${flagTable(verb)}\n\n${end}`);
  }
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(PAGE, wanted);
  expect(await readFile(PAGE, 'utf8')).toBe(wanted);
});

it('docs/cli.md names no verb and no flag that is not there', async () => {
  const page = await readFile(PAGE, 'utf8');
  const verbs = program.commands.map((verb) => verb.name());
  const sections = [...page.matchAll(/^## fairlead (\w+)$/gm)].map((match) => match[1]);
  expect(new Set(sections)).toEqual(new Set(verbs));
  const known = new Set([
    '--help',
    '--version',
    ...program.commands.flatMap((verb) => verb.options.map(({ long }) => long)),
  ]);
  const named = [...page.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag);
  expect(named.filter((flag) => !known.has(flag))).toEqual([]);
});
