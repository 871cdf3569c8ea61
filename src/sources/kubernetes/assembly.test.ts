import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { comparable } from '../../../test/contract/source.ts';
import type { Contribution } from '../../desired/contribution.ts';
import { Assembly } from './assembly.ts';
import { changeOf } from './changes.ts';
import type { NamespaceChoice } from './options.ts';
import type { RecordChange } from './store.ts';
import { testExtract } from './testing/harness.ts';
import { namespaceObject, nodeObject, serviceObject, sliceObject } from './testing/objects.ts';

const context = { source: 'east', annotationPrefixes: ['fairlead.io/'] };
const { signal } = new AbortController();

function assemble(namespaces: NamespaceChoice = {}, nodes = true): Assembly {
  const extract = testExtract({ members: 'auto', addressPools: [{ name: 'main', ranges: ['10.1.10.50-10.1.10.53'] }] });
  return new Assembly({ extract, namespaces, nodes, feed: { ready: () => true, doubt: false } });
}

const service = fc.constantFrom('a/one', 'a/two', 'b/one', 'b/three');
const ports = fc.uniqueArray(
  fc.record(
    {
      name: fc.constantFrom('http', 'dns', 'x'),
      protocol: fc.constantFrom('TCP', 'UDP'),
      port: fc.integer({ min: 80, max: 83 }),
      targetPort: fc.constantFrom<number | string>(8080, 'http'),
      nodePort: fc.constantFrom(30_080, 30_081),
    },
    { requiredKeys: ['name', 'protocol', 'port'] },
  ),
  { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
);
const spec = fc.record(
  {
    ports,
    type: fc.constantFrom('LoadBalancer', 'ClusterIP'),
    loadBalancerIP: fc.constantFrom('10.1.10.50', '10.9.9.9', 'nonsense'),
    externalTrafficPolicy: fc.constantFrom('Local', 'Cluster'),
  },
  { requiredKeys: ['ports'] },
);

/** Any change that can happen to a small cluster. */
const change: fc.Arbitrary<RecordChange> = fc.oneof(
  fc.tuple(service, spec, fc.integer({ min: 1, max: 9 })).map(([key, fields, day]): RecordChange => {
    const object = serviceObject(key, fields);
    return changeOf(
      'Service',
      { ...object, metadata: { ...object.metadata, creationTimestamp: `2026-01-0${day}T00:00:00Z` } },
      context,
    );
  }),
  service.map((key): RecordChange => ({ type: 'remove', kind: 'Service', key })),
  fc
    .tuple(
      service,
      fc.constantFrom('a', 'b'),
      fc.uniqueArray(fc.constantFrom('10.244.1.1', '10.244.1.2', '10.244.1.3')),
    )
    .map(([key, suffix, addresses]): RecordChange =>
      changeOf('EndpointSlice', sliceObject(key, addresses, suffix), context),
    ),
  fc
    .tuple(service, fc.constantFrom('a', 'b'))
    .map(([key, suffix]): RecordChange => ({ type: 'remove', kind: 'EndpointSlice', key: `${key}-${suffix}` })),
  service.map((key): RecordChange => changeOf('Service', { ...serviceObject(key), spec: 'broken' }, context)),
  service.map((key): RecordChange => changeOf('EndpointSlice', { ...sliceObject(key, []), addressType: 5 }, context)),
  fc
    .constantFrom('n1', 'n2')
    .map((name): RecordChange => changeOf('Node', nodeObject(name, `10.1.20.${name.slice(1)}`), context)),
  fc.constantFrom('n1', 'n2').map((name): RecordChange => ({ type: 'remove', kind: 'Node', key: name })),
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('web', 'db'))
    .map(([name, team]): RecordChange => changeOf('Namespace', namespaceObject(name, { team }), context)),
);

/** Applies batches one by one and keeps contributions by cell, as the consumer of a source does. */
function incrementally(assembly: Assembly, batches: readonly (readonly RecordChange[])[]): readonly Contribution[] {
  const held = new Map<string, Contribution>();
  for (const batch of batches) {
    const cells = assembly.changed(batch);
    for (const cell of cells) held.delete(cell);
    for (const contribution of assembly.extract(cells)) held.set(contribution.cell, contribution);
  }
  return [...held.values()];
}

