import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, it } from 'vitest';
import { createDataPlane } from '../../src/emulator/dataplane/index.ts';
import { type Emulator, startEmulator } from '../../src/emulator/index.ts';
import { GOOD_CERTIFICATE, SERVER_KEY } from '../support/certificates.ts';
import { type Bed, later, makeBed, PASSWORD } from '../support/e2e.ts';
import { INGRESS_CLASS, ingress } from '../support/e2e-ingresses.ts';
import { service, slice } from '../support/e2e-manifests.ts';
import { type Answer, ask, startPods } from '../support/ingress-bed.ts';

const HOST = 'a.example.com';
const CLUSTER_IP = { type: 'ClusterIP', loadBalancerClass: undefined };

/** Two pods behind the Service `web`, and an Ingress with these paths and annotations (without their prefix). */
async function start(paths: readonly string[], given: Readonly<Record<string, string>>): Promise<Emulator> {
  const { emulator, pods } = await startPods();
  const bed = await makeBed({ on: emulator });
  await pods.start('10.0.0.1', 'one');
  await pods.start('10.0.0.2', 'two');
  await putAll(bed, paths, given);
  await bed.apply();
  return emulator;
}

async function putAll(bed: Bed, paths: readonly string[], given: Readonly<Record<string, string>>): Promise<void> {
  const annotations = Object.fromEntries(Object.entries(given).map(([name, text]) => [`fairlead.io/${name}`, text]));
  const hosts = { [HOST]: Object.fromEntries(paths.map((path) => [path, 'web'])) };
  const web = service('web', { annotations: { 'fairlead.io/monitor': 'none' }, spec: CLUSTER_IP });
  await bed.put('class', INGRESS_CLASS);
  await bed.put('web', web, slice('web', ['10.0.0.1', '10.0.0.2']));
  await bed.put('ingress', ingress('shop', { hosts, annotations }));
}

function get(
  emulator: Emulator,
  path: string,
  more: { port?: number; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return ask(emulator, { virtual: `/k/Ingress_10.1.10.50_${more.port ?? 80}`, host: HOST, path, ...more });
}

it('rewrite-path and rewrite-host: pods see the path without the prefix, and the rest of it', async () => {
  const paths = ['/shop', 'Exact /exact', '/'];
  const emulator = await start(paths, { 'rewrite-path': '/app', 'rewrite-host': 'shop.internal' });
  const seen: string[] = [];
  for (const path of ['/shop', '/shop/', '/shop/cart/1?x=/shop', '/exact', '/other']) {
    const answer = await get(emulator, path);
    seen.push(`${answer.seen.headers?.host} ${answer.seen.url}`);
  }
  expect(seen).toEqual([
    'shop.internal /app',
    'shop.internal /app/',
    'shop.internal /app/cart/1?x=/shop',
    'shop.internal /app',
    'shop.internal /app/other',
  ]);
});

it('source-ranges: clients of other networks are reset, and do not come to a wider rule', async () => {
  const allowed = await start(['/', '/x'], { 'source-ranges': '10.0.0.0/8,127.0.0.0/8' });
  expect((await get(allowed, '/x')).status).toBe(200);
  const refused = await start(['/', '/x'], { 'source-ranges': '10.0.0.0/8' });
  expect([(await get(refused, '/x')).who, (await get(refused, '/')).who]).toEqual(['ECONNRESET', 'ECONNRESET']);
});

it('affinity: a cookie of the name that is asked for leads to the same pod', async () => {
  const emulator = await start(['/'], { affinity: 'cookie', 'affinity-cookie': 'SHOPID' });
  const first = await get(emulator, '/');
  const [cookie = ''] = (first.headers['set-cookie']?.[0] ?? '').split(';');
  expect(cookie).toMatch(/^SHOPID=/);
  const again = new Set<string>();
  for (let turn = 0; turn < 6; turn += 1) again.add((await get(emulator, '/', { headers: { cookie } })).who);
  expect([...again]).toEqual([first.who]);
});

it('affinity: source-address leads to the same pod', async () => {
  const emulator = await start(['/'], { affinity: 'source-address' });
  const who = new Set<string>();
  for (let turn = 0; turn < 6; turn += 1) who.add((await get(emulator, '/')).who);
  expect(who.size).toBe(1);
});

it('ports: plain HTTP on the port that is asked for', async () => {
  const emulator = await start(['/'], { 'http-port': '8080' });
  expect((await get(emulator, '/', { port: 8080 })).status).toBe(200);
  expect(emulator.listeners().map(({ destination }) => destination)).toEqual(['10.1.10.50:8080']);
});

it('backend-tls: pods are spoken to over TLS with the server name that is asked for, and neighbours are not', async () => {
  const names: string[] = [];
  const pod = createServer({ cert: GOOD_CERTIFICATE, key: SERVER_KEY }, (request, response) => {
    names.push((request.socket as TLSSocket & { servername: string }).servername);
    response.setHeader('x-pod', 'secure');
    response.end('{}');
  });
  await new Promise<void>((resolve) => {
    pod.listen(0, '127.0.0.1', resolve);
  });
  later(async () => {
    pod.closeAllConnections();
    await new Promise((resolve) => {
      pod.close(resolve);
    });
  });
  const { port } = pod.address() as AddressInfo;
  const emulator = await startEmulator({
    users: [{ name: 'admin', password: PASSWORD }],
    dataPlane: () => createDataPlane({ map: 'always', timeScale: 0.02, reach: () => ({ address: '127.0.0.1', port }) }),
  });
  later(() => emulator.close());
  const bed = await makeBed({ on: emulator });
  await putAll(bed, ['/'], { 'backend-tls': 'on', 'backend-tls-name': 'pods.internal' });
  const late = { hosts: { 'b.example.com': { '/': 'web' } }, created: '2026-02-01T00:00:00Z' };
  await bed.put('late', ingress('late', late));
  const { out } = await bed.cli('apply', '--yes');
  expect(await get(emulator, '/')).toMatchObject({ status: 200, who: 'secure' });
  expect(names).toEqual(['pods.internal']);
  expect(out).toContain('10.1.10.50 port 80/tcp belongs to Ingress shop/shop, which is older');
});
