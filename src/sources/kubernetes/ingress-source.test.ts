import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { CellKey } from '../../desired/contribution.ts';
import { GOOD_CERTIFICATE, SERVER_KEY } from '../../../test/support/certificates.ts';
import { tlsSecret } from '../../../test/support/e2e-ingresses.ts';
import type { Source, SourceResult } from '../source.ts';
import { ingressOptions } from './extract/index.ts';
import type { KubernetesOptions } from './options.ts';
import type { FakeObject } from './testing/fake-objects.ts';
import { ApiBed, testExtract } from './testing/harness.ts';
import { classObject, ingressObject, serviceObject, sliceObject } from './testing/objects.ts';
import { until } from './testing/until.ts';

const { signal } = new AbortController();
let bed: ApiBed;

beforeEach(async () => {
  bed = await new ApiBed().start();
  bed.api.put(classObject());
  for (const name of ['web', 'api']) {
    bed.api.put(serviceObject(`shop/${name}`, { type: 'ClusterIP', loadBalancerClass: undefined }));
    bed.api.put(sliceObject(`shop/${name}`, ['10.0.0.1']));
  }
});

afterEach(() => bed.stop());

function source(given: Partial<KubernetesOptions> = {}): Source {
  return bed.source({ extract: testExtract({ ingress: ingressOptions() }), ...given });
}

function refs({ contributions }: SourceResult): readonly string[] {
  return contributions.flatMap(({ objects }) => objects.map(({ kind, path }) => `${kind}:${path}`)).sort();
}

/** Follows a source; gives the cells that it named, in one go for all that came so far. */
async function follow(
  of: Source,
): Promise<{ readonly take: () => readonly CellKey[]; readonly stop: () => Promise<void> }> {
  const stop = new AbortController();
  let cells: CellKey[] = [];
  const watching = of.watch?.({ signal: stop.signal, onChange: (some) => cells.push(...some) });
  await until('all is watched', () => bed.api.watches.size >= 5);
  return {
    take: () => {
      const taken = [...new Set(cells)].sort();
      cells = [];
      return taken;
    },
    stop: async () => {
      stop.abort();
      await watching;
    },
  };
}

