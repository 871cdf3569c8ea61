import { rmSync } from 'node:fs';
import path from 'node:path';
import { cachedFolder, madeOnce, pythonOf, buildPython, runToEnd } from '../build.ts';
import type { Client } from '../client.ts';

const here = import.meta.dirname;
const requirements = path.join(here, 'requirements.txt');
const pins = ['collections.txt', 'unpack.py'].map((name) => path.join(here, name));

/** The folder that holds `ansible_collections`. */
function collectionsFolder(): string {
  return cachedFolder('ansible', pins);
}

/** Installs ansible-core in a venv of its own, and the collections out of the wheel of ansible, which pip checks by its hash. */
export async function buildAnsible(): Promise<void> {
  const python = await buildPython(requirements);
  const folder = collectionsFolder();
  await madeOnce(folder, async () => {
    const wheel = path.join(folder, 'wheel');
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
    await runToEnd(python, [...pip, '-r', path.join(here, 'collections.txt'), '-d', wheel], here);
    await runToEnd(python, [path.join(here, 'unpack.py'), wheel, folder], here);
    rmSync(wheel, { recursive: true });
  });
}

/** The modules of f5networks.f5_modules, one by one and in a playbook. */
export const ansible: Client = {
  name: 'f5_modules',
  package: 'f5networks.f5_modules 1.39.0',
  releases: ['17.1'],
  modules: ['gtm'],
  command: () => [pythonOf(requirements), path.join(here, 'drive.py')],
  env: ({ caFile }) => ({
    PYTHONPATH: `${collectionsFolder()}${path.delimiter}${path.join(here, '..')}`,
    ANSIBLE_COLLECTIONS_PATH: collectionsFolder(),
    SSL_CERT_FILE: caFile,
    F5_TELEMETRY_OFF: 'true',
  }),
};
