import { ansible } from './ansible/client.ts';
import path from 'node:path';
import { npmFolder, pythonOf, requirements } from './build.ts';
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

const conx: Client = {
  name: 'f5-conx-core',
  package: 'f5-conx-core 1.0.0',
  releases: ['17.1', '15.1'],
  command: () => [process.execPath, path.join(here, 'f5-conx-core', 'drive.cjs')],
  // F5_CONX_CORE_TCP_TIMEOUT is read in any case: without it every request has the time-out "NaN".
  env: ({ caFile }) => ({
    NODE_EXTRA_CA_CERTS: caFile,
    CLIENTS_NPM: npmFolder(),
    F5_CONX_CORE_TCP_TIMEOUT: '30000',
  }),
};

/** Every client, with the releases that it is run against. */
export const clients: readonly Client[] = [
  python('f5-sdk', '3.0.21', ['17.1', '13.1', '12.1']),
  python('bigrest', '1.7.3', ['17.1', '15.1']),
  python('f5-sdk-python', '0.9.2', ['17.1', '13.1']),
  conx,
  ansible,
];
