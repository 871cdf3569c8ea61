import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { extractManifests } from './extract-manifests.ts';

/*
 * The folders are the test table: services/<case>/in.yaml gives services/<case>/out.yaml. The input holds manifests, and
 * at most one document of kind GoldenOptions with `options` (of extraction) and `known` (what the device has, by origin).
 * UPDATE_GOLDEN=1 writes the outputs anew; review them as a diff.
 */
const folder = join(import.meta.dirname, 'services');
const cases = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe('Services become BIG-IP objects', () => {
  it('has its cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(25);
  });

  it.each(cases.map((entry) => entry.name).sort())('%s', (name) => {
    const input = join(folder, name, 'in.yaml');
    const output = join(folder, name, 'out.yaml');
    const documents = parseAllDocuments(readFileSync(input, 'utf8')).map((document): unknown => {
      expect(document.errors).toEqual([]);
      return document.toJS();
    });
    const result = stringify(extractManifests(documents), { lineWidth: 0, aliasDuplicateObjects: false });
    const shuffled = stringify(extractManifests(documents.reverse()), { lineWidth: 0, aliasDuplicateObjects: false });
    expect(shuffled, 'the order of the input changes nothing').toBe(result);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(output, result);
    expect(existsSync(output) ? readFileSync(output, 'utf8') : '').toBe(result);
  });
});
