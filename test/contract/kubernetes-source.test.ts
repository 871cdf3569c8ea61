import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createKubernetesSource } from '../../src/sources/kubernetes/index.ts';
import type { FakeObject } from '../../src/sources/kubernetes/testing/fake-objects.ts';
import { ApiBed, testExtract } from '../../src/sources/kubernetes/testing/harness.ts';
import { serviceObject, sliceObject } from '../../src/sources/kubernetes/testing/objects.ts';
import { testSource } from './source.ts';
import type { SourceHarness } from './source.ts';

const WEB_CELLS = ['east:Service/default/web', 'east:Service/default/web#http'];
const API_CELLS = ['east:Service/default/api', 'east:Service/default/api#http'];

const objects = (): FakeObject[] => [
  serviceObject('default/web', { loadBalancerIP: '10.1.10.50' }),
  sliceObject('default/web', ['10.244.1.5']),
  serviceObject('default/api'),
  sliceObject('default/api', ['10.244.1.6', '10.244.2.6']),
];

async function apiHarness(): Promise<SourceHarness> {
  const bed = await new ApiBed().start();
  const other = await new ApiBed().start();
  bed.api.put(...objects());
  other.api.put(...objects().reverse());
  return {
    source: bed.source(),
    shuffled: async () => other.source({ pageSize: 1 }),
    change: async () => {
      bed.api.put(sliceObject('default/web', ['10.244.1.5', '10.244.2.9']));
      return String(WEB_CELLS[1]);
    },
    remove: async () => {
      bed.api.remove('Service', 'default/api');
      return API_CELLS;
    },
    fail: async () => void bed.api.faults.push({ status: 403, verb: 'list', resource: 'endpointslices' }),
    heal: async () => void bed.api.faults.splice(0),
    close: async () => {
      await bed.stop();
      await other.stop();
    },
  };
}

async function manifestHarness(): Promise<SourceHarness> {
  const folders = [await mkdtemp(join(tmpdir(), 'fairlead-a-')), await mkdtemp(join(tmpdir(), 'fairlead-b-'))] as const;
  const write = async (folder: string, name: string, content: readonly FakeObject[]) => {
    const text = content.map((object) => JSON.stringify(object, null, 2)).join('\n---\n');
    await writeFile(join(folder, `.${name}`), text);
    await rename(join(folder, `.${name}`), join(folder, name));
  };
  const source = (folder: string) =>
    createKubernetesSource({ extract: testExtract(), from: { kind: 'manifests', folder, quietMs: 10, pollMs: 200 } });
  const [web, webSlice, api, apiSlice] = objects() as [FakeObject, FakeObject, FakeObject, FakeObject];
  await write(folders[0], 'web.yaml', [web, webSlice]);
  await write(folders[0], 'api.yaml', [api, apiSlice]);
  await write(folders[1], 'all.yaml', objects().reverse());
  const first = source(folders[0]);
  return {
    source: first,
    shuffled: async () => source(folders[1]),
    change: async () => {
      await write(folders[0], 'web.yaml', [web, sliceObject('default/web', ['10.244.1.5', '10.244.2.9'])]);
      return String(WEB_CELLS[1]);
    },
    remove: async () => {
      await rm(join(folders[0], 'api.yaml'));
      return API_CELLS;
    },
    fail: () => writeFile(join(folders[0], 'web.yaml'), 'kind: Service\n  broken: [\n'),
    heal: () => write(folders[0], 'web.yaml', [web, webSlice]),
    close: async () => {
      await first.close?.();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

testSource('Kubernetes, API server', apiHarness);
testSource('Kubernetes, manifests', manifestHarness);
