import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeLanes } from '../../src/cli/assemble.ts';
import { runCli } from '../../src/cli/program.ts';
import { type FakeIo, fakeIo } from '../../src/cli/testing/fake-io.ts';

const ROOT = join(import.meta.dirname, '../..');

let folder: string;
let emulator: FakeIo;
let ended: Promise<number>;

const at = (file: string): string => join(folder, file);

async function fairlead(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo();
  const code = await runCli([...args, '-c', at('fairlead.yaml')], { io, makeLanes });
  return { code, out: io.out(), err: io.err() };
}

/** As docs/cli.md and docs/configuration.md ("From a folder of manifests") say it, but for the port. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-first-run-'));
  await writeFile(at('password'), 'first-run-secret\n');
  emulator = fakeIo();
  const listen = ['--listen', '127.0.0.1:0', '--password-file', at('password'), '--ca-out', at('emulator.pem')];
  ended = runCli(['emulator', ...listen, '--no-dataplane'], { io: emulator, makeLanes });
  await emulator.untilOut('ends it.');
  const url = /https:\/\/\S+/.exec(emulator.out())?.[0] ?? '';
  const page = await readFile(join(ROOT, 'docs/configuration.md'), 'utf8');
  const lab = /## From a folder of manifests\n\n```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  if (!lab.includes('https://127.0.0.1:8443')) throw new Error('docs/configuration.md has no config for the emulator');
  await writeFile(at('fairlead.yaml'), lab.replace('https://127.0.0.1:8443', url));
  await mkdir(at('cluster'));
  await writeFile(at('cluster/web.yaml'), await serviceOfTheTable());
});

afterAll(async () => {
  emulator.signal();
  await ended;
  await rm(folder, { recursive: true });
});

/** A Service with every annotation of docs/annotations.md, each with the value that stands there as its example. */
async function serviceOfTheTable(): Promise<string> {
  const page = await readFile(join(ROOT, 'docs/annotations.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (?:ports|Service)(?:, Ingress)? \|.*\| `([^`]+)` \|$/gm)];
  if (rows.length < 20) throw new Error('docs/annotations.md has no table of annotations');
  // These say the same in another way than `address`, `monitor-type` and `profiles`; hosts need a device that answers DNS.
  const others = new Set(['address-pool', 'monitor', 'http-profile', 'hostname']);
  const used = rows.filter(([, name = '']) => !others.has(name));
  const lines = used.map(([, name, example]) => `    fairlead.io/${name}: '${example}'`);
  return `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: default
  annotations:
${lines.join('\n')}
spec:
  ipFamilies: [IPv4, IPv6]
  ports: [{ name: http, port: 80, targetPort: 8080 }]
`;
}

it('check: each line is ok', async () => {
  const { code, out } = await fairlead('check');
  expect(out).toContain('All is well.\n');
  expect(code).toBe(0);
});

it('the example of every annotation is taken as it stands in the table', async () => {
  const { code, out } = await fairlead('plan', '--exit-code');
  expect(out).not.toContain('problems');
  expect(out).toContain(String.raw`send: "GET /healthz HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n"`);
  expect(out).toContain('destination: 2001:db8::50.80');
  expect(code).toBe(2);
});

it('the plan is there in every form that the page names', async () => {
  expect((await fairlead('plan', '--show', 'rest')).out).toContain('POST /mgmt/tm/ltm/virtual\n');
  expect((await fairlead('plan', '--show', 'tmsh')).out).toContain('create ltm virtual /kubernetes/default_web_http {');
  expect((await fairlead('plan', '-o', 'markdown')).out).toContain('| **create** | `virtual server /kubernetes/');
  expect(JSON.parse((await fairlead('get', '-o', 'json')).out)).toMatchObject({ format: 'fairlead.get/v1' });
});

it('a plan that was written to a file is applied, once; the device is told apart from what is asked for', async () => {
  // What the examples name is not on this device: with the profiles and VLANs that every device has, it is taken.
  const path = at('cluster/web.yaml');
  const text = await readFile(path, 'utf8');
  const without = /^ {4}fairlead\.io\/(snat|rules|policies|vlans|profiles|persistence|fallback-persistence): .*\n/gm;
  await writeFile(path, text.replace(without, ''));
  await fairlead('plan', '--out', at('plan.json'));
  expect(await fairlead('apply', '--plan', at('plan.json'), '--yes')).toMatchObject({ code: 0, err: '' });
  const again = await fairlead('apply', '--plan', at('plan.json'), '--yes');
  expect(again.code).toBe(1);
  expect(again.err).toContain('the plan is not the one that was shown');
  expect((await fairlead('plan', '--exit-code')).code).toBe(0);
  expect((await fairlead('run', '--once')).code).toBe(0);
});

it('the password is in nothing that is printed, at any log level', async () => {
  for (const args of [['check'], ['plan'], ['get'], ['apply', '--yes']]) {
    const { out, err } = await fairlead(...args, '--log-level', 'trace');
    expect(out + err).not.toContain('first-run-secret');
  }
  expect(emulator.out() + emulator.err()).not.toContain('first-run-secret');
});
