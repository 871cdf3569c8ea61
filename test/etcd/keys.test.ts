import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import type { CellKey } from '../../src/desired/contribution.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { EtcdSourceOptions } from '../../src/sources/etcd/index.ts';
import type { Source } from '../../src/sources/source.ts';
import { createEtcdSource } from '../../src/sources/etcd/index.ts';
import { stockDefaults } from '../../src/sources/values/defaults.ts';
import type { SourceHarness } from '../contract/source.ts';
import { comparable, follow, testSource } from '../contract/source.ts';
import { GOOD_CERTIFICATE, SERVER_KEY, TEST_CA } from '../support/certificates.ts';
import { EtcdServer, base64 } from './server.ts';

const missing = inject('noEtcd');
const TLS = { key: SERVER_KEY, cert: GOOD_CERTIFICATE, ca: TEST_CA };
const PREFIX = '/services';
const TIMING = { backoffMs: 20, backoffCapMs: 100, requestMs: 3000, readRetries: 0 };
const patience = { timeout: 20_000, interval: 20 };
const { signal } = new AbortController();
const open: { close?(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close?.();
});

type Api = 'v2' | 'v3';
type More = Partial<Omit<EtcdSourceOptions, 'etcd'>> & { readonly etcd?: Partial<EtcdSourceOptions['etcd']> };

async function started(setup = {}): Promise<EtcdServer> {
  const server = await EtcdServer.start(setup);
  open.push(server);
  return server;
}

function sourceOf(server: EtcdServer, more: More = {}): Source {
  const { etcd, ...rest } = more;
  const source = createEtcdSource({
    source: 'keys',
    partition: 'k',
    defaults: stockDefaults,
    mapping: { port: { const: 80 } },
    badRows: 'freeze',
    allowEmpty: false,
    format: 'auto',
    etcd: { endpoints: [server.url], api: 'v3', prefix: PREFIX, timing: TIMING, ...etcd },
    ...rest,
  });
  open.push(source);
  return source;
}

const putter = (server: EtcdServer, api: Api) => async (key: string, value: string) =>
  api === 'v2' ? server.putV2(`${PREFIX}/${key}`, value) : server.put(`${PREFIX}/${key}`, value);
const remover = (server: EtcdServer, api: Api) => async (key: string) =>
  api === 'v2' ? server.removeV2(`${PREFIX}/${key}`) : server.remove(`${PREFIX}/${key}`);

/** `pool: member:port …`, what the pools of a source hold. */
async function poolsOf(source: Source): Promise<readonly string[]> {
  const { contributions } = await source.read({ signal });
  return contributions
    .flatMap(({ objects }) => objects)
    .flatMap((object) =>
      object.kind === 'pool'
        ? `${object.path.split('/').at(-1)}: ${(object.members ?? []).map(({ address, port }) => `${address.ip}:${port}`).join(' ')}`
        : [],
    )
    .sort();
}

async function harness(api: Api): Promise<SourceHarness> {
  const server = await EtcdServer.start();
  const put = putter(server, api);
  await put('web/one', '10.0.0.1:8080');
  await put('web/two', '10.0.0.2:8080');
  await put('mail/one', '10.0.0.3:25');
  const cellOf = (service: string): CellKey => `keys:Service/${service}/80#pool`;
  const source = sourceOf(server, { etcd: { api } });
  return {
    source,
    shuffled: async () => {
      const other = await EtcdServer.start();
      open.push(other);
      const again = putter(other, api);
      await again('mail/one', '10.0.0.3:25');
      await again('web/two', '10.0.0.2:8080');
      await again('web/one', '10.0.0.1:8080');
      return sourceOf(other, { etcd: { api } });
    },
    change: async () => {
      await put('web/two', '10.0.0.9:8080');
      return cellOf('web');
    },
    remove: async () => {
      await remover(server, api)('mail/one');
      return ['keys:Service/mail/80', cellOf('mail')];
    },
    fail: async () => server.kill(),
    heal: async () => server.up(),
    close: async () => {
      await source.close?.();
      await server.close();
    },
  };
}

