import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { checksumOf } from '../../src/desired/blob-store.ts';
import { createStateSource } from '../../src/sources/state/index.ts';
import type { Source } from '../../src/sources/source.ts';
import { testSource } from './source.ts';
import type { SourceHarness } from './source.ts';

const POOL = { kind: 'Pool', name: 'web', members: ['10.0.0.1:80'] };
const VIRTUAL = {
  kind: 'VirtualServer',
  name: 'web',
  destination: '10.1.10.50:80',
  ipProtocol: 'tcp',
  pool: 'web',
  profiles: ['/Common/tcp'],
};
const API = { kind: 'Pool', name: 'api', members: ['10.0.0.9:80'] };

async function harness(): Promise<SourceHarness> {
  const folders = [await mkdtemp(join(tmpdir(), 'fairlead-a-')), await mkdtemp(join(tmpdir(), 'fairlead-b-'))] as const;
  const write = async (folder: string, name: string, objects: readonly object[]): Promise<void> => {
    await writeFile(join(folder, `.${name}`), objects.map((object) => stringify(object)).join('---\n'));
    await rename(join(folder, `.${name}`), join(folder, name));
  };
  const sourceOf = (folder: string): Source =>
    createStateSource({
      source: 'state',
      partition: 'k',
      paths: [join(folder, '*.yaml')],
      allowEmpty: false,
      keepBytes: checksumOf,
      quietMs: 10,
      pollMs: 200,
    });
  await write(folders[0], 'web.yaml', [POOL, VIRTUAL]);
  await write(folders[0], 'api.yaml', [API]);
  await write(folders[1], 'all.yaml', [VIRTUAL, API, POOL]);
  const first = sourceOf(folders[0]);
  return {
    source: first,
    shuffled: () => Promise.resolve(sourceOf(folders[1])),
    change: async () => {
      await write(folders[0], 'web.yaml', [{ ...POOL, members: ['10.0.0.1:80', '10.0.0.2:80'] }, VIRTUAL]);
      return 'state:Pool/k/web';
    },
    remove: async () => {
      await rm(join(folders[0], 'api.yaml'));
      return ['state:Pool/k/api'];
    },
    fail: () => writeFile(join(folders[0], 'web.yaml'), 'kind: Pool\n  broken: [\n'),
    heal: () => write(folders[0], 'web.yaml', [POOL, VIRTUAL]),
    close: async () => {
      await first.close?.();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

testSource('the desired state in files', harness);
