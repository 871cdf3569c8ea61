import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { EtcdOptions } from '../../src/sources/etcd/client.ts';
import type { PodNetworkSource } from '../../src/sources/pod-network/source.ts';
import { parseInterface } from '../../src/ir/network.ts';
import { EtcdV2 } from '../../src/sources/etcd/v2.ts';
import { EtcdV3 } from '../../src/sources/etcd/v3.ts';
import { createPodNetworkSource } from '../../src/sources/pod-network/index.ts';
import { NetworkPeers } from '../../src/sources/pod-network/peers.ts';
import { Bed, networkOptions } from '../pod-network/bed.ts';
import { NET_CONF, subnetOf } from '../pod-network/flannel.ts';
import { GOOD_CERTIFICATE, SERVER_KEY, TEST_CA } from '../support/certificates.ts';
import { EtcdServer, base64 } from './server.ts';

const missing = inject('noEtcd');
const PREFIX = '/coreos.com/network';
const TIMING = { backoffMs: 20, backoffCapMs: 100, requestMs: 3000, readRetries: 0 };
const patience = { timeout: 20_000, interval: 50 };

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function started(setup = {}): Promise<EtcdServer> {
  const server = await EtcdServer.start(setup);
  open.push(server);
  return server;
}

function optionsFor(server: EtcdServer, more: Partial<EtcdOptions> = {}): EtcdOptions {
  return { endpoints: [server.url], api: 'v3', prefix: PREFIX, timing: TIMING, ...more };
}

/** A device that follows flannel in an etcd. */
class Follower {
  readonly bed: Bed;
  readonly source: PodNetworkSource;
  readonly problems: Diagnostic[] = [];
  readonly #stop = new AbortController();
  #following: Promise<void> | undefined;

  constructor(etcd: EtcdOptions) {
    const vxlan = {
      localAddress: { ip: '10.1.20.60' },
      selfIp: parseInterface('10.244.20.60/16')!,
      tunnelName: 'fl-vxlan',
      pods: 'arp' as const,
    };
    const options = networkOptions({ cni: 'flannel', mode: 'vxlan', vxlan, etcd: true });
    this.source = createPodNetworkSource({
      from: { kind: 'manifests', folder: '/nowhere' },
      options,
      etcd,
      peers: new NetworkPeers(),
    });
    this.bed = new Bed([], { after: () => [this.source] });
    open.push(this);
  }

  follow(): void {
    const { signal } = this.#stop;
    const onProblem = (problem: Diagnostic): number => this.problems.push(problem);
    this.#following = this.source.watch({ signal, onChange: () => undefined, onProblem });
  }

  /** Which machines have a record, by the last part of their endpoint. */
  async machines(): Promise<readonly string[]> {
    await this.bed.sync();
    const [table] = this.bed.bodies('fdb') as { records?: { endpoint: string }[] }[];
    return (table?.records ?? []).map(({ endpoint }) => endpoint.slice('10.1.20.10'.length));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    await this.source.close();
  }
}

async function fill(server: EtcdServer, ...machines: readonly number[]): Promise<void> {
  await server.put(`${PREFIX}/config`, NET_CONF);
  for (const number of machines) {
    const [key, value] = subnetOf({ number });
    await server.put(`${PREFIX}/subnets/${key}`, value);
  }
}

const keyOf = (number: number): string => `${PREFIX}/subnets/10.244.${number}.0-24`;

