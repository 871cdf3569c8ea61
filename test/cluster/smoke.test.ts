import type { V1EndpointSlice } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, ApiError, type List } from './api.ts';
import { createNamespace, createNode, createService, deletePod, runPod, setReady } from './fixtures.ts';
import { startCluster, type Cluster } from './harness.ts';
import { createUser } from './rbac.ts';
import { until } from './wait.ts';

const PATIENTLY = { timeout: 20_000, interval: 50 };

/** The lane itself: what the other tests rely on. */
describe('the cluster of the tests', () => {
  let cluster: Cluster;
  let api: Api;

  beforeAll(async () => {
    cluster = await startCluster({ apiserverFlags: ['--etcd-compaction-interval=2s'] });
    ({ api } = cluster);
    await createNode(api, 'node-1', ['192.0.2.1']);
  });

  afterAll(async () => {
    await cluster?.stop();
  });

  /** All endpoints of the Service `web`, as `address:port ready/serving/terminating`. */
  async function endpointsOf(namespace: string): Promise<readonly string[]> {
    const query = { labelSelector: 'kubernetes.io/service-name=web' };
    const slices: List<V1EndpointSlice> = await api.list('EndpointSlice', { namespace, query });
    const texts = slices.items.flatMap(({ endpoints = [], ports }) =>
      (endpoints ?? []).map(({ addresses, conditions = {} }) => {
        const { ready, serving, terminating } = conditions;
        return `${addresses[0]}:${ports?.[0]?.port} ${ready}/${serving}/${terminating}`;
      }),
    );
    return texts.sort();
  }

  async function webService(namespace: string): Promise<void> {
    const ports = [{ name: 'http', port: 80, targetPort: 'web' }];
    await createService(api, { namespace, name: 'web', spec: { selector: { app: 'web' }, ports } });
  }

  const pod = (namespace: string, name: string, ip: string) => ({
    namespace,
    name,
    labels: { app: 'web' },
    node: 'node-1',
    ips: [ip],
    ports: [{ name: 'web', containerPort: 8080 }],
  });

  it('turns a Service with a selector and pods into EndpointSlices, with named ports resolved', async () => {
    const namespace = await createNamespace(api);
    await webService(namespace);
    await runPod(api, pod(namespace, 'one', '10.244.0.1'));
    await runPod(api, { ...pod(namespace, 'two', '10.244.0.2'), ready: false });
    await expect
      .poll(() => endpointsOf(namespace), PATIENTLY)
      .toEqual(['10.244.0.1:8080 true/true/false', '10.244.0.2:8080 false/false/false']);
    await setReady(api, { namespace, name: 'two' }, true);
    await expect
      .poll(() => endpointsOf(namespace), PATIENTLY)
      .toEqual(['10.244.0.1:8080 true/true/false', '10.244.0.2:8080 true/true/false']);
  });

  it('shows a pod that terminates until it is gone', async () => {
    const namespace = await createNamespace(api);
    await webService(namespace);
    await runPod(api, pod(namespace, 'one', '10.244.0.1'));
    await expect.poll(() => endpointsOf(namespace), PATIENTLY).toEqual(['10.244.0.1:8080 true/true/false']);
    await deletePod(api, { namespace, name: 'one' }, 60);
    await expect.poll(() => endpointsOf(namespace), PATIENTLY).toEqual(['10.244.0.1:8080 false/true/true']);
    await deletePod(api, { namespace, name: 'one' }, 0);
    await expect.poll(() => endpointsOf(namespace), PATIENTLY).toEqual([]);
  });

  it('keeps everything over a restart of the API server and a killed etcd', async () => {
    const namespace = await createNamespace(api);
    await webService(namespace);
    const { metadata } = await api.get({ kind: 'Service', namespace, name: 'web' });
    await cluster.halt('kube-apiserver');
    await expect(api.list('Service')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await cluster.start('kube-apiserver');
    expect((await api.get({ kind: 'Service', namespace, name: 'web' })).metadata).toEqual(metadata);

    await cluster.killEtcd();
    await until('the API server has found etcd again', async () => (await api.list('Service')).items.length > 0);
    expect((await api.get({ kind: 'Service', namespace, name: 'web' })).metadata).toEqual(metadata);
    // The controllers have come back too.
    await runPod(api, pod(namespace, 'one', '10.244.0.1'));
    await expect.poll(() => endpointsOf(namespace), PATIENTLY).toEqual(['10.244.0.1:8080 true/true/false']);
  });

  it('answers 410 to a continue token that compaction has overtaken', async () => {
    const namespace = await createNamespace(api);
    for (const name of ['a', 'b', 'c']) {
      await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name } });
    }
    const page = await api.list('ConfigMap', { namespace, query: { limit: '2' } });
    const next = page.metadata.continue ?? '';
    expect(page.items).toHaveLength(2);
    expect((await api.list('ConfigMap', { namespace, query: { limit: '2', continue: next } })).items).toHaveLength(1);
    // Compaction takes only what has been written over since.
    await api.patch({ kind: 'ConfigMap', namespace, name: 'a' }, { data: { changed: 'yes' } });
    const refused = await until(
      'the token has expired',
      async () => {
        const again = await api
          .list('ConfigMap', { namespace, query: { continue: next } })
          .catch((error: unknown) => error);
        return again instanceof ApiError && again;
      },
      { withinMs: 30_000 },
    );
    expect(refused).toMatchObject({ status: 410, reason: 'Expired' });
  });

  it('lets a user do what the rules say, until they change', async () => {
    const read = { apiGroups: [''], resources: ['services'], verbs: ['list', 'watch'] };
    const user = await createUser(cluster, 'reader', { rules: [read] });
    const limited = new Api(user.kubeconfig);
    expect((await limited.list('Service')).items.length).toBeGreaterThan(0);
    await expect(limited.list('EndpointSlice')).rejects.toMatchObject({ status: 403, reason: 'Forbidden' });
    await user.setRules([{ apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] }]);
    await expect(limited.list('Service')).rejects.toMatchObject({ status: 403 });
    await expect(limited.list('EndpointSlice')).resolves.toBeDefined();
    await limited.close();
    const seen = cluster.requests().filter((request) => request.user === user.user && request.verb === 'list');
    expect(seen.map(({ resource, status }) => `${resource} ${status}`)).toEqual([
      'services 200',
      'endpointslices 403',
      'services 403',
      'endpointslices 200',
    ]);
  });
});
