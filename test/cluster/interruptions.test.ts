import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiError, type Api } from './api.ts';
import type { AuditedRequest } from './audit.ts';
import {
  createNamespace,
  createNode,
  createService,
  deletePod,
  exposed,
  readyEndpoints,
  runPod,
  webPod,
} from './fixtures.ts';
import { Follower, SOURCE_RULES, type SourceSettings } from './follower.ts';
import { startCluster, type Cluster } from './harness.ts';
import { createUser, type RestrictedUser, type Rule } from './rbac.ts';
import { startRelay, type Relay } from './relay.ts';
import { until } from './wait.ts';

const SOON = { timeout: 15_000, interval: 20 };
const WITHOUT_SLICES: readonly Rule[] = SOURCE_RULES.filter(({ resources }) => !resources.includes('endpointslices'));

let users = 0;

/** Whatever breaks between the source and the API server: nothing is let go of, and then all is right again. */
describe('the Kubernetes source and an API server in trouble', () => {
  let cluster: Cluster;
  let api: Api;
  let relay: Relay;
  let user: RestrictedUser;
  let namespace: string;
  let pool: string;
  let follower: Follower | undefined;

  beforeAll(async () => {
    cluster = await startCluster({ apiserverFlags: ['--etcd-compaction-interval=2s'] });
    ({ api } = cluster);
    relay = await startRelay(cluster);
    await createNode(api, 'node-1', ['192.0.2.1']);
  });

  beforeEach(async () => {
    users += 1;
    user = await createUser(cluster, `user-${users}`, { rules: SOURCE_RULES });
    namespace = await createNamespace(api);
    pool = `${namespace}_web_http`;
    await createService(api, exposed(namespace, 'web', `10.1.0.${users}`));
    await runPod(api, webPod(namespace, 'one', { ip: '10.244.0.1' }));
    await runPod(api, webPod(namespace, 'two', { ip: '10.244.0.2' }));
  });

  afterEach(async () => {
    await follower?.stop();
    follower = undefined;
    relay.mend();
  });

  afterAll(async () => {
    await relay?.close();
    await cluster?.stop();
  });

  /** Follows through the relay until both pods are members and the watches run. */
  async function follow(settings: Partial<SourceSettings> = {}): Promise<Follower> {
    const one = await Follower.start({ kubeconfig: relay.kubeconfigVia(user.kubeconfig), ...settings });
    follower = one;
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.0.1:8080', '10.244.0.2:8080']);
    for (const resource of ['services', 'endpointslices']) {
      await expect.poll(() => reads(resource).at(-1)?.verb, SOON).toBe('watch');
    }
    return one;
  }

  /** The lists and watches of the user, oldest first. */
  function reads(resource: string): readonly AuditedRequest[] {
    const all = cluster.requests().filter((request) => request.user === user.user && request.resource === resource);
    return all.filter(({ verb }) => verb === 'list' || verb === 'watch');
  }

  /** The verbs of {@link reads}, without the lists of one object that ask for the server's version after a cut. */
  function readVerbs(resource: string): readonly string[] {
    return reads(resource)
      .filter(({ verb, query }) => verb === 'watch' || query['limit'] !== '1')
      .map(({ verb }) => verb);
  }

  /** Waits until etcd has forgotten the version. */
  async function compact(version: string): Promise<void> {
    const query = { resourceVersion: version, resourceVersionMatch: 'Exact' };
    await until(
      `version ${version} is compacted`,
      async () => {
        // Compaction needs something newer.
        await api.patch(
          { kind: 'Node', name: 'node-1' },
          { metadata: { labels: { now: `${performance.now()}`.slice(0, 60) } } },
        );
        const answer = await api.list('Service', { query }).catch((error: unknown) => error);
        return answer instanceof ApiError && answer.status === 410;
      },
      { withinMs: 30_000 },
    );
  }

  async function firstVersion(): Promise<string> {
    return (await api.list('Service')).metadata.resourceVersion;
  }

  it('AC-21 keeps everything while the API server restarts, and goes on after it', async () => {
    const one = await follow();
    await cluster.halt('kube-apiserver');
    await expect.poll(() => one.complete, SOON).toBe(false);
    expect(one.members(pool)).toEqual(['10.244.0.1:8080', '10.244.0.2:8080']);
    await cluster.start('kube-apiserver');
    await expect.poll(() => one.complete, SOON).toBe(true);
    await deletePod(api, { namespace, name: 'two' }, 0);
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.0.1:8080']);
    await api.delete({ kind: 'Service', namespace, name: 'web' });
    await expect.poll(() => one.members(pool), SOON).toBeUndefined();
    expect(one.gone.every((cell) => cell.includes(`${namespace}/web`))).toBe(true);
  });

  it('AC-21 survives a crash of the API server, and one of etcd', async () => {
    const one = await follow();
    await cluster.kill('kube-apiserver');
    await cluster.start('kube-apiserver');
    await deletePod(api, { namespace, name: 'two' }, 0);
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.0.1:8080']);
    await cluster.killEtcd();
    await until('the API server has found etcd again', async () => (await api.list('Service')).items.length > 0);
    await runPod(api, webPod(namespace, 'three', { ip: '10.244.0.3' }));
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.0.1:8080', '10.244.0.3:8080']);
    await expect.poll(() => one.complete, SOON).toBe(true);
    expect(one.gone).toEqual([]);
  });

  it('AC-21 resumes a watch that was cut where it was, without listing again', async () => {
    const one = await follow();
    relay.cut();
    await expect.poll(() => one.complete, SOON).toBe(false);
    await deletePod(api, { namespace, name: 'two' }, 0);
    await createService(api, exposed(namespace, 'late', '10.1.1.1'));
    relay.mend();
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.0.1:8080']);
    await expect.poll(() => one.virtuals(`${namespace}_late`), SOON).toHaveLength(1);
    await expect.poll(() => one.complete, SOON).toBe(true);
    for (const resource of ['services', 'endpointslices']) {
      expect(readVerbs(resource)).toEqual(['list', 'watch', 'watch']);
    }
    expect(one.gone).toEqual([]);
  });

  it('AC-21 lists again after 410, and finds what came, changed and went meanwhile', async () => {
    await createService(api, exposed(namespace, 'doomed', '10.1.1.2'));
    const one = await follow();
    expect(one.virtuals(`${namespace}_doomed`)).toHaveLength(1);
    const version = await firstVersion();
    relay.cut();
    await deletePod(api, { namespace, name: 'two' }, 0);
    await api.delete({ kind: 'Service', namespace, name: 'doomed' });
    await createService(api, exposed(namespace, 'late', '10.1.1.3'));
    await until('the slice has lost the pod', async () => {
      const slices = await api.list<{ metadata: { name: string }; endpoints: unknown[] | null }>('EndpointSlice', {
        namespace,
      });
      return slices.items.find(({ metadata }) => metadata.name.startsWith('web-'))?.endpoints?.length === 1;
    });
    await compact(version);
    // Its watch cache goes back further than etcd; a new one does not.
    await cluster.restartApiserver();
    expect(one.gone).toEqual([]);
    expect(one.members(pool)).toEqual(['10.244.0.1:8080', '10.244.0.2:8080']);
    relay.mend();
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.0.1:8080']);
    await expect.poll(() => one.virtuals(`${namespace}_late`), SOON).toHaveLength(1);
    await expect.poll(() => one.virtuals(`${namespace}_doomed`), SOON).toHaveLength(0);
    await expect.poll(() => one.complete, SOON).toBe(true);
    expect(one.gone.every((cell) => cell.includes(`${namespace}/doomed`))).toBe(true);
    await expect.poll(() => readVerbs('services'), SOON).toEqual(['list', 'watch', 'watch', 'list', 'watch']);
  });

  it('AC-21 starts a list again whose continue token expired between two pages', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `many-${index}`);
    await Promise.all(names.map((name, index) => createService(api, exposed(namespace, name, `10.2.0.${index + 1}`))));
    const version = await firstVersion();
    const starting = Follower.start({ kubeconfig: relay.kubeconfigVia(user.kubeconfig), pageSize: 1 });
    await until('the list has begun', () => reads('services').length > 1, { lookEveryMs: 1 });
    relay.hold();
    await compact(version);
    relay.release();
    const one = await starting;
    follower = one;
    expect(one.first).toMatchObject({ complete: true, diagnostics: [] });
    expect(names.filter((name) => one.virtuals(`${namespace}_${name}`).length !== 1)).toEqual([]);
    const lists = reads('services').filter(({ verb }) => verb === 'list');
    expect(lists.map(({ status }) => status)).toContain(410);
  });

  it('AC-21 finds out that a connection is silent, and connects again', async () => {
    const one = await follow({ timing: { silenceMs: 2000 } });
    relay.freeze();
    await deletePod(api, { namespace, name: 'two' }, 0);
    relay.mend();
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.0.1:8080']);
    expect(one.gone).toEqual([]);
  });

  it('AC-21 goes on from bookmarks: a quiet watch resumes from where the cluster is, not from its own last change', async () => {
    const one = await follow({ timing: { watchSeconds: 4 } });
    const opened = Number(reads('services').at(-1)?.query['resourceVersion']);
    // Much happens, but to no Service.
    for (let index = 0; index < 20; index += 1) {
      await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: `noise-${index}` } });
    }
    const watches = () => reads('services').filter(({ verb }) => verb === 'watch');
    await expect.poll(() => watches().length, SOON).toBeGreaterThanOrEqual(2);
    const [first, second] = watches().map(({ query }) => query);
    expect(first).toMatchObject({ allowWatchBookmarks: 'true' });
    expect(Number(second?.['resourceVersion'])).toBeGreaterThanOrEqual(opened + 20);
    expect(readVerbs('services').filter((verb) => verb === 'list')).toHaveLength(1);
    expect(one.complete).toBe(true);
  });

  it('AC-21 without the right to read EndpointSlices is incomplete, says what is missing, and goes on when it is given', async () => {
    await user.setRules(WITHOUT_SLICES);
    const one = await Follower.start({ kubeconfig: user.kubeconfig });
    follower = one;
    expect(one.first.complete).toBe(false);
    expect(one.first.diagnostics).toMatchObject([
      { code: 'kubernetes-forbidden', summary: expect.stringContaining('endpointslices') as string },
    ]);
    // A pool without members would be an outage: what cannot be known is frozen, never empty.
    const backends = one.first.contributions.filter(({ cell }) => cell.includes(`${namespace}/web`));
    expect(backends.flatMap(({ objects }) => objects).filter(({ kind }) => kind === 'pool')).toEqual([]);
    await user.setRules(SOURCE_RULES);
    await expect.poll(() => one.complete, SOON).toBe(true);
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.0.1:8080', '10.244.0.2:8080']);
    expect(one.gone).toEqual([]);
  });

  it('AC-21 keeps the members when the right to read EndpointSlices is taken away', async () => {
    const one = await follow();
    await user.setRules(WITHOUT_SLICES);
    // A watch that runs was allowed once; the next one is not.
    relay.cut();
    relay.mend();
    await expect.poll(() => one.complete, SOON).toBe(false);
    await expect.poll(() => one.problems.some(({ code }) => code === 'kubernetes-forbidden'), SOON).toBe(true);
    await deletePod(api, { namespace, name: 'two' }, 0);
    // Services are read all the same.
    await createService(api, exposed(namespace, 'late', '10.1.1.4'));
    await expect.poll(() => one.virtuals(`${namespace}_late`), SOON).toHaveLength(1);
    expect(one.members(pool)).toEqual(['10.244.0.1:8080', '10.244.0.2:8080']);
    expect(one.gone).toEqual([]);
    await user.setRules(SOURCE_RULES);
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.0.1:8080']);
    expect(one.complete).toBe(true);
  });

  it('AC-21 reads what is there after etcd was restored from a backup, though its versions start lower', async () => {
    const [etcd, saved] = ['etcd', 'saved'].map((name) => path.join(cluster.dir, name));
    if (etcd === undefined || saved === undefined) throw new Error('expected two folders');
    const offline = async (work: () => void) => {
      await cluster.halt('kube-apiserver');
      await cluster.halt('etcd');
      work();
      await cluster.start('etcd');
      await cluster.start('kube-apiserver');
    };
    // What is not in the backup, no controller would make up for: they, too, know versions of the future.
    await until('both pods are ready', async () => (await readyEndpoints(api, namespace)) === 2);
    await offline(() => cpSync(etcd, saved, { recursive: true }));
    const one = await follow();
    await createService(api, exposed(namespace, 'lost', '10.1.2.1'));
    for (let n = 0; n < 200; n += 1) {
      const annotations = { 'fairlead.io/connection-limit': String(n) };
      await api.patch({ kind: 'Service', namespace, name: 'lost' }, { metadata: { annotations } });
    }
    await expect.poll(() => one.virtuals(`${namespace}_lost`), SOON).toHaveLength(1);
    await offline(() => {
      rmSync(etcd, { recursive: true });
      cpSync(saved, etcd, { recursive: true });
    });
    await createService(api, exposed(namespace, 'new', '10.1.2.2'));
    await expect.poll(() => one.virtuals(`${namespace}_new`), SOON).toHaveLength(1);
    await expect.poll(() => one.virtuals(`${namespace}_lost`), SOON).toEqual([]);
    expect(one.members(pool)).toEqual(['10.244.0.1:8080', '10.244.0.2:8080']);
  });

  it('reads what there is when it starts before the API server does', async () => {
    await cluster.halt('kube-apiserver');
    const one = await Follower.start({ kubeconfig: user.kubeconfig, timing: { readRetries: 1 } });
    follower = one;
    expect(one.first).toMatchObject({ complete: false, contributions: [] });
    await cluster.start('kube-apiserver');
    await expect.poll(() => one.complete, SOON).toBe(true);
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.0.1:8080', '10.244.0.2:8080']);
  });
});
