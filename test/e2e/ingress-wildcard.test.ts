import { expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.ts';
import { type Bed, makeBed, until } from '../support/e2e.ts';
import { GOOD_CERTIFICATE, SERVER_KEY, TEST_CA } from '../support/certificates.ts';
import { INGRESS_CLASS, type IngressSpec, ingress, tlsSecret } from '../support/e2e-ingresses.ts';
import { service, slice } from '../support/e2e-manifests.ts';
import { type Answer, ask, startPods } from '../support/ingress-bed.ts';

const VERSIONS = ['12.1', '17.1'] as const;
const HTTP = '/k/Ingress_10.1.10.50_80';
const HTTPS = '/k/Ingress_10.1.10.50_443';
const CLUSTER_IP = { type: 'ClusterIP', loadBalancerClass: undefined };

/** A device of a version, with a pod for each Service. */
async function start(tmos: string, ...names: readonly string[]): Promise<{ bed: Bed; emulator: Emulator }> {
  const { emulator, pods } = await startPods(tmos);
  const bed = await makeBed({ on: emulator });
  await bed.put('class', INGRESS_CLASS);
  for (const [index, name] of names.entries()) {
    const ip = `10.0.0.${index + 1}`;
    await pods.start(ip, name);
    const annotations = { 'fairlead.io/monitor': 'none' };
    await bed.put(`service-${name}`, service(name, { annotations, spec: CLUSTER_IP }), slice(name, [ip]));
  }
  return { bed, emulator };
}

/** Who answers `host path` over plain HTTP; of an answer of the device its status, and where it leads. */
async function answers(emulator: Emulator, ...questions: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const question of questions) {
    const [host = '', path = '/'] = question.split(' ');
    found.push(brief(await ask(emulator, { virtual: HTTP, host, path })));
  }
  return found;
}

function brief({ who, status, headers }: Answer): string {
  return who === '' ? [status, headers.location].filter((part) => part !== undefined).join(' ') : who;
}

it.each(VERSIONS)('AC-11 %s: a wildcard stands for one label, whatever else there is', async (tmos) => {
  const { bed, emulator } = await start(tmos, 'wild', 'deep', 'host', 'any', 'path');
  const hosts = {
    '*.example.com': { '/': 'wild' },
    '*.b.example.com': { '/deep': 'deep' },
    'x.b.example.com': { '/host': 'host' },
  };
  await bed.put('ingress', ingress('ingress', { hosts }));
  await bed.apply();
  const questions = [
    'a.example.com /',
    'A.Example.com:80 /x',
    'b.example.com /',
    'a.b.example.com /deep',
    'a.b.example.com /other',
    'x.b.example.com /host',
    'x.b.example.com /other',
    'a.b.c.example.com /',
    'example.com /',
  ];
  expect(await answers(emulator, ...questions)).toEqual([
    'wild',
    'wild',
    'wild',
    'deep',
    '404',
    'host',
    '404',
    '404',
    '404',
  ]);
  // With rules without a host, these have what is too deep; another Ingress gives them.
  const any = { '': { '/p': 'path', 'Exact /p/q': 'any' } };
  await bed.put('any', ingress('any', { hosts: any, defaultBackend: 'any' }));
  await bed.apply();
  expect(await answers(emulator, ...questions)).toEqual([
    'wild',
    'wild',
    'wild',
    'deep',
    'any',
    'host',
    'any',
    'any',
    'any',
  ]);
  expect(
    await answers(emulator, 'a.b.c.example.com /p', 'a.b.c.example.com /p/q', 'a.b.c.example.com /p/q/r', 'c.org /p'),
  ).toEqual(['path', 'any', 'path', 'path']);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
  // Without wildcards the iRule has no rules without a host, without Ingresses it is gone.
  await bed.put('ingress', ingress('ingress', { hosts: { 'a.example.com': { '/': 'host' } } }));
  await bed.apply();
  expect(await answers(emulator, 'a.example.com /', 'a.b.example.com /p')).toEqual(['host', 'path']);
  const rule = await bed.rest('GET', '/mgmt/tm/ltm/rule/~k~Ingress_10.1.10.50_80');
  expect(rule['apiAnonymous']).not.toContain('pool ');
  await bed.remove('any');
  await bed.remove('ingress');
  await bed.apply('--allow-deletes');
  expect([...bed.state().keys()].filter((key) => key.includes('/k/Ingress_'))).toEqual([]);
});

