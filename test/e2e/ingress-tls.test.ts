import { expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.ts';
import {
  EXPIRED_CERTIFICATE,
  GOOD_CERTIFICATE,
  OTHER_NAME_CERTIFICATE,
  SERVER_KEY,
  TEST_CA,
} from '../support/certificates.ts';
import { type Bed, makeBed, until } from '../support/e2e.ts';
import { INGRESS_CLASS, ingress, tlsSecret } from '../support/e2e-ingresses.ts';
import { service, slice } from '../support/e2e-manifests.ts';
import { type Answer, ask, startPods } from '../support/ingress-bed.ts';

const HTTP = '/k/Ingress_10.1.10.50_80';
const HTTPS = '/k/Ingress_10.1.10.50_443';
const HOST = 'a.example.com';
/** The names in the two certificates, which have one key. */
const LOCALHOST = 'DNS:localhost, IP Address:127.0.0.1';
const BIGIP = 'DNS:bigip.example.com';
const good = { cert: GOOD_CERTIFICATE + TEST_CA, key: SERVER_KEY };
const other = { cert: OTHER_NAME_CERTIFICATE, key: SERVER_KEY };

async function start(source = ''): Promise<{ readonly bed: Bed; readonly emulator: Emulator }> {
  const { emulator, pods } = await startPods();
  const bed = await makeBed({ on: emulator, source });
  await pods.start('10.0.0.1', 'web');
  const annotations = { 'fairlead.io/monitor': 'none' };
  const spec = { type: 'ClusterIP', loadBalancerClass: undefined };
  await bed.put('web', service('web', { annotations, spec }), slice('web', ['10.0.0.1']));
  await bed.put('class', INGRESS_CLASS);
  return { bed, emulator };
}

function tlsIngress(given: Parameters<typeof ingress>[1] = {}): object {
  return ingress('shop', { hosts: { [HOST]: { '/': 'web' } }, tls: { cert: [HOST] }, ...given });
}

function secure(emulator: Emulator, serverName: string, more: { host?: string; path?: string } = {}): Promise<Answer> {
  return ask(emulator, { virtual: HTTPS, host: HOST, serverName, ...more });
}

it('HTTPS is answered with the certificate of the host, plain HTTP with a redirect, and the pod is told', async () => {
  const { bed, emulator } = await start();
  const annotations = { 'fairlead.io/hsts': '31536000 includeSubDomains', 'fairlead.io/redirect-code': '308' };
  await bed.put('ingress', tlsSecret('cert', good), tlsIngress({ annotations }));
  await bed.apply();
  const answer = await secure(emulator, HOST, { path: '/x?y=1' });
  expect(answer).toMatchObject({ status: 200, who: 'web', certificate: LOCALHOST });
  expect(answer.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  expect(answer.seen).toMatchObject({
    url: '/x?y=1',
    headers: { host: HOST, 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' },
  });
  const plain = await ask(emulator, { virtual: HTTP, host: `${HOST}:80`, path: '/x?y=1' });
  expect([plain.status, plain.headers.location]).toEqual([308, `https://${HOST}/x?y=1`]);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
  expect(bed.printed).not.toContain('PRIVATE KEY');
});

it('what a client claims to be forwarded from is not believed', async () => {
  const { bed, emulator } = await start();
  const annotations = { 'fairlead.io/forwarded-headers': 'for,proto,host,port' };
  await bed.put('ingress', ingress('shop', { hosts: { [HOST]: { '/': 'web' } }, annotations }));
  await bed.apply();
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example.com', 'x-forwarded-port': '1' };
  const { seen } = await ask(emulator, { virtual: HTTP, host: HOST, headers });
  expect(seen.headers).toMatchObject({
    'x-forwarded-proto': 'http',
    'x-forwarded-host': HOST,
    'x-forwarded-port': '80',
    'x-forwarded-for': '127.0.0.1',
  });
});

it('a certificate follows its Secret, without a gap and without a word of it in any output', async () => {
  const { bed, emulator } = await start();
  await bed.put('secret', tlsSecret('cert', good));
  await bed.put('ingress', tlsIngress());
  const running = await bed.run().started();
  expect((await secure(emulator, HOST)).certificate).toBe(LOCALHOST);
  const wrong: Answer[] = [];
  const over = new AbortController();
  const load = (async () => {
    while (!over.signal.aborted) {
      const answer = await secure(emulator, HOST);
      if (answer.status !== 200) wrong.push(answer);
    }
  })();
  bed.emulator.log.clear();
  await bed.put('secret', tlsSecret('cert', other));
  await until('the new certificate is shown', async () => (await secure(emulator, HOST)).certificate === BIGIP);
  over.abort();
  await load;
  await running.stop();
  expect(wrong).toEqual([]);
  expect(bed.printed + JSON.stringify(running.events())).not.toContain('PRIVATE KEY');
});

it('each host has its certificate by server name, one label for a wildcard, and strangers get the default one', async () => {
  const { bed, emulator } = await start();
  await bed.put(
    'ingress',
    tlsSecret('one', good),
    tlsSecret('two', other),
    ingress('old', { hosts: { [HOST]: { '/': 'web' } }, tls: { one: [HOST] } }),
    ingress('young', {
      hosts: { '*.wild.example.com': { '/': 'web' } },
      tls: { two: ['*.wild.example.com'] },
      created: '2026-02-01T00:00:00Z',
    }),
  );
  await bed.apply();
  const shown = async (name: string): Promise<string | undefined> => (await secure(emulator, name)).certificate;
  expect(await shown(HOST)).toBe(LOCALHOST);
  expect(await shown('x.wild.example.com')).toBe(BIGIP);
  expect(await shown('x.y.wild.example.com')).toBe(LOCALHOST);
  expect(await shown('stranger.example.com')).toBe(LOCALHOST);
});

it('the default certificate is that of the configuration where there is one', async () => {
  const { bed, emulator } = await start('    ingress: { defaultSecret: certs/default }');
  await bed.put('ingress', tlsSecret('cert', good), tlsSecret('default', other, 'certs'), tlsIngress());
  await bed.apply();
  expect((await secure(emulator, 'stranger.example.com')).certificate).toBe(BIGIP);
  expect((await secure(emulator, HOST)).certificate).toBe(LOCALHOST);
});

it('a Secret that is missing or broken is named, and the other hosts of the Ingress go on', async () => {
  const { bed, emulator } = await start();
  const misfit = { cert: TEST_CA, key: SERVER_KEY };
  await bed.put(
    'ingress',
    tlsSecret('cert', good),
    tlsSecret('misfit', misfit),
    tlsSecret('expired', { cert: EXPIRED_CERTIFICATE, key: SERVER_KEY }),
    tlsIngress({
      hosts: { [HOST]: { '/': 'web' }, 'b.example.com': { '/': 'web' }, 'c.example.com': { '/': 'web' } },
      tls: { misfit: ['b.example.com'], missing: ['c.example.com'], expired: ['d.example.com'], cert: [HOST] },
    }),
  );
  const { out, err, code } = await bed.cli('apply', '--yes');
  expect(out + err).toContain('data["tls.key"]: found the key of another certificate');
  expect(out + err).toContain('Secret shop/missing is not there');
  expect(out + err).toContain('expired on 2021-01-01');
  expect([0, 1]).toContain(code);
  expect(await secure(emulator, HOST)).toMatchObject({ status: 200, who: 'web', certificate: LOCALHOST });
  expect((await secure(emulator, 'c.example.com', { host: 'c.example.com' })).who).toBe('web');
});

it('a Secret that breaks or goes leaves what the device has of it, also after a restart', async () => {
  const { bed, emulator } = await start();
  await bed.put('secret', tlsSecret('cert', good));
  await bed.put('ingress', tlsIngress());
  await bed.apply();
  await bed.put('secret', tlsSecret('cert', { cert: 'nothing', key: SERVER_KEY }));
  await bed.cli('apply', '--yes');
  expect(await secure(emulator, HOST)).toMatchObject({ status: 200, certificate: LOCALHOST });
  await bed.remove('secret');
  await bed.cli('apply', '--yes');
  expect(await secure(emulator, HOST)).toMatchObject({ status: 200, certificate: LOCALHOST });
  await bed.put('ingress', ingress('shop', { hosts: { [HOST]: { '/': 'web' } } }));
  await bed.apply();
  const left = Object.values(emulator.dump()).flatMap((objects) => objects.map(({ fullPath }) => fullPath));
  expect(left.filter((path) => path.startsWith('/k/') && /_tls|_443/.test(path))).toEqual([]);
});

it('what an Ingress needs may come later: Service, pods and Secret, in any order', async () => {
  const { bed, emulator } = await start();
  await bed.remove('web');
  const tls = { hosts: { [HOST]: { '/': 'late' } }, tls: { cert: [HOST] } };
  await bed.put('ingress', ingress('shop', tls), ingress('plain', { hosts: { 'b.example.com': { '/': 'late' } } }));
  const running = await bed.run().started();
  expect((await secure(emulator, HOST)).status).toBe(503);
  const spec = { type: 'ClusterIP', loadBalancerClass: undefined };
  await bed.put('slice', slice('late', ['10.0.0.1']));
  await bed.put('late', service('late', { annotations: { 'fairlead.io/monitor': 'none' }, spec }));
  await until('it is served', async () => (await secure(emulator, HOST)).who === 'web');
  await bed.put('secret', tlsSecret('cert', other));
  await until('the certificate is shown', async () => (await secure(emulator, HOST)).certificate === BIGIP);
  expect((await ask(emulator, { virtual: HTTP, host: 'b.example.com' })).who).toBe('web');
  await running.stop();
  expect((await bed.cli('plan', '--exit-code')).code).toBe(0);
});

it('a Service that was never understood keeps an Ingress from nothing but itself', async () => {
  const { bed, emulator } = await start();
  const broken = { ...service('broken', {}), spec: { ports: 'none' } };
  await bed.put('broken', broken);
  await bed.put(
    'ingress',
    ingress('good', { hosts: { 'b.example.com': { '/': 'web' } } }),
    ingress('bad', { hosts: { [HOST]: { '/': 'broken' } } }),
  );
  await bed.cli('apply', '--yes');
  expect((await ask(emulator, { virtual: HTTP, host: 'b.example.com' })).who).toBe('web');
});

it('one certificate for a host of two Ingresses: that of the oldest, and the other is told', async () => {
  const { bed, emulator } = await start();
  await bed.put(
    'ingress',
    tlsSecret('one', good),
    tlsSecret('two', other),
    ingress('old', { hosts: { [HOST]: { '/': 'web' } }, tls: { one: [HOST] } }),
    ingress('young', {
      hosts: { [HOST]: { '/young': 'web' } },
      tls: { two: [HOST] },
      created: '2026-02-01T00:00:00Z',
    }),
  );
  const { out } = await bed.cli('apply', '--yes');
  expect(out).toContain('the certificate for host a.example.com is that of Ingress shop/old, which is older');
  expect((await secure(emulator, HOST)).certificate).toBe(LOCALHOST);
  await bed.put(
    'ingress',
    tlsSecret('two', other),
    ingress('young', { hosts: { [HOST]: { '/young': 'web' } }, tls: { two: [HOST] }, created: '2026-02-01T00:00:00Z' }),
  );
  await bed.apply();
  expect(await secure(emulator, HOST, { path: '/young' })).toMatchObject({ who: 'web', certificate: BIGIP });
});

it('a Secret that the device refuses costs its own hosts their certificate, and nobody else anything', async () => {
  const { bed, emulator } = await start();
  const message = '01070712:3: unsupported key type';
  bed.emulator.faults.add({ type: 'mcp-error', message, code: 400, path: 'sys/file/ssl-(cert|key)' });
  const others = { hosts: { 'b.example.com': { '/': 'web' } }, tls: { '': ['b.example.com'] } };
  await bed.put('old', tlsSecret('cert', good), tlsIngress());
  await bed.put('young', ingress('young', { ...others, created: '2026-02-01T00:00:00Z' }));
  const running = await bed.run().started();
  const answer = (host: string): Promise<Answer> => secure(emulator, host, { host });
  await until('the young one is served', async () => (await answer('b.example.com')).who === 'web');
  expect((await answer(HOST)).who).toBe('web');
  bed.emulator.faults.clear();
  await bed.put('old', tlsSecret('cert', other), tlsIngress());
  await until('the certificate is shown', async () => (await answer(HOST)).certificate === BIGIP);
  await running.stop();
  expect(JSON.stringify(running.events())).toContain(`of Secret shop/cert (lab): ${message}`);
});
