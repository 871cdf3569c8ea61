import { expect, it, vi } from 'vitest';
import { ingressOptions } from '../../src/sources/kubernetes/extract/index.ts';
import { ApiBed, testExtract } from '../../src/sources/kubernetes/testing/harness.ts';
import {
  classObject,
  ingressObject,
  serviceObject,
  sliceObject,
} from '../../src/sources/kubernetes/testing/objects.ts';
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

/** A cluster of some size, and what is changed in it. */
interface Trial {
  readonly bed: ApiBed;
  readonly extract: Partial<Parameters<typeof testExtract>[0]>;
  /** Kinds that are watched. */
  readonly watches: number;
  readonly changes: readonly (readonly [string, (bed: ApiBed) => void])[];
}

/** The work that each change causes. */
async function workFor({
  bed,
  extract,
  watches,
  changes,
}: Trial): Promise<readonly (readonly [string, WorkCounters])[]> {
  const source = bed.source({
    extract: testExtract(extract),
    writeStatus: false,
    writeEvents: false,
    pageSize: 20_000,
  });
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
  await until('it follows', () => bed.api.watches.size >= watches);
  const work: (readonly [string, WorkCounters])[] = [];
  for (const [name, change] of changes) {
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

async function startBed(): Promise<ApiBed> {
  const bed = await new ApiBed().start();
  later(() => bed.stop());
  return bed;
}

async function servicesOf(count: number): Promise<Trial> {
  const bed = await startBed();
  fill(bed, count);
  const addressPools = [{ name: 'main', ranges: ['172.16.0.0/16', '198.51.100.0/24'] }];
  return { bed, extract: { addressPools }, watches: 2, changes: CHANGES };
}

/** Ingresses that all share one address, and thus one virtual server with one policy. */
async function ingressesOf(count: number): Promise<Trial> {
  const bed = await startBed();
  bed.api.put(classObject());
  for (const name of ['web', 'api']) {
    bed.api.put(serviceObject(`shop/${name}`, { type: 'ClusterIP', loadBalancerClass: undefined }));
    bed.api.put(sliceObject(`shop/${name}`, ['10.0.0.1']));
  }
  const put = (name: string, service: string): void => {
    bed.api.put(
      ingressObject(`shop/${name}`, {
        host: `${name}.example.com`,
        service,
        annotations: { 'fairlead.io/address': '10.1.10.60' },
      }),
    );
  };
  put('first', 'api');
  for (let number = 0; number < count; number += 1) put(`s${number}`, 'web');
  const changes = [
    ['a path leads elsewhere', () => put('s7', 'api')],
    ['an Ingress comes', () => put('new', 'web')],
    ['an Ingress goes', ({ api }: ApiBed) => api.remove('Ingress', 'shop/new')],
  ] as const;
  return { bed, extract: { ingress: ingressOptions() }, watches: 5, changes };
}

function difference(after?: WorkCounters, before?: WorkCounters): WorkCounters {
  const of = (name: keyof WorkCounters): number => (after?.[name] ?? 0) - (before?.[name] ?? 0);
  return { extractions: of('extractions'), merges: of('merges'), diffs: of('diffs'), requests: of('requests') };
}

it(`one change does exactly the same work at ${FEW} and at ${MANY} Services, and a pod costs one request`, async () => {
  const few = await workFor(await servicesOf(FEW));
  const many = await workFor(await servicesOf(MANY));
  expect(many).toEqual(few);
  expect(new Map(few).get('a pod comes')).toMatchObject({ extractions: 1, diffs: 1, requests: 1 });
  expect(new Map(few).get('a pod goes')).toMatchObject({ extractions: 1, diffs: 1, requests: 1 });
});

it('one Ingress of those that share an address does the same work among 20 and among 1000', async () => {
  const few = await workFor(await ingressesOf(20));
  expect(await workFor(await ingressesOf(1000))).toEqual(few);
  expect(new Map(few).get('a path leads elsewhere')).toMatchObject({ merges: 1, diffs: 1, requests: 1 });
});
