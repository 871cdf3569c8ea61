import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { resources } from './api/resources.ts';
import { checkKubernetes } from './check.ts';
import { ingressOptions } from './extract/index.ts';
import { ApiBed, testExtract } from './testing/harness.ts';
import { serviceObject } from './testing/objects.ts';

const { signal } = new AbortController();
let bed: ApiBed;

beforeEach(async () => {
  bed = await new ApiBed().start();
});

afterEach(() => bed.stop());

it('a cluster that allows everything is one line of version and one per right', async () => {
  const lines = await checkKubernetes(bed.options({ nodes: true }), signal);
  expect(lines.filter(({ ok }) => !ok)).toEqual([]);
  expect(lines[0]).toEqual({ subject: 'east: API server', ok: true, text: 'Kubernetes v1.34.0' });
  expect(lines.map(({ subject }) => subject)).toEqual([
    'east: API server',
    'east: list nodes',
    'east: watch nodes',
    'east: list services in all namespaces',
    'east: watch services in all namespaces',
    'east: get services in all namespaces',
    'east: patch services/status in all namespaces',
    'east: create events.events.k8s.io in all namespaces',
    'east: get events.events.k8s.io in all namespaces',
    'east: patch events.events.k8s.io in all namespaces',
    'east: list endpointslices.discovery.k8s.io in all namespaces',
    'east: watch endpointslices.discovery.k8s.io in all namespaces',
  ]);
});

it('Ingresses ask for rights to Ingresses, their classes and TLS Secrets', async () => {
  const extract = testExtract({ ingress: ingressOptions() });
  const lines = await checkKubernetes(bed.options({ extract, writeEvents: false }), signal);
  expect(lines.filter(({ ok }) => !ok)).toEqual([]);
  expect(lines.map(({ subject }) => subject).filter((subject) => /ingress|secret/.test(subject))).toEqual([
    'east: list ingressclasses.networking.k8s.io',
    'east: watch ingressclasses.networking.k8s.io',
    'east: list ingresses.networking.k8s.io in all namespaces',
    'east: watch ingresses.networking.k8s.io in all namespaces',
    'east: get ingresses.networking.k8s.io in all namespaces',
    'east: patch ingresses/status.networking.k8s.io in all namespaces',
    'east: list secrets in all namespaces',
    'east: watch secrets in all namespaces',
  ]);
});

it('a pod network asks for what its plug-in needs, once, and the missing rule is named', async () => {
  bed.api.denied.add('list blockaffinities');
  const alsoReads = [resources.Node, resources.BlockAffinity].map((resource) => ({ resource }));
  const lines = await checkKubernetes(bed.options({ nodes: true, writeEvents: false, alsoReads }), signal);
  expect(lines.filter(({ subject }) => subject.endsWith(' nodes'))).toHaveLength(2);
  const own = lines.filter(({ subject }) => subject.includes('blockaffinities'));
  expect(own.map(({ subject, ok }) => `${subject} ${ok}`)).toEqual([
    'east: list blockaffinities.crd.projectcalico.org false',
    'east: watch blockaffinities.crd.projectcalico.org true',
  ]);
  expect(own[0]?.text).toContain(
    '{apiGroups: ["crd.projectcalico.org"], resources: ["blockaffinities"], verbs: ["list"]}',
  );
});

it('Secrets by name need a role that names them', async () => {
  bed.api.denied.add('list secrets');
  const extract = testExtract({ ingress: ingressOptions({ secrets: ['shop/cert'] }) });
  const lines = await checkKubernetes(bed.options({ extract }), signal);
  expect(lines.filter(({ ok }) => !ok)).toEqual([
    {
      subject: 'east: list secrets cert in namespace shop',
      ok: false,
      text: 'not allowed; add the RBAC rule {apiGroups: [""], resources: ["secrets"], resourceNames: ["cert"], verbs: ["list"]}',
    },
  ]);
});

it('with a class by name and namespaces by name no right in the whole cluster is needed, but where the default Secret is', async () => {
  const extract = testExtract({ ingress: ingressOptions({ className: 'bigip', defaultSecret: 'certs/default' }) });
  const namespaces = { names: ['shop'] };
  const lines = await checkKubernetes(
    bed.options({ extract, namespaces, writeEvents: false, writeStatus: false }),
    signal,
  );
  expect(lines.map(({ subject }) => subject).filter((subject) => /list (ingress|secret)/.test(subject))).toEqual([
    'east: list ingresses.networking.k8s.io in namespace shop',
    'east: list secrets in namespace shop',
    'east: list secrets in namespace certs',
  ]);
});

it('a right that is missing says which rule to add, by namespace', async () => {
  bed.api.denied.add('watch endpointslices');
  const lines = await checkKubernetes(bed.options({ namespaces: { names: ['shop'] }, writeEvents: false }), signal);
  expect(lines.filter(({ ok }) => !ok)).toEqual([
    {
      subject: 'east: watch endpointslices.discovery.k8s.io in namespace shop',
      ok: false,
      text: 'not allowed; add the RBAC rule {apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["watch"]}',
    },
  ]);
});

it('a server that cannot be reached is one line', async () => {
  await bed.api.stop();
  const lines = await checkKubernetes(bed.options(), signal);
  expect(lines).toMatchObject([{ ok: false, text: expect.stringContaining('cannot be reached') as string }]);
});

it('a folder is read, and its problems are lines', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-check-'));
  const check = () =>
    checkKubernetes({ extract: testExtract(), from: { kind: 'manifests', folder, quietMs: 1 } }, signal);
  await writeFile(join(folder, 'a.json'), JSON.stringify(serviceObject('default/web')));
  expect(await check()).toEqual([{ subject: `east: folder ${folder}`, ok: true, text: '1 objects' }]);
  await writeFile(join(folder, 'b.yaml'), 'a: [');
  await writeFile(join(folder, 'c.json'), JSON.stringify(serviceObject('default/x', { type: 'Odd' })));
  const lines = await check();
  expect(lines.map(({ ok }) => ok)).toEqual([false, false]);
  expect(lines[1]?.text).toContain('Service default/x: c.json:1: spec.type: found "Odd"');
  await rm(folder, { recursive: true });
  expect((await check())[0]?.text).toContain('ENOENT');
});
