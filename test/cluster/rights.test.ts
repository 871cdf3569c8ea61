import type { CoreV1Event, V1ClusterRole, V1Ingress, V1Service } from '@kubernetes/client-node';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startEmulator, type Emulator } from '../../src/emulator/index.ts';
import { ingressOptions } from '../../src/sources/kubernetes/extract/index.ts';
import { createMemoryTarget } from '../../src/targets/memory/index.ts';
import type { Api, Manifest } from './api.ts';
import { checkFairlead, startFairlead } from './fairlead.ts';
import { createNamespace, createNode, createService, exposed, runPod, webPod } from './fixtures.ts';
import { ingressClass, ingressFor } from './ingress-fixtures.ts';
import { createSource } from './follower.ts';
import { startCluster, type Cluster } from './harness.ts';
import { accountKubeconfig } from './rbac.ts';
import { startRun } from './run.ts';
import { until } from './wait.ts';

const SOON = { timeout: 15_000, interval: 50 };
const EXAMPLE = path.join(import.meta.dirname, '../../examples/kubernetes');
const ACCOUNT = { namespace: 'fairlead', name: 'fairlead' };
const USER = 'system:serviceaccount:fairlead:fairlead';
const PASSWORD = 'kept-in-a-secret';

const manifests = (file: string): readonly Manifest[] =>
  parseAllDocuments(readFileSync(path.join(EXAMPLE, file), 'utf8')).map((document) => document.toJS() as Manifest);

/** The manifest that users apply is neither too little nor too much. */
describe('examples/kubernetes/rbac.yaml on a real API server', () => {
  let cluster: Cluster;
  let api: Api;
  let emulator: Emulator;
  let kubeconfig: string;

  beforeAll(async () => {
    cluster = await startCluster();
    ({ api } = cluster);
    emulator = await startEmulator({ tls: 'self-signed', users: [{ name: 'admin', password: PASSWORD }] });
    for (const manifest of manifests('rbac.yaml')) await api.create(manifest);
    const data = { password: Buffer.from(PASSWORD).toString('base64') };
    await api.create({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'fairlead', name: 'bigip' }, data });
    kubeconfig = await accountKubeconfig(cluster, ACCOUNT);
    await createNode(api, 'node-1', ['192.0.2.1']);
    writeFileSync(path.join(cluster.dir, 'emulator.pem'), emulator.certificate ?? '');
  });

  afterAll(async () => {
    await emulator?.close();
    await cluster?.stop();
  });

  /** The example's configuration, with the emulator's port and the account's token. */
  function writeConfig(): string {
    copyFileSync(kubeconfig, path.join(cluster.dir, 'kubeconfig'));
    const text = readFileSync(path.join(EXAMPLE, 'fairlead.yaml'), 'utf8');
    expect(text).toContain('https://127.0.0.1:8443');
    const file = path.join(cluster.dir, 'fairlead.yaml');
    writeFileSync(file, text.replace('https://127.0.0.1:8443', emulator.url));
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

  it('is enough for all that docs/sources/kubernetes.md does', async () => {
    for (const manifest of manifests('shop.yaml')) await api.create(manifest);
    await runPod(api, { namespace: 'shop', name: 'one', labels: { app: 'web' }, node: 'node-1', ips: ['10.244.0.9'] });
    const fairlead = startFairlead(writeConfig());
    const ingress = async () =>
      (await api.get<V1Service>({ kind: 'Service', namespace: 'shop', name: 'web' })).status?.loadBalancer?.ingress;
    await expect.poll(ingress, SOON).toEqual([{ ip: '10.1.10.60', ipMode: 'VIP' }]);
    expect(await fairlead.end()).toBe(0);
    const page = readFileSync(path.join(import.meta.dirname, '../../docs/sources/kubernetes.md'), 'utf8');
    expect(page).toContain(
      '| `shop_web_http` | `10.1.10.60:80` | `status.loadBalancer.ingress: [{ ip: 10.1.10.60, ipMode: VIP }]` |',
    );
    const virtuals = emulator.dump()['ltm/virtual'] ?? [];
    expect(virtuals.find(({ fullPath }) => fullPath === '/kubernetes/shop_web_http')?.values).toMatchObject({
      destination: { virtualAddress: '/kubernetes/10.1.10.60', port: 80 },
      pool: '/kubernetes/shop_web_http',
    });
  });
});