it.each(VERSIONS)('%s: nothing of a wildcard rule holds for a host that is too deep', async (tmos) => {
  const { bed, emulator } = await start(tmos, 'wild', 'any');
  await bed.put('secret', tlsSecret('wild-tls', { cert: GOOD_CERTIFICATE + TEST_CA, key: SERVER_KEY }));
  const annotations = {
    'fairlead.io/hsts': '600',
    'fairlead.io/rewrite-path': '/inner',
    'fairlead.io/rewrite-host': 'inner.local',
    'fairlead.io/redirect-code': '308',
  };
  const hosts = { '*.example.com': { '/shop': 'wild', '/gone': 'missing' } };
  const spec: IngressSpec = { hosts, annotations, tls: { 'wild-tls': ['*.example.com'] } };
  const others = { 'fairlead.io/ssl-redirect': 'false', 'fairlead.io/rewrite-path': '/plain' };
  await bed.put('wild', ingress('wild', spec));
  await bed.put('any', ingress('any', { hosts: { '': { '/': 'any' } }, tls: { 'wild-tls': [] }, annotations: others }));
  await bed.apply();
  // Over plain HTTP the wildcard redirects.
  expect(await answers(emulator, 'a.example.com:80 /shop?x=1', 'a.b.example.com /shop')).toEqual([
    '308 https://a.example.com/shop?x=1',
    'any',
  ]);
  const secure = async (host: string, path: string): Promise<Answer> =>
    ask(emulator, { virtual: HTTPS, host, path, serverName: host });
  const [own, deep] = [await secure('a.example.com', '/shop/a?b'), await secure('a.b.example.com', '/shop/a?b')];
  const shown = ({ who, seen, headers }: Answer): readonly unknown[] => [
    who,
    seen.url,
    seen.headers?.host,
    headers['strict-transport-security'],
    Object.keys(seen.headers ?? {}).filter((name) => name.startsWith('x-fairlead')),
  ];
  expect(shown(own)).toEqual(['wild', '/inner/a?b', 'inner.local', 'max-age=600', []]);
  expect(shown(deep)).toEqual(['any', '/plain/shop/a?b', 'a.b.example.com', undefined, []]);
  expect([await secure('a.example.com', '/gone'), await secure('a.b.example.com', '/gone')].map(brief)).toEqual([
    '503',
    'any',
  ]);
});

it.each(VERSIONS)(
  '%s: source-ranges of a wildcard, and of rules without a host, hold where they should',
  async (tmos) => {
    const { bed, emulator } = await start(tmos, 'wild', 'any');
    const closed = { 'fairlead.io/source-ranges': '203.0.113.0/24,2001:db8::/32' };
    await bed.put('wild', ingress('wild', { hosts: { '*.example.com': { '/': 'wild' } }, annotations: closed }));
    await bed.put('any', ingress('any', { hosts: { '': { '/': 'any' } } }));
    await bed.apply();
    expect(await answers(emulator, 'a.b.example.com')).toEqual(['any']);
    expect((await ask(emulator, { virtual: HTTP, host: 'a.example.com' })).who).toBe('ECONNRESET');
    const open = { 'fairlead.io/source-ranges': '127.0.0.0/8' };
    await bed.put('wild', ingress('wild', { hosts: { '*.example.com': { '/': 'wild' } }, annotations: open }));
    await bed.put('any', ingress('any', { hosts: { '': { '/': 'any' } }, annotations: closed }));
    await bed.apply();
    expect(await answers(emulator, 'a.example.com')).toEqual(['wild']);
    expect((await ask(emulator, { virtual: HTTP, host: 'a.b.example.com' })).who).toBe('ECONNRESET');
    await bed.put('any', ingress('any', { hosts: { '': { '/': 'any' } }, annotations: open }));
    await bed.apply();
    expect(await answers(emulator, 'a.b.example.com', 'other.org')).toEqual(['any', 'any']);
  },
);

it('a path means nothing to Tcl, whatever is in it', async () => {
  const { bed, emulator } = await start('17.1', 'wild', 'any', 'odd');
  const odd = '/[exit]$x"{';
  await bed.put('wild', ingress('wild', { hosts: { '*.example.com': { '/': 'wild' } } }));
  await bed.put('any', ingress('any', { hosts: { '': { '/': 'any', [`Exact ${odd}`]: 'odd' } } }));
  await bed.apply();
  expect(await answers(emulator, `a.b.example.com ${odd}`, `other.org ${odd}`, 'a.b.example.com /[exit]')).toEqual([
    'odd',
    'odd',
    'any',
  ]);
});

