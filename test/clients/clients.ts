import path from 'node:path';
import { pythonOf, requirements } from './build.ts';
import type { Client } from './client.ts';

const here = import.meta.dirname;

/** A client from PyPI: its driver is `drive.py` in the folder of its name, and sees the drivers' common part. */
function python(name: string, version: string, releases: readonly string[]): Client {
  return {
    name,
    package: `${name} ${version}`,
    releases,
    modules: ['gtm'],
    command: () => [pythonOf(requirements), path.join(here, name, 'drive.py')],
    env: () => ({ PYTHONPATH: here }),
  };
}

/** Every client, with the releases that it is run against. */
export const clients: readonly Client[] = [python('bigrest', '1.7.3', ['17.1', '15.1'])];
