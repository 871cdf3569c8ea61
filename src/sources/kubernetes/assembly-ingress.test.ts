import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { comparable } from '../../../test/contract/source.ts';
import { EXPIRED_CERTIFICATE, GOOD_CERTIFICATE, SERVER_KEY } from '../../../test/support/certificates.ts';
import { tlsSecret } from '../../../test/support/e2e-ingresses.ts';
import { checksumOf } from '../../desired/blob-store.ts';
import type { CellKey, Contribution } from '../../desired/contribution.ts';
import { Assembly } from './assembly.ts';
import { changeOf } from './changes.ts';
import { ingressOptions } from './extract/index.ts';
import type { RecordChange } from './store.ts';
import { testExtract } from './testing/harness.ts';
import { classObject, ingressObject, serviceObject, sliceObject } from './testing/objects.ts';

const context = {
  source: 'east',
  annotationPrefixes: ['fairlead.io/', 'kubernetes.io/ingress.class'],
  keep: checksumOf,
};
const { signal } = new AbortController();

function assemble(now = () => Date.parse('2026-06-01T00:00:00Z')): Assembly {
  const extract = testExtract({ ingress: ingressOptions({ defaultSecret: 'a/two' }) });
  return new Assembly({ extract, namespaces: {}, nodes: true, feed: { ready: () => true, doubt: false }, now });
}

const ingress = fc.constantFrom('a/one', 'a/two', 'b/one');
const service = fc.constantFrom('a/web', 'a/api', 'b/web');
const secret = fc.constantFrom('a/one', 'a/two', 'b/one');
const host = fc.constantFrom('x.example.com', '*.example.com', 'y.example.com');

const anIngress: fc.Arbitrary<RecordChange> = fc
  .record({
    key: ingress,
    host,
    service: fc.constantFrom('web', 'api', 'none'),
    day: fc.integer({ min: 1, max: 9 }),
    address: fc.constantFrom('10.9.0.1', '10.9.0.2', '10.9.0.1,2001:db8::1', 'nonsense', undefined),
    className: fc.constantFrom('bigip', 'other'),
    tls: fc.array(fc.record({ hosts: fc.uniqueArray(host), secretName: fc.constantFrom('one', 'two') }), {
      maxLength: 2,
    }),
    more: fc.constantFrom(
      {},
      { 'fairlead.io/backend-tls': 'on' },
      { 'fairlead.io/hsts': '1' },
      { 'fairlead.io/snat': '?' },
    ),
  })
  .map(({ key, day, address, className, tls, more, ...to }): RecordChange => {
    const annotations = { ...(address === undefined ? {} : { 'fairlead.io/address': address }), ...more };
    const object = ingressObject(key, { ...to, annotations, spec: { ingressClassName: className, tls } });
    const metadata = { ...object.metadata, creationTimestamp: `2026-01-0${day}T00:00:00Z` };
    return changeOf('Ingress', { ...object, metadata }, context);
  });

const aSecret = fc
  .tuple(secret, fc.constantFrom(GOOD_CERTIFICATE, EXPIRED_CERTIFICATE, 'broken'))
  .map(([key, cert]): RecordChange => {
    const [namespace = '', name = ''] = key.split('/');
    return changeOf('Secret', tlsSecret(name, { cert, key: SERVER_KEY }, namespace), context);
  });

const aService = fc
  .tuple(service, fc.constantFrom<object>({}, { type: 'ClusterIP', loadBalancerClass: undefined }, { ports: 'broken' }))
  .map(([key, spec]): RecordChange =>
    changeOf('Service', serviceObject(key, { loadBalancerIP: '10.9.0.2', ...spec }), context),
  );

const slice = fc
  .tuple(service, fc.uniqueArray(fc.constantFrom('10.244.1.1', '10.244.1.2')))
  .map(([key, addresses]): RecordChange => changeOf('EndpointSlice', sliceObject(key, addresses), context));

/** Any change that can happen to a small cluster with Ingresses. */
const change: fc.Arbitrary<RecordChange> = fc.oneof(
  { weight: 4, arbitrary: anIngress },
  { weight: 2, arbitrary: aSecret },
  aService,
  slice,
  ingress.map((key): RecordChange => ({ type: 'remove', kind: 'Ingress', key })),
  secret.map((key): RecordChange => ({ type: 'remove', kind: 'Secret', key })),
  service.map((key): RecordChange => ({ type: 'remove', kind: 'Service', key })),
  ingress.map((key): RecordChange =>
    changeOf('Ingress', { ...ingressObject(key, { host: '', service: 'web' }), spec: 1 }, context),
  ),
  fc
    .constantFrom('fairlead.io/bigip', 'someone.else/controller')
    .map((controller): RecordChange => changeOf('IngressClass', classObject('bigip', controller), context)),
  fc.constant<RecordChange>({ type: 'remove', kind: 'IngressClass', key: 'bigip' }),
);