describe('Ingresses as part of a source', () => {
  it('F-26 only those of our class are served, and what only they use has pools alone', async () => {
    bed.api.put(
      ingressObject('shop/ours', { host: 'a.example.com', service: 'web' }),
      ingressObject('shop/theirs', { host: 'b.example.com', service: 'api', spec: { ingressClassName: 'nginx' } }),
    );
    const result = await source().read({ signal });
    expect(result.complete).toBe(true);
    expect(refs(result)).toEqual([
      'irule:/kubernetes/Ingress_10.1.10.50_80',
      'policy:/kubernetes/Ingress_10.1.10.50_80',
      'pool:/kubernetes/shop_web_http',
      'virtual-address:/kubernetes/10.1.10.50',
      'virtual:/kubernetes/Ingress_10.1.10.50_80',
    ]);
  });

  it('one pod change runs one backend, one Ingress change that Ingress', async () => {
    const annotations = { 'fairlead.io/address': '10.1.20.1' };
    for (const name of ['a', 'b', 'c'])
      bed.api.put(ingressObject(`shop/${name}`, { host: `${name}.example.com`, service: 'web', annotations }));
    const east = source();
    await east.read({ signal });
    const following = await follow(east);
    bed.api.put(sliceObject('shop/web', ['10.0.0.1', '10.0.0.2']));
    let cells: readonly CellKey[] = [];
    await until('cells are named', () => (cells = [...cells, ...following.take()]).length > 0);
    expect(cells).toEqual(['east:Service/shop/web#http']);
    bed.api.put(ingressObject('shop/b', { host: 'other.example.com', service: 'web', annotations }));
    cells = [];
    await until('cells are named', () => (cells = [...cells, ...following.take()]).length > 0);
    expect(cells).toEqual(['east:Ingress/shop/b']);
    bed.api.put(ingressObject('shop/b', { host: 'other.example.com', service: 'api', annotations }));
    cells = [];
    await until('cells are named', () => (cells = [...cells, ...following.take()]).length > 1);
    expect(cells).toEqual(['east:Ingress/shop/b', 'east:Service/shop/api#http']);
    await following.stop();
  });

  it('a class that changes hands takes its Ingresses along', async () => {
    bed.api.put(ingressObject('shop/ours', { host: 'a.example.com', service: 'web' }));
    const east = source();
    await east.read({ signal });
    const following = await follow(east);
    bed.api.put(classObject('bigip', 'someone.else/controller'));
    let cells: CellKey[] = [];
    await until('cells are named', () => (cells = [...cells, ...following.take()]).length > 1);
    expect(cells).toEqual(['east:Ingress/shop/ours', 'east:Service/shop/web#http']);
    expect(east.extract?.(cells)).toEqual([]);
    await following.stop();
  });

  it('RBAC 403 on Ingresses leaves Services at work, and nothing is deleted', async () => {
    bed.api.put(serviceObject('shop/lb'));
    bed.api.faults.push({ status: 403, resource: 'ingresses' });
    const result = await source().read({ signal });
    expect(result.complete).toBe(false);
    expect(result.diagnostics.map(({ detail }) => detail)).toEqual([
      'missing RBAC rule in a ClusterRole: {apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: ["list", "watch"]}',
    ]);
    expect(refs(result)).toContain('virtual:/kubernetes/shop_lb_http');
  });

  it('RBAC 403 on Secrets leaves plain HTTP at work', async () => {
    bed.api.put(ingressObject('shop/ours', { host: 'a.example.com', service: 'web' }));
    bed.api.faults.push({ status: 403, resource: 'secrets' });
    const result = await source().read({ signal });
    expect(result.complete).toBe(false);
    expect(refs(result)).toContain('policy:/kubernetes/Ingress_10.1.10.50_80');
  });

  it('turned off, nothing of them is even asked for', async () => {
    await bed.source().read({ signal });
    expect(bed.api.count('GET', /ingress|secrets/)).toBe(0);
  });

  it('Secrets are asked for by their type', async () => {
    await source().read({ signal });
    const asked = bed.api.requests.filter(({ path }) => path.endsWith('/secrets'));
    expect(asked.map(({ query }) => query['fieldSelector'])).toEqual(['type=kubernetes.io/tls']);
  });

  it('Secrets that are named are asked for one by one, and others are told to be none of them', async () => {
    const spec = { tls: ['one', 'two'].map((name) => ({ hosts: [`${name}.example.com`], secretName: name })) };
    bed.api.put(
      ingressObject('shop/ours', { host: 'one.example.com', service: 'web', spec }),
      tlsSecret('one', { cert: GOOD_CERTIFICATE, key: SERVER_KEY }) as FakeObject,
    );
    const ingress = ingressOptions({ secrets: ['shop/one', 'blog/other'] });
    const result = await source({ extract: testExtract({ ingress }) }).read({ signal });
    const asked = bed.api.requests.filter(({ path }) => path.endsWith('/secrets'));
    expect(asked.map(({ path, query }) => `${path} ${query['fieldSelector']}`).sort()).toEqual([
      '/api/v1/namespaces/blog/secrets metadata.name=other,type=kubernetes.io/tls',
      '/api/v1/namespaces/shop/secrets metadata.name=one,type=kubernetes.io/tls',
    ]);
    expect(refs(result)).toContain('ssl-cert:/kubernetes/shop_one_tls.crt');
    expect(refs(result).filter((ref) => ref.includes('_two'))).toEqual([]);
    const told = result.contributions.flatMap(({ diagnostics }) => diagnostics.map(({ summary }) => summary));
    expect(told.filter((text) => text.includes('not among ingress.secrets'))).toHaveLength(1);
  });

  it('after a restart an Ingress has the address that the device has for it', async () => {
    bed.api.put(ingressObject('shop/ours', { host: 'a.example.com', service: 'web' }));
    const known = new Map([['east:Ingress/shop/ours', [{ ip: '10.1.10.77' }]]]);
    expect(refs(await source().read({ signal, known }))).toContain('virtual:/kubernetes/Ingress_10.1.10.77_80');
  });
});
