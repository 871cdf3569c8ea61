import type { CoreV1Event, V1ClusterRole, V1Ingress, V1Service } from '@kubernetes/client-node';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { startEmulator, type Emulator } from '../../src/emulator/index.ts';
import { ingressOptions } from '../../src/sources/kubernetes/extract/index.ts';
import { createMemoryTarget } from '../../src/targets/memory/index.ts';
import type { Api, Manifest } from './api.ts';
import { checkFairlead } from './fairlead.ts';
import { createNamespace, createNode, createService, exposed, runPod, webPod } from './fixtures.ts';
import { ingressClass, ingressFor } from './ingress-fixtures.ts';
import { createSource } from './follower.ts';
import { startCluster, type Cluster } from './harness.ts';
import { accountKubeconfig } from './rbac.ts';
import { startRun } from './run.ts';
import { until } from './wait.ts';

const SOON = { timeout: 15_000, interval: 50 };
const FILE = path.join(import.meta.dirname, '../../examples/kubernetes/rbac.yaml');
const ACCOUNT = { namespace: 'fairlead', name: 'fairlead' };
const USER = 'system:serviceaccount:fairlead:fairlead';
const PASSWORD = 'kept-in-a-secret';

/** The manifest that users apply is neither too little nor too much. */
describe('examples/kubernetes/rbac.yaml on a real API server', () => {
  let cluster: Cluster;
  let api: Api;
  let emulator: Emulator;
  let kubeconfig: string;

  beforeAll(async () => {
    cluster = await startCluster();
    ({ api } = cluster);
    emulator = await startEmulator({ tls: 'self-signed', users: [{ name: 'fairlead', password: PASSWORD }] });
    for (const document of parseAllDocuments(readFileSync(FILE, 'utf8'))) await api.create(document.toJS() as Manifest);
    const data = { password: Buffer.from(PASSWORD).toString('base64') };
    await api.create({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'fairlead', name: 'bigip' }, data });
    kubeconfig = await accountKubeconfig(cluster, ACCOUNT);
    await createNode(api, 'node-1', ['192.0.2.1']);
    writeFileSync(path.join(cluster.dir, 'bigip.pem'), emulator.certificate ?? '');
  });

  afterAll(async () => {
    await emulator?.close();
    await cluster?.stop();
  });

  function writeConfig(): string {
    const file = path.join(cluster.dir, 'fairlead.yaml');
    const source = {
      name: 'east',
      kubernetes: { kubeconfig },
      namespaces: { labels: 'expose=bigip' },
      members: 'auto',
    };
    const bigip = {
      url: emulator.url,
      username: 'fairlead',
      password: { secret: { ...ACCOUNT, name: 'bigip', key: 'password' } },
      tls: { caFile: './bigip.pem' },
      partition: 'kubernetes',
    };
    writeFileSync(file, stringify({ instance: 'east', sources: [source], targets: [{ name: 'bigip1', bigip }] }));
    return file;
  }

  it('lets fairlead check find everything ok', async () => {
    // The API server learns of roles by a watch of its own.
    const config = writeConfig();
    await until('the rights are known', async () => (await checkFairlead(config)).code === 0);
    const { lines } = await checkFairlead(config);
    expect(lines.filter(({ ok }) => !ok)).toEqual([]);
    expect(lines.map(({ subject }) => subject)).toContain('source east: watch nodes');
    expect(lines.filter(({ subject }) => subject.includes('east')).length).toBeGreaterThan(10);
  });

  it('holds each right that is used, and none that is not', async () => {
    const namespace = await createNamespace(api, { expose: 'bigip' });
    const target = createMemoryTarget();
    target.device.refuse = ({ ref }) => (ref.endsWith('_bad_http') ? '01070712:3: no such thing' : undefined);
    await createService(api, exposed(namespace, 'web', '10.1.0.1'));
    await createService(api, exposed(namespace, 'bad', '10.1.0.2'));
    await runPod(api, webPod(namespace, 'pod', { ip: '10.244.0.1' }));
    await api.create(ingressClass('bigip'));
    await api.create(ingressFor(namespace, 'shop', { host: 'a.example.com', service: 'web', address: '10.1.0.3' }));
    const counts = async () => {
      const { items } = await api.list<CoreV1Event>('Event', { namespace });
      return items.filter(({ reason }) => reason === 'DeviceRefused').map(({ series }) => series?.count ?? 1);
    };
    // The second one finds its Event there already, and counts it.
    for (const count of [1, 2]) {
      const source = createSource({
        kubeconfig,
        namespaces: { labels: { expose: 'bigip' } },
        extract: { members: 'auto', ingress: ingressOptions() },
      });
      const run = startRun(source, target);
      await run.started;
      await expect.poll(async () => Math.max(0, ...(await counts())), SOON).toBeGreaterThanOrEqual(count);
      await run.stop();
    }
    const web = await api.get<V1Service>({ kind: 'Service', namespace, name: 'web' });
    expect(web.status?.loadBalancer?.ingress).toEqual([{ ip: '10.1.0.1', ipMode: 'VIP' }]);
    const shop = await api.get<V1Ingress>({ kind: 'Ingress', namespace, name: 'shop' });
    expect(shop.status?.loadBalancer?.ingress).toEqual([{ ip: '10.1.0.3' }]);

    const asked = cluster.requests().filter(({ user, verb }) => user === USER && verb !== '');
    expect(asked.filter(({ status }) => status === 403 || status === 401)).toEqual([]);
    const role = await api.get<V1ClusterRole>({ kind: 'ClusterRole', name: 'fairlead' });
    const granted = (role.rules ?? []).flatMap(({ resources = [], verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    );
    const used = asked
      .filter(({ resource }) => !['', 'selfsubjectaccessreviews'].includes(resource))
      // That one Secret is the password of the device: a Role of its own.
      .filter(({ resource, verb }) => resource !== 'secrets' || verb !== 'get')
      .map(
        ({ verb, resource, subresource }) => `${verb} ${subresource === '' ? resource : `${resource}/${subresource}`}`,
      );
    expect([...new Set(used)].sort()).toEqual(granted.sort());
  });
});
