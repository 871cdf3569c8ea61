import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SourceHarness } from '../../../test/contract/source.ts';
import { follow, testSource } from '../../../test/contract/source.ts';
import { GOOD_CERTIFICATE, SERVER_KEY, TEST_CA } from '../../../test/support/certificates.ts';
import { FakeEngine } from '../../../test/support/docker-engine.ts';
import type { RunOptions } from '../../../test/support/docker-engine.ts';
import type { Pool } from '../../ir/pool.ts';
import type { Source } from '../source.ts';
import { DesiredState } from '../../desired/desired-state.ts';
import { withSettings } from '../source-settings.ts';
import { stockDefaults } from '../values/defaults.ts';
import type { DockerSourceOptions } from './index.ts';
import { createDockerSource } from './index.ts';

const { signal } = new AbortController();
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function started(): Promise<FakeEngine> {
  const engine = await FakeEngine.start();
  open.push(() => engine.close());
  return engine;
}

function sourceOf(engine: FakeEngine, more: Partial<DockerSourceOptions> = {}): Source {
  const source = createDockerSource({
    source: 'docker',
    partition: 'k',
    defaults: stockDefaults,
    mapping: {},
    badRows: 'freeze',
    allowEmpty: false,
    engine: { socket: engine.socket },
    members: 'published',
    hostAddress: '10.1.20.5',
    unhealthy: 'disabled',
    timing: { backoffMs: 10, backoffCapMs: 50, readRetries: 0 },
    ...more,
  });
  open.push(async () => source.close?.());
  return source;
}

const web = (name: string, port: number, labels: Readonly<Record<string, string>> = {}): RunOptions => ({
  name,
  labels: { 'f5.pool': 'web', 'f5.port': '80', ...labels },
  ports: { '80/tcp': `0.0.0.0:${port}`, '443/tcp': '' },
});

/** `web: 10.1.20.5:8001 10.1.20.5:8002-disabled`. */
function poolsOf(source: Source): readonly string[] {
  const cells = ['web', 'mail', 'web/443'].map((name) => `docker:Service/${name}#pool`);
  const pools = (source.extract?.(cells) ?? []).flatMap(({ objects }) => objects as readonly Pool[]);
  return pools.map(({ path, members = [] }) => {
    const texts = members.map(
      ({ address, port, adminState }) => `${address.ip}:${port}${adminState === undefined ? '' : `-${adminState}`}`,
    );
    return `${path.split('/').at(-1)}: ${texts.join(' ')}`;
  });
}

function toldBy(source: Source): string {
  const cells = ['docker:Service/web', 'docker:Service/mail', 'docker:Service/web/443'];
  return (source.extract?.(cells) ?? [])
    .flatMap(({ diagnostics }) => diagnostics.map(({ summary }) => summary))
    .join('\n');
}

async function harness(): Promise<SourceHarness> {
  const engine = await FakeEngine.start();
  const fill = (to: FakeEngine): readonly [string, string] => {
    const mail = to.run({ name: 'mail', labels: { 'f5.pool': 'mail' }, ports: { '25/tcp': '0.0.0.0:25' } });
    to.run(web('web-1', 8001));
    return [mail, to.run(web('web-2', 8002))];
  };
  const [mail, second] = fill(engine);
  return {
    source: sourceOf(engine),
    shuffled: async () => {
      const other = await started();
      const [again] = fill(other);
      other.remove(again);
      other.run({ name: 'mail', labels: { 'f5.pool': 'mail' }, ports: { '25/tcp': '0.0.0.0:25' } });
      return sourceOf(other);
    },
    change: () => {
      engine.stop(second);
      return Promise.resolve('docker:Service/web#pool');
    },
    remove: () => {
      engine.remove(mail);
      return Promise.resolve(['docker:Service/mail', 'docker:Service/mail#pool']);
    },
    fail: () => engine.down(),
    heal: () => engine.up(),
    close: () => engine.close(),
  };
}

testSource('Docker', harness);

async function followed(engine: FakeEngine, more: Partial<DockerSourceOptions> = {}) {
  const source = sourceOf(engine, more);
  await source.read({ signal });
  const following = follow(source);
  open.push(following.stop);
  return { source, following };
}

