import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FIELD_NAMES, fields } from '../../src/sources/tables/fields.ts';
import { commandsOf, lab, rowsOf, runPage, virtualsOf } from '../support/docs-lab.ts';

/** Pages whose commands work as they stand, and whose tables say what is on the device afterwards. */
const ROOT = join(import.meta.dirname, '../..');

it.each([
  ['services', 'services.md'],
  ['files', 'sources/files.md'],
  ['spreadsheet', 'sources/spreadsheets.md'],
  ['several', 'sources/several.md'],
  ['state', 'sources/state.md'],
])(
  'examples/%s: the commands of docs/%s work as they stand, and its table is what they make',
  async (example, file) => {
    const made = await lab(example, file);
    await runPage(made);
    const rows = rowsOf(made.page, '| virtual server | destination | pool |');
    expect(await virtualsOf(made)).toEqual(rows);
  },
);

it('docs/from-codeshare.md: the commands work as they stand, and its table is what they make', async () => {
  const made = await lab('codeshare', 'from-codeshare.md');
  await runPage(made);
  const rows = rowsOf(made.page, '| object | made |').map(([, names = []]) => names);
  const collections = ['net/route', 'ltm/pool', 'ltm/virtual', 'ltm/policy', 'gtm/wideip/a'];
  expect(rows).toHaveLength(collections.length);
  for (const [index, collection] of collections.entries()) {
    const names = (await made.items(collection)).map(({ name }) => name).filter((name) => !name.startsWith('_sys'));
    expect([collection, names.toSorted()]).toEqual([collection, rows[index]]);
  }
});

it('docs/subsets.md: the commands work as they stand, and leave the device as its tables say', async () => {
  const { page, fairlead, items } = await lab('subset', 'subsets.md');
  const [pool] = await items('ltm/pool');
  const lines = commandsOf(page, 'fairlead ').filter((line) => !line.startsWith('emulator'));
  expect(lines.slice(0, 3)).toEqual(['check', 'plan', 'apply --yes']);
  for (const line of lines.slice(0, 3)) expect(await fairlead(line)).toMatchObject({ code: 0, err: '' });
  const [now] = await items('ltm/pool');
  expect({ ...now, membersReference: undefined }).toEqual({ ...pool, membersReference: undefined });
  const names = now?.membersReference?.items?.map(({ name }) => name).toSorted();
  expect(names).toEqual(rowsOf(page, '| member | whose |').flatMap(([members = []]) => members));
  expect((await items('ltm/virtual')).map(({ name }) => name)).toEqual(['app']);
  expect((await fairlead('plan --exit-code')).code).toBe(0);
});

it('docs/sources/files.md has every field of the row model, word by word', async () => {
  const file = join(ROOT, 'docs/sources/files.md');
  const page = await readFile(file, 'utf8');
  const lines = FIELD_NAMES.map(
    (name) => `| \`${name}\` | ${fields[name].of} | ${fields[name].effect} | ${fields[name].form} |`,
  );
  const table = ['| field | of | effect | value |', '|---|---|---|---|', ...lines].join('\n');
  const written = page.replace(
    /(<!-- fields:start -->\n)[^]*(<!-- fields:end -->)/,
    (_, start: string, end: string) => `${start}${table}\n${end}`,
  );
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(file, written);
  expect(await readFile(file, 'utf8')).toBe(written);
});
