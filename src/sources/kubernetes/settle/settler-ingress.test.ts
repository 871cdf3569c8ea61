import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { OriginOutcome, Source } from '../../source.ts';
import { ingressOptions } from '../extract/index.ts';
import type { FakeObject } from '../testing/fake-objects.ts';
import { ApiBed, testExtract } from '../testing/harness.ts';
import { classObject, ingressObject, serviceObject } from '../testing/objects.ts';
import { until } from '../testing/until.ts';

const { signal } = new AbortController();
const SHOP = 'east:Ingress/default/shop';
let bed: ApiBed;

beforeEach(async () => {
  bed = await new ApiBed().start();
  const annotations = { 'fairlead.io/address': '10.1.10.50' };
  bed.api.put(
    classObject(),
    serviceObject('default/web', { type: 'ClusterIP', loadBalancerClass: undefined }),
    ingressObject('default/shop', { host: 'a.example.com', service: 'web', annotations }),
  );
});

afterEach(() => bed.stop());

async function readSource(): Promise<Source> {
  const source = bed.source({ extract: testExtract({ ingress: ingressOptions() }) });
  await source.read({ signal });
  return source;
}

function status(): unknown {
  const found = bed.api.collection('ingresses').get('default/shop') as
    | { status?: { loadBalancer?: { ingress?: unknown } } }
    | undefined;
  return found?.status?.loadBalancer?.ingress;
}

function events(): readonly FakeObject[] {
  return bed.api.collection('events').objects;
}

function outcome(state: OriginOutcome['state'], more: Partial<OriginOutcome> = {}): OriginOutcome {
  return { origin: SHOP, state, diagnostics: [], ...more };
}

const refusal = { code: 'part-conflict', severity: 'error', summary: 'the path is taken', origin: SHOP } as const;

describe('the status of an Ingress', () => {
  it('gets its address once the device has it, and no second write', async () => {
    const source = await readSource();
    expect(await source.settle?.([outcome('applied')])).toEqual([]);
    expect(status()).toEqual([{ ip: '10.1.10.50' }]);
    await source.read({ signal });
    const requests = bed.api.requests.length;
    await source.settle?.([outcome('applied')]);
    expect(bed.api.requests.length).toBe(requests);
  });

  it('is there, too, if a part of it was refused, and is not if all was', async () => {
    const source = await readSource();
    await source.settle?.([outcome('refused', { diagnostics: [refusal] })]);
    expect(status()).toBeUndefined();
    await source.settle?.([outcome('refused', { partly: true, diagnostics: [refusal] })]);
    expect(status()).toEqual([{ ip: '10.1.10.50' }]);
  });

  it('goes when the Ingress is no longer ours', async () => {
    const source = await readSource();
    await source.settle?.([outcome('applied')]);
    const annotations = { 'fairlead.io/address': '10.1.10.50' };
    const held = bed.api.collection('ingresses').get('default/shop');
    const other = ingressObject('default/shop', {
      host: 'a.example.com',
      service: 'web',
      annotations,
      spec: { ingressClassName: 'nginx' },
    });
    bed.api.put({ ...other, status: held?.['status'] });
    await source.read({ signal });
    await source.settle?.([outcome('gone')]);
    expect(status()).toEqual([]);
  });

  it('that is forbidden is told with the missing rule', async () => {
    bed.api.faults.push({ status: 403, resource: 'ingresses/status' });
    const [problem] = (await (await readSource()).settle?.([outcome('applied')])) ?? [];
    expect(problem?.summary).toContain('cannot write the status of Ingresses');
    expect(problem?.detail).toContain('resources: ["ingresses/status"], verbs: ["patch"]');
  });
});

it('Events name the Ingress', async () => {
  const source = await readSource();
  await source.settle?.([outcome('refused', { diagnostics: [refusal] })]);
  await until('the Event is written', () => events().length > 0);
  expect(events()[0]).toMatchObject({
    reason: 'PartConflict',
    type: 'Warning',
    regarding: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace: 'default', name: 'shop' },
  });
});

it('a Secret is nobody to be told: its Ingresses are', async () => {
  const source = await readSource();
  const before = bed.api.requests.length;
  expect(
    await source.settle?.([{ origin: 'east:Secret/default/cert', state: 'refused', diagnostics: [refusal] }]),
  ).toEqual([]);
  expect(bed.api.requests.length).toBe(before);
});