describe('containers', () => {
  it('AC-85 come, stop, die, are paused, renamed and removed; another pool is not touched', async () => {
    const engine = await started();
    const [one] = [
      engine.run(web('web-1', 8001)),
      engine.run({ ...web('mail', 25), labels: { 'f5.pool': 'mail', 'f5.port': '80' } }),
    ];
    const { source, following } = await followed(engine);
    expect(poolsOf(source)).toEqual(['web: 10.1.20.5:8001', 'mail: 10.1.20.5:25']);
    const two = engine.run(web('web-2', 8002));
    const both = 'web: 10.1.20.5:8001 10.1.20.5:8002';
    const steps: readonly (readonly [() => void, string])[] = [
      [() => undefined, both],
      [() => engine.stop(two), 'web: 10.1.20.5:8001'],
      [() => engine.start(two), both],
      [() => engine.pause(two), 'web: 10.1.20.5:8001'],
      [() => engine.unpause(two), both],
      [() => engine.die(two, 'restarting'), 'web: 10.1.20.5:8001'],
      [() => engine.start(two), both],
      [() => engine.die(two, 'dead'), 'web: 10.1.20.5:8001'],
      [() => engine.remove(one), 'web: '],
      [() => engine.remove(two), ''],
    ];
    for (const [step, pool] of steps) {
      step();
      await vi.waitFor(() => expect(poolsOf(source)).toEqual([...(pool === '' ? [] : [pool]), 'mail: 10.1.20.5:25']));
    }
    expect([...following.cells].filter((cell) => cell.includes('mail'))).toEqual([]);
    expect(following.problems).toEqual([]);
  });

  it('AC-02 containers of two hosts are members of one pool, with what the configuration says of each host', async () => {
    const engines = [await started(), await started()];
    const given = await Promise.all(
      engines.map(async (engine, index) => {
        engine.run(web('web', 8000 + index, { 'f5.shared_pool': 'web' }));
        const plain = sourceOf(engine, { source: `host${index}` });
        const source = withSettings(plain, { precedence: 0, poolMembers: { ratio: index + 1 } });
        return (await source.read({ signal })).contributions;
      }),
    );
    const desired = new DesiredState();
    for (const contribution of given.flat()) desired.update(contribution);
    const merged = desired.merge('pool:/k/web');
    expect(merged?.conflicts.filter(({ code }) => code !== 'setting-idle')).toEqual([]);
    expect(merged?.object).toMatchObject({
      members: [
        { port: 8000, origin: 'host0:Service/web' },
        { port: 8001, ratio: 2, origin: 'host1:Service/web' },
      ],
    });
  });

  it('AC-85 an event costs one question about its container, and a rename changes nothing', async () => {
    const engine = await started();
    const id = engine.run(web('web-1', 8001));
    const { source, following } = await followed(engine);
    await vi.waitFor(() => expect(engine.asked.some((url) => url.includes('/events'))).toBe(true));
    await vi.waitFor(() => expect(engine.asked.at(-1)).toContain('"id"'));
    const before = engine.asked.length;
    engine.rename(id, 'web-x');
    await vi.waitFor(() => expect(engine.asked.length).toBe(before + 1));
    expect(engine.asked.at(-1)).toBe(`/v1.44/containers/json?all=true&filters={"id":["${id}"],"label":["f5.pool"]}`);
    engine.stop(id);
    await vi.waitFor(() => expect(poolsOf(source)).toEqual(['web: ']));
    expect([...following.cells]).toEqual(['docker:Service/web#pool']);
  });

  it('AC-85 unhealthy ones take no new connections, nor those that do not know yet; a label of a person goes before it', async () => {
    const engine = await started();
    const id = engine.run(web('web-1', 8001));
    engine.run(web('web-2', 8002, { 'f5.state': 'offline' }));
    const { source } = await followed(engine);
    for (const [health, shown] of [
      ['starting', '-disabled'],
      ['healthy', ''],
      ['unhealthy', '-disabled'],
    ] as const) {
      engine.health(id, health);
      await vi.waitFor(() => expect(poolsOf(source)).toEqual([`web: 10.1.20.5:8001${shown} 10.1.20.5:8002-offline`]));
    }
    const other = sourceOf(engine, { unhealthy: 'offline' });
    await other.read({ signal });
    expect(poolsOf(other)).toEqual(['web: 10.1.20.5:8001-offline 10.1.20.5:8002-offline']);
  });

  it('AC-85 the daemon is away: everything stays and it is told; when it is back, what happened meanwhile counts', async () => {
    const engine = await started();
    const [, two] = [engine.run(web('web-1', 8001)), engine.run(web('web-2', 8002))];
    const { source, following } = await followed(engine);
    await engine.down();
    await vi.waitFor(() => expect(source.complete).toBe(false));
    expect(poolsOf(source)).toEqual(['web: 10.1.20.5:8001 10.1.20.5:8002']);
    await vi.waitFor(() => expect(following.problems.map(({ code }) => code)).toContain('docker-list-failed'));
    expect(following.problems.at(-1)?.summary).toMatch(
      /docker: cannot list the containers of .*docker\.sock: .*; is Docker running/,
    );
    engine.remove(two);
    await engine.up();
    await vi.waitFor(() => expect(source.complete).toBe(true));
    expect(poolsOf(source)).toEqual(['web: 10.1.20.5:8001']);
  });

  it('AC-83 the last one that goes takes nothing with it, unless that is allowed', async () => {
    const engine = await started();
    const id = engine.run(web('web-1', 8001));
    const { source, following } = await followed(engine);
    engine.remove(id);
    await vi.waitFor(() => expect(source.complete).toBe(false));
    expect(poolsOf(source)).toEqual(['web: 10.1.20.5:8001']);
    expect(following.problems[0]?.summary).toMatch(
      /containers of .*: has no rows, expected at least one \(or allowEmpty\)/,
    );
  });

  it('a pool whose containers are all stopped keeps its virtual server, as the newest of them says it', async () => {
    const engine = await started();
    const old = engine.run(web('web-1', 8001, { 'f5.vip': '10.1.10.1:443' }));
    engine.stop(old);
    const id = engine.run(web('web-2', 8002, { 'f5.vip': '10.1.10.2:443' }));
    const { source } = await followed(engine);
    const shown = (): unknown =>
      (source.extract?.(['docker:Service/web/443', 'docker:Service/web/443#pool']) ?? []).flatMap(
        ({ objects }) => objects,
      );
    expect(shown()).toMatchObject([
      {},
      { destination: { address: { ip: '10.1.10.2' } } },
      { members: [{ port: 8002 }] },
    ]);
    engine.stop(id);
    await vi.waitFor(() => expect(poolsOf(source)).toEqual(['web_443: ']));
    expect(shown()).toMatchObject([{}, { destination: { address: { ip: '10.1.10.2' } } }, {}]);
  });
});

