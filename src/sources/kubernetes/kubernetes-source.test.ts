import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Contribution } from '../../desired/contribution.ts';
import type { Source } from '../source.ts';
import { comparable, follow } from '../../../test/contract/source.ts';
import { ApiBed, testExtract } from './testing/harness.ts';
import { namespaceObject, nodeObject, serviceObject, sliceObject } from './testing/objects.ts';
import { until } from './testing/until.ts';

const { signal } = new AbortController();
let bed: ApiBed;
const ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  bed = await new ApiBed().start();
  bed.api.token = 'test-token';
  bed.api.put(
    serviceObject('default/web', { loadBalancerIP: '10.1.10.50' }),
    sliceObject('default/web', ['10.244.1.5']),
  );
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await bed.stop();
});

function watched(source: Source): ReturnType<typeof follow> {
  const following = follow(source);
  ends.push(following.stop);
  return following;
}

async function live(
  given: Parameters<ApiBed['source']>[0] = {},
): Promise<{ source: Source } & ReturnType<typeof follow>> {
  const source = bed.source(given);
  await source.read({ signal });
  const following = watched(source);
  const watches = bed.api.watches.size;
  await until('watches are open', () => bed.api.watches.size >= Math.max(2, watches));
  return { source, ...following };
}

/** The members of the pool of the port `http`, as text. */
function members(source: Source, service = 'default/web'): readonly string[] {
  const [contribution] = source.extract?.([`east:Service/${service}#http`]) ?? [];
  return poolMembers(contribution);
}

function poolMembers(contribution: Contribution | undefined): readonly string[] {
  const pool = contribution?.objects.find((object) => object.kind === 'pool');
  return (pool?.members ?? []).map(
    ({ address, port, adminState }) => `${address.ip}:${port}${adminState === undefined ? '' : ` ${adminState}`}`,
  );
}

