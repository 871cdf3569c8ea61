import { expect, it, vi } from 'vitest';
import { ApiBed, testExtract } from '../../src/sources/kubernetes/testing/harness.ts';
import { serviceObject, sliceObject } from '../../src/sources/kubernetes/testing/objects.ts';
import { runController } from '../../src/sync/controller.ts';
import type { SyncEvent, WorkCounters } from '../../src/sync/options.ts';
import { createMemoryTarget } from '../../src/targets/memory/index.ts';
import { later, until } from '../support/e2e.ts';

// Long on a machine that is busy with something else.
vi.setConfig({ testTimeout: 60_000 });

const FEW = 100;
const MANY = 10_000;

/** Puts Services into a cluster, each with two pods. */
function fill(bed: ApiBed, count: number): void {
  for (let number = 0; number < count; number += 1) {
    const [high, low] = [Math.floor(number / 200), number % 200];
    bed.api.put(serviceObject(`shop/s${number}`));
    bed.api.put(sliceObject(`shop/s${number}`, [`10.1.${high}.${low + 1}`, `10.2.${high}.${low + 1}`]));
  }
}

type Cycle = Extract<SyncEvent, { readonly type: 'cycle' }>;

const CHANGES: readonly (readonly [string, (bed: ApiBed) => void])[] = [
  ['a pod comes', ({ api }) => api.put(sliceObject('shop/s7', ['10.1.0.8', '10.2.0.8', '10.3.0.1']))],
  ['a pod goes', ({ api }) => api.put(sliceObject('shop/s7', ['10.1.0.8', '10.3.0.1']))],
  ['a Service changes', ({ api }) => api.put(serviceObject('shop/s7', { sessionAffinity: 'ClientIP' }))],
  ['a Service comes', ({ api }) => api.put(serviceObject('shop/new', { loadBalancerIP: '198.51.100.1' }))],
  ['a Service goes', ({ api }) => api.remove('Service', 'shop/new')],
  [
    'a pod comes, and elsewhere something that nobody reads',
    ({ api }) => {
      api.put(sliceObject('elsewhere/none', ['10.9.9.9']));
      api.put(sliceObject('shop/s7', ['10.1.0.8', '10.3.0.2']));
    },
  ],
];

/** The work that each change causes in a cluster of this size. */
async function workFor(count: number): Promise<readonly (readonly [string, WorkCounters])[]> {
  const bed = await new ApiBed().start();
  later(() => bed.stop());
  fill(bed, count);
  const extract = testExtract({ addressPools: [{ name: 'main', ranges: ['172.16.0.0/16', '198.51.100.0/24'] }] });
  const source = bed.source({ extract, writeStatus: false, writeEvents: false, pageSize: 20_000 });
  const target = createMemoryTarget();
  const cycles: Cycle[] = [];
  const stop = new AbortController();
  const running = runController({
    instance: 'east',
    partition: 'kubernetes',
    sources: [source],
    target,
    threshold: { objects: 10, share: 0.3 },
    signal: stop.signal,
    settleMs: 30,
    idleMs: 3_600_000,
    onEvent: (event) => event.type === 'cycle' && cycles.push(event),
  });
  await until('the first pass is done', () => cycles.length > 0, 30_000);
  await until('it follows', () => bed.api.watches.size >= 2);
  const work: (readonly [string, WorkCounters])[] = [];
  for (const [name, change] of CHANGES) {
    const before = cycles.at(-1)?.counters;
    const seen = cycles.length;
    change(bed);
    await until(`it is followed: ${name}`, () => cycles.length > seen);
    work.push([name, difference(cycles.at(-1)?.counters, before)]);
  }
  stop.abort();
  await running;
  return work;
}

function difference(after?: WorkCounters, before?: WorkCounters): WorkCounters {
  const of = (name: keyof WorkCounters): number => (after?.[name] ?? 0) - (before?.[name] ?? 0);
  return { extractions: of('extractions'), merges: of('merges'), diffs: of('diffs'), requests: of('requests') };
}

it(`one change does exactly the same work at ${FEW} and at ${MANY} Services, and a pod costs one request`, async () => {
  const few = await workFor(FEW);
  const many = await workFor(MANY);
  expect(many).toEqual(few);
  expect(new Map(few).get('a pod comes')).toMatchObject({ extractions: 1, diffs: 1, requests: 1 });
  expect(new Map(few).get('a pod goes')).toMatchObject({ extractions: 1, diffs: 1, requests: 1 });
});
