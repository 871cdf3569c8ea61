import type { CoreV1Event, V1Service } from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryTarget, type MemoryTarget } from '../../src/targets/memory/index.ts';
import type { Ref } from '../../src/ir/ref.ts';
import type { Api } from './api.ts';
import { createNamespace, createNode, createService, exposed, runPod, webPod } from './fixtures.ts';
import { createSource, PARTITION, SOURCE_RULES, type SourceSettings } from './follower.ts';
import { startCluster, type Cluster } from './harness.ts';
import { createUser, type RestrictedUser } from './rbac.ts';
import { startRun, type Run } from './run.ts';

const SOON = { timeout: 15_000, interval: 50 };
/** What Fairlead's Events name as their reporter. */
const REPORTER = 'fairlead.io/fairlead';

/** What the owner of a Service reads: its status and its Events, with a device in memory. */
describe('the owner of a Service on a real API server', () => {
  let cluster: Cluster;
  let api: Api;
  let user: RestrictedUser;
  let namespace: string;
  let target: MemoryTarget;
  let run: Run | undefined;

  beforeAll(async () => {
    cluster = await startCluster();
    ({ api } = cluster);
    await createNode(api, 'node-1', ['192.0.2.1']);
    user = await createUser(cluster, 'fairlead', { rules: SOURCE_RULES });
  });

  beforeEach(async () => {
    namespace = await createNamespace(api);
    target = createMemoryTarget();
  });

  afterEach(async () => {
    await run?.stop();
    run = undefined;
  });

  afterAll(async () => {
    await cluster?.stop();
  });

  async function start(settings: Partial<SourceSettings> = {}): Promise<Run> {
    const namespaces = { names: [namespace] };
    run = startRun(createSource({ kubeconfig: user.kubeconfig, namespaces, ...settings }), target);
    await run.started;
    return run;
  }

  const service = (name: string) => ({ kind: 'Service', namespace, name });

  /** The addresses in a Service's status. */
  async function statusOf(name: string): Promise<readonly (string | undefined)[]> {
    const { status } = await api.get<V1Service>(service(name));
    return (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip);
  }

  /**
   * Fairlead's Events of a Service, as `Type Reason: message`. The API server writes some of its own: its repair of cluster
   * IPs may meet a Service that was just made (`ClusterIPNotAllocated`).
   */
  async function eventsOf(name: string): Promise<readonly string[]> {
    const events = await api.list<CoreV1Event>('Event', { namespace });
    return events.items
      .filter(({ involvedObject }) => involvedObject.kind === 'Service' && involvedObject.name === name)
      .filter(({ reportingComponent }) => reportingComponent === REPORTER)
      .map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
  }

  const onDevice = (kind: 'pool' | 'virtual', name: string) =>
    target.device.get(`${kind}:/${PARTITION}/${namespace}_${name}` as Ref)?.object;

  it('reads its address in the status and an Event, once the device has it; both go with the virtual server', async () => {
    await createService(api, exposed(namespace, 'web', '10.1.0.1'));
    await runPod(api, webPod(namespace, 'pod', { ip: '10.244.0.1' }));
    await start();
    await expect.poll(() => statusOf('web'), SOON).toEqual(['10.1.0.1']);
    expect(onDevice('virtual', 'web_http')).toBeDefined();
    await expect.poll(() => eventsOf('web'), SOON).toEqual([expect.stringMatching(/^Normal Applied: .*10\.1\.0\.1/)]);
    await api.patch(service('web'), { metadata: { annotations: { 'fairlead.io/address': '10.1.0.2' } } });
    await expect.poll(() => statusOf('web'), SOON).toEqual(['10.1.0.2']);
    await api.patch(service('web'), { metadata: { annotations: { 'fairlead.io/expose': 'false' } } });
    await expect.poll(() => statusOf('web'), SOON).toEqual([]);
    expect(onDevice('virtual', 'web_http')).toBeUndefined();
  });

  it('reads of a bad annotation in an Event that names it; what is on the device stays, and others go on', async () => {
    const bad = { 'fairlead.io/load-balancing-mode': 'fastest' };
    await createService(api, exposed(namespace, 'good', '10.1.0.3'));
    await createService(api, exposed(namespace, 'web', '10.1.0.4'));
    await runPod(api, webPod(namespace, 'one', { ip: '10.244.1.1' }));
    await start();
    await expect.poll(() => statusOf('web'), SOON).toEqual(['10.1.0.4']);
    await api.patch(service('web'), { metadata: { annotations: bad } });
    await expect
      .poll(() => eventsOf('web'), SOON)
      .toContainEqual(
        expect.stringMatching(/^Warning AnnotationInvalid: .*fairlead\.io\/load-balancing-mode is "fastest"/),
      );
    expect(onDevice('virtual', 'web_http')).toBeDefined();
    expect(onDevice('pool', 'web_http')).toBeDefined();
    await runPod(api, webPod(namespace, 'two', { app: 'good', ip: '10.244.1.2' }));
    await expect.poll(() => onDevice('pool', 'good_http'), SOON).toMatchObject({ members: [{ port: 8080 }] });
    expect(await statusOf('web')).toEqual(['10.1.0.4']);
  });

  it('is told that an ExternalName cannot be served, and why', async () => {
    const annotations = { 'fairlead.io/expose': 'true' };
    const spec = { type: 'ExternalName', externalName: 'db.example.org' };
    await createService(api, { namespace, name: 'db', annotations, spec });
    await start();
    await expect
      .poll(() => eventsOf('db'), SOON)
      .toEqual([expect.stringMatching(/^Warning ExternalName: Service .*\/db: spec\.type is ExternalName/)]);
  });

  it('reads the words of a device that refused, gets no status, and recovers with a change', async () => {
    target.device.refuse = ({ ref }) =>
      ref.endsWith(`/${namespace}_web_http`) ? '01070712:3: no such thing' : undefined;
    await createService(api, exposed(namespace, 'web', '10.1.0.5'));
    await createService(api, exposed(namespace, 'good', '10.1.0.6'));
    await start();
    await expect.poll(() => statusOf('good'), SOON).toEqual(['10.1.0.6']);
    await expect
      .poll(() => eventsOf('web'), SOON)
      .toContainEqual(expect.stringMatching(/^Warning DeviceRefused: [^]*01070712:3: no such thing/));
    expect(await statusOf('web')).toEqual([]);
    target.device.refuse = () => undefined;
    await api.patch(service('web'), { metadata: { annotations: { 'fairlead.io/connection-limit': '10' } } });
    await expect.poll(() => statusOf('web'), SOON).toEqual(['10.1.0.5']);
  });

  it('keeps an address from a pool over a restart, which writes nothing', async () => {
    const extract = { addressPools: [{ name: 'public', ranges: ['10.1.5.0/28'] }] };
    for (const name of ['a', 'b', 'c']) {
      const { annotations: _, ...fixture } = exposed(namespace, name, '');
      await createService(api, fixture);
    }
    await start({ extract });
    const statuses = () => Promise.all(['a', 'b', 'c'].map(statusOf));
    await expect.poll(async () => (await statuses()).flat(), SOON).toHaveLength(3);
    const given = await statuses();
    expect(new Set(given.flat()).size).toBe(3);
    // The first one goes: a restart must not hand its address to those that have one.
    await api.delete(service('a'));
    await expect.poll(() => onDevice('virtual', 'a_http'), SOON).toBeUndefined();
    await run?.stop();

    const before = cluster.requests().length;
    const { writes } = target.counters;
    await start({ extract });
    await run?.stop();
    expect(target.counters.writes).toBe(writes);
    expect(await Promise.all(['b', 'c'].map(statusOf))).toEqual(given.slice(1));
    const patches = cluster
      .requests()
      .slice(before)
      .filter((one) => one.user === user.user && one.verb === 'patch');
    expect(patches).toEqual([]);
  });

  it('loses nothing when Fairlead may not write a status: the device is served, and the missing right is told', async () => {
    await user.setRules(SOURCE_RULES.filter(({ resources }) => !resources.includes('services/status')));
    await createService(api, exposed(namespace, 'web', '10.1.0.7'));
    const { events } = await start();
    await expect.poll(() => onDevice('virtual', 'web_http'), SOON).toBeDefined();
    const problems = () => JSON.stringify(events.filter(({ type }) => type !== 'started'));
    await expect.poll(problems, SOON).toContain('services/status');
    await user.setRules(SOURCE_RULES);
  });

  it('AC-21 loses address and virtual server with a change to type ClusterIP, and gets them back', async () => {
    await createService(api, exposed(namespace, 'web', '10.1.0.20'));
    await start({ extract: { addressPools: [{ name: 'public', ranges: ['10.1.6.0/28'] }] } });
    const { annotations: _, ...fixture } = exposed(namespace, 'pooled', '');
    await createService(api, fixture);
    await expect.poll(() => statusOf('pooled'), SOON).toHaveLength(1);
    const [given] = await statusOf('pooled');
    await api.patch(service('pooled'), { spec: { type: 'ClusterIP', loadBalancerClass: null } });
    await expect.poll(() => onDevice('virtual', 'pooled_http'), SOON).toBeUndefined();
    await expect.poll(() => onDevice('pool', 'pooled_http'), SOON).toBeUndefined();
    await expect.poll(() => statusOf('pooled'), SOON).toEqual([]);
    await api.patch(service('pooled'), { spec: { type: 'LoadBalancer', loadBalancerClass: 'fairlead.io/bigip' } });
    await expect.poll(() => statusOf('pooled'), SOON).toEqual([given]);
    expect(await statusOf('web')).toEqual(['10.1.0.20']);
  });

  it('loses a virtual server with a Service that finalizers hold', async () => {
    await createService(api, exposed(namespace, 'web', '10.1.0.21'));
    await start();
    await expect.poll(() => statusOf('web'), SOON).toEqual(['10.1.0.21']);
    await api.patch(service('web'), { metadata: { finalizers: ['example.org/held'] } });
    await api.delete(service('web'));
    await expect.poll(() => onDevice('virtual', 'web_http'), SOON).toBeUndefined();
    expect((await api.get(service('web'))).metadata).toHaveProperty('deletionTimestamp');
    await api.patch(service('web'), { metadata: { finalizers: null } });
  });

  it('hears nothing of missing rights when its namespace is going away', async () => {
    target.device.refuse = ({ ref }) => (ref.endsWith('_web_http') ? '01070712:3: no such thing' : undefined);
    await createService(api, exposed(namespace, 'web', '10.1.0.22'));
    await api.patch(service('web'), { metadata: { finalizers: ['example.org/held'] } });
    await createService(api, exposed(namespace, 'good', '10.1.0.23'));
    const { events } = await start();
    await expect.poll(() => statusOf('good'), SOON).toEqual(['10.1.0.23']);
    await api.delete({ kind: 'Namespace', name: namespace });
    await expect.poll(() => onDevice('virtual', 'good_http'), SOON).toBeUndefined();
    expect(JSON.stringify(events)).not.toContain('RBAC');
    await api.patch(service('web'), { metadata: { finalizers: null } });
  });

  it('AC-21 loses nothing from the device while the API server is away', async () => {
    await createService(api, exposed(namespace, 'web', '10.1.0.8'));
    await runPod(api, webPod(namespace, 'pod', { ip: '10.244.2.1' }));
    await start();
    await expect.poll(() => onDevice('pool', 'web_http'), SOON).toMatchObject({ members: [{ port: 8080 }] });
    const { writes } = target.counters;
    await cluster.restartApiserver();
    expect(target.counters.writes).toBe(writes);
    await api.delete(service('web'));
    await expect.poll(() => onDevice('virtual', 'web_http'), SOON).toBeUndefined();
    await expect.poll(() => onDevice('pool', 'web_http'), SOON).toBeUndefined();
  });
});
