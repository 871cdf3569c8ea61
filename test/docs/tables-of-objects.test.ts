import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FIELD_NAMES, fields } from '../../src/sources/tables/fields.ts';
import { lab, rowsOf, runPage, virtualsOf } from '../support/docs-lab.ts';

/** Pages whose commands work as they stand, and whose tables say what is on the device afterwards. */
const ROOT = join(import.meta.dirname, '../..');

it.each([
  ['services', 'services.md'],
  ['files', 'sources/files.md'],
  ['spreadsheet', 'sources/spreadsheets.md'],
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
