import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { afterEach, expect, it } from 'vitest';
import { makeLanes } from '../../src/cli/assemble.ts';
import { runCli } from '../../src/cli/program.ts';
import { fakeIo } from '../../src/cli/testing/fake-io.ts';
import { createDataPlane } from '../../src/emulator/dataplane/index.ts';
import { type Emulator, startEmulator } from '../../src/emulator/index.ts';
import { GOOD_CERTIFICATE, SERVER_KEY } from '../support/certificates.ts';
import { tlsSecret } from '../support/e2e-ingresses.ts';
import { ask } from '../support/ingress-bed.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXTRACT = 'src/sources/kubernetes/extract';
const PASSWORD = 'lab-secret-5512';
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Lab {
  readonly emulator: Emulator;
  readonly folder: string;
  readonly run: (...args: readonly string[]) => Promise<{ readonly code: number; readonly out: string }>;
}

/** A copy of an example, with an emulator and the two pods of the page, on ports that are free. */
async function lab(example: string): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-docs-'));
  open.push(() => rm(folder, { recursive: true }));
  await cp(join(ROOT, 'examples', example), folder, { recursive: true });
  const emulator = await startEmulator({
    tls: 'self-signed',
    users: [{ name: 'admin', password: PASSWORD }],
    dataPlane: () => createDataPlane({ map: 'always' }),
  });
  open.push(() => emulator.close());
  await writeFile(join(folder, 'password'), PASSWORD);
  await writeFile(join(folder, 'emulator.pem'), emulator.certificate ?? '');
  await replace(join(folder, 'fairlead.yaml'), { 'https://127.0.0.1:8443': emulator.url });
  const [web, api] = [await pod('web', '127.0.0.11'), await pod('api', '127.0.0.12')];
  await replace(join(folder, 'cluster/backends.yaml'), { '8081': String(web), '8082': String(api) });
  const run = async (...args: readonly string[]): Promise<{ code: number; out: string }> => {
    const io = fakeIo();
    const code = await runCli([...args, '-c', join(folder, 'fairlead.yaml')], { io, makeLanes });
    return { code, out: io.out() + io.err() };
  };
  return { emulator, folder, run };
}

async function replace(file: string, words: Readonly<Record<string, string>>): Promise<void> {
  let text = await readFile(file, 'utf8');
  for (const [word, other] of Object.entries(words)) {
    expect(text).toContain(word);
    text = text.replaceAll(word, other);
  }
  await writeFile(file, text);
}

async function pod(name: string, address: string): Promise<number> {
  const server: Server = createServer((_, response) => {
    response.setHeader('x-pod', name);
    response.end(`${name}\n`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, address, resolve);
  });
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return (server.address() as AddressInfo).port;
}

/** The rows of a table of a page that has this header. */
async function rows(page: string, header: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(join(ROOT, 'docs', page), 'utf8');
  const [, body = ''] = text.split(`${header}\n`);
  const [table = ''] = body.split('\n\n');
  const lines = table.split('\n').slice(1);
  return lines.map((line) => [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));
}

it('docs/ingress.md: check, plan and apply work as they stand, and each row of its table is what a client gets', async () => {
  const { emulator, run } = await lab('ingress');
  const checked = await run('check');
  expect(checked).toMatchObject({ code: 0, out: expect.stringContaining('All is well.') as string });
  expect((await run('plan', '--exit-code')).out).not.toContain('problems');
  expect((await run('apply', '--yes')).code).toBe(0);
  const table = await rows('ingress.md', '| Host | path | answers |');
  expect(table.length).toBeGreaterThanOrEqual(7);
  const virtual = '/kubernetes/Ingress_10.1.10.50_80';
  for (const [host = '', path = '', answers] of table) {
    const { who } = await ask(emulator, { virtual, host, path });
    expect(`${host} ${path} ${who}`).toBe(`${host} ${path} ${answers}`);
  }
  expect((await run('plan', '--exit-code')).code).toBe(0);
});