describe('where a container takes connections', () => {
  const cases: readonly (readonly [string, RunOptions, Partial<DockerSourceOptions>, string | RegExp])[] = [
    [
      'an address that its port is published on',
      { name: 'a', ports: { '80/tcp': '10.1.20.9:8080' } },
      {},
      'web: 10.1.20.9:8080',
    ],
    ['the host, by its only port', { name: 'a', ports: { '80/tcp': ':::8080' } }, {}, 'web: 10.1.20.5:8080'],
    [
      'UDP',
      { name: 'a', labels: { 'f5.port': '53/udp' }, ports: { '53/udp': '0.0.0.0:53', '53/tcp': '0.0.0.0:54' } },
      {},
      'web: 10.1.20.5:53',
    ],
    ['the host itself', { name: 'a', labels: { 'f5.port': '80' }, hostNetwork: true }, {}, 'web: 10.1.20.5:80'],
    [
      'its network',
      { name: 'a', labels: { 'f5.port': '80' }, networks: { n: '172.18.0.2' } },
      { members: 'network' },
      'web: 172.18.0.2:80',
    ],
    [
      'one of its networks',
      { name: 'a', labels: { 'f5.port': '80' }, networks: { n: '172.18.0.2', m: '172.19.0.2' } },
      { members: 'network', network: 'm' },
      'web: 172.19.0.2:80',
    ],
    [
      'a port that is not published',
      { name: 'a', labels: { 'f5.port': '80' }, ports: { '80/tcp': '', '443/tcp': '0.0.0.0:443' } },
      {},
      /^docker: container a, column member: member: port 80\/tcp is not published; published are 443\/tcp; publish it \(docker run -p\), or take members: network$/,
    ],
    [
      'several ports',
      { name: 'a', ports: { '80/tcp': '0.0.0.0:1', '443/tcp': '0.0.0.0:2' } },
      {},
      /it has ports 80\/tcp, 443\/tcp; name the port of the container: f5\.port=8080/,
    ],
    [
      'a port that is none',
      { name: 'a', labels: { 'f5.port': 'http' } },
      {},
      /label f5\.port is "http"; name the port/,
    ],
    [
      'no known host',
      { name: 'a', ports: { '80/tcp': '0.0.0.0:80' } },
      { hostAddress: undefined },
      /published on all addresses of the host, of which none is known; set hostAddress/,
    ],
    ['the host alone', { name: 'a', ports: { '80/tcp': '127.0.0.1:80' } }, {}, /published for the host itself alone/],
    [
      'several networks',
      { name: 'a', labels: { 'f5.port': '80' }, networks: { n: '172.18.0.2', m: '172.19.0.2' } },
      { members: 'network' },
      /it has addresses in m, n; set network of the source to one of them/,
    ],
  ];
  it.each(cases)('%s', async (...[, run, more, expected]) => {
    const engine = await started();
    engine.run({ ...run, labels: { 'f5.pool': 'web', ...run.labels } });
    const source = sourceOf(engine, more);
    const { complete } = await source.read({ signal });
    expect(complete).toBe(true);
    expect([...poolsOf(source), toldBy(source)].join('\n').trim()).toMatch(expected);
  });

  it('an address that comes with a network is followed', async () => {
    const engine = await started();
    const id = engine.run({ name: 'a', labels: { 'f5.pool': 'web', 'f5.port': '80' }, networks: { n: '172.18.0.2' } });
    const { source } = await followed(engine, { members: 'network' });
    engine.connect(id, { n: '172.18.0.7' });
    await vi.waitFor(() => expect(poolsOf(source)).toEqual(['web: 172.18.0.7:80']));
  });
});

