import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
