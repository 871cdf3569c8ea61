import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { SchemaNode } from './json-schema.ts';
import { printSchema, publishedSchema } from './json-schema.ts';

it('is published as it is: after a change of the schema, run `npm run schema`', async () => {
  const published = await readFile(new URL('../../schema/fairlead.schema.json', import.meta.url), 'utf8');
  expect(published).toBe(printSchema());
});

it('describes every field, so that editors can explain it', () => {
  const root = publishedSchema();
  expect([root, ...Object.values(root.$defs ?? {})].flatMap((node) => undescribed(node, ''))).toEqual([]);
});

function undescribed(node: SchemaNode, path: string): readonly string[] {
  const fields = Object.entries(node.properties ?? {});
  const own = fields.filter(([, child]) => child.description === undefined && child.$ref === undefined);
  const below = fields.flatMap(([name, child]) => undescribed(child, `${path}.${name}`));
  const items = node.items === undefined ? [] : undescribed(node.items, `${path}[]`);
  return [...own.map(([name]) => `${path}.${name}`), ...below, ...items];
}
