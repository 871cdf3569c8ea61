import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/index.ts';
import { type Bed, makeBed, PASSWORD, until } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';

async function start(options = {}): Promise<Bed> {
  const bed = await makeBed(options);
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.2']));
  await bed.put('api', service('api', { address: '10.1.10.2' }), slice('api', ['10.0.0.3']));
  return bed;
}

it('AC-07 plan --exit-code: 2 if there is something to do, 0 if not, 1 if that cannot be told', async () => {
  const bed = await start();
  expect((await bed.cli('plan', '--exit-code')).code).toBe(2);
  await bed.apply();
  expect((await bed.cli('plan', '--exit-code')).code).toBe(0);
  await bed.write('web', 'kind: [');
  expect((await bed.cli('plan', '--exit-code')).code).toBe(1);
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
  expect((await bed.cli('plan', '--exit-code')).code).toBe(2);
  bed.gate.rule = () => ({ status: 403, body: '{"code":403,"message":"Forbidden"}' });
  expect((await bed.cli('plan', '--exit-code')).code).toBe(1);
});

const CHANGES: readonly (readonly [string, (bed: Bed) => Promise<unknown>])[] = [
  [
    'a pod came',
    (bed) => bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.9'])),
  ],
  ['a Service came', (bed) => bed.put('new', service('new', { address: '10.1.10.3' }))],
  ['a Service is gone', (bed) => bed.remove('api')],
  [
    'a person changed what is to be changed',
    (bed) => bed.rest('PATCH', '/mgmt/tm/ltm/pool/~k~shop_web_http', { loadBalancingMode: 'ratio-member' }),
  ],
  [
    'a person deleted what is to be changed',
    async (bed) => {
      await bed.rest('DELETE', '/mgmt/tm/ltm/virtual/~k~shop_web_http');
      await bed.rest('DELETE', '/mgmt/tm/ltm/pool/~k~shop_web_http');
    },
  ],
  ['somebody else applied it', (bed) => bed.apply()],
];

it.each(CHANGES)('AC-07 apply --plan refuses a world that changed since it was shown: %s', async (_, change) => {
  const bed = await start();
  await bed.apply();
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.4']));
  const file = path.join(bed.folder, 'plan.json');
  await bed.cli('plan', '--out', file);
  await change(bed);
  const state = bed.state();
  bed.emulator.log.clear();
  const { code, err } = await bed.cli('apply', '--yes', '--plan', file);
  expect(err).toContain('nothing was applied: the plan is not the one that was shown');
  expect([code, bed.writes()]).toEqual([1, []]);
  expect(bed.state()).toEqual(state);
});

it('AC-07 apply --plan applies what was shown, if nothing changed that it is about', async () => {
  const bed = await start();
  const file = path.join(bed.folder, 'plan.json');
  await bed.cli('plan', '--out', file);
  await bed.apply('--plan', file);
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.4']));
  await bed.cli('plan', '--out', file);
  // Somebody else's business, in the same partition.
  await bed.rest('POST', '/mgmt/tm/ltm/pool', { name: 'other', partition: 'k' });
  await bed.apply('--plan', file);
  expect((await bed.cli('plan', '--exit-code')).code).toBe(0);
});

it('the same world gives the same bytes, whatever the order of the manifests', async () => {
  const [one, two] = [await start(), await makeBed()];
  await two.put(
    'all',
    slice('api', ['10.0.0.3']),
    slice('web', ['10.0.0.2', '10.0.0.1']),
    service('web', { address: '10.1.10.1' }),
    service('api', { address: '10.1.10.2' }),
  );
  expect((await one.cli('plan', '-o', 'json')).out).toBe((await two.cli('plan', '-o', 'json')).out);
});

it('what --show rest prints is what apply sends', async () => {
  const bed = await start();
  await bed.apply();
  await bed.put('web', service('web', { address: '10.1.10.9' }), slice('web', ['10.0.0.1']));
  await bed.remove('api');
  const { out } = await bed.cli('plan', '--show', 'rest');
  const shown = out.match(/^(?:POST|PATCH|DELETE) \/mgmt\/tm\/ltm\S+$/gm);
  bed.emulator.log.clear();
  await bed.apply();
  const sent = bed.writes().filter((change) => change.includes('/ltm/'));
  // Housekeeping comes after what was shown.
  expect(sent.slice(0, shown?.length)).toEqual(shown);
});

it('F-37 neither the password nor a token is ever printed, logged or written into a plan, whatever goes wrong', async () => {
  const bed = await start({ restart: '100ms', emulator: { tls: false } });
  const file = path.join(bed.folder, 'plan.json');
  const loud = ['--log-level', 'trace'];
  await bed.cli('check', ...loud);
  await bed.cli('plan', '--out', file, '-o', 'json', ...loud);
  await bed.cli('apply', '--yes', ...loud);
  const echo = { status: 400, body: JSON.stringify({ code: 400, message: `password=${PASSWORD} is bad` }) };
  for (const fate of [echo, 'cut-after', 'away'] as const) {
    bed.gate.rule = () => fate;
    await bed.cli('plan', ...loud);
    bed.gate.rule = ({ write }) => (write > 0 ? fate : 'pass');
    await bed.put(
      'web',
      service('web', { address: '10.1.10.1' }),
      slice('web', [`10.0.1.${bed.printed.length % 200}`]),
    );
    await bed.cli('apply', '--yes', ...loud);
  }
  const before = bed.gate.seen.map(({ path: url }) => url);
  bed.gate.reset();
  const child = bed.spawn('run', ...loud);
  await until('it follows', () => bed.printed.includes('following'));
  child.kill('SIGTERM');
  await new Promise((resolve) => {
    child.once('exit', resolve);
  });
  // The emulator's own log holds no tokens.
  const urls = [...before, ...bed.gate.seen.map(({ path: url }) => url)];
  const tokens = urls.flatMap((url) => /tokens\/(\w{20,})/.exec(url)?.[1] ?? []);
  expect(tokens.length).toBeGreaterThan(2);
  const all = bed.printed + (await readFile(file, 'utf8'));
  expect(all.length).toBeGreaterThan(5000);
  for (const secret of [PASSWORD, ...tokens]) expect(all.includes(secret)).toBe(false);
});

it('F-37 TLS is verified unless that is turned off by name: an unknown authority gets no password', async () => {
  const emulator = await startEmulator({ tls: 'self-signed', users: [{ name: 'admin', password: PASSWORD }] });
  const bed = await makeBed({ on: emulator, restart: '100ms' });
  const config = (await readFile(bed.config, 'utf8')).replace(bed.gate.url, emulator.url);
  await writeFile(bed.config, config);
  const refused = await bed.cli('plan');
  expect([refused.code, refused.err.includes('certificate')]).toEqual([1, true]);
  expect(emulator.log.total).toBe(0);
  await writeFile(bed.config, config.replace('username:', 'tls: { insecureSkipVerify: true }\n      username:'));
  expect((await bed.cli('plan')).code).toBe(0);
  await writeFile(path.join(bed.folder, 'ca.pem'), emulator.certificate ?? '');
  await writeFile(bed.config, config.replace('username:', 'tls: { caFile: ca.pem }\n      username:'));
  expect((await bed.cli('plan')).code).toBe(0);
  await emulator.close();
});