function put(
  assembly: Assembly,
  kind: 'Ingress' | 'Service' | 'EndpointSlice',
  ...objects: readonly object[]
): readonly CellKey[] {
  return [...assembly.changed(objects.map((object) => changeOf(kind, object, context)))];
}

describe('Ingresses, cell by cell', () => {
  it('give what a full pass over the same state gives, after any sequence of changes', async () => {
    const start = changeOf('IngressClass', classObject(), context);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 25 }),
        async (batches) => {
          const assembly = assemble();
          const held = new Map<CellKey, Contribution>();
          for (const batch of [[start], ...batches]) {
            const cells = assembly.changed(batch);
            for (const cell of cells) held.delete(cell);
            for (const contribution of assembly.extract(cells)) held.set(contribution.cell, contribution);
          }
          expect(comparable([...held.values()])).toEqual(comparable(await assembly.extractAll(signal)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([10, 1000])('cost one cell for one Ingress, and one for a pod, with %i Ingresses on one address', (count) => {
    const assembly = assemble();
    assembly.changed([changeOf('IngressClass', classObject(), context)]);
    const annotations = { 'fairlead.io/address': '10.9.0.1' };
    const one = (n: number, to: string): object =>
      ingressObject(`a/i${n}`, { host: `${to}${n}.example.com`, service: 'web', annotations });
    assembly.extract(put(assembly, 'Service', serviceObject('a/web')));
    assembly.extract(put(assembly, 'Ingress', ...Array.from({ length: count }, (_, n) => one(n, 'h'))));
    const before = assembly.extractions;
    const cells = put(assembly, 'Ingress', one(5, 'other'));
    assembly.extract(cells);
    expect(cells).toEqual(['east:Ingress/a/i5']);
    const pod = put(assembly, 'EndpointSlice', sliceObject('a/web', ['10.244.1.2']));
    assembly.extract(pod);
    expect(pod).toEqual(['east:Service/a/web#http']);
    expect(assembly.extractions - before).toBe(2);
  });

  it('hear of a certificate that expires on the day on which it does', () => {
    let now = Date.parse('2020-12-31T23:00:00Z');
    const assembly = assemble(() => now);
    assembly.changed([changeOf('IngressClass', classObject(), context)]);
    const pair = { cert: EXPIRED_CERTIFICATE, key: SERVER_KEY };
    const annotations = { 'fairlead.io/address': '10.9.0.1' };
    const spec = { tls: [{ hosts: ['x.example.com'], secretName: 'cert' }] };
    const codes = (cells: Iterable<CellKey>): readonly string[] =>
      assembly
        .extract(cells)
        .filter(({ origin }) => origin === 'east:Ingress/a/one')
        .flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))
        .filter((code) => code.startsWith('certificate'));
    const objects = [
      changeOf('Service', serviceObject('a/web'), context),
      changeOf('Secret', tlsSecret('cert', pair, 'a'), context),
      changeOf(
        'Ingress',
        ingressObject('a/one', { host: 'x.example.com', service: 'web', annotations, spec }),
        context,
      ),
    ];
    expect(codes(assembly.changed(objects))).toEqual([]);
    now += 2 * 24 * 3600 * 1000;
    const cells = assembly.stateChanged();
    expect([...cells]).toEqual(['east:Ingress/a/one']);
    expect(codes(cells)).toEqual(['certificate-expired']);
  });

  it('keep what the device has while a Service of theirs cannot be understood', () => {
    const assembly = assemble();
    assembly.changed([changeOf('IngressClass', classObject(), context)]);
    const annotations = { 'fairlead.io/address': '10.9.0.1' };
    const broken = changeOf('Service', { ...serviceObject('a/web'), spec: { ports: 5 } }, context);
    const shop = changeOf(
      'Ingress',
      ingressObject('a/one', { host: 'x.example.com', service: 'web', annotations }),
      context,
    );
    const given = assembly.extract(assembly.changed([broken, shop]));
    const found = given.find(({ cell }) => cell === 'east:Ingress/a/one');
    expect(found).toMatchObject({ frozen: true, objects: [], diagnostics: [{ code: 'backend-unreadable' }] });
    const mended = put(assembly, 'Service', serviceObject('a/web'));
    expect(mended).toContain('east:Ingress/a/one');
    expect(assembly.extract(mended).find(({ cell }) => cell === 'east:Ingress/a/one')?.frozen).toBeUndefined();
  });
});
