import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Agent, request } from 'undici';
import { expect, it } from 'vitest';
import { emulatorVerb } from '../../src/cli/emulator.ts';
import { fakeIo } from '../../src/cli/testing/fake-io.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLE = join(ROOT, 'examples/emulator/emulator.yaml');
const PAGE = join(ROOT, 'docs/emulator.md');
const [START, END] = ['<!-- example:start -->', '<!-- example:end -->'];
const PASSWORD = 'of-the-example';

it('docs/emulator.md shows the example as it is: UPDATE_DOCS=1 writes it anew', async () => {
  const page = await readFile(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(START);
  const [, after = ''] = rest.split(END);
  const wanted = `${before}${START}\n\n\`\`\`yaml\n${await readFile(EXAMPLE, 'utf8')}\`\`\`\n\n${END}${after}`;
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(PAGE, wanted);
  expect(await readFile(PAGE, 'utf8')).toBe(wanted);
});

it('the example runs: two releases, the shop of its bigip.conf, users, gtm and a fault', async () => {
  // Ports of its own, so that nothing else is in the way; the rest is as it stands.
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-example-'));
  const config = join(folder, 'emulator.yaml');
  await copyFile(join(dirname(EXAMPLE), 'bigip.conf'), join(folder, 'bigip.conf'));
  await writeFile(config, (await readFile(EXAMPLE, 'utf8')).replaceAll(/127\.0\.0\.1:844\d/g, '127.0.0.1:0'));
  const io = fakeIo({ env: { EMULATOR_PASSWORD: PASSWORD } });
  const unused = { listen: '', hostname: '', user: '', tmos: '', dataplane: true, timeScale: 1 };
  const running = emulatorVerb({ io }, { ...unused, config, output: 'json' });
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  try {
    await io.untilOut('}\n');
    expect(io.err()).toBe('');
    const { devices } = JSON.parse(io.out().split('\n')[0] ?? '') as { devices: { url: string; tmos: string }[] };
    expect(devices.map(({ tmos }) => tmos)).toEqual(['17.1', '13.1']);
    const get = async (device: number, path: string, user = 'admin'): Promise<{ status: number; body: unknown }> => {
      const authorization = `Basic ${Buffer.from(`${user}:${PASSWORD}`).toString('base64')}`;
      const answer = await request(`${devices[device]?.url}${path}`, { dispatcher, headers: { authorization } });
      return { status: answer.statusCode, body: await answer.body.json() };
    };
    expect(await get(0, '/mgmt/tm/ltm/virtual/~Common~shop')).toMatchObject({
      status: 200,
      body: { destination: '/Common/127.0.0.80:8080', pool: '/Common/shop_pool', description: 'the shop' },
    });
    expect(await get(0, '/mgmt/tm/ltm/pool/shop_pool/members', 'viewer')).toMatchObject({
      body: { items: [{ name: 'web1:8081' }, { name: 'web1:8082' }] },
    });
    expect(await get(1, '/mgmt/tm/gtm/wideip/a')).toMatchObject({ status: 200 });
    expect(await get(1, '/emulator/faults')).toMatchObject({
      body: { items: [{ fault: { type: 'latency', ms: 250 } }] },
    });
  } finally {
    await dispatcher.close();
    io.signal();
    expect(await running).toBe(0);
    await rm(folder, { recursive: true });
  }
});