describe('a live cluster', () => {
  it('AC-21 follows pods that come and go within a second, and runs one cell for each change', async () => {
    const { source } = await live();
    const before = source.counters.extractions;
    bed.api.put(sliceObject('default/web', ['10.244.1.5', '10.244.2.7']));
    const added = await until('the pod is a member', () => members(source).length === 2);
    bed.api.put(sliceObject('default/web', ['10.244.2.7']));
    const removed = await until('the pod is no member', () => members(source).join() === '10.244.2.7:8080');
    expect(Math.max(added, removed)).toBeLessThan(1000);
    expect(source.counters.extractions).toBeGreaterThan(before);
  });

  it('AC-21 names exactly the backend of the Service whose pod changed, at 2 and at 200 Services', async () => {
    for (const services of [2, 200]) {
      for (let n = 1; n < services; n += 1) {
        bed.api.put(serviceObject(`default/s${n}`), sliceObject(`default/s${n}`, ['10.244.9.9']));
      }
      const { source, cells, calls, stop } = await live();
      const { extractions } = source.counters;
      bed.api.put(sliceObject('default/web', [`10.244.3.${services}`]));
      await until('the change is told', () => cells.size > 0);
      expect([...cells]).toEqual(['east:Service/default/web#http']);
      expect(calls.count).toBe(1);
      expect(source.extract?.(cells)).toHaveLength(1);
      expect(source.counters.extractions - extractions).toBe(1);
      await stop();
    }
  });

  it('AC-21 drains: an endpoint that is terminating is disabled until it is gone', async () => {
    const { source } = await live();
    const slice = sliceObject('default/web', ['10.244.1.5']);
    const conditions = { ready: false, serving: true, terminating: true };
    bed.api.put({ ...slice, endpoints: [{ addresses: ['10.244.1.5'], conditions, nodeName: 'node-1' }] });
    await until('the member is disabled', () => members(source).join() === '10.244.1.5:8080 disabled');
    bed.api.remove('EndpointSlice', 'default/web-a');
    await until('the member is gone', () => members(source).length === 0);
    expect(source.complete).toBe(true);
  });

  it('AC-21 a node that is drained gets no new connections in member mode nodeport, and leaves with its Node', async () => {
    const port = { name: 'http', protocol: 'TCP', port: 80, nodePort: 30_080 };
    bed.api.put(serviceObject('default/web', { ports: [port], loadBalancerIP: '10.1.10.50' }));
    bed.api.put(nodeObject('n1', '10.1.20.101'), nodeObject('n2', '10.1.20.102'));
    const { source } = await live({ extract: testExtract({ members: 'nodeport' }) });
    expect(members(source)).toEqual(['10.1.20.101:30080', '10.1.20.102:30080']);
    bed.api.put(nodeObject('n1', '10.1.20.101', { unschedulable: true }));
    await until('it is disabled', () => members(source).join() === '10.1.20.101:30080 disabled,10.1.20.102:30080');
    bed.api.remove('Node', 'n1');
    await until('the node is no member', () => members(source).join() === '10.1.20.102:30080');
  });

  it('AC-21 relists after 410 and takes away what went in between, whether 410 is an answer or an event', async () => {
    for (const asEvent of [false, true]) {
      bed.api.watchFaults.goneAsEvent = asEvent;
      bed.api.put(serviceObject('default/old'), sliceObject('default/old', ['10.244.5.5']));
      const { source, cells, stop } = await live();
      const lists = bed.api.count('GET', /services$/);
      bed.api.watchFaults.silent = true;
      bed.api.remove('Service', 'default/old');
      bed.api.put(sliceObject('default/web', ['10.244.7.7']));
      bed.api.compact();
      bed.api.watchFaults.silent = false;
      for (const watch of bed.api.watches) watch.cut();
      await until('the removed Service is told', () => cells.has('east:Service/default/old'));
      await until('the new pod is a member', () => members(source).join() === '10.244.7.7:8080');
      await until('the source is complete', () => source.complete === true);
      expect(bed.api.count('GET', /services$/)).toBeGreaterThan(lists);
      expect(source.extract?.(['east:Service/default/old'])).toEqual([]);
      await stop();
    }
  });

  it('AC-21 resumes a watch from its last version: nothing is listed again, nothing is missed', async () => {
    const { source } = await live();
    bed.api.bookmark();
    const watchRequests = () => bed.api.requests.filter(({ query }) => query['watch'] === '1');
    const [before, lists] = [watchRequests().length, bed.api.requests.length - watchRequests().length];
    bed.api.watchFaults.silent = true;
    bed.api.put(sliceObject('default/web', ['10.244.8.8']));
    bed.api.watchFaults.silent = false;
    for (const watch of bed.api.watches) watch.end();
    await until('what was missed is there', () => members(source).join() === '10.244.8.8:8080');
    await until('all watches are back', () => watchRequests().length >= before + 2);
    // It asks for the server's version by one object, and for nothing else.
    const asked = bed.api.requests.filter(({ query }) => query['watch'] !== '1' && query['limit'] !== '1');
    expect(asked).toHaveLength(lists);
    expect(source.complete).toBe(true);
  });

  it('AC-21 lists again from a server that was set back, as by an etcd that was restored', async () => {
    bed.api.put(serviceObject('default/later'));
    const { source, cells } = await live();
    bed.api.watchFaults.silent = true;
    bed.api.setBack();
    bed.api.remove('Service', 'default/later');
    bed.api.put(sliceObject('default/web', ['10.244.8.9']));
    bed.api.watchFaults.silent = false;
    for (const watch of bed.api.watches) watch.cut();
    await until('what is there now is known', () => members(source).join() === '10.244.8.9:8080');
    await until('what is no more there is told', () => cells.has('east:Service/default/later'));
    expect(source.extract?.(['east:Service/default/later'])).toEqual([]);
    expect(source.complete).toBe(true);
  });

  it('AC-21 a watch that is cut at any byte loses nothing and repeats nothing wrongly', async () => {
    const line = Buffer.byteLength(
      JSON.stringify({ type: 'MODIFIED', object: sliceObject('default/web', ['10.244.1.1']) }),
    );
    const { source } = await live({ timing: { backoffMs: 1, backoffCapMs: 2 } });
    for (let bytes = 0, n = 1; bytes < line + 90; bytes += 23, n += 1) {
      bed.api.watchFaults.cutAfter.push(bytes, bytes);
      for (const watch of bed.api.watches) watch.cut();
      await until('the cuts are used', () => bed.api.watchFaults.cutAfter.length === 0);
      bed.api.put(sliceObject('default/web', [`10.244.1.${n}`]));
      await until(
        `the change is there, cut after ${bytes} bytes`,
        () => members(source).join() === `10.244.1.${n}:8080`,
      );
    }
    expect(source.complete).toBe(true);
  });

  it('reads a watch whose chunks are single bytes, in the middle of UTF-8 characters, too', async () => {
    bed.api.watchFaults.chunkBytes = 1;
    const { source, cells } = await live();
    const web = serviceObject('default/web');
    bed.api.put({ ...web, metadata: { ...web.metadata, annotations: { 'fairlead.io/note': 'Grüße – 日本語 🚢' } } });
    await until('the Service is told', () => cells.has('east:Service/default/web'));
    const [contribution] = source.extract?.(['east:Service/default/web']) ?? [];
    expect(contribution?.origin).toBe('east:Service/default/web');
  });

  it('notices a connection that has gone silent, and reconnects without a complaint', async () => {
    const { source, problems } = await live({ timing: { silenceMs: 100 } });
    bed.api.watchFaults.silent = true;
    bed.api.put(sliceObject('default/web', ['10.244.6.6']));
    bed.api.watchFaults.silent = false;
    await until('the change is there', () => members(source).join() === '10.244.6.6:8080');
    expect(problems).toEqual([]);
  });

  it('costs nothing when only the resource version changes', async () => {
    const { source, cells } = await live();
    bed.api.put(sliceObject('default/web', ['10.244.1.5']));
    bed.api.put(
      sliceObject('default/marker', ['10.244.1.1']),
      sliceObject('default/web', ['10.244.1.5', '10.244.1.6']),
    );
    await until('the later change is there', () => members(source).length === 2);
    expect([...cells]).toEqual(['east:Service/default/web#http']);
  });

  it('leaves no connection and no timer behind', async () => {
    const { source, stop } = await live();
    expect(bed.api.watches.size).toBe(2);
    await stop();
    await until('the watches are closed', () => bed.api.watches.size === 0);
    await source.close?.();
    await until('the connections are closed', async () => (await bed.api.connections()) === 0);
  });
});

