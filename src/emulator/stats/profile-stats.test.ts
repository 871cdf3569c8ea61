import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createDataPlane } from '../dataplane/index.ts';
import { cleanUp, httpBackend } from '../dataplane/test-kit.ts';
import { startTest } from '../test-kit.ts';

afterEach(cleanUp);

const folder = path.resolve('..', 'shared', 'reference', 'device-recordings', 'f5-telemetry-streaming');
const present = existsSync(folder);
if (!present) {
  process.stdout.write(`recordings: skipped, ${folder} is not there\n`);
}

/** The only entry of statistics of one object. */
function only(body: {
  entries: Record<string, { nestedStats: { entries: Record<string, unknown> } }>;
}): Record<string, unknown> {
  return Object.values(body.entries)[0]?.nestedStats.entries ?? {};
}

describe('statistics of profiles', () => {
  it.runIf(present).each([
    ['http', 'http'],
    ['client-ssl', 'clientssl'],
    ['server-ssl', 'apm-default-serverssl'],
  ])('of %s have the names of the recorded ones, in their order', async (type, name) => {
    const recorded = JSON.parse(readFileSync(`${folder}/mgmt_tm_ltm_profile_${type}_stats.json`, 'utf8'));
    const client = await startTest({ tmos: '14.1' });
    const { body } = await client.get(`ltm/profile/${type}/~Common~${name}/stats`);
    expect(body.kind).toBe(`tm:ltm:profile:${type}:${type}stats`);
    expect(Object.keys(body.entries)).toEqual(Object.keys(recorded.entries));
    expect(Object.keys(only(body))).toEqual(Object.keys(only(recorded)));
    expect(only(body)).toMatchObject({
      tmName: { description: `/Common/${name}` },
      typeId: { description: `ltm profile ${type}` },
      vsName: { description: 'N/A' },
    });
  });

  it('count real traffic', async () => {
    const backend = await httpBackend('x'.repeat(5000), (_request, response) => {
      response.setHeader('Content-Type', 'text/plain');
      response.end('x'.repeat(5000));
    });
    const client = await startTest({ dataPlane: () => createDataPlane({ map: 'always' }) });
    await client.post('ltm/pool', { name: 'p', members: [`127.0.0.1:${backend.port}`] });
    const profiles = ['tcp', 'http', 'httpcompression'];
    await client.post('ltm/virtual', { name: 'v', destination: '10.1.1.1:80', ipProtocol: 'tcp', pool: 'p', profiles });
    await client.emulator.dataPlane?.settled();
    const [listener] = client.emulator.listeners();
    const reply = await fetch(`http://${listener?.address}:${listener?.port}/`);
    expect(reply.headers.get('content-encoding')).toBe('gzip');
    expect(await reply.text()).toHaveLength(5000);
    const stats = async (type: string, name: string): Promise<Record<string, unknown>> =>
      only((await client.get(`ltm/profile/${type}/~Common~${name}/stats`)).body);
    expect(await stats('http', 'http')).toMatchObject({ getReqs: { value: 1 }, resp_2xxCnt: { value: 1 } });
    expect(await stats('tcp', 'tcp')).toMatchObject({ accepts: { value: 1 }, connects: { value: 1 } });
    const compression = await stats('http-compression', 'httpcompression');
    expect(compression).toMatchObject({ preCompressBytes: { value: 5000 }, plainPreCompressBytes: { value: 5000 } });
  });
});