describe('labels', () => {
  it('give any field; one that is not known is told, and keeps nobody from the others', async () => {
    const engine = await started();
    engine.run(
      web('web-1', 8001, {
        'f5.vip': '10.1.10.1:443',
        'f5.weight': '7',
        'f5.Load-Balancing': 'least-sessions',
        'f5.wieght': '1',
        other: 'x',
      }),
    );
    const source = sourceOf(engine);
    const { complete, diagnostics, contributions } = await source.read({ signal });
    expect(complete).toBe(true);
    expect(diagnostics).toMatchObject([
      {
        severity: 'warning',
        summary: 'docker: container web-1: label f5.wieght is not known, did you mean f5.weight?',
      },
    ]);
    expect(contributions.flatMap(({ objects }) => objects).find(({ kind }) => kind === 'pool')).toMatchObject({
      loadBalancingMode: 'least-sessions',
      members: [{ ratio: 7 }],
    });
  });

  it('a bad one freezes its service, by the container and the label', async () => {
    const engine = await started();
    engine.run(web('web-1', 8001, { 'f5.weight': 'heavy' }));
    const source = sourceOf(engine);
    await source.read({ signal });
    expect(toldBy(source)).toBe(
      'docker: container web-1, column weight: weight is "heavy", expected a whole number from 0 to 65535',
    );
  });
});

describe('the API', () => {
  it.each([
    ['1.30', '1.12', 'v1.30'],
    ['1.51', '1.24', 'v1.44'],
    ['1.60', '1.50', 'v1.50'],
  ])('of an Engine that speaks up to %s and down to %s is asked as %s', async (...[newest, oldest, version]) => {
    const engine = await started();
    engine.api = { newest, oldest };
    engine.run(web('web-1', 8001));
    expect((await sourceOf(engine).read({ signal })).complete).toBe(true);
    expect(engine.asked.at(-1)).toContain(`/${version}/containers/json`);
  });

  it('is reached over a network by TLS, with a certificate of our own', async () => {
    const files = { key: SERVER_KEY, cert: GOOD_CERTIFICATE, ca: TEST_CA };
    const engine = await FakeEngine.start(files);
    open.push(() => engine.close());
    engine.run(web('web-1', 8001));
    const by = (tls: object): Source =>
      sourceOf(engine, { engine: { url: engine.url }, tls: () => Promise.resolve(tls) });
    const source = by(files);
    expect((await source.read({ signal })).complete).toBe(true);
    expect(poolsOf(source)).toEqual(['web: 10.1.20.5:8001']);
    for (const wrong of [{ ca: TEST_CA }, { key: SERVER_KEY, cert: GOOD_CERTIFICATE }]) {
      const { complete, diagnostics } = await by(wrong).read({ signal });
      expect([complete, diagnostics]).toMatchObject([
        false,
        [{ code: 'docker-list-failed', summary: expect.stringContaining(engine.url) as string }],
      ]);
    }
  });

  it('follows again after silence, and tells nobody', async () => {
    const engine = await started();
    engine.run(web('web-1', 8001));
    const timing = { backoffMs: 5, backoffCapMs: 10, readRetries: 0, silenceMs: 1000 };
    const { following } = await followed(engine, { timing });
    const streams = (): number => engine.asked.filter((url) => url.includes('/events')).length;
    await vi.waitFor(() => expect(streams()).toBeGreaterThan(1), { timeout: 15_000 });
    expect(following.problems).toEqual([]);
  });
});
