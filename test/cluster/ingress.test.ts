import type { CoreV1Event, V1Ingress } from '@kubernetes/client-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataPlane } from '../../src/emulator/dataplane/index.ts';
import { startEmulator, type Emulator } from '../../src/emulator/index.ts';
import { createBlobStore } from '../../src/desired/blob-store.ts';
import { extractOptions, ingressOptions } from '../../src/sources/kubernetes/extract/index.ts';
import { createKubernetesSource } from '../../src/sources/kubernetes/index.ts';
import { createBigipTarget } from '../../src/targets/bigip/index.ts';
import { GOOD_CERTIFICATE, OTHER_NAME_CERTIFICATE, SERVER_KEY } from '../support/certificates.ts';
import { ask } from '../support/ingress-bed.ts';
import type { Api, Manifest } from './api.ts';
import { Backends } from './backends.ts';
import { createNamespace, createNode, createService, runPod, webPod } from './fixtures.ts';
import { PARTITION, SOURCE_RULES } from './follower.ts';
import { startCluster, type Cluster } from './harness.ts';
import { ingressClass, ingressFor } from './ingress-fixtures.ts';
import { createUser } from './rbac.ts';
import { startRun, type Run } from './run.ts';

const SOON = { timeout: 15_000, interval: 50 };
const PASSWORD = 'kept-in-a-secret';
const HTTP = '/kubernetes/Ingress_10.1.10.50_80';
const HTTPS = '/kubernetes/Ingress_10.1.10.50_443';

/** Ingress, IngressClass, Secret, status and Events as a real API server has them. */
describe('Ingresses on a real API server', () => {
  const backends = new Backends();
  let cluster: Cluster;
  let api: Api;
  let emulator: Emulator;
  let namespace: string;
  let run: Run;

  beforeAll(async () => {
    cluster = await startCluster();
    ({ api } = cluster);
    emulator = await startEmulator({
      users: [{ name: 'fairlead', password: PASSWORD }],
      dataPlane: () => createDataPlane({ map: 'always', timeScale: 0.1, reach: backends.reach }),
    });
    await createNode(api, 'node-1', ['192.0.2.1']);
    await api.create(ingressClass('bigip'));
    const { kubeconfig } = await createUser(cluster, 'ingress', { rules: SOURCE_RULES });
    const blobs = createBlobStore();
    const source = createKubernetesSource({
      from: { kind: 'api', kubeconfig },
      extract: extractOptions({ source: 'east', partition: PARTITION, members: 'cluster', ingress: ingressOptions() }),
      keepBytes: (bytes) => blobs.put(bytes),
    });
    const target = createBigipTarget({
      name: 'emulator',
      urls: [emulator.url],
      username: 'fairlead',
      password: () => Promise.resolve(PASSWORD),
      partition: PARTITION,
      instance: 'test',
      blobs,
    });
    run = startRun(source, target);
    await run.started;
  });

  beforeEach(async () => {
    namespace = await createNamespace(api);
  });

  afterAll(async () => {
    await run?.stop();
    await emulator?.close();
    await backends.close();
    await cluster?.stop();
  });

  /** A ClusterIP Service with one pod that answers. */
  async function serve(name: string, ip: string): Promise<void> {
    await backends.start(ip);
    await createService(api, {
      namespace,
      name,
      annotations: { 'fairlead.io/monitor': 'none' },
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 'web' }] },
    });
    await runPod(api, webPod(namespace, `${name}-pod`, { app: name, ip }));
  }

  async function status(name: string): Promise<unknown> {
    const { status: found } = await api.get<V1Ingress>({ kind: 'Ingress', namespace, name });
    return found?.loadBalancer?.ingress;
  }

  async function answered(host: string, path = '/'): Promise<string> {
    return String((await ask(emulator, { virtual: HTTP, host, path })).status);
  }

  function secret(cert: string): Manifest {
    const encode = (text: string): string => Buffer.from(text).toString('base64');
    const data = { 'tls.crt': encode(cert), 'tls.key': encode(SERVER_KEY) };
    return { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata: { namespace, name: 'cert' }, data };
  }

  it('are served by host and path, and show their address', async () => {
    await serve('web', '10.244.0.1');
    const [host, service, address] = ['a.example.com', 'web', '10.1.10.50'];
    await api.create(ingressFor(namespace, 'shop', { host, service, address }));
    await expect.poll(() => status('shop'), SOON).toEqual([{ ip: '10.1.10.50' }]);
    await expect.poll(() => answered(host), SOON).toBe('200');
    expect(await answered('b.example.com')).toBe('404');
    await api.patch({ kind: 'Ingress', namespace, name: 'shop' }, { spec: { ingressClassName: 'other' } });
    await expect.poll(() => status('shop'), SOON).toBeUndefined();
    await expect.poll(() => answered(host), SOON).toBe('0');
  });

  it('that want what an older one has are told by Events, and the rest of them goes on', async () => {
    await serve('api', '10.244.0.2');
    const [host, service, address] = ['c.example.com', 'api', '10.1.10.50'];
    await api.create(ingressFor(namespace, 'old', { host, service, address }));
    await expect.poll(() => status('old'), SOON).toEqual([{ ip: '10.1.10.50' }]);
    // Its pod is watched by a monitor: it takes requests a little later.
    await expect.poll(() => answered(host), SOON).toBe('200');
    await createService(api, { namespace, name: 'none', spec: { ports: [{ name: 'http', port: 80 }] } });
    const young = ingressFor(namespace, 'young', { host, service: 'none', address });
    await api.create(young);
    await expect.poll(() => status('young'), SOON).toEqual([{ ip: '10.1.10.50' }]);
    const reasons = async (): Promise<readonly string[]> => {
      const { items } = await api.list<CoreV1Event>('Event', { namespace });
      return items
        .filter(({ involvedObject }) => involvedObject.kind === 'Ingress')
        .map(({ involvedObject, reason, type }) => `${involvedObject.name} ${type} ${reason}`)
        .sort();
    };
    await expect
      .poll(reasons, SOON)
      .toEqual(expect.arrayContaining(['old Normal Applied', 'old Warning PartConflict']));
    await expect.poll(reasons, SOON).toEqual(expect.arrayContaining(['young Warning PartConflict']));
    expect(await answered(host)).toBe('200');
  });

  it('get their certificate from a Secret, and follow it', async () => {
    await serve('tls', '10.244.0.3');
    const host = 'd.example.com';
    await api.create(secret(GOOD_CERTIFICATE));
    await api.create(ingressFor(namespace, 'tls', { host, service: 'tls', address: '10.1.10.50', secret: 'cert' }));
    const shown = async (): Promise<string> =>
      (await ask(emulator, { virtual: HTTPS, host, serverName: host })).certificate ?? '';
    await expect.poll(shown, SOON).toContain('DNS:localhost');
    const { data } = secret(OTHER_NAME_CERTIFICATE) as { readonly data?: unknown };
    await api.patch({ kind: 'Secret', namespace, name: 'cert' }, { data });
    await expect.poll(shown, SOON).toBe('DNS:bigip.example.com');
    expect((await ask(emulator, { virtual: HTTP, host })).headers.location).toBe(`https://${host}/`);
  });
});
