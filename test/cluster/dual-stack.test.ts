import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import {
  createNamespace,
  createNode,
  createService,
  exposed,
  runPod,
  webPod,
  type ServiceFixture,
} from './fixtures.ts';
import { Follower } from './follower.ts';
import { startCluster, type Cluster } from './harness.ts';

const SOON = { timeout: 15_000, interval: 50 };

/** IPv4 first, as most dual-stack clusters are; the administrator's certificate is the credential here. */
describe('the Kubernetes source on a dual-stack cluster', () => {
  let cluster: Cluster;
  let api: Api;
  let follower: Follower | undefined;

  beforeAll(async () => {
    cluster = await startCluster({ serviceCidr: '10.96.0.0/16,fd00:96::/112' });
    ({ api } = cluster);
    await createNode(api, 'node-1', ['192.0.2.1', '2001:db8::1']);
  });

  afterEach(async () => {
    await follower?.stop();
    follower = undefined;
  });

  afterAll(async () => {
    await cluster?.stop();
  });

  async function follow(): Promise<Follower> {
    follower = await Follower.start({ kubeconfig: cluster.kubeconfig });
    return follower;
  }

  function stacked(service: ServiceFixture, ipFamilyPolicy: string, ipFamilies?: readonly string[]): ServiceFixture {
    return { ...service, spec: { ...service.spec, ipFamilyPolicy, ...(ipFamilies && { ipFamilies }) } };
  }

  async function twoPods(namespace: string): Promise<void> {
    await runPod(api, { ...webPod(namespace, 'one', { ip: '' }), ips: ['10.244.0.1', 'fd00:244::1'] });
    await runPod(api, { ...webPod(namespace, 'two', { ip: '' }), ips: ['10.244.0.2', 'fd00:244::2'] });
  }

  it('serves each family with members of its own', async () => {
    const namespace = await createNamespace(api);
    await createService(api, stacked(exposed(namespace, 'web', '10.1.0.1,2001:db8:1::1'), 'RequireDualStack'));
    await twoPods(namespace);
    const one = await follow();
    const web = `${namespace}_web_http`;
    await expect.poll(() => one.members(web), SOON).toEqual(['10.244.0.1:8080', '10.244.0.2:8080']);
    await expect.poll(() => one.members(`${web}_v6`), SOON).toEqual(['fd00:244::1:8080', 'fd00:244::2:8080']);
    expect(one.virtuals(`${namespace}_web`)).toEqual([
      `10.1.0.1:80/tcp -> ${web}`,
      `2001:db8:1::1:80/tcp -> ${web}_v6`,
    ]);
  });

  it('serves a Service of IPv6 alone', async () => {
    const namespace = await createNamespace(api);
    await createService(api, stacked(exposed(namespace, 'web', '2001:db8:1::2'), 'SingleStack', ['IPv6']));
    await twoPods(namespace);
    const one = await follow();
    const web = `${namespace}_web_http`;
    await expect.poll(() => one.members(web), SOON).toEqual(['fd00:244::1:8080', 'fd00:244::2:8080']);
    expect(one.virtuals(`${namespace}_web`)).toEqual([`2001:db8:1::2:80/tcp -> ${web}`]);
  });

  it('gets the second family when the Service does', async () => {
    const namespace = await createNamespace(api);
    await createService(api, stacked(exposed(namespace, 'web', '10.1.0.3,2001:db8:1::3'), 'SingleStack'));
    await twoPods(namespace);
    const one = await follow();
    const web = `${namespace}_web_http`;
    await expect.poll(() => one.members(web), SOON).toEqual(['10.244.0.1:8080', '10.244.0.2:8080']);
    await api.patch({ kind: 'Service', namespace, name: 'web' }, { spec: { ipFamilyPolicy: 'RequireDualStack' } });
    await expect.poll(() => one.members(`${web}_v6`), SOON).toEqual(['fd00:244::1:8080', 'fd00:244::2:8080']);
    expect(one.members(web)).toEqual(['10.244.0.1:8080', '10.244.0.2:8080']);
  });
});
