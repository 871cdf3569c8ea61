import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { assembleManifests } from './assemble-manifests.ts';
import { extractManifests } from './extract-manifests.ts';

/*
 * The folders are the test table: <kind>/<case>/in.yaml gives <kind>/<case>/out.yaml. The input holds manifests, and at
 * most one document of kind GoldenOptions with `options` (of extraction) and `known` (what the device has, by origin).
 * UPDATE_GOLDEN=1 writes the outputs anew; review them as a diff.
 */
function casesOf(kind: string): readonly string[] {
  const entries = readdirSync(join(import.meta.dirname, kind), { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

function documentsOf(file: string): readonly unknown[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document): unknown => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

/** `more`: documents beside those of the case. */
async function judge(
  folder: string,
  extract: (documents: readonly unknown[]) => unknown,
  more: readonly unknown[] = [],
): Promise<void> {
  const output = join(import.meta.dirname, folder, 'out.yaml');
  const documents = [...documentsOf(join(import.meta.dirname, folder, 'in.yaml')), ...more];
  const print = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  const result = print(await extract(documents));
  expect(print(await extract(documents.toReversed())), 'the order of the input changes nothing').toBe(result);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(output, result);
  expect(existsSync(output) ? readFileSync(output, 'utf8') : '').toBe(result);
}

describe('Services become BIG-IP objects', () => {
  it('has its cases', () => {
    expect(casesOf('services').length).toBeGreaterThanOrEqual(25);
  });

  it.each(casesOf('services'))('%s', async (name) => {
    await judge(join('services', name), extractManifests);
  });
});

describe('Ingresses become BIG-IP objects', () => {
  it('has its cases', () => {
    expect(casesOf('ingresses').length).toBeGreaterThanOrEqual(10);
  });

  it.each(casesOf('ingresses'))('%s', async (name) => {
    await judge(join('ingresses', name), assembleManifests);
  });
});

describe('the shipped sample of the codeshare example', () => {
  it('AC-14 becomes these BIG-IP objects', async () => {
    const sample = join(import.meta.dirname, '../../examples/codeshare/cluster');
    const files = readdirSync(sample).map((name) => join(sample, name));
    await judge(join('examples', 'codeshare'), assembleManifests, files.flatMap(documentsOf));
  });
});