describe.skipIf(missing !== undefined)('keys in etcd', () => {
  testSource('etcd, v3', () => harness('v3'));
  testSource('etcd, v2', () => harness('v2'));

  it('AC-33 gives the same by the v2 and the v3 API, whatever the form of the values', async () => {
    const server = await started();
    const forms: readonly (readonly [string, More, Readonly<Record<string, string>>])[] = [
      ['addresses', {}, { 'web/a': '10.0.0.1:8080', 'web/b': '10.0.0.2:8080' }],
      [
        'JSON',
        {},
        { 'x/1': '{"service":"web","member":"10.0.0.1:8080"}', web: '[{"member":"10.0.0.2","member_port":8080}]' },
      ],
      ['YAML', {}, { web: 'member_port: 8080\nrows:\n  - member: 10.0.0.1\n  - member: 10.0.0.2\n' }],
      [
        'skydns',
        { format: 'skydns' },
        { 'local/web/a': '{"host":"10.0.0.1","port":8080}', 'local/web/b': '{"host":"10.0.0.2","port":8080}' },
      ],
      [
        'paths of keys',
        { key: '^(?<team>[^/]+)/(?<name>[^/]+)/', mapping: { port: { const: 80 }, service: { column: 'name' } } },
        { 'shop/web/a': '10.0.0.1:8080', 'shop/web/b': '10.0.0.2:8080' },
      ],
    ];
    const given: string[] = [];
    for (const [index, [, more, keys]] of forms.entries()) {
      for (const api of ['v2', 'v3'] as const) {
        const prefix = `/form${index}`;
        for (const [key, value] of Object.entries(keys)) {
          await (api === 'v2' ? server.putV2(`${prefix}/${key}`, value) : server.put(`${prefix}/${key}`, value));
        }
        const result = await sourceOf(server, { ...more, etcd: { api, prefix } }).read({ signal });
        expect(result).toMatchObject({ complete: true, diagnostics: [] });
        given.push(comparable(result.contributions).join('\n'));
      }
    }
    expect(given[0]).toContain('10.0.0.2');
    expect(new Set(given).size).toBe(1);
  });

  for (const api of ['v3', 'v2'] as const) {
    it(`follows members that come, go and expire, and touches no other service (${api})`, async () => {
      const server = await started();
      const put = putter(server, api);
      await put('web/one', '10.0.0.1:8080');
      await put('mail/one', '10.0.0.3:25');
      const source = sourceOf(server, { etcd: { api } });
      await source.read({ signal });
      const following = follow(source);
      open.push({ close: following.stop });
      await put('web/two', '10.0.0.2:8080');
      await vi.waitFor(
        async () => expect(await poolsOf(source)).toContain('web_80: 10.0.0.1:8080 10.0.0.2:8080'),
        patience,
      );
      if (api === 'v2') await server.putV2(`${PREFIX}/web/three`, '10.0.0.4:8080', 2);
      else {
        const lease = (await server.v3('lease/grant', { TTL: 2 }))['ID'];
        await server.put(`${PREFIX}/web/three`, '10.0.0.4:8080', lease);
      }
      await vi.waitFor(async () => expect((await poolsOf(source))[1]).toContain('10.0.0.4'), patience);
      await vi.waitFor(async () => expect((await poolsOf(source))[1]).not.toContain('10.0.0.4'), patience);
      await remover(server, api)('web/two');
      await vi.waitFor(async () => expect(await poolsOf(source)).toContain('web_80: 10.0.0.1:8080'), patience);
      expect([...following.cells]).toEqual(['keys:Service/web/80#pool']);
      expect(following.problems).toEqual([]);
    });
  }

  it('v2: a directory that is deleted whole takes its services', async () => {
    const server = await started();
    await server.putV2(`${PREFIX}/web/one`, '10.0.0.1:80');
    await server.putV2(`${PREFIX}/mail/one`, '10.0.0.2:25');
    const source = sourceOf(server, { etcd: { api: 'v2' } });
    await source.read({ signal });
    const following = follow(source);
    open.push({ close: following.stop });
    await server.send('DELETE', `/v2/keys${PREFIX}/mail?recursive=true`);
    await vi.waitFor(async () => expect(await poolsOf(source)).toEqual(['web_80: 10.0.0.1:80']), patience);
    expect(following.problems).toEqual([]);
  });

  it('AC-33 killed under a watch, started again, compacted: nothing goes meanwhile, and no delete is missed', async () => {
    const server = await started();
    const put = putter(server, 'v3');
    await put('web/one', '10.0.0.1:80');
    await put('web/two', '10.0.0.2:80');
    const source = sourceOf(server);
    await source.read({ signal });
    const following = follow(source);
    open.push({ close: following.stop });
    await server.kill();
    await vi.waitFor(() => expect(source.complete).toBe(false), patience);
    expect(await poolsOf(source)).toEqual(['web_80: 10.0.0.1:80 10.0.0.2:80']);
    await server.up();
    await remover(server, 'v3')('web/two');
    await server.compact();
    await vi.waitFor(async () => expect(await poolsOf(source)).toEqual(['web_80: 10.0.0.1:80']), patience);
    await vi.waitFor(() => expect(source.complete).toBe(true), patience);
    expect(following.problems.map(({ code }) => code)).toContain('etcd-list-failed');
  });

  it('AC-83 the last key that goes takes nothing with it, unless that is allowed', async () => {
    const server = await started();
    await server.put(`${PREFIX}/web/one`, '10.0.0.1:80');
    const [careful, bold] = [sourceOf(server), sourceOf(server, { allowEmpty: true })];
    for (const source of [careful, bold]) await source.read({ signal });
    const following = [careful, bold].map((source) => follow(source));
    for (const { stop } of following) open.push({ close: stop });
    await server.remove(`${PREFIX}/web/one`);
    await vi.waitFor(() => expect(careful.complete).toBe(false), patience);
    await vi.waitFor(async () => expect(await poolsOf(bold)).toEqual([]), patience);
    expect(await poolsOf(careful)).toEqual(['web_80: 10.0.0.1:80']);
    expect(following[0]?.problems).toMatchObject([
      { code: 'table-refused', summary: 'keys: /services in etcd: has no rows, expected at least one (or allowEmpty)' },
    ]);
    await server.put(`${PREFIX}/web/two`, '10.0.0.2:80');
    await vi.waitFor(async () => expect(await poolsOf(careful)).toEqual(['web_80: 10.0.0.2:80']), patience);
    expect(careful.complete).toBe(true);
  });

  it('a value that cannot be read keeps its service as it is, named by its key; the others go on', async () => {
    const server = await started();
    const put = putter(server, 'v3');
    await put('web', '{"rows":[{"member":"10.0.0.1:80"},{"member":"10.0.0.2:80"}]}');
    await put('mail', '{"member":"10.0.0.3:25"}');
    const source = sourceOf(server);
    await source.read({ signal });
    const following = follow(source);
    open.push({ close: following.stop });
    await put('web', '{"rows":[{"member":');
    await put('mail', '{"member":"10.0.0.4:25"}');
    const frozen = (): readonly (readonly [string, string])[] =>
      (source.extract?.(['keys:Service/web/80', 'keys:Service/web/80#pool']) ?? []).flatMap(
        ({ cell, frozen: is, diagnostics }) =>
          is === true ? [[cell, diagnostics.map(({ summary }: Diagnostic) => summary).join()] as const] : [],
      );
    await vi.waitFor(() => expect(frozen().map(([cell]) => cell)).toHaveLength(2), patience);
    expect(frozen()[0]?.[1]).toMatch(/^keys: \/services\/web: holds no JSON or YAML: line 1/);
    await vi.waitFor(async () => expect(await poolsOf(source)).toEqual(['mail_80: 10.0.0.4:25']), patience);
    expect(source.complete).toBe(true);
    // Nobody knows what it said: nothing goes.
    const blind = sourceOf(server);
    expect((await blind.read({ signal })).complete).toBe(false);
    await put('web', '{"member":"10.0.0.5:80"}');
    await vi.waitFor(
      async () => expect(await poolsOf(source)).toEqual(['mail_80: 10.0.0.4:25', 'web_80: 10.0.0.5:80']),
      patience,
    );
  });

  it('chooses the API by the version of the server', async () => {
    const server = await started();
    await server.put(`${PREFIX}/web/one`, '10.0.0.1:80');
    expect(await poolsOf(sourceOf(server, { etcd: { api: 'auto' } }))).toEqual(['web_80: 10.0.0.1:80']);
  });

  it('verifies the server', async () => {
    const server = await started({ tls: TLS });
    await server.put(`${PREFIX}/web/one`, '10.0.0.1:80');
    expect(await poolsOf(sourceOf(server, { etcd: { tls: () => Promise.resolve({ ca: TEST_CA }) } }))).toEqual([
      'web_80: 10.0.0.1:80',
    ]);
    const { complete, diagnostics } = await sourceOf(server).read({ signal });
    expect([complete, diagnostics]).toMatchObject([false, [{ code: 'etcd-list-failed' }]]);
  });

  it('shows a client certificate where one is asked for, by both APIs', async () => {
    const server = await started({ tls: { ...TLS, demandsCertificates: true } });
    const certificate = { ca: TEST_CA, cert: GOOD_CERTIFICATE, key: SERVER_KEY };
    for (const api of ['v3', 'v2'] as const) {
      await putter(server, api)('web/one', '10.0.0.1:80');
      const pools = await poolsOf(sourceOf(server, { etcd: { api, tls: () => Promise.resolve(certificate) } }));
      expect(pools).toEqual(['web_80: 10.0.0.1:80']);
      const without = await sourceOf(server, { etcd: { api, tls: () => Promise.resolve({ ca: TEST_CA }) } }).read({
        signal,
      });
      expect([without.complete, without.diagnostics]).toMatchObject([false, [{ code: 'etcd-list-failed' }]]);
    }
  });

  it('v2: logs in with user and password, and says no secret when it is refused', async () => {
    const server = await started();
    await server.putV2(`${PREFIX}/web/one`, '10.0.0.1:80');
    const root = { authorization: `Basic ${base64('root:root-Secret')}`, 'content-type': 'application/json' };
    const put = async (where: string, body?: object): Promise<unknown> =>
      server.send('PUT', `/v2/auth/${where}`, {
        headers: root,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    await put('users/root', { user: 'root', password: 'root-Secret' });
    const kv = { read: [`${PREFIX}*`], write: [] };
    await put('roles/readers', { role: 'readers', permissions: { kv } });
    await put('users/fairlead', { user: 'fairlead', password: 'Secret-of-etcd', roles: ['readers'] });
    await put('enable');
    await put('roles/guest', { role: 'guest', revoke: { kv: { read: ['/*'], write: ['/*'] } } });
    const by = (password: string): More => ({
      etcd: { api: 'v2', user: { name: 'fairlead', password: () => Promise.resolve(password) } },
    });
    const source = sourceOf(server, by('Secret-of-etcd'));
    expect(await poolsOf(source)).toEqual(['web_80: 10.0.0.1:80']);
    const following = follow(source);
    open.push({ close: following.stop });
    await server.send('PUT', `/v2/keys${PREFIX}/web/two`, {
      headers: { ...root, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ value: '10.0.0.2:80' }).toString(),
    });
    await vi.waitFor(async () => expect(await poolsOf(source)).toEqual(['web_80: 10.0.0.1:80 10.0.0.2:80']), patience);
    for (const wrong of [by('Another-Secret'), { etcd: { api: 'v2' } } as const]) {
      const { complete, diagnostics } = await sourceOf(server, wrong).read({ signal });
      expect([complete, diagnostics]).toMatchObject([false, [{ code: 'etcd-denied' }]]);
      expect(JSON.stringify(diagnostics)).not.toMatch(/Secret/);
    }
  });

  it('reads more keys than come with one answer', async () => {
    const server = await started();
    const keys = Array.from({ length: 1100 }, (_, index) => `${PREFIX}/s${index % 3}/${index}`);
    for (let start = 0; start < keys.length; start += 100) {
      const success = keys.slice(start, start + 100).map((key, index) => {
        const value = `10.0.${Math.floor((start + index) / 200)}.${(index % 200) + 1 + (start % 200)}:80`;
        return { requestPut: { key: base64(key), value: base64(value) } };
      });
      await server.v3('kv/txn', { success });
    }
    const pools = await poolsOf(sourceOf(server));
    expect(pools.flatMap((pool) => pool.split(' ').slice(1))).toHaveLength(1100);
  });

  it('a member that lost its cluster is not believed to have nothing to tell', async () => {
    const [server, other] = await EtcdServer.startTwo();
    open.push(server, other);
    await server.put(`${PREFIX}/web/one`, '10.0.0.1:80');
    const source = sourceOf(server);
    await source.read({ signal });
    const following = follow(source);
    open.push({ close: following.stop });
    await other.kill();
    await vi.waitFor(() => expect(source.complete).toBe(false), patience);
    expect(await poolsOf(source)).toEqual(['web_80: 10.0.0.1:80']);
    await other.up();
    await server.put(`${PREFIX}/web/two`, '10.0.0.2:80');
    await vi.waitFor(async () => expect(await poolsOf(source)).toEqual(['web_80: 10.0.0.1:80 10.0.0.2:80']), patience);
    expect(source.complete).toBe(true);
  });
});
