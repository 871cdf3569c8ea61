import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../emulator/index.ts';
import { startEmulator } from '../emulator/index.ts';
import { makeLanes } from './assemble.ts';
import { runCli } from './program.ts';
import { type FakeIo, fakeIo } from './testing/fake-io.ts';

const PASSWORD = 'hunter2-and-more';

const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: NAME, namespace: shop, annotations: { fairlead.io/address: ADDRESS } }
spec:
  type: LoadBalancer
  loadBalancerClass: fairlead.io/bigip
  ports: [{ name: http, port: 80, targetPort: 8080 }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: NAME-1, namespace: shop, labels: { kubernetes.io/service-name: NAME } }
addressType: IPv4
ports: [{ name: http, port: 8080, protocol: TCP }]
endpoints:
  - { addresses: [10.244.1.5], conditions: { ready: true } }
`;

let folder: string;
let emulator: Emulator;
/** All that was printed, to look for secrets. */
let printed = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-e2e-'));
  emulator = await startEmulator({ tls: 'self-signed', users: [{ name: 'fairlead', password: PASSWORD }] });
  await mkdir(join(folder, 'cluster'));
  await writeFile(join(folder, 'ca.pem'), emulator.certificate ?? '');
  await writeFile(join(folder, 'password'), `${PASSWORD}\n`);
  await writeConfig('fairlead.yaml', './password');
  await putService('web', '10.1.10.50');
});

afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});

async function writeConfig(name: string, passwordFile: string): Promise<void> {
  const text = `instance: lab
sources: [{ name: lab, kubernetes: { manifests: ./cluster } }]
targets:
  - name: emu
    bigip:
      url: ${emulator.url}
      username: fairlead
      password: { file: ${passwordFile} }
      tls: { caFile: ca.pem }
      timeouts: { restart: 1s }
log: { level: trace, format: text }
`;
  await writeFile(join(folder, name), text);
}

async function putService(name: string, address: string, change = (text: string): string => text): Promise<void> {
  const text = SERVICE.replaceAll('NAME', name).replace('ADDRESS', address);
  await writeFile(join(folder, 'cluster', `${name}.yaml`), change(text));
}

async function fairlead(verb: string, ...args: readonly string[]): Promise<{ code: number; io: FakeIo }> {
  const io = fakeIo();
  const config = join(folder, 'fairlead.yaml');
  const code = await runCli([verb, '--config', config, '--log-level', 'trace', ...args], { io, makeLanes });
  printed += io.out() + io.err();
  return { code, io };
}

function writes(): number {
  return emulator.log.writes().length;
}

it('check: all is well', async () => {
  const { code, io } = await fairlead('check');
  expect(io.out()).toContain('All is well.');
  expect(code).toBe(0);
});

it('AC-07 plan shows the same plan as text, as requests and as tmsh, and writes nothing', async () => {
  const { code, io } = await fairlead('plan', '--exit-code');
  expect(code).toBe(2);
  expect(io.out()).toContain('+ create virtual server /kubernetes/shop_web_http');
  expect(io.out()).toContain('destination: 10.1.10.50:80');
  expect((await fairlead('plan', '--show', 'rest')).io.out()).toContain('POST /mgmt/tm/ltm/virtual\n');
  expect((await fairlead('plan', '--show', 'tmsh')).io.out()).toContain(
    'create ltm virtual /kubernetes/shop_web_http {',
  );
  expect(writes()).toBe(0);
});

it('apply does it; a second apply writes nothing', async () => {
  const { code, io } = await fairlead('apply', '--yes');
  expect(io.out()).toContain('Applied to emu: ');
  expect(code).toBe(0);
  const before = writes();
  expect(before).toBeGreaterThan(0);
  expect((await fairlead('apply', '--yes')).code).toBe(0);
  expect((await fairlead('plan', '--exit-code')).code).toBe(0);
  expect(writes()).toBe(before);
});

it('run follows a change of the manifests with one request, and ends on a signal', async () => {
  const io = fakeIo();
  const config = join(folder, 'fairlead.yaml');
  const running = runCli(['run', '--config', config, '-o', 'json'], { io, makeLanes });
  await io.untilOut('"type":"cycle"');
  const before = writes();
  await putService('web', '10.1.10.50', (text) => text.replace('10.244.1.5', '10.244.1.6'));
  await io.untilOut('"reason":"change"');
  const [request, ...others] = emulator.log.writes().slice(before);
  expect(request).toMatchObject({ method: 'PATCH', path: '/mgmt/tm/ltm/pool/~kubernetes~shop_web_http' });
  expect(others).toEqual([]);
  io.signal();
  expect(await running).toBe(0);
  printed += io.out() + io.err();
});

it('one refused Service is told in the device’s own words, and the others go on', async () => {
  await putService('bad', '10.1.10.51', (text) =>
    text.replace('annotations: {', 'annotations: { fairlead.io/rules: /Common/nope,'),
  );
  await putService('good', '10.1.10.52');
  const { code, io } = await fairlead('apply', '--yes');
  expect(code).toBe(1);
  expect(io.out()).toContain('from Service shop/bad (lab)');
  expect(io.out()).toContain('The requested iRule (/Common/nope) was not found.');
  const plan = await fairlead('plan');
  expect(plan.io.out()).not.toContain('shop_good');
  await rm(join(folder, 'cluster', 'bad.yaml'));
  expect((await fairlead('apply', '--yes')).code).toBe(0);
});

it('what is gone from the sources is deleted, its node too', async () => {
  await rm(join(folder, 'cluster', 'good.yaml'));
  await rm(join(folder, 'cluster', 'web.yaml'));
  const { code, io } = await fairlead('apply', '--yes', '--allow-deletes');
  expect(io.out()).toContain('- delete virtual server /kubernetes/shop_web_http');
  expect(code).toBe(0);
  expect(JSON.stringify(emulator.dump())).not.toContain('shop_');
  expect(JSON.stringify(emulator.dump())).not.toContain('10.244.1.');
});

it('a wrong password is told in one line, with what to do', async () => {
  await writeFile(join(folder, 'password'), 'wrong-hunter3\n');
  const io = fakeIo();
  const code = await runCli(['plan', '--config', join(folder, 'fairlead.yaml')], { io, makeLanes });
  await writeFile(join(folder, 'password'), `${PASSWORD}\n`);
  printed += io.err();
  expect(code).toBe(1);
  expect(io.err()).toContain('check the user name and the password');
  expect(io.err()).not.toContain('a fault of Fairlead');
});

it('a secret that is not there is told by where it was looked for', async () => {
  await writeConfig('missing.yaml', './none');
  const io = fakeIo();
  expect(await runCli(['plan', '--config', join(folder, 'missing.yaml')], { io, makeLanes })).toBe(1);
  expect(io.err()).toContain(`file ${join(folder, 'none')} cannot be read (ENOENT)`);
});

it('the password was never printed, not even in the most talkative log', async () => {
  expect(printed.length).toBeGreaterThan(1000);
  expect(printed).not.toContain('hunter');
  expect(await readFile(join(folder, 'password'), 'utf8')).toContain(PASSWORD);
});
