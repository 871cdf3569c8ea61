import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { checker } from '../support/json-schema.ts';
import { stateSchema } from '../../src/sources/state/json-schema.ts';

interface KindNode {
  readonly description?: string;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}

function tableOfKinds(): string {
  const { object: _, ...kinds } = stateSchema()['$defs'] as Readonly<Record<string, KindNode>>;
  const rows = Object.entries(kinds).map(([title, { description = '', required, properties }]) => {
    const fields = Object.keys(properties).filter((name) => name !== 'kind' && name !== 'name');
    const shown = fields.map((name) => (required.includes(name) ? `**${name}**` : name));
    return `| \`${title}\` | ${description} | ${shown.join(', ')} |`;
  });
  return ['| kind | what it is | fields |', '|---|---|---|', ...rows].join('\n');
}

it('docs/sources/state.md has every kind and field of documents', async () => {
  const file = join(import.meta.dirname, '../../docs/sources/state.md');
  const page = await readFile(file, 'utf8');
  const written = page.replace(
    /(<!-- kinds:start -->\n)[^]*(<!-- kinds:end -->)/,
    (_, start: string, end: string) => `${start}${tableOfKinds()}\n${end}`,
  );
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(file, written);
  expect(await readFile(file, 'utf8')).toBe(written);
});

const faults = checker(stateSchema());

it('the published schema lets the example through, and underlines what is wrong', async () => {
  const texts = await Promise.all(
    ['shop', 'dns'].map((name) =>
      readFile(join(import.meta.dirname, `../../examples/state/objects/${name}.yaml`), 'utf8'),
    ),
  );
  const documents = texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as unknown));
  expect(documents.length).toBeGreaterThan(7);
  for (const document of documents) expect([document, faults(document)]).toEqual([document, []]);
  const [virtual] = documents as [object];
  expect(faults({ ...virtual, destinaton: 'x' })).not.toEqual([]);
  expect(faults({ ...virtual, kind: 'Virtual' })).not.toEqual([]);
  expect(faults({ kind: 'Node', name: 'a', address: '10.0.0.1' })).not.toEqual([]);
});
