import { expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.ts';
import { type Bed, makeBed, until } from '../support/e2e.ts';
import { INGRESS_CLASS, ingress } from '../support/e2e-ingresses.ts';
import { service, slice } from '../support/e2e-manifests.ts';
import { ask, startPods } from '../support/ingress-bed.ts';

const HTTP = '/k/Ingress_10.1.10.50_80';
const CLUSTER_IP = { type: 'ClusterIP', loadBalancerClass: undefined };

/** A Service that only Ingresses refer to, with one pod. */
function backend(name: string, ip: string): readonly object[] {
  const annotations = { 'fairlead.io/monitor': 'none' };
  return [service(name, { annotations, spec: CLUSTER_IP }), slice(name, [ip])];
}

/** A bed on an emulator with a pod for each of these Services: `web` is at 10.0.0.1, and so on. */
async function start(...names: readonly string[]): Promise<{ readonly bed: Bed; readonly emulator: Emulator }> {
  const { emulator, pods } = await startPods();
  const bed = await makeBed({ on: emulator });
  await bed.put('class', INGRESS_CLASS);
  for (const [index, name] of names.entries()) {
    const ip = `10.0.0.${index + 1}`;
    await pods.start(ip, name);
    await bed.put(name, ...backend(name, ip));
  }
  return { bed, emulator };
}

/** Who answers for `host path`, one after the other; of an answer of the device its status. */
async function answers(emulator: Emulator, ...questions: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const question of questions) {
    const [host = '', path = '/'] = question.split(' ');
    const { who, status } = await ask(emulator, { virtual: HTTP, host, path });
    found.push(who === '' ? String(status) : who);
  }
  return found;
}

const SAMPLE = {
  'foo.bar.com': { '/foo': 'echoheadersx' },
  'bar.baz.com': { '/bar': 'echoheadersy', '/foo': 'echoheadersx' },
};

