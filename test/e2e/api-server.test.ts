import { expect, it } from 'vitest';
import type { FakeObject } from '../../src/sources/kubernetes/testing/fake-objects.ts';
import { ApiBed } from '../../src/sources/kubernetes/testing/harness.ts';
import { serviceObject, sliceObject } from '../../src/sources/kubernetes/testing/objects.ts';
import { type Bed, later, makeBed, type Running, until } from '../support/e2e.ts';

const TIMES = 'run: { settle: 5ms, idle: 100ms, driftInterval: 1h, retry: { initial: 50ms, max: 200ms } }';
const POOLS = 'addressPools: [{ name: main, ranges: ["10.1.10.50-10.1.10.59"] }]';

interface Cluster {
  readonly api: ApiBed['api'];
  readonly bed: Bed;
}

/** A fake API server with Services `a`, `b` and `c` in namespace shop, and a bed that follows it. */
async function start(): Promise<Cluster> {
  const cluster = await new ApiBed().start();
  later(() => cluster.stop());
  const kubeconfig = await cluster.kubeconfig({ token: 'cluster-token-3141592' });
  const bed = await makeBed({ kubernetes: `{ kubeconfig: ${kubeconfig} }`, more: `${TIMES}\n${POOLS}` });
  for (const [index, name] of ['a', 'b', 'c'].entries()) {
    cluster.api.put(serviceObject(`shop/${name}`), sliceObject(`shop/${name}`, [`10.0.0.${index + 1}`]));
  }
  return { api: cluster.api, bed };
}

function statusOf({ api }: Cluster, name: string): unknown {
  const status = api.collection('services').get(`shop/${name}`)?.['status'] as { loadBalancer?: { ingress?: unknown } };
  return status.loadBalancer?.ingress;
}

function events({ api }: Cluster): readonly string[] {
  return api
    .collection('events')
    .objects.map((event: FakeObject) => `${String(event['type'])} ${String(event['message'] ?? event['note'])}`);
}

function virtuals({ bed }: Cluster): readonly string[] {
  return [...bed.state().keys()].filter((key) => key.startsWith('ltm/virtual ')).map((key) => key.slice(16));
}

function members({ bed }: Cluster, pool: string): readonly string[] {
  const keys = [...bed.state().keys()].filter((key) => key.startsWith(`ltm/pool/members /k/${pool} `));
  return keys.map((key) => key.slice(key.lastIndexOf('/') + 1));
}

async function follow(cluster: Cluster): Promise<Running> {
  const running = await cluster.bed.run().started();
  await until('it watches', () => cluster.api.watches.size >= 2);
  return running;
}

it('AC-21 pods come and go: the device follows within a second', async () => {
  const cluster = await start();
  const running = await follow(cluster);
  const took: number[] = [];
  for (const pods of [['10.0.0.1', '10.0.0.9'], ['10.0.0.9'], [], ['10.0.0.4', '10.0.0.5', '10.0.0.6'], ['10.0.0.4']]) {
    const since = performance.now();
    cluster.api.put(sliceObject('shop/a', pods));
    const wanted = pods.map((pod) => `${pod}:8080`);
    await until('it follows', () => members(cluster, 'shop_a_http').join() === wanted.join(), 5000);
    took.push(performance.now() - since);
  }
  // The median: the machine may have something else to do for a moment.
  expect(took.sort((a, b) => a - b)[2]).toBeLessThan(1000);
  await running.stop();
});

it('the status names the address only after the device has it, and no more when it is gone from there', async () => {
  const cluster = await start();
  const { api, bed } = cluster;
  bed.gate.rule = ({ path, method }) => (method === 'PATCH' && path.includes('/transaction/') ? 'hold-before' : 'pass');
  const held = bed.gate.nextHeld();
  const running = bed.run();
  await held;
  expect(['a', 'b', 'c'].map((name) => statusOf(cluster, name))).toEqual([undefined, undefined, undefined]);
  bed.gate.reset();
  bed.gate.drop();
  await running.started();
  await until('all have a status', () => ['a', 'b', 'c'].every((name) => statusOf(cluster, name) !== undefined));
  const addresses = ['a', 'b', 'c'].map((name) => (statusOf(cluster, name) as [{ ip: string }])[0].ip);
  expect(new Set(addresses).size).toBe(3);
  // No more a Service of ours.
  api.put(serviceObject('shop/a', { type: 'ClusterIP', loadBalancerClass: undefined }));
  await until('it is gone from the device', () => virtuals(cluster).length === 2);
  await until('the status is empty', () => ((statusOf(cluster, 'a') as unknown[] | undefined) ?? []).length === 0);
  await running.stop();
});

