import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { CODESHARE_CALLS, PREPARED } from '../support/codeshare-calls.ts';
import { type Bed, makeBed } from '../support/e2e.ts';

const SAMPLE = path.resolve(import.meta.dirname, '../../examples/codeshare/cluster');
const OPTIONS = {
  instance: 'east',
  partition: 'Common',
  emulator: { modules: ['ltm', 'gtm'] },
  source: '    annotations: codeshare\n    naming: codeshare',
  more: 'defaults: { snat: none }\nsafety: { adopt: all }',
};

async function bedWithSample(): Promise<Bed> {
  const bed = await makeBed(OPTIONS);
  for (const name of ['services', 'ingress', 'endpoints']) {
    await bed.write(name, await readFile(path.join(SAMPLE, `${name}.yaml`), 'utf8'));
  }
  return bed;
}

it('AC-14 a device that the example set up is taken over without making anything anew', async () => {
  const bed = await bedWithSample();
  for (const [method, url, body] of [...PREPARED, ...CODESHARE_CALLS]) await bed.rest(method, `/mgmt/tm/${url}`, body);
  const { out } = await bed.cli('plan');
  expect(out).toContain('Plan: 0 to create, 3 to update, 0 to delete');
});