it('AC-11 after one run each host and path has its backend, all else the default one, and /foobar is not /foo', async () => {
  const { bed, emulator } = await start('echoheadersx', 'echoheadersy', 'ingress-svc');
  await bed.put('ingress', ingress('ingress', { hosts: SAMPLE, defaultBackend: 'ingress-svc' }));
  await bed.apply();
  expect(
    await answers(
      emulator,
      'foo.bar.com /foo',
      'FOO.bar.com /foo/deeper?x=1',
      'bar.baz.com /bar',
      'bar.baz.com /foo',
      'other.example.com /foo',
      'foo.bar.com /foobar',
      'foo.bar.com /',
      'foo.bar.com:80 /foo',
    ),
  ).toEqual([
    'echoheadersx',
    'echoheadersx',
    'echoheadersy',
    'echoheadersx',
    'ingress-svc',
    'ingress-svc',
    'ingress-svc',
    'echoheadersx',
  ]);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('F-09 F-10 the first run attaches the policy to a virtual server that it makes', async () => {
  const { bed } = await start('web');
  await bed.put('ingress', ingress('ingress', { hosts: { 'a.example.com': { '/': 'web' } } }));
  await bed.apply();
  const virtual = await bed.rest('GET', '/mgmt/tm/ltm/virtual/~k~Ingress_10.1.10.50_80?expandSubcollections=true');
  const { items } = virtual['policiesReference'] as { items?: readonly { fullPath: string }[] };
  expect(items?.map(({ fullPath }) => fullPath)).toEqual([HTTP]);
});

it('F-02 F-11 F-12 rules are added, changed and removed, and at no moment does one match what it should not', async () => {
  const { bed, emulator } = await start('web', 'api');
  await bed.put('ingress', ingress('ingress', { hosts: { 'a.example.com': { '/': 'web', '/api': 'api' } } }));
  await bed.apply();
  expect(await answers(emulator, 'a.example.com /', 'a.example.com /api')).toEqual(['web', 'api']);
  await bed.put('ingress', ingress('ingress', { hosts: { 'a.example.com': { '/': 'api' } } }));
  const during = new Set<string>();
  const changed = bed.apply().then(() => 'done');
  // A rule that is made without its conditions would match everything for a moment.
  const watch = async (): Promise<unknown> => during.add(String(await answers(emulator, 'b.example.com /')));
  while ((await Promise.race([changed, watch()])) !== 'done');
  expect([...during].filter((answer) => answer !== '404')).toEqual([]);
  expect(await answers(emulator, 'a.example.com /', 'a.example.com /api', 'b.example.com /')).toEqual([
    'api',
    'api',
    '404',
  ]);
  const rules = await bed.rest('GET', '/mgmt/tm/ltm/policy/~k~Ingress_10.1.10.50_80/rules');
  // The second is for what none matches.
  expect((rules['items'] as readonly unknown[]).length).toBe(2);
});

it('F-13 a prefix ends at the end of a path element', async () => {
  const { bed, emulator } = await start('web', 'foo', 'exact');
  const hosts = { 'a.example.com': { '/': 'web', '/foo/': 'foo', 'Exact /foo/bar': 'exact' } };
  await bed.put('ingress', ingress('ingress', { hosts }));
  await bed.apply();
  const paths = ['/foo', '/foo/', '/foo/x', '/foobar', '/foo/bar', '/foo/bar/', '/Foo', '/'];
  expect(await answers(emulator, ...paths.map((path) => `a.example.com ${path}`))).toEqual([
    'foo',
    'foo',
    'foo',
    'web',
    'exact',
    'foo',
    'web',
    'web',
  ]);
});

it('F-25 an Ingress without host, without path, or with a default backend alone is served', async () => {
  const { bed, emulator } = await start('web', 'api');
  await bed.put('ingress', ingress('ingress', { hosts: { '': { 'Exact /only': 'api' } }, defaultBackend: 'web' }));
  await bed.apply();
  expect(await answers(emulator, 'any.example.com /only', 'any.example.com /other')).toEqual(['api', 'web']);
  await bed.put('ingress', ingress('ingress', { defaultBackend: 'api' }));
  await bed.apply();
  expect(await answers(emulator, 'any.example.com /only')).toEqual(['api']);
});

it('F-26 an Ingress of another class, or of none, is left alone; the annotation of old counts', async () => {
  const { bed, emulator } = await start('web');
  const hosts = (host: string) => ({ [host]: { '/': 'web' } });
  const old = { 'kubernetes.io/ingress.class': 'bigip' };
  await bed.put(
    'ingress',
    ingress('ours', { hosts: hosts('ours.example.com') }),
    ingress('theirs', { hosts: hosts('theirs.example.com'), className: 'nginx' }),
    ingress('nobodys', { hosts: hosts('nobodys.example.com'), className: undefined }),
    ingress('old', { hosts: hosts('old.example.com'), className: undefined, annotations: old }),
  );
  await bed.apply();
  expect(
    await answers(emulator, 'ours.example.com', 'theirs.example.com', 'nobodys.example.com', 'old.example.com'),
  ).toEqual(['web', '404', '404', 'web']);
});

it('F-28 F-29 profiles that annotations name are those of the device, and go with the annotation', async () => {
  const { bed, emulator } = await start('web');
  await bed.rest('POST', '/mgmt/tm/ltm/profile/http', { name: 'http-acme', partition: 'Common' });
  const hosts = { 'a.example.com': { '/': 'web' } };
  const annotations = { 'fairlead.io/http-profile': '/Common/http-acme', 'fairlead.io/affinity': 'source-address' };
  await bed.put('ingress', ingress('ingress', { hosts, annotations }));
  await bed.apply();
  const shown = async (): Promise<string> => await bed.view();
  expect(await shown()).toContain('/Common/http-acme');
  expect(await shown()).toContain('"name": "source_addr"');
  await bed.put('ingress', ingress('ingress', { hosts }));
  await bed.apply();
  expect(await shown()).not.toContain('http-acme');
  expect(await shown()).not.toContain('"name": "source_addr"');
  expect(await answers(emulator, 'a.example.com')).toEqual(['web']);
});

it('F-39 the most particular rule is tried first, whatever the order in which rules were written', async () => {
  const { bed, emulator } = await start('any', 'wild', 'host', 'deep', 'exact');
  const hosts = {
    '': { '/': 'any' },
    '*.example.com': { '/': 'wild' },
    'a.example.com': { '/': 'host', '/x': 'host', '/x/y': 'deep', 'Exact /x/y': 'exact' },
  };
  await bed.put('ingress', ingress('ingress', { hosts }));
  await bed.apply();
  const questions = ['other.org /', 'b.example.com /', 'a.example.com /', 'a.example.com /x/y/z', 'a.example.com /x/y'];
  expect(await answers(emulator, ...questions)).toEqual(['any', 'wild', 'host', 'deep', 'exact']);
});

it('F-40 the first policy of a device is made as any other', async () => {
  const { bed, emulator } = await start('web');
  expect(emulator.dump()['ltm/policy']?.filter(({ fullPath }) => !fullPath.startsWith('/Common/')) ?? []).toEqual([]);
  await bed.put('ingress', ingress('ingress', { hosts: { 'a.example.com': { '/': 'web' } } }));
  await bed.apply();
  expect(await answers(emulator, 'a.example.com')).toEqual(['web']);
});

it('F-27 what names an Ingress, Service or Secret that is not there costs nothing but itself', async () => {
  const { bed, emulator } = await start('web');
  const hosts = { 'a.example.com': { '/': 'web', '/gone': 'gone' }, 'b.example.com': { '/': 'gone' } };
  await bed.put('ingress', ingress('ingress', { hosts, defaultBackend: 'gone' }));
  const { out } = await bed.apply();
  expect(out).toContain('there is no Service shop/gone');
  expect(await answers(emulator, 'a.example.com /', 'a.example.com /gone', 'b.example.com /')).toEqual([
    'web',
    '503',
    '503',
  ]);
});

it('one bad Ingress on a shared address costs nobody else anything', async () => {
  const { bed, emulator } = await start('web', 'api');
  await bed.put('good', ingress('good', { hosts: { 'good.example.com': { '/': 'web' } } }));
  const running = await bed.run().started();
  const served = async (...hosts: readonly string[]): Promise<string> => String(await answers(emulator, ...hosts));
  // One that cannot be understood, one that the device refuses, and one that wants what an older one has.
  await bed.put(
    'bad',
    ingress('unclear', {
      hosts: { 'unclear.example.com': { '/': 'api' } },
      annotations: { 'fairlead.io/affinity': 'x' },
    }),
    ingress('refused', {
      hosts: { 'refused.example.com': { '/': 'api' } },
      created: '2026-02-01T00:00:00Z',
      annotations: { 'fairlead.io/rules': '/Common/not-there' },
    }),
    ingress('late', {
      hosts: { 'good.example.com': { '/': 'api', '/late': 'api' } },
      created: '2026-03-01T00:00:00Z',
    }),
  );
  await until('the rest of the late one is served', async () => (await served('good.example.com /late')) === 'api');
  expect(await served('good.example.com /', 'unclear.example.com /')).toBe('web,404');
  await bed.put(
    'good',
    ingress('good', { hosts: { 'good.example.com': { '/': 'web' }, 'new.example.com': { '/': 'web' } } }),
  );
  await until('the good one goes on', async () => (await served('new.example.com')) === 'web');
  await running.stop();
  const { out } = await bed.cli('plan');
  expect(out).toMatch(/good\.example\.com.* is already given by Ingress shop\/good .* which is older/);
  expect(out).toMatch(/good\.example\.com.* is also given by Ingress shop\/late .* which is younger/);
});
