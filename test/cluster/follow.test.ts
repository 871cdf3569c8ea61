import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import {
  createNamespace,
  createNode,
  createService,
  deletePod,
  exposed,
  runPod,
  setReady,
  webPod,
  readyEndpoints,
} from './fixtures.ts';
import { Follower, SOURCE_RULES, type SourceSettings } from './follower.ts';
import { startCluster, type Cluster } from './harness.ts';
import { createUser, type RestrictedUser } from './rbac.ts';
import { until } from './wait.ts';

const SOON = { timeout: 10_000, interval: 20 };

describe('the Kubernetes source follows a real API server', () => {
  let cluster: Cluster;
  let api: Api;
  let user: RestrictedUser;
  let follower: Follower | undefined;

  beforeAll(async () => {
    cluster = await startCluster();
    ({ api } = cluster);
    await createNode(api, 'node-1', ['192.0.2.1']);
    await createNode(api, 'node-2', ['192.0.2.2']);
    user = await createUser(cluster, 'fairlead', { rules: SOURCE_RULES });
  });

  afterEach(async () => {
    await follower?.stop();
    follower = undefined;
  });

  afterAll(async () => {
    await cluster?.stop();
  });

  async function follow(settings: Partial<SourceSettings> = {}): Promise<Follower> {
    follower = await Follower.start({ kubeconfig: user.kubeconfig, ...settings });
    return follower;
  }

  it('AC-21 lists page by page, and nothing is lost between the pages', async () => {
    const namespace = await createNamespace(api);
    const names = Array.from({ length: 12 }, (_, index) => `paged-${index}`);
    for (const [index, name] of names.entries()) {
      await createService(api, exposed(namespace, name, `10.1.0.${index + 1}`));
      await runPod(api, webPod(namespace, name, { app: name, ip: `10.244.1.${index + 1}` }));
    }
    await until('all pods are ready', async () => (await readyEndpoints(api, namespace)) === names.length);
    const before = cluster.requests().length;
    const { first } = await follow({ pageSize: 5 });
    expect(first).toMatchObject({ complete: true, diagnostics: [] });
    const members = names.map((name) => follower?.members(`${namespace}_${name}_http`));
    expect(members).toEqual(names.map((_, index) => [`10.244.1.${index + 1}:8080`]));

    const lists = cluster
      .requests()
      .slice(before)
      .filter((one) => one.user === user.user && one.verb === 'list');
    for (const resource of ['services', 'endpointslices']) {
      const pages = lists.filter((one) => one.resource === resource).map(({ query }) => query);
      expect(pages.length).toBeGreaterThanOrEqual(3);
      expect(new Set(pages.map(({ limit }) => limit))).toEqual(new Set(['5']));
      expect(pages.filter((query) => query['continue'] !== undefined)).toHaveLength(pages.length - 1);
    }
  });

  it('AC-21 sees Services that come, change and go', async () => {
    const namespace = await createNamespace(api);
    const one = await follow();
    await createService(api, exposed(namespace, 'web', '10.1.1.1'));
    await expect
      .poll(() => one.virtuals(`${namespace}_web`), SOON)
      .toEqual([`10.1.1.1:80/tcp -> ${namespace}_web_http`]);
    const annotations = { 'fairlead.io/address': '10.1.1.2' };
    const name = { kind: 'Service', namespace, name: 'web' };
    await api.patch(name, {
      metadata: { annotations },
      spec: { ports: [{ name: 'alt', port: 81, targetPort: 'web' }] },
    });
    await expect
      .poll(() => one.virtuals(`${namespace}_web`), SOON)
      .toEqual([`10.1.1.2:81/tcp -> ${namespace}_web_alt`]);
    await api.delete(name);
    await expect.poll(() => one.cell(`Service/${namespace}/web`), SOON).toBeUndefined();
    expect(one.virtuals(`${namespace}_web`)).toEqual([]);
    expect(one.gone.toSorted()).toEqual([
      `east:Service/${namespace}/web`,
      `east:Service/${namespace}/web#alt`,
      `east:Service/${namespace}/web#http`,
    ]);
  });

  it('AC-21 has a pod that becomes ready, or is not any more, within a second', async () => {
    const namespace = await createNamespace(api);
    const one = await follow();
    await createService(api, exposed(namespace, 'web', '10.1.1.3'));
    await runPod(api, { ...webPod(namespace, 'pod', { ip: '10.244.2.1' }), ready: false });
    await expect.poll(() => one.members(`${namespace}_web_http`), SOON).toEqual([]);
    const times: number[] = [];
    for (const ready of [true, false, true, false, true]) {
      const started = performance.now();
      await setReady(api, { namespace, name: 'pod' }, ready);
      await expect.poll(() => one.members(`${namespace}_web_http`), SOON).toEqual(ready ? ['10.244.2.1:8080'] : []);
      times.push(performance.now() - started);
    }
    // The middle one: a busy machine may delay one, not most.
    expect(times.toSorted((a, b) => a - b)[2]).toBeLessThan(1000);
  });

  it('AC-21 disables the members of a node that is drained, and lets them go with the last pod', async () => {
    const namespace = await createNamespace(api);
    const one = await follow();
    const pool = `${namespace}_web_http`;
    await createService(api, exposed(namespace, 'web', '10.1.1.4'));
    await runPod(api, webPod(namespace, 'stays', { ip: '10.244.3.1', node: 'node-1' }));
    await runPod(api, webPod(namespace, 'leaves', { ip: '10.244.3.2', node: 'node-2' }));
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.3.1:8080', '10.244.3.2:8080']);

    await api.patch({ kind: 'Node', name: 'node-2' }, { spec: { unschedulable: true } });
    await api.call('POST', `/api/v1/namespaces/${namespace}/pods/leaves/eviction`, {
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { namespace, name: 'leaves' } },
    });
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.3.1:8080', '10.244.3.2:8080 disabled']);
    await deletePod(api, { namespace, name: 'leaves' }, 0);
    await expect.poll(() => one.members(pool), SOON).toEqual(['10.244.3.1:8080']);
  });

  it('finds the port that each pod gives to a name, for every port and protocol', async () => {
    const namespace = await createNamespace(api);
    const ports = [
      { name: 'http', port: 80, targetPort: 'web' },
      { name: 'dns', port: 53, targetPort: 'dns', protocol: 'UDP' },
      { name: 'fixed', port: 7000, targetPort: 7001 },
      { name: 'sctp', port: 9, targetPort: 'sctp', protocol: 'SCTP' },
    ];
    const service = exposed(namespace, 'web', '10.1.1.5');
    await createService(api, { ...service, spec: { ...service.spec, ports } });
    const containers = (web: number, dns: number) => [
      { name: 'web', containerPort: web },
      { name: 'dns', containerPort: dns, protocol: 'UDP' },
      { name: 'sctp', containerPort: 9999, protocol: 'SCTP' },
    ];
    await runPod(api, { ...webPod(namespace, 'old', { ip: '10.244.4.1' }), ports: containers(8080, 5300) });
    await runPod(api, { ...webPod(namespace, 'new', { ip: '10.244.4.2' }), ports: containers(9090, 5353) });
    const one = await follow();
    await expect.poll(() => one.members(`${namespace}_web_http`), SOON).toEqual(['10.244.4.1:8080', '10.244.4.2:9090']);
    await expect.poll(() => one.members(`${namespace}_web_dns`), SOON).toEqual(['10.244.4.1:5300', '10.244.4.2:5353']);
    await expect
      .poll(() => one.members(`${namespace}_web_fixed`), SOON)
      .toEqual(['10.244.4.1:7001', '10.244.4.2:7001']);
    await expect.poll(() => one.members(`${namespace}_web_sctp`), SOON).toEqual(['10.244.4.1:9999', '10.244.4.2:9999']);
    expect(one.virtuals(`${namespace}_web`).map((text) => text.split(' ')[0])).toEqual([
      '10.1.1.5:53/udp',
      '10.1.1.5:7000/tcp',
      '10.1.1.5:80/tcp',
      '10.1.1.5:9/sctp',
    ]);
  });

  it('takes nodes with their node port where a Service asks for it', async () => {
    const namespace = await createNamespace(api);
    const service = exposed(namespace, 'web', '10.1.1.6');
    const spec = { ...service.spec, allocateLoadBalancerNodePorts: true };
    await api.patch({ kind: 'Node', name: 'node-2' }, { spec: { unschedulable: null } });
    const stored = await createService<{ spec: { ports: { nodePort: number }[] } }>(api, { ...service, spec });
    const nodePort = stored.spec.ports[0]?.nodePort;
    const one = await follow({ extract: { members: 'nodeport' } });
    expect(one.members(`${namespace}_web_http`)).toEqual([`192.0.2.1:${nodePort}`, `192.0.2.2:${nodePort}`]);
  });

  it('takes the endpoints of a headless Service', async () => {
    const namespace = await createNamespace(api);
    const { annotations = {}, spec } = exposed(namespace, 'web', '10.1.1.7');
    const headless = { selector: spec['selector'], ports: spec['ports'], clusterIP: 'None' };
    await createService(api, { namespace, name: 'web', annotations, spec: headless });
    await runPod(api, webPod(namespace, 'pod', { ip: '10.244.5.1' }));
    const one = await follow();
    await expect.poll(() => one.members(`${namespace}_web_http`), SOON).toEqual(['10.244.5.1:8080']);
  });

  it('reads the namespaces that were chosen by label, as they come and go', async () => {
    const [inside, outside] = [await createNamespace(api, { team: 'web' }), await createNamespace(api)];
    await createService(api, exposed(inside, 'web', '10.1.1.8'));
    await createService(api, exposed(outside, 'web', '10.1.1.9'));
    const one = await follow({ namespaces: { labels: { team: 'web' } } });
    expect(one.virtuals(`${inside}_web`)).toHaveLength(1);
    expect(one.virtuals(`${outside}_web`)).toHaveLength(0);
    await api.patch({ kind: 'Namespace', name: outside }, { metadata: { labels: { team: 'web' } } });
    await expect.poll(() => one.virtuals(`${outside}_web`), SOON).toHaveLength(1);
    await api.patch({ kind: 'Namespace', name: inside }, { metadata: { labels: { team: null } } });
    await expect.poll(() => one.virtuals(`${inside}_web`), SOON).toHaveLength(0);
  });

  it('reads nothing but the namespaces that were chosen by name, with rights in them alone', async () => {
    const [inside, outside] = [await createNamespace(api), await createNamespace(api)];
    for (const namespace of [inside, outside]) await createService(api, exposed(namespace, 'web', '10.1.1.10'));
    const guest = await createUser(cluster, 'guest', { rules: SOURCE_RULES, namespace: inside });
    const before = cluster.requests().length;
    const one = await follow({ kubeconfig: guest.kubeconfig, namespaces: { names: [inside] } });
    expect(one.first).toMatchObject({ complete: true, diagnostics: [] });
    expect([one.virtuals(`${inside}_web`).length, one.virtuals(`${outside}_web`).length]).toEqual([1, 0]);
    const read = cluster
      .requests()
      .slice(before)
      .filter((request) => request.user === guest.user);
    expect(read.length).toBeGreaterThan(0);
    expect(read.filter(({ namespace }) => namespace !== inside)).toEqual([]);
  });
});
