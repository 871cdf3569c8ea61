import type { CoreV1Event, V1Service } from '@kubernetes/client-node';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createDataPlane } from '../../src/emulator/dataplane/index.ts';
import { startEmulator, type Emulator } from '../../src/emulator/index.ts';
import type { Api } from './api.ts';
import { Backends } from './backends.ts';
import { startFairlead, type Fairlead } from './fairlead.ts';
import { createNamespace, createNode, createService, deletePod, exposed, runPod, webPod } from './fixtures.ts';
import { SOURCE_RULES } from './follower.ts';
import { startCluster, type Cluster } from './harness.ts';
import { createUser } from './rbac.ts';

const SOON = { timeout: 15_000, interval: 50 };
const PASSWORD = 'kept-in-a-secret';

/** Everything is real but the device: API server, controllers, the command line, and requests from end to end. */
describe('from a Service on a real API server to an answer through the virtual server', () => {
  const backends = new Backends();
  let cluster: Cluster;
  let api: Api;
  let emulator: Emulator;
  let namespace: string;
  let config: string;
  let fairlead: Fairlead | undefined;

  beforeAll(async () => {
    cluster = await startCluster();
    ({ api } = cluster);
    const dataPlane = () => createDataPlane({ map: 'always', timeScale: 0.1, reach: backends.reach });
    emulator = await startEmulator({
      tls: 'self-signed',
      users: [{ name: 'fairlead', password: PASSWORD }],
      dataPlane,
    });
    await createNode(api, 'node-1', ['192.0.2.1']);
    config = await writeConfig();
  });

  beforeEach(async () => {
    namespace = await createNamespace(api);
  });

  afterEach(async () => {
    await fairlead?.end('SIGKILL');
    fairlead = undefined;
  });

  afterAll(async () => {
    await emulator?.close();
    await backends.close();
    await cluster?.stop();
  });

  async function writeConfig(): Promise<string> {
    const data = { password: Buffer.from(PASSWORD).toString('base64') };
    await api.create({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'default', name: 'bigip' }, data });
    const secrets = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
    const user = await createUser(cluster, 'fairlead', { rules: [...SOURCE_RULES, secrets] });
    const file = path.join(cluster.dir, 'fairlead.yaml');
    writeFileSync(path.join(cluster.dir, 'bigip.pem'), emulator.certificate ?? '');
    const bigip = {
      url: emulator.url,
      username: 'fairlead',
      password: { secret: { namespace: 'default', name: 'bigip', key: 'password' } },
      tls: { caFile: './bigip.pem' },
      partition: 'kubernetes',
    };
    const sources = [{ name: 'east', kubernetes: { kubeconfig: user.kubeconfig }, members: 'cluster' }];
    const addressPools = [{ name: 'public', ranges: ['10.1.5.0/28'] }];
    const settings = {
      instance: 'east',
      sources,
      targets: [{ name: 'bigip1', bigip }],
      addressPools,
      run: { idle: '200ms' },
    };
    writeFileSync(file, stringify(settings));
    return file;
  }

  /** Starts Fairlead, and comes back when it has compared everything once. */
  async function start(): Promise<Fairlead> {
    const one = startFairlead(config);
    fairlead = one;
    await expect.poll(() => one.events.some(({ type }) => type === 'cycle') || one.log(), SOON).toBe(true);
    return one;
  }

  async function addPod(name: string, ip: string, app = 'web'): Promise<void> {
    await backends.start(ip);
    await runPod(api, webPod(namespace, name, { app, ip }));
  }

  /** Who answers eight requests through a virtual server; what went wrong, if one fails. */
  async function answers(service: string): Promise<readonly string[]> {
    const listener = emulator.listeners().find(({ virtual }) => virtual === `/kubernetes/${namespace}_${service}_http`);
    if (listener?.port === undefined) return [listener?.problem ?? 'does not listen'];
    const texts = new Set<string>();
    for (let left = 8; left > 0; left -= 1) {
      const options = { headers: { connection: 'close' } };
      const answer = await request(`http://${listener.address}:${listener.port}/`, options).catch(
        (error: unknown) => error,
      );
      texts.add(
        answer instanceof Error ? answer.message : await (answer as Awaited<ReturnType<typeof request>>).body.text(),
      );
    }
    return [...texts].sort();
  }

  async function addressesOf(service: string): Promise<readonly (string | undefined)[]> {
    const { status } = await api.get<V1Service>({ kind: 'Service', namespace, name: service });
    return (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip);
  }

  async function eventsOf(service: string): Promise<string> {
    const events = await api.list<CoreV1Event>('Event', { namespace });
    const own = events.items.filter(({ involvedObject }) => involvedObject.name === service);
    return own.map(({ reason, message }) => `${reason}: ${message}`).join('\n');
  }

  /** A pool member as the device keeps it. */
  const member = (name: string) =>
    Object.values(emulator.dump())
      .flat()
      .find(({ parent, fullPath }) => parent !== undefined && fullPath.endsWith(`/${name}`))?.values;

  const writes = () => emulator.log.writes().map(({ method, path: place }) => `${method} ${place}`);

  it('AC-21 serves a Service, and follows its pods with one request for each change', async () => {
    await createService(api, exposed(namespace, 'web', '10.1.0.1'));
    await addPod('one', '10.244.0.1');
    await start();
    await expect.poll(() => answers('web'), SOON).toEqual(['10.244.0.1']);
    await expect.poll(() => addressesOf('web'), SOON).toEqual(['10.1.0.1']);

    emulator.log.clear();
    await addPod('two', '10.244.0.2');
    await expect.poll(() => answers('web'), SOON).toEqual(['10.244.0.1', '10.244.0.2']);
    expect(writes()).toEqual([expect.stringMatching(/ \/mgmt\/tm\/ltm\/pool\/~kubernetes~.*_web_http/)]);

    emulator.log.clear();
    await deletePod(api, { namespace, name: 'one' }, 60);
    await expect.poll(() => answers('web'), SOON).toEqual(['10.244.0.2']);
    expect(member('10.244.0.1:8080')).toMatchObject({ session: 'user-disabled' });
    expect(writes()).toHaveLength(1);
    await deletePod(api, { namespace, name: 'one' }, 0);
    await expect.poll(() => member('10.244.0.1:8080'), SOON).toBeUndefined();
    expect(await answers('web')).toEqual(['10.244.0.2']);
    // The node that the member brought along goes when there is time.
    await expect.poll(() => JSON.stringify(emulator.dump()), SOON).not.toContain('10.244.0.1');
  });

  it('AC-21 serves on while the API server is away, and writes nothing', async () => {
    await createService(api, exposed(namespace, 'web', '10.1.0.2'));
    await addPod('one', '10.244.1.1');
    const { events } = await start();
    await expect.poll(() => answers('web'), SOON).toEqual(['10.244.1.1']);
    emulator.log.clear();
    await cluster.halt('kube-apiserver');
    try {
      await expect.poll(() => JSON.stringify(events), SOON).toContain('kubernetes-watch-failed');
      expect(await answers('web')).toEqual(['10.244.1.1']);
    } finally {
      await cluster.start('kube-apiserver');
    }
    await addPod('two', '10.244.1.2');
    // An API server that starts refuses everybody for a moment (403): that must not count as a lasting refusal.
    await expect.poll(() => answers('web'), { ...SOON, timeout: 20_000 }).toEqual(['10.244.1.1', '10.244.1.2']);
    expect(writes()).toEqual([expect.stringMatching(/ \/mgmt\/tm\/ltm\/pool\/~kubernetes~.*_web_http/)]);
  }, 90_000);

  it('AC-04 writes nothing after a crash, and makes up for what it has missed', async () => {
    await createService(api, exposed(namespace, 'web', '10.1.0.3'));
    await addPod('one', '10.244.2.1');
    await addPod('two', '10.244.2.2');
    const first = await start();
    await expect.poll(() => answers('web'), SOON).toEqual(['10.244.2.1', '10.244.2.2']);
    await first.end('SIGKILL');
    emulator.log.clear();
    const second = await start();
    expect(writes()).toEqual([]);
    expect(await second.end()).toBe(0);

    await deletePod(api, { namespace, name: 'two' }, 0);
    await start();
    await expect.poll(() => answers('web'), SOON).toEqual(['10.244.2.1']);
  });

  it('tells the owner what the device refused, in its words, and serves all others', async () => {
    await start();
    const bad = exposed(namespace, 'bad', '10.1.0.4');
    const annotations = { ...bad.annotations, 'fairlead.io/profiles': '/Common/no-such-profile' };
    await createService(api, { ...bad, annotations });
    await createService(api, exposed(namespace, 'good', '10.1.0.5'));
    await addPod('good', '10.244.3.1', 'good');
    await expect.poll(() => answers('good'), SOON).toEqual(['10.244.3.1']);
    await expect.poll(() => eventsOf('bad'), SOON).toMatch(/DeviceRefused: [^]*no-such-profile/);
    expect(await addressesOf('bad')).toEqual([]);
    const mended = { metadata: { annotations: { 'fairlead.io/profiles': null } } };
    await api.patch({ kind: 'Service', namespace, name: 'bad' }, mended);
    await expect.poll(() => addressesOf('bad'), SOON).toEqual(['10.1.0.4']);
  });

  it('goes on under a new name of its port, on the same address', async () => {
    await start();
    const fixture = exposed(namespace, 'renamed', '10.1.0.9');
    await createService(api, fixture);
    await addPod('renamed', '10.244.9.1', 'renamed');
    await expect.poll(() => answers('renamed'), SOON).toEqual(['10.244.9.1']);
    const ports = [{ name: 'www', port: 80, targetPort: 'web' }];
    await api.patch({ kind: 'Service', namespace, name: 'renamed' }, { spec: { ports } });
    const names = () => JSON.stringify(emulator.dump()).match(/(?<=\/kubernetes\/)[a-z0-9-]+_renamed_\w+/g) ?? [];
    await expect.poll(() => [...new Set(names())], SOON).toEqual([`${namespace}_renamed_www`]);
    expect(await addressesOf('renamed')).toEqual(['10.1.0.9']);
    await api.delete({ kind: 'Service', namespace, name: 'renamed' });
  });

  it('AC-21 exchanges the addresses of two Services', async () => {
    await start();
    const move = (name: string, address: string) =>
      api.patch(
        { kind: 'Service', namespace, name },
        { metadata: { annotations: { 'fairlead.io/address': address } } },
      );
    await createService(api, exposed(namespace, 'one', '10.1.0.31'));
    await createService(api, exposed(namespace, 'two', '10.1.0.32'));
    await expect.poll(() => addressesOf('two'), SOON).toEqual(['10.1.0.32']);
    await expect.poll(() => addressesOf('one'), SOON).toEqual(['10.1.0.31']);
    await Promise.all([move('one', '10.1.0.32'), move('two', '10.1.0.31')]);
    await expect.poll(() => addressesOf('one'), SOON).toEqual(['10.1.0.32']);
    await expect.poll(() => addressesOf('two'), SOON).toEqual(['10.1.0.31']);
  });

  it('takes an address from the pool for a Service that names none', async () => {
    await start();
    const { annotations: _, ...fixture } = exposed(namespace, 'pooled', '');
    await createService(api, fixture);
    await addPod('pooled', '10.244.4.1', 'pooled');
    await expect.poll(() => addressesOf('pooled'), SOON).toEqual([expect.stringMatching(/^10\.1\.5\.\d+$/)]);
    await expect.poll(() => answers('pooled'), SOON).toEqual(['10.244.4.1']);
  });

  it('leaves nothing behind when the Services are gone, and shows no secret', async () => {
    const one = await start();
    const services = await api.list('Service');
    const ours = services.items.filter(({ spec }) => (spec as { type?: string }).type === 'LoadBalancer');
    const left = () => JSON.stringify(emulator.dump()).match(/\/kubernetes\/[^"]*/g) ?? [];
    // One after the other: many deletes at once would wait for a person.
    for (const { metadata } of ours) {
      await api.delete({ kind: 'Service', namespace: metadata.namespace ?? '', name: metadata.name });
      const place = `/kubernetes/${metadata.namespace}_${metadata.name}_http`;
      await expect.poll(() => left().filter((text) => text.startsWith(place)), SOON).toEqual([]);
    }
    await expect.poll(left, SOON).toEqual([]);
    expect(await one.end()).toBe(0);
    expect(one.log() + JSON.stringify(one.events)).not.toContain(PASSWORD);
  });
});