describe.skipIf(missing !== undefined)('flannel in etcd', () => {
  it('AC-30 AC-31 gives the same objects by the v2 and the v3 API', async () => {
    const server = await started();
    await fill(server, 1, 2);
    await server.putV2(`${PREFIX}/config`, NET_CONF);
    for (const number of [1, 2]) {
      const [key, value] = subnetOf({ number }, 'v2');
      await server.putV2(`${PREFIX}/subnets/${key}`, value, 86_400);
    }
    const [three, two] = [new Follower(optionsFor(server)), new Follower(optionsFor(server, { api: 'v2' }))];
    expect(await three.machines()).toEqual(['1', '2']);
    expect(await two.machines()).toEqual(['1', '2']);
    for (const kind of ['vxlan-profile', 'tunnel', 'self', 'fdb'] as const) {
      expect(two.bed.bodies(kind)).toEqual(three.bed.bodies(kind));
    }
  });

  for (const api of ['v3', 'v2'] as const) {
    it(`follows machines that come, go and let their lease expire (${api})`, async () => {
      const server = await started();
      const put = async (number: number, ttl?: number): Promise<void> => {
        const [, value] = subnetOf({ number }, api);
        if (api === 'v2') return server.putV2(keyOf(number), value, ttl);
        const lease = ttl === undefined ? undefined : (await server.v3('lease/grant', { TTL: ttl }))['ID'];
        return server.put(keyOf(number), value, lease);
      };
      await put(1);
      const follower = new Follower(optionsFor(server, { api }));
      expect(await follower.machines()).toEqual(['1']);
      follower.follow();
      await put(2);
      await vi.waitFor(async () => expect(await follower.machines()).toEqual(['1', '2']), patience);
      await put(3, 2);
      await vi.waitFor(async () => expect(await follower.machines()).toEqual(['1', '2', '3']), patience);
      await vi.waitFor(async () => expect(await follower.machines()).toEqual(['1', '2']), patience);
      await (api === 'v2' ? server.removeV2(keyOf(1)) : server.remove(keyOf(1)));
      await vi.waitFor(async () => expect(await follower.machines()).toEqual(['2']), patience);
    });
  }

  it('AC-33 killed in the middle of a watch and started again: nothing is deleted meanwhile, and no delete is missed', async () => {
    const server = await started();
    await fill(server, 1, 2, 3);
    const follower = new Follower(optionsFor(server));
    expect(await follower.machines()).toEqual(['1', '2', '3']);
    follower.follow();
    await server.kill();
    await vi.waitFor(() => expect(follower.source.complete).toBe(false), patience);
    expect(await follower.machines()).toEqual(['1', '2', '3']);
    expect(follower.problems.map(({ code }) => code)).toContain('etcd-list-failed');
    // A restart of the program while etcd is away.
    const blind = new Follower(optionsFor(server));
    expect((await blind.source.read({ signal: AbortSignal.timeout(10_000) })).complete).toBe(false);
    await server.up();
    await server.remove(keyOf(2));
    await server.compact();
    await vi.waitFor(async () => expect(await follower.machines()).toEqual(['1', '3']), patience);
    expect(follower.source.complete).toBe(true);
  });

  it('AC-33 compacted under a watch: what was asked for is gone, and a list follows', async () => {
    const server = await started();
    await fill(server, 1, 2);
    const store = new EtcdV3(optionsFor(server));
    open.push(store);
    const signal = AbortSignal.timeout(20_000);
    const { position } = await store.list(signal);
    await server.remove(keyOf(1));
    await fill(server, 3);
    await server.compact();
    const watch = async (): Promise<void> => {
      for await (const changes of store.watch(position, { signal, onOpen: () => undefined }))
        expect(changes).toEqual(new Map());
    };
    await expect(watch()).rejects.toMatchObject({ name: 'EtcdError', gone: true });
  });

  it('AC-33 compacted at the very delete that a watch would have told of: a list follows there, too', async () => {
    const server = await started();
    await fill(server, 1, 2);
    const store = new EtcdV3(optionsFor(server));
    open.push(store);
    const signal = AbortSignal.timeout(20_000);
    const { position } = await store.list(signal);
    await server.remove(keyOf(2));
    await server.compact();
    const watch = store.watch(position, { signal, onOpen: () => undefined })[Symbol.asyncIterator]();
    await expect(watch.next()).rejects.toMatchObject({ name: 'EtcdError', gone: true });
    expect([...(await store.list(signal)).items.keys()]).toEqual(['config', 'subnets/10.244.1.0-24']);
  });

  it('AC-33 v2 forgot the index of a watch: a list follows', async () => {
    const server = await started();
    await server.putV2(keyOf(1), subnetOf({ number: 1 })[1]);
    const store = new EtcdV2(optionsFor(server, { api: 'v2' }));
    open.push(store);
    const signal = AbortSignal.timeout(50_000);
    const { position } = await store.list(signal);
    // v2 keeps a thousand events.
    for (let count = 0; count < 1010; count += 1) await server.putV2('/other', String(count));
    const watch = async (): Promise<void> => {
      for await (const changes of store.watch(position, { signal, onOpen: () => undefined }))
        expect(changes).toEqual(new Map());
    };
    await expect(watch()).rejects.toMatchObject({ gone: true });
  });

  it('does not believe an etcd that holds no subnet at all', async () => {
    const server = await started();
    await fill(server, 1);
    const follower = new Follower(optionsFor(server));
    expect(await follower.machines()).toEqual(['1']);
    const empty = new Follower(optionsFor(server, { prefix: '/elsewhere' }));
    const { complete, diagnostics } = await empty.source.read({ signal: AbortSignal.timeout(10_000) });
    expect([complete, diagnostics]).toMatchObject([false, [{ code: 'etcd-list-failed' }]]);
  });

  it('logs in, comes back with a new token, and says no secret when it is refused; by TLS', async () => {
    const server = await started({ tls: { key: SERVER_KEY, cert: GOOD_CERTIFICATE, ca: TEST_CA } });
    await fill(server, 1);
    await server.v3('auth/user/add', { name: 'root', password: 'root-Secret' });
    await server.v3('auth/user/add', { name: 'fairlead', password: 'Secret-of-etcd' });
    for (const role of ['root', 'flannel']) await server.v3('auth/role/add', { name: role });
    const perm = { permType: 'READ', key: base64(`${PREFIX}/`), range_end: base64(`${PREFIX}0`) };
    await server.v3('auth/role/grant', { name: 'flannel', perm });
    await server.v3('auth/user/grant', { user: 'root', role: 'root' });
    await server.v3('auth/user/grant', { user: 'fairlead', role: 'flannel' });
    await server.v3('auth/enable', {});
    const by = (password: string): Partial<EtcdOptions> => ({
      tls: () => Promise.resolve({ ca: TEST_CA }),
      user: { name: 'fairlead', password: () => Promise.resolve(password) },
    });
    const follower = new Follower(optionsFor(server, by('Secret-of-etcd')));
    expect(await follower.machines()).toEqual(['1']);
    // Tokens are in the memory of the server: after a restart the old one is refused.
    await server.kill();
    await server.up();
    follower.follow();
    const { token } = await server.v3('auth/authenticate', { name: 'root', password: 'root-Secret' });
    const [subnet, value] = subnetOf({ number: 2 });
    await server.v3('kv/put', { key: base64(`${PREFIX}/subnets/${subnet}`), value: base64(value) }, token);
    await vi.waitFor(async () => expect(await follower.machines()).toEqual(['1', '2']), patience);
    const refused = new Follower(optionsFor(server, by('Another-Secret')));
    const { diagnostics } = await refused.source.read({ signal: AbortSignal.timeout(10_000) });
    expect(diagnostics).toMatchObject([{ severity: 'error', origin: 'east.network' }]);
    expect(JSON.stringify(diagnostics)).not.toMatch(/Secret/);
    const untrusted = new Follower(optionsFor(server, { user: by('Secret-of-etcd').user! }));
    const seen = await untrusted.source.read({ signal: AbortSignal.timeout(10_000) });
    expect(seen.diagnostics).toMatchObject([{ code: 'etcd-list-failed' }]);
  });

  it('goes on with the next member when one is away', async () => {
    const server = await started();
    await fill(server, 1);
    const gone = await started();
    await gone.kill();
    const follower = new Follower(optionsFor(server, { endpoints: [gone.url, server.url] }));
    expect(await follower.machines()).toEqual(['1']);
  });
});