it('docs/ingress.md: wildcards, limits and the iRules beside ours do what it says', async () => {
  const { emulator, folder, run } = await lab('ingress');
  const page = await readFile(join(ROOT, 'docs/ingress.md'), 'utf8');
  const [debug, failed] = [...page.matchAll(/```tcl\n([^]*?)```/g)].map((match) => match[1] ?? '');
  const post = async (kind: string, body: object): Promise<void> => {
    const response = await request(`${emulator.url}/mgmt/tm/ltm/${kind}`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`admin:${PASSWORD}`)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ partition: 'Common', ...body }),
      dispatcher: new Agent({ connect: { rejectUnauthorized: false } }),
    });
    expect(response.statusCode).toBe(200);
  };
  await post('pool', { name: 'sorry', members: [{ name: `127.0.0.13:${await pod('sorry', '127.0.0.13')}` }] });
  await post('rule', { name: 'no-debug', apiAnonymous: debug });
  await post('rule', { name: 'another-way', apiAnonymous: failed });
  const annotate = async (from: string, rules: string): Promise<void> =>
    replace(join(folder, 'cluster/ingress.yaml'), {
      [from]: `  namespace: shop\n  annotations: { fairlead.io/rules: "${rules}", fairlead.io/max-body-size: 1m } #\n`,
    });
  await annotate('  namespace: shop\n', '/Common/no-debug');
  await replace(join(folder, 'cluster/ingress.yaml'), { 'host: shop.example.com': 'host: "*.example.com"' });
  expect((await run('apply', '--yes')).code).toBe(0);
  const virtual = '/kubernetes/Ingress_10.1.10.50_80';
  const get = (host: string, headers: Record<string, string> = {}, path = '/health') =>
    ask(emulator, { virtual, host, headers, path });
  // Below the wildcard /health is api's; the default backend is web.
  expect([(await get('a.example.com')).who, (await get('a.b.example.com')).who]).toEqual(['api', 'web']);
  expect((await get('a.example.com', { 'x-debug': '1' })).status).toBe(403);
  expect((await get('a.example.com', { 'content-length': '1048577' })).status).toBe(413);
  for (const close of open.splice(3, 1)) await close();
  expect((await get('a.example.com')).status).toBe(503);
  await replace(join(folder, 'cluster/ingress.yaml'), { '/Common/no-debug': '/Common/no-debug,/Common/another-way' });
  expect((await run('apply', '--yes')).code).toBe(0);
  expect((await get('a.example.com')).who).toBe('sorry');
});

it('docs/tls.md: with a certificate HTTPS is served and HTTP redirected, and no key is in what is printed', async () => {
  const { emulator, folder, run } = await lab('tls');
  const without = await run('plan');
  expect(without.out).toContain('Secret shop/shop-tls is not there');
  const pair = { cert: GOOD_CERTIFICATE, key: SERVER_KEY };
  await writeFile(join(folder, 'cluster/secret.yaml'), JSON.stringify(tlsSecret('shop-tls', pair)));
  const applied = await run('apply', '--yes');
  expect(applied.code).toBe(0);
  expect(applied.out).not.toContain('PRIVATE KEY');
  const host = 'shop.example.com';
  const secure = await ask(emulator, { virtual: '/kubernetes/Ingress_10.1.10.50_443', host, serverName: host });
  expect(secure).toMatchObject({ status: 200, who: 'web', certificate: 'DNS:localhost, IP Address:127.0.0.1' });
  expect(secure.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  const plain = await ask(emulator, { virtual: '/kubernetes/Ingress_10.1.10.50_80', host, path: '/x' });
  expect([plain.status, plain.headers.location]).toEqual([308, `https://${host}/x`]);
});

it.each(['ingress.md', 'tls.md'])('docs/%s names problems that there are', async (page) => {
  const text = await readFile(join(ROOT, 'docs', page), 'utf8');
  const codes = new Set([...text.matchAll(/`((?:[a-z]+-){1,3}[a-z]+)`/g)].map((match) => match[1] ?? ''));
  const inExtract = (await readdir(join(ROOT, EXTRACT)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${EXTRACT}/${file}`);
  const files = [
    ...inExtract,
    'src/sources/kubernetes/changes.ts',
    'src/desired/join-claims.ts',
    'src/desired/merge.ts',
  ];
  const all = (await Promise.all(files.map((file) => readFile(join(ROOT, file), 'utf8')))).join('\n');
  // Words of tmsh and of the API stand in code marks, too.
  const ours = [...codes].filter((code) => !['shop-tls', 'idle-timeout', 'default-class'].includes(code));
  expect(ours.filter((code) => !all.includes(`'${code}'`))).toEqual([]);
});
