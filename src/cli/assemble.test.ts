import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Lane } from './assemble.ts';
import { loadConfig } from '../config/load.ts';
import { makeLanes } from './assemble.ts';
import { createLog } from './log.ts';
import { fakeIo } from './testing/fake-io.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-assemble-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Lanes of a config whose target trusts this file. */
async function lanesTrusting(caFile: string): Promise<readonly Lane[]> {
  return await lanesOf(`sources: [{ name: east, kubernetes: { manifests: ./cluster } }]
targets:
  - name: one
    bigip: { url: https://127.0.0.1, username: a, password: { env: A }, tls: { caFile: ${caFile} } }
`);
}

async function lanesOf(text: string): Promise<readonly Lane[]> {
  const path = join(folder, 'fairlead.yaml');
  await writeFile(path, `instance: east\n${text}`);
  const { config } = await loadConfig(path);
  if (config === undefined) throw new Error('the config is wrong');
  const log = createLog({ level: 'silent', format: 'text', out: fakeIo().stderr });
  return await makeLanes(config, { log, env: {}, signal: new AbortController().signal });
}

it('a CA file that holds no certificate is told by name, before the device is asked', async () => {
  await writeFile(join(folder, 'ca.pem'), 'no certificate\n');
  await expect(lanesTrusting('./ca.pem')).rejects.toThrow(
    `target one: tls.caFile ${join(folder, 'ca.pem')} holds no certificate; expected PEM, beginning with -----BEGIN CERTIFICATE-----`,
  );
  await expect(lanesTrusting('./none.pem')).rejects.toThrow('none.pem cannot be read (ENOENT); expected a PEM file');
});

it('what one target alone can write is nothing that another one complains of', async () => {
  await writeFile(join(folder, 'm.csv'), 'service,pool,member\na,/Common/team,10.0.0.1:80\nb,web,10.0.0.2:80\n');
  const device = 'url: https://127.0.0.1, username: a, password: { env: A }, partition: k';
  const lanes = await lanesOf(`sources: [{ name: sheet, files: { paths: [./m.csv] } }]
targets:
  - { name: whole, bigip: { ${device} } }
  - { name: team, only: pool-members of /Common/team, bigip: { ${device} } }
`);
  const read = lanes.map(async ({ options: { sources } }) => {
    const results = await Promise.all(sources.map((source) => source.read({ signal: new AbortController().signal })));
    const given = results.flatMap(({ contributions }) => contributions);
    const paths = given.flatMap(({ objects }) => objects.map(({ path }) => path));
    return [paths, given.flatMap(({ diagnostics }) => diagnostics)];
  });
  expect(await Promise.all(read)).toEqual([
    [['/k/web'], []],
    [['/Common/team', '/k/web'], []],
  ]);
});