describe('what cannot be read', () => {
  it('AC-21 RBAC 403 on one kind: no contribution, not complete, and the missing rule is named', async () => {
    bed.api.faults.push({ status: 403, resource: 'endpointslices' });
    const source = bed.source();
    const result = await source.read({ signal });
    expect(result).toMatchObject({ complete: false, contributions: [] });
    expect(result.diagnostics).toHaveLength(1);
    expect(result.diagnostics[0]?.summary).toContain('cannot list endpointslices.discovery.k8s.io in all namespaces');
    expect(result.diagnostics[0]?.detail).toContain(
      '{apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"]}',
    );
    const { cells } = watched(source);
    bed.api.faults.splice(0);
    await until('it is complete once the right is given', () => source.complete === true);
    await until('all cells are told', () => cells.size === 2);
    expect(members(source)).toEqual(['10.244.1.5:8080']);
  });

  it('AC-21 a list that fails in the middle never deletes, and the source says that it is incomplete', async () => {
    for (let n = 1; n <= 5; n += 1)
      bed.api.put(serviceObject(`default/s${n}`), sliceObject(`default/s${n}`, ['10.244.9.9']));
    const source = bed.source({ pageSize: 2 });
    const good = await source.read({ signal });
    expect(good.complete).toBe(true);
    bed.api.remove('Service', 'default/s5');
    let pages = 0;
    const { requests } = bed.api;
    const push = requests.push.bind(requests);
    // The second page of every list is refused.
    requests.push = (...items) => {
      for (const { query } of items) if (query['continue'] !== undefined) pages += 1;
      if (pages === 1) bed.api.faults.push({ status: 500, verb: 'list' });
      return push(...items);
    };
    const bad = await source.read({ signal });
    expect(bad.complete).toBe(false);
    expect(comparable(bad.contributions)).toEqual(comparable(good.contributions));
  });

  it('AC-21 while a broken watch cannot be resumed nothing is taken away; afterwards it is', async () => {
    const { source, cells, problems } = await live();
    bed.api.faults.push({ status: 500 });
    for (const watch of bed.api.watches) watch.cut();
    await until('it is incomplete', () => source.complete === false);
    bed.api.remove('Service', 'default/web');
    expect(members(source)).toHaveLength(1);
    await until('the problem is told', () => problems.some(({ code }) => code === 'kubernetes-watch-failed'));
    bed.api.faults.splice(0);
    await until('the removal is told', () => cells.has('east:Service/default/web') && source.complete === true);
    expect(source.extract?.(cells)).toEqual([]);
  });

  it('one namespace that is forbidden does not hold back another', async () => {
    bed.api.put(serviceObject('shop/cart'), sliceObject('shop/cart', ['10.244.3.3']));
    bed.api.put(serviceObject('secret/x'), sliceObject('secret/x', ['10.244.3.4']));
    bed.api.faults.push({ status: 403, verb: 'list', namespace: 'secret', resource: 'endpointslices' });
    const source = bed.source({ namespaces: { names: ['shop', 'secret'] } });
    const result = await source.read({ signal });
    expect(result.complete).toBe(false);
    expect(result.diagnostics[0]?.detail).toContain('missing RBAC rule in a Role in namespace secret');
    expect(result.contributions.map(({ cell }) => cell)).toEqual([
      'east:Service/shop/cart',
      'east:Service/shop/cart#http',
    ]);
  });

  it('waits as long as Retry-After says', async () => {
    bed.api.faults.push({ status: 429, verb: 'list', resource: 'services', retryAfter: 0.3, times: 1 });
    const source = bed.source();
    const started = performance.now();
    expect((await source.read({ signal })).complete).toBe(true);
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  it('lists again from the start when a continue token expires', async () => {
    for (let n = 1; n <= 9; n += 1) bed.api.put(serviceObject(`default/s${n}`));
    bed.api.faults.push({ status: 410, verb: 'list', resource: 'services', times: 2 });
    const { contributions, complete } = await bed.source({ pageSize: 2 }).read({ signal });
    expect(complete).toBe(true);
    expect(new Set(contributions.map(({ origin }) => origin)).size).toBe(10);
    const limits = bed.api.requests.filter(
      ({ path, query }) => path.endsWith('/services') && query['continue'] === undefined,
    );
    expect(limits.map(({ query }) => query['limit'])).toEqual(['2', '8', '32']);
  });

  it('an object that cannot be understood freezes its own Service, and no other', async () => {
    bed.api.put(serviceObject('default/odd'), { ...sliceObject('default/odd', []), addressType: undefined });
    const { contributions, complete, diagnostics } = await bed.source().read({ signal });
    expect(complete).toBe(true);
    expect(diagnostics[0]?.summary).toBe(
      'EndpointSlice default/odd-a: addressType: found nothing, expected IPv4, IPv6 or FQDN',
    );
    const odd = contributions.filter(({ origin }) => origin === 'east:Service/default/odd');
    expect(odd).toEqual([expect.objectContaining({ frozen: true, objects: [] })]);
    expect(contributions.filter(({ frozen }) => frozen === undefined)).toHaveLength(2);
  });
});

describe('choosing namespaces', () => {
  it('by name: one list and watch per namespace, none for all', async () => {
    bed.api.put(serviceObject('shop/cart'), serviceObject('other/x'));
    const { contributions } = await bed.source({ namespaces: { names: ['default', 'shop'] } }).read({ signal });
    expect(new Set(contributions.map(({ origin }) => origin))).toEqual(
      new Set(['east:Service/default/web', 'east:Service/shop/cart']),
    );
    expect(bed.api.count('GET', /v1\/services$/)).toBe(0);
  });

  it('by label: a namespace that gets or loses the label brings or takes its Services', async () => {
    bed.api.put(namespaceObject('default'), namespaceObject('shop', { team: 'web' }), serviceObject('shop/cart'));
    const { source, cells } = await live({ namespaces: { labels: { team: 'web' } } });
    expect((await source.read({ signal })).contributions.map(({ origin }) => origin)).toContain(
      'east:Service/shop/cart',
    );
    expect(members(source)).toEqual([]);
    bed.api.put(namespaceObject('default', { team: 'web' }));
    await until('the Service is in', () => members(source).length === 1);
    bed.api.put(namespaceObject('shop', { team: 'db' }));
    await until('the other is out', () => source.extract?.(['east:Service/shop/cart']).length === 0);
    expect(cells).toContain('east:Service/shop/cart#http');
  });
});
