import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { PlanDocument } from '../../src/report/plan-document.ts';
import { CODESHARE_CALLS, PREPARED } from '../support/codeshare-calls.ts';
import { type Bed, makeBed } from '../support/e2e.ts';

const SAMPLE = path.resolve(import.meta.dirname, '../../examples/codeshare/cluster');
const OPTIONS = {
  instance: 'east',
  partition: 'Common',
  emulator: { modules: ['ltm', 'gtm'] },
  source:
    '    annotations: codeshare\n    naming: codeshare\n    dns: { suffix: f5demo.com }\n    podNetwork: { cni: flannel, mode: routes }',
  bigip: '    dns: { datacenters: [{ name: hq, server: bigip1 }], monitor: /Common/bigip }',
  more: 'defaults: { snat: none }\nsafety: { adopt: all }',
};

async function bedWithSample(): Promise<Bed> {
  const bed = await makeBed(OPTIONS);
  for (const name of ['services', 'ingress', 'endpoints']) {
    await bed.write(name, await readFile(path.join(SAMPLE, `${name}.yaml`), 'utf8'));
  }
  return bed;
}

/** What the example makes for its sample, but for virtual servers on clusterIPs and their DNS (F-42). */
const MADE = {
  'net/route': ['10.1.20.101', '10.1.20.102'],
  'ltm/pool': ['echoheadersx_80_pool', 'echoheadersy_80_pool', 'ingress-svc_80_pool'],
  'ltm/virtual': ['ingress-svc_80_vs'],
  'ltm/policy': ['ingress'],
  'gtm/wideip/a': ['bar.baz.com', 'foo.bar.com', 'ingress-svc.f5demo.com'],
  'gtm/pool/a': ['bar.baz.com_80_hq_pool', 'foo.bar.com_80_hq_pool', 'ingress-svc.f5demo.com_80_hq_pool'],
} as const;

function namesOf(bed: Bed, collection: string): readonly string[] {
  const paths = (bed.emulator.dump()[collection] ?? []).map(({ fullPath }) => fullPath);
  return paths
    .filter((each) => each.startsWith('/Common/') && !each.includes('/_sys'))
    .map((each) => each.slice(8))
    .sort();
}

async function replay(bed: Bed): Promise<void> {
  for (const [method, url, body] of [...PREPARED, ...CODESHARE_CALLS]) await bed.rest(method, `/mgmt/tm/${url}`, body);
}

it('AC-10 AC-05 one run makes all that the example makes, under its names; clusterIPs get nothing (F-42)', async () => {
  const bed = await bedWithSample();
  for (const [method, url, body] of PREPARED) await bed.rest(method, `/mgmt/tm/${url}`, body);
  await bed.apply();
  for (const [collection, names] of Object.entries(MADE))
    expect([collection, namesOf(bed, collection)]).toEqual([collection, names]);
  const virtual = await bed.rest('GET', '/mgmt/tm/ltm/virtual/~Common~ingress-svc_80_vs?expandSubcollections=true');
  expect(virtual).toMatchObject({ destination: '/Common/10.1.10.50:80', pool: '/Common/ingress-svc_80_pool' });
  expect(JSON.stringify(virtual['policiesReference'])).toContain('"/Common/ingress"');
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('AC-14 a device that the example set up is taken over: nothing is made anew, and only its flaws are mended', async () => {
  const bed = await bedWithSample();
  await replay(bed);
  const before = bed.state();
  const { out } = await bed.cli('plan', '-o', 'json');
  const { plans } = JSON.parse(out) as PlanDocument;
  const changes = plans.flatMap(({ units }) => units.flatMap((unit) => unit.changes));
  expect(new Set(changes.map(({ op }) => op))).toEqual(new Set(['update']));
  // Who owns it, and for parts the owner of each, is all that is written; but for the rules (F-12, F-13, F-39).
  const owned = new Set(['description', 'mark', 'nodeLedger']);
  const other = changes.flatMap(({ ref, fields }) =>
    fields.filter(({ field }) => !owned.has(field)).map(({ field }) => `${ref.split(':')[0]} ${field}`),
  );
  expect([...new Set(other)].sort()).toEqual(['gtm-pool-a members', 'policy rules']);
  await bed.apply();
  const after = bed.state();
  expect([...before.keys()].filter((key) => !after.has(key) && !key.startsWith('ltm/policy/rules'))).toEqual([]);
  // What the example made and nobody asks for now is left as it is: it carries no mark.
  const clusterIps = [...before].filter(([key]) => /virtual .*echoheaders[xy]_80_vs$/.test(key));
  expect(clusterIps).toHaveLength(2);
  for (const [key, values] of clusterIps) expect(after.get(key)).toBe(values);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('F-27 a Service that names an Ingress which is not there gets its virtual server all the same, and the policy with the Ingress', async () => {
  const bed = await bedWithSample();
  for (const [method, url, body] of PREPARED) await bed.rest(method, `/mgmt/tm/${url}`, body);
  await bed.remove('ingress');
  await bed.cli('apply', '--yes');
  expect(namesOf(bed, 'ltm/virtual')).toEqual(['ingress-svc_80_vs']);
  expect(namesOf(bed, 'gtm/wideip/a')).toEqual(['ingress-svc.f5demo.com']);
  await bed.write('ingress', await readFile(path.join(SAMPLE, 'ingress.yaml'), 'utf8'));
  await bed.apply();
  const policies = await bed.rest('GET', '/mgmt/tm/ltm/virtual/~Common~ingress-svc_80_vs/policies');
  expect(JSON.stringify(policies)).toContain('"/Common/ingress"');
});
