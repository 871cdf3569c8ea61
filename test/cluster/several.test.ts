import type { CoreV1Event } from '@kubernetes/client-node';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type Emulator, startEmulator } from '../../src/emulator/index.ts';
import { service, slice } from '../support/e2e-manifests.ts';
import { startFairlead, type Fairlead } from './fairlead.ts';
import { createNamespace, createNode, createService, runPod, webPod } from './fixtures.ts';
import { SOURCE_RULES } from './follower.ts';
import { startCluster, type Cluster } from './harness.ts';
import { createUser } from './rbac.ts';

const SOON = { timeout: 15_000, interval: 50 };
const PASSWORD = 'kept-in-a-file';
const POOL = '/mgmt/tm/ltm/pool/~kubernetes~shop';

let cluster: Cluster;
let emulator: Emulator;
let namespace: string;
let fairlead: Fairlead | undefined;

/** A real API server, a folder of manifests and a table give members to the pool `shop`. */
beforeAll(async () => {
  cluster = await startCluster();
  emulator = await startEmulator({ users: [{ name: 'admin', password: PASSWORD }] });
  await createNode(cluster.api, 'node-1', ['192.0.2.1']);
  namespace = await createNamespace(cluster.api);
  await createService(cluster.api, {
    namespace,
    name: 'web',
    annotations: { 'fairlead.io/pool': 'shop', 'fairlead.io/monitor': '/Common/https' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'web' }] },
  });
  await runPod(cluster.api, webPod(namespace, 'one', { app: 'web', ip: '10.244.0.1' }));
  await mkdir(path.join(cluster.dir, 'west'));
  await putWest('10.245.0.1');
  await putTable('10.0.9.1', '10.0.9.2');
  await writeConfig();
});

afterEach(async () => {
  await fairlead?.end('SIGKILL');
  fairlead = undefined;
});

afterAll(async () => {
  await emulator?.close();
  await cluster?.stop();
});

async function putWest(...pods: readonly string[]): Promise<void> {
  const given = service('web', { annotations: { 'fairlead.io/pool': 'shop' }, spec: { type: 'ClusterIP' } });
  const documents = [given, slice('web', pods)].map((one) => JSON.stringify(one)).join('\n---\n');
  await writeFile(path.join(cluster.dir, 'west', 'web.yaml'), documents);
}

async function putTable(...members: readonly string[]): Promise<void> {
  const rows = members.map((member) => `shop,shop,/Common/http,${member},80\n`).join('');
  await writeFile(path.join(cluster.dir, 'vips.csv'), `service,pool,monitor,member,member_port\n${rows}`);
}

async function writeConfig(): Promise<void> {
  const user = await createUser(cluster, 'fairlead', { rules: SOURCE_RULES });
  await writeFile(path.join(cluster.dir, 'password'), PASSWORD, { mode: 0o600 });
  const bigip = { url: emulator.url, username: 'admin', password: { file: './password' }, partition: 'kubernetes' };
  const settings = {
    instance: 'lab',
    sources: [
      { name: 'east', kubernetes: { kubeconfig: user.kubeconfig }, members: 'cluster', poolMembers: { ratio: 3 } },
      { name: 'west', kubernetes: { manifests: './west' }, members: 'cluster' },
      { name: 'sheet', precedence: 10, files: { paths: ['./vips.csv'] } },
    ],
    targets: [{ name: 'bigip', bigip }],
    run: { idle: '200ms', retry: { initial: '100ms', max: '1s' } },
  };
  await writeFile(path.join(cluster.dir, 'fairlead.yaml'), stringify(settings));
}

async function start(): Promise<Fairlead> {
  const one = startFairlead(path.join(cluster.dir, 'fairlead.yaml'));
  fairlead = one;
  await expect.poll(() => one.events.some(({ type }) => type === 'cycle') || one.log(), SOON).toBe(true);
  return one;
}

function members(): string {
  const all = Object.entries(emulator.dump()).flatMap(([collection, objects]) =>
    collection === 'ltm/pool/members'
      ? objects.map(({ fullPath }) => fullPath.slice(fullPath.lastIndexOf('/') + 1))
      : [],
  );
  return all.sort().join(' ');
}

const poolWrites = (): readonly string[] =>
  emulator.log
    .entries()
    .filter(({ method, path: url }) => method !== 'GET' && url.includes('/ltm/pool'))
    .map(({ method, path: url }) => `${method} ${url}`);

it('AC-02 AC-03 a real API server, manifests and a table feed one pool, and the Service that lost a field hears of it', async () => {
  await start();
  await expect.poll(members, SOON).toBe('10.0.9.1:80 10.0.9.2:80 10.244.0.1:8080 10.245.0.1:8080');
  const heard = async (): Promise<string> => {
    const { items } = await cluster.api.list<CoreV1Event>('Event', { namespace });
    return items.map(({ message }) => message).join('\n');
  };
  await expect.poll(heard, SOON).toContain('monitor of pool /kubernetes/shop is already given by Service shop (sheet)');
});

it('AC-02 without the API server its member stays, manifests and the table go on, and a restart writes nothing', async () => {
  await start();
  await cluster.kill('kube-apiserver');
  emulator.log.clear();
  await putWest('10.245.0.1', '10.245.0.2');
  await expect.poll(members, SOON).toContain('10.245.0.2:8080');
  await putTable('10.0.9.1');
  await expect.poll(members, SOON).not.toContain('10.0.9.2:80');
  expect(members()).toBe('10.0.9.1:80 10.244.0.1:8080 10.245.0.1:8080 10.245.0.2:8080');
  expect(poolWrites().slice(0, 2)).toEqual([`POST ${POOL}/members`, `PATCH ${POOL}`]);
  await expect.poll(() => poolWrites().length, SOON).toBe(3);

  expect(await fairlead?.end()).toBe(0);
  emulator.log.clear();
  await start();
  expect(poolWrites()).toEqual([]);
  expect(members()).toContain('10.244.0.1:8080');
});
