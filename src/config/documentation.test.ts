import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseConfig } from './parse.ts';
import { schemaTables } from './testing/schema-table.ts';

const PAGE = fileURLToPath(new URL('../../docs/configuration.md', import.meta.url));
const [START, END] = ['<!-- fields:start -->', '<!-- fields:end -->'];

it('the fields in docs/configuration.md are those of the schema: UPDATE_DOCS=1 writes them anew', async () => {
  const page = await readFile(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(START);
  const [, after = ''] = rest.split(END);
  const wanted = `${before}${START}\n\n${schemaTables()}\n\n${END}${after}`;
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(PAGE, wanted);
  expect(await readFile(PAGE, 'utf8')).toBe(wanted);
});

it('the examples in docs/configuration.md are read without a problem', async () => {
  const page = await readFile(PAGE, 'utf8');
  const examples = [...page.matchAll(/```yaml\n(# fairlead\.yaml[\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(examples.length).toBeGreaterThan(1);
  for (const example of examples) expect(parseConfig(example, 'example').diagnostics).toEqual([]);
});

it('the schema that docs/configuration.md names is where it says', async () => {
  const page = await readFile(PAGE, 'utf8');
  const path = /yaml-language-server: \$schema=(\S+)/.exec(page)?.[1];
  const packaged = path?.replace('./node_modules/fairlead/', '../../') ?? '';
  const schema = join(dirname(fileURLToPath(import.meta.url)), packaged);
  expect(JSON.parse(await readFile(schema, 'utf8'))).toHaveProperty('title', 'fairlead.yaml');
});