it('an iRule of people runs before ours, and what it answers stays', async () => {
  const { bed, emulator } = await start('17.1', 'wild', 'other');
  const text = `when HTTP_REQUEST {
  if { [HTTP::path] eq "/mine" } { HTTP::respond 418 }
  if { [HTTP::path] eq "/other" } { pool /k/shop_other_http }
}`;
  await bed.rest('POST', '/mgmt/tm/ltm/rule', { name: 'mine', partition: 'Common', apiAnonymous: text });
  const annotations = { 'fairlead.io/rules': '/Common/mine' };
  const hosts = { '*.example.com': { '/': 'wild', '/unused': 'other' } };
  await bed.put('wild', ingress('wild', { hosts, annotations }));
  await bed.apply();
  const virtual = await bed.rest('GET', '/mgmt/tm/ltm/virtual/~k~Ingress_10.1.10.50_80');
  expect(virtual['rules']).toEqual(['/Common/mine', HTTP]);
  expect(
    await answers(emulator, 'a.example.com /', 'a.example.com /mine', 'b.org /mine', 'a.example.com /other'),
  ).toEqual(['wild', '418', '418', 'other']);
});

it('what a request asked for is forgotten by the next one on the same connection', async () => {
  const { bed, emulator } = await start('17.1', 'wild');
  await bed.put('wild', ingress('wild', { hosts: { '*.example.com': { '/': 'wild' } } }));
  await bed.apply();
  const listener = emulator.listeners().find(({ virtual }) => virtual === HTTP);
  const { Agent, request } = await import('node:http');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const get = (host: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const at = { host: listener?.address, port: listener?.port, agent, headers: { host } };
      request(at, (response) => {
        response.resume().on('end', () => resolve(`${response.statusCode} ${String(response.headers['x-pod'])}`));
      })
        .on('error', reject)
        .end();
    });
  const hosts = ['a.example.com', 'a.b.example.com', 'b.example.com', 'other.org', 'c.example.com'];
  const found: string[] = [];
  for (const host of hosts) found.push(await get(host));
  agent.destroy();
  expect(found).toEqual(['200 wild', '404 undefined', '200 wild', '404 undefined', '200 wild']);
});

it('an iRule that the device refuses costs only the Ingress that made it so, and that one is told in its words', async () => {
  const { bed, emulator } = await start('17.1', 'wild', 'any');
  await bed.put('wild', ingress('wild', { hosts: { '*.example.com': { '/': 'wild' } } }));
  await bed.put('any', ingress('any', { hosts: { '': { '/any': 'any' } }, created: '2026-02-01T00:00:00Z' }));
  const running = await bed.run().started();
  const served = async (...questions: readonly string[]): Promise<string> =>
    String(await answers(emulator, ...questions));
  expect(await served('a.example.com', 'a.b.example.com /any')).toBe('wild,any');
  // More than 64 KiB of text (facts 7.2).
  const paths = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`/path-${index}`, 'any']));
  await bed.put('large', ingress('large', { hosts: { '': paths }, created: '2026-03-01T00:00:00Z' }));
  await bed.put(
    'more',
    ingress('more', { hosts: { 'b.example.org': { '/': 'any' } }, created: '2026-04-01T00:00:00Z' }),
  );
  await until('another Ingress goes on', async () => (await served('b.example.org')) === 'any', 60_000);
  expect(await served('a.example.com', 'a.b.example.com /any', 'a.b.example.com /path-1')).toBe('wild,any,404');
  await until('its owner is told', async () => running.io.out().includes('more than 65535 characters'), 60_000);
  await running.stop();
});

it('the oldest Ingress of an address cannot be understood: the others have their iRule all the same', async () => {
  const { bed, emulator } = await start('17.1', 'wild');
  await bed.put('broken', { ...service('broken', {}), spec: { ports: 'none' } });
  await bed.put(
    'old',
    ingress('old', { hosts: { 'old.example.com': { '/': 'broken' } }, created: '2025-01-01T00:00:00Z' }),
  );
  await bed.put('wild', ingress('wild', { hosts: { '*.example.com': { '/': 'wild' } } }));
  await bed.cli('apply', '--yes');
  expect(await answers(emulator, 'a.example.com', 'a.b.example.com', 'other.org')).toEqual(['wild', '404', '404']);
});