describe('incremental extraction', () => {
  it.each<[string, NamespaceChoice]>([
    ['all namespaces', {}],
    ['namespaces by label', { labels: { team: 'web' } }],
  ])('gives what a full pass over the same state gives, after any sequence of changes (%s)', async (_, namespaces) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 25 }),
        async (batches) => {
          const assembly = assemble(namespaces);
          const kept = incrementally(assembly, batches);
          expect(comparable(kept)).toEqual(comparable(await assembly.extractAll(signal)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves the same store as the last state alone, so that only address history can differ', async () => {
    // Addresses are asked for by name, so that nothing depends on who came first.
    const named = fc.array(
      fc.oneof(
        service.map((key): RecordChange =>
          changeOf('Service', serviceObject(key, { loadBalancerIP: addressOf(key) }), context),
        ),
        service.map((key): RecordChange => ({ type: 'remove', kind: 'Service', key })),
        fc
          .tuple(service, fc.constantFrom('a', 'b'), fc.uniqueArray(fc.constantFrom('10.244.1.1', '10.244.1.2')))
          .map(([key, suffix, addresses]): RecordChange =>
            changeOf('EndpointSlice', sliceObject(key, addresses, suffix), context),
          ),
        fc
          .tuple(service, fc.constantFrom('a', 'b'))
          .map(([key, suffix]): RecordChange => ({ type: 'remove', kind: 'EndpointSlice', key: `${key}-${suffix}` })),
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(named, async (changes) => {
        const kept = incrementally(
          assemble(),
          changes.map((one) => [one]),
        );
        const last = new Map<string, RecordChange>();
        for (const one of changes) last.set(idOf(one), one);
        const fresh = assemble();
        fresh.changed([...last.values()].filter(({ type }) => type === 'put').reverse());
        expect(comparable(kept)).toEqual(comparable(await fresh.extractAll(signal)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the work of one change', () => {
  it.each([10, 2000])('is one cell for a pod, at %i Services', (services) => {
    const assembly = assemble();
    const changes: RecordChange[] = [];
    for (let n = 0; n < services; n += 1) {
      changes.push(
        changeOf('Service', serviceObject(`a/s${n}`, { loadBalancerIP: `10.5.${n >> 8}.${n & 255}` }), context),
      );
      changes.push(changeOf('EndpointSlice', sliceObject(`a/s${n}`, ['10.244.1.1']), context));
    }
    assembly.extract(assembly.changed(changes));
    const before = assembly.extractions;
    const cells = assembly.changed([changeOf('EndpointSlice', sliceObject('a/s5', ['10.244.1.2']), context)]);
    assembly.extract(cells);
    expect([...cells]).toEqual(['east:Service/a/s5#http']);
    expect(assembly.extractions - before).toBe(1);
  });

  it('is nothing when the records are equal', () => {
    const assembly = assemble();
    const changes = [serviceObject('a/one')].map((object) => changeOf('Service', object, context));
    assembly.extract(assembly.changed(changes));
    expect(assembly.changed([changeOf('Service', serviceObject('a/one'), context)]).size).toBe(0);
  });
});

it('a Service whose members are nodes freezes where Nodes are not read, and loses no member', () => {
  const assembly = assemble({}, false);
  const ports = [{ name: 'http', port: 80, nodePort: 30_080 }];
  const service = changeOf('Service', serviceObject('a/one', { ports }), context);
  const backend = assembly.extract(assembly.changed([service])).find(({ cell }) => cell.endsWith('#http'));
  expect(backend).toMatchObject({ frozen: true, objects: [], diagnostics: [{ code: 'nodes-not-read' }] });
});

it('a cell that cannot be worked out freezes, and the others go on', () => {
  const assembly = assemble();
  const slice = changeOf('EndpointSlice', sliceObject('a/one', ['10.244.1.1']), context);
  if (slice.type !== 'put') throw new Error('expected a record');
  // What no API server and no parser lets through.
  const record = { ...slice.record, ports: null } as unknown as typeof slice.record;
  const services = ['a/one', 'a/two'].map((key) => changeOf('Service', serviceObject(key), context));
  const contributions = assembly.extract(assembly.changed([...services, { type: 'put', record }]));
  const frozen = contributions.filter((contribution) => contribution.frozen);
  expect(frozen.map(({ cell, diagnostics }) => [cell, diagnostics[0]?.code])).toEqual([
    ['east:Service/a/one#http', 'extraction-failed'],
  ]);
  expect(contributions).toHaveLength(4);
});

function addressOf(key: string): string {
  return `10.7.0.${['a/one', 'a/two', 'b/one', 'b/three'].indexOf(key) + 1}`;
}

function idOf(one: RecordChange): string {
  if (one.type === 'put')
    return `${one.record.kind}/${'namespace' in one.record ? one.record.namespace : ''}/${one.record.name}`;
  return one.type === 'remove' ? `${one.kind}/${one.key}` : `${one.kind}/${one.identity.key}`;
}