it('AC-02 a refused Service gets no status and an Event in the device’s words; the others get theirs', async () => {
  const cluster = await start();
  const { api } = cluster;
  const broken = serviceObject('shop/b');
  const annotations = { 'fairlead.io/rules': '/Common/no-such-rule' };
  api.put({ ...broken, metadata: { ...broken.metadata, annotations } });
  const running = await follow(cluster);
  await until('the Event is there', () => events(cluster).some((event) => event.includes('/Common/no-such-rule')));
  expect(statusOf(cluster, 'b') ?? []).toEqual([]);
  expect(virtuals(cluster)).toEqual(['shop_a_http', 'shop_c_http']);
  await until(
    'the others have theirs',
    () => statusOf(cluster, 'a') !== undefined && statusOf(cluster, 'c') !== undefined,
  );
  api.put(broken);
  await until('it is repaired', () => statusOf(cluster, 'b') !== undefined);
  await running.stop();
});

it('AC-04 a restart writes nothing to the device and nothing to the cluster', async () => {
  const cluster = await start();
  const { api, bed } = cluster;
  const first = await follow(cluster);
  await until('all have a status', () => ['a', 'b', 'c'].every((name) => statusOf(cluster, name) !== undefined));
  await until('it is saved', () => bed.writes().includes('POST /mgmt/tm/sys/config'));
  await first.stop();
  bed.emulator.log.clear();
  api.requests.length = 0;
  const second = await follow(cluster);
  api.put(sliceObject('shop/a', ['10.0.0.1', '10.0.0.8']));
  await until('it follows', () => members(cluster, 'shop_a_http').length === 2);
  await second.stop();
  expect(bed.writes()).toEqual(['POST /mgmt/tm/ltm/pool/~k~shop_a_http/members', 'POST /mgmt/tm/sys/config']);
  expect(api.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

it('AC-21 F-36 a history that is forgotten (410): all is read again, a Service that is gone goes, nothing else is written', async () => {
  const cluster = await start();
  const { api, bed } = cluster;
  const running = await follow(cluster);
  await until('it is saved', () => bed.writes().includes('POST /mgmt/tm/sys/config'));
  bed.emulator.log.clear();
  api.faults.push({ status: 500, verb: 'watch' });
  for (const watch of api.watches) watch.end();
  await until('no watch is left', () => api.watches.size === 0);
  api.remove('Service', 'shop/b');
  api.remove('EndpointSlice', 'shop/b-a');
  api.compact();
  api.faults.length = 0;
  await until('it is gone', () => virtuals(cluster).length === 2);
  await running.stop();
  const others = bed
    .writes()
    .filter((change) => change.includes('/ltm/') && !/shop_b|10\.1\.10\.|10\.0\.0\.2/.test(change));
  expect(others).toEqual([]);
  expect(virtuals(cluster)).toEqual(['shop_a_http', 'shop_c_http']);
});

it.each([
  ['services', 403],
  ['endpointslices', 403],
  ['endpointslices', 500],
  ['services', 401],
])(
  'AC-21 AC-02 a list of %s that fails with %i, at a start and while it runs, deletes nothing',
  async (resource, status) => {
    const cluster = await start();
    const { api, bed } = cluster;
    await bed.apply();
    const before = bed.state();
    api.faults.push({ status, resource });
    await bed.cli('apply', '--yes', '--allow-deletes');
    expect(bed.state()).toEqual(before);
    api.faults.length = 0;
    const running = await follow(cluster);
    api.faults.push({ status, resource });
    for (const watch of api.watches) watch.end();
    const problem = (): boolean => running.events().some(({ diagnostic }) => diagnostic !== undefined);
    await until('it is told', problem);
    expect(bed.state()).toEqual(before);
    await running.stop();
    expect(bed.printed).not.toContain('cluster-token-3141592');
  },
);

it('AC-17 a Service that is deleted while nothing runs is gone after the next start; addresses of others stay', async () => {
  const cluster = await start();
  const { api, bed } = cluster;
  const first = await follow(cluster);
  await until('all have a status', () => ['a', 'b', 'c'].every((name) => statusOf(cluster, name) !== undefined));
  await first.stop();
  const before = bed.state();
  api.remove('Service', 'shop/a');
  api.remove('EndpointSlice', 'shop/a-a');
  const second = await follow(cluster);
  await until('it is gone', () => virtuals(cluster).join() === 'shop_b_http,shop_c_http');
  await until('its node, too', () => !bed.state().has('ltm/node  /k/10.0.0.1'));
  await second.stop();
  for (const name of ['b', 'c']) {
    const key = `ltm/virtual  /k/shop_${name}_http`;
    expect(bed.state().get(key)).toBe(before.get(key));
  }
});
