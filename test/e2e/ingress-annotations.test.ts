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
    dataPlane: () => createDataPlane({ map: 'always', timeScale: 0.1, reach: () => ({ address: '127.0.0.1', port }) }),
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

it('max-body-size: what says that it is larger, or is found so, gets 413; other Ingresses of the address are not concerned', async () => {
  const { emulator, pods } = await startPods('12.1');
  const bed = await makeBed({ on: emulator });
  await pods.start('10.0.0.1', 'one');
  await pods.start('10.0.0.2', 'two');
  await putAll(bed, ['/'], { 'max-body-size': '1k' });
  await bed.put(
    'other',
    ingress('other', { hosts: { 'b.example.com': { '/': 'web' }, '*.b.example.com': { '/': 'web' } } }),
  );
  await bed.apply();
  const send = async (host: string, size: number, length: boolean): Promise<string> => {
    const body = Array.from({ length: size / 256 }, () => 'x'.repeat(256));
    const headers: Record<string, string> = length ? { 'content-length': String(size) } : {};
    const { status, who } = await ask(emulator, { virtual: '/k/Ingress_10.1.10.50_80', host, body, headers });
    return `${status} ${who === '' ? '' : 'pod'}`.trim();
  };
  expect([await send(HOST, 1024, true), await send(HOST, 1280, true)]).toEqual(['200 pod', '413']);
  expect([await send(HOST, 1024, false), await send(HOST, 1280, false)]).toEqual(['200 pod', '413']);
  expect([await send('b.example.com', 4096, true), await send('b.example.com', 4096, false)]).toEqual([
    '200 pod',
    '200 pod',
  ]);
  await putAll(bed, ['/'], {});
  await bed.apply();
  expect(await send(HOST, 4096, true)).toBe('200 pod');
});

it('a body without a length is not counted where the limit is larger than a device can hold', async () => {
  const emulator = await start(['/'], { 'max-body-size': '2m' });
  const body = ['x'.repeat(1_000_000), 'x'.repeat(1_500_000)];
  const question = { virtual: '/k/Ingress_10.1.10.50_80', host: HOST, body };
  expect((await ask(emulator, question)).status).toBe(200);
  const told = await ask(emulator, { ...question, headers: { 'content-length': '2500000' } });
  expect(told.status).toBe(413);
});

it('a pod that is down, and a Service without pods, get 503, and the others go on', async () => {
  const { emulator, pods } = await startPods('12.1');
  const bed = await makeBed({ on: emulator });
  await pods.start('10.0.0.1', 'one');
  await putAll(bed, ['/'], {});
  const annotations = { 'fairlead.io/monitor': 'none' };
  await bed.put('none', service('none', { annotations, spec: CLUSTER_IP }), slice('none', []));
  await bed.put('down', service('down', { annotations, spec: CLUSTER_IP }), slice('down', ['10.0.0.9']));
  await bed.put('web', service('web', { annotations, spec: CLUSTER_IP }), slice('web', ['10.0.0.1']));
  const hosts = { 'none.example.com': { '/': 'none' }, '*.down.example.com': { '/': 'down' } };
  await bed.put('more', ingress('more', { hosts }));
  await bed.apply();
  const status = async (host: string): Promise<number> =>
    (await ask(emulator, { virtual: '/k/Ingress_10.1.10.50_80', host })).status;
  expect([await status(HOST), await status('none.example.com'), await status('a.down.example.com')]).toEqual([
    200, 503, 503,
  ]);
  await bed.put('none', service('none', { annotations, spec: CLUSTER_IP }), slice('none', ['10.0.0.1']));
  await bed.apply();
  expect(await status('none.example.com')).toBe(200);
});

it('idle-timeout: a TCP profile of the front, which goes with it; an Ingress that says another one is told, and served', async () => {
  const { emulator, pods } = await startPods();
  const bed = await makeBed({ on: emulator });
  await pods.start('10.0.0.1', 'one');
  await pods.start('10.0.0.2', 'two');
  await putAll(bed, ['/'], { 'idle-timeout': '15m', 'tcp-profile': '/Common/tcp-lan-optimized' });
  const annotations = { 'fairlead.io/idle-timeout': '60' };
  const late = { hosts: { 'b.example.com': { '/': 'web' } }, annotations, created: '2026-02-01T00:00:00Z' };
  await bed.put('late', ingress('late', late));
  expect((await bed.apply()).out).toContain('object-conflict');
  expect((await ask(emulator, { virtual: '/k/Ingress_10.1.10.50_80', host: 'b.example.com' })).status).toBe(200);
  const profile = await bed.rest('GET', '/mgmt/tm/ltm/profile/tcp/~k~Ingress_10.1.10.50_80__tcp');
  expect([String(profile['idleTimeout']), profile['defaultsFrom']]).toEqual(['900', '/Common/tcp-lan-optimized']);
  expect((await get(emulator, '/')).status).toBe(200);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
  await bed.remove('late');
  await putAll(bed, ['/'], {});
  await bed.apply('--allow-deletes');
  expect([...bed.state().keys()].filter((key) => key.includes('__tcp'))).toEqual([]);
  expect((await get(emulator, '/')).status).toBe(200);
});
