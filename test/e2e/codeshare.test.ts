import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { PlanDocument } from '../../src/report/plan-document.ts';
import { type ExampleCluster, prepare, runExample } from '../support/codeshare-program.ts';
import { type Bed, makeBed } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';

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

/** What the example reads of its sample. */
const READ: ExampleCluster = {
  networks: { '10.1.20.101': '10.244.1.0/24', '10.1.20.102': '10.244.2.0/24' },
  services: [
    { name: 'echoheadersx', clusterIP: '10.96.1.1', ports: [80], members: { 80: ['10.244.1.5:8080'] } },
    { name: 'echoheadersy', clusterIP: '10.96.1.2', ports: [80], members: { 80: ['10.244.1.5:8080'] } },
    {
      name: 'ingress-svc',
      clusterIP: '10.96.1.3',
      ports: [80],
      members: { 80: ['10.244.2.9:8080'] },
      annotations: {
        'f5.destination': '10.1.10.50',
        'f5.vs__ProfileHTTP': '/Common/http',
        'f5.vs__AdvPolicies': '/Common/ingress',
      },
    },
  ],
  policies: {
    ingress: [
      { host: 'foo.bar.com', path: '/foo', service: 'echoheadersx', port: 80 },
      { host: 'bar.baz.com', path: '/bar', service: 'echoheadersy', port: 80 },
      { host: 'bar.baz.com', path: '/foo', service: 'echoheadersx', port: 80 },
    ],
  },
  dns: true,
};

/** A bed on whose device the example may run. */
async function preparedBed(): Promise<Bed> {
  const bed = await makeBed(OPTIONS);
  await prepare(sendTo(bed));
  return bed;
}

async function bedWithSample(): Promise<Bed> {
  const bed = await preparedBed();
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

const sendTo =
  (bed: Bed) =>
  (...[method, url, body]: readonly [string, string, object?]): Promise<Record<string, unknown>> =>
    bed.rest(method, url, body);

/** `first`: the run that makes all; `both`: the one that attaches policies, too (F-09). */
async function replay(bed: Bed, cluster: ExampleCluster, runs: 'first' | 'both' = 'both'): Promise<void> {
  await runExample(cluster, sendTo(bed));
  if (runs === 'both') await runExample(cluster, sendTo(bed));
}

interface Planned {
  readonly ops: readonly string[];
  /** What changes beside who owns it: `<kind> <field>`. */
  readonly fields: readonly string[];
}

async function planned(bed: Bed): Promise<Planned> {
  const { out } = await bed.cli('plan', '-o', 'json');
  const { plans } = JSON.parse(out) as PlanDocument;
  const changes = plans.flatMap(({ units }) => units.flatMap((unit) => unit.changes));
  const owned = new Set(['description', 'mark', 'nodeLedger']);
  const other = changes.flatMap(({ ref, fields }) =>
    fields.filter(({ field }) => !owned.has(field)).map(({ field }) => `${ref.split(':')[0]} ${field}`),
  );
  return { ops: [...new Set(changes.map(({ op }) => op))], fields: [...new Set(other)].sort() };
}

it('AC-10 AC-05 one run makes all that the example makes, under its names; clusterIPs get nothing (F-42)', async () => {
  const bed = await bedWithSample();
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
  await replay(bed, READ);
  const before = bed.state();
  // Who owns it, and for parts the owner of each, is all that is written; but for the rules (F-12, F-13, F-39).
  expect(await planned(bed)).toEqual({ ops: ['update'], fields: ['gtm-pool-a members', 'policy rules'] });
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
  await bed.remove('ingress');
  await bed.cli('apply', '--yes');
  expect(namesOf(bed, 'ltm/virtual')).toEqual(['ingress-svc_80_vs']);
  expect(namesOf(bed, 'gtm/wideip/a')).toEqual(['ingress-svc.f5demo.com']);
  await bed.write('ingress', await readFile(path.join(SAMPLE, 'ingress.yaml'), 'utf8'));
  await bed.apply();
  const policies = await bed.rest('GET', '/mgmt/tm/ltm/virtual/~Common~ingress-svc_80_vs/policies');
  expect(JSON.stringify(policies)).toContain('"/Common/ingress"');
});

it('AC-14 F-09 after its first run alone the policy is attached, and that is all that is different', async () => {
  const bed = await bedWithSample();
  await replay(bed, READ, 'first');
  expect(await planned(bed)).toEqual({
    ops: ['update'],
    fields: ['gtm-pool-a members', 'policy rules', 'virtual policies'],
  });
  await bed.apply();
  expect(await planned(bed)).toEqual({ ops: [], fields: [] });
});

const SHOP = {
  'f5.destination': '10.1.10.54',
  'f5.vs__ProfileHTTP': '/Common/http',
  'f5.vs__AdvPolicies': '/Common/my.rules',
};

/** Two ports on several nodes, a UDP port, a name with dots, a rule for all paths, a Service behind rules alone. */
const VARIED: ExampleCluster = {
  networks: {},
  services: [
    {
      name: 'dns',
      clusterIP: '10.96.1.1',
      ports: [53],
      members: { 53: ['10.244.1.5:5353'] },
      annotations: { 'f5.destination': '10.1.10.53' },
    },
    {
      name: 'shop',
      clusterIP: '10.96.1.2',
      ports: [80, 81],
      members: { 80: ['10.244.1.5:8080', '10.244.2.5:8080'], 81: ['10.244.1.5:8081', '10.244.2.5:8081'] },
      annotations: SHOP,
    },
    { name: 'back', clusterIP: '10.96.1.3', ports: [80], members: { 80: ['10.244.2.9:8080'] } },
  ],
  policies: {
    'my.rules': [
      { host: 'a.b.com', path: '/', service: 'back', port: 80 },
      { host: 'a.b.com', path: '/x', service: 'shop', port: 81 },
    ],
  },
  dns: true,
};

type Ports = readonly { readonly name: string; readonly port: number; readonly protocol?: string }[];

/** A Service as the example's are, with pods whose ports are a hundred times those of the Service and 80 more. */
async function putExample(
  bed: Bed,
  name: string,
  { ports, pods, annotations = {} }: { ports: Ports; pods: readonly string[]; annotations?: Record<string, string> },
): Promise<void> {
  const spec = { type: 'NodePort', loadBalancerClass: undefined, ports };
  const { protocol = 'TCP' } = ports[0] ?? {};
  const targets = ports.map((port) => ({
    name: port.name,
    protocol,
    port: port.port === 53 ? 5353 : port.port + 8000,
  }));
  const made = service(name, { namespace: 'default', annotations, spec });
  await bed.put(name, made, { ...slice(name, pods, { namespace: 'default' }), ports: targets });
}

async function putShop(bed: Bed, annotations: Record<string, string>): Promise<void> {
  const ports = [
    { name: 'one', port: 80 },
    { name: 'two', port: 81 },
  ];
  await putExample(bed, 'shop', { ports, pods: ['10.244.1.5', '10.244.2.5'], annotations });
}

async function putRules(bed: Bed, hosts: readonly (string | undefined)[]): Promise<void> {
  const paths = [
    { path: '/', pathType: 'Prefix', backend: { service: { name: 'back', port: { number: 80 } } } },
    { path: '/x', pathType: 'Prefix', backend: { service: { name: 'shop', port: { number: 81 } } } },
  ];
  await bed.put('rules', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'my.rules', namespace: 'default', annotations: { 'kubernetes.io/ingress.class': 'f5.bigip' } },
    spec: { rules: hosts.map((host) => ({ ...(host === undefined ? {} : { host }), http: { paths } })) },
  });
}

async function bedWithVaried(): Promise<Bed> {
  const bed = await preparedBed();
  const dns = [{ name: 'dns', port: 53, protocol: 'UDP' }];
  await putExample(bed, 'dns', { ports: dns, pods: ['10.244.1.5'], annotations: { 'f5.destination': '10.1.10.53' } });
  await putShop(bed, SHOP);
  await putExample(bed, 'back', { ports: [{ name: 'http', port: 80 }], pods: ['10.244.2.9'] });
  await putRules(bed, ['a.b.com']);
  await replay(bed, VARIED);
  return bed;
}

it('AC-14 F-23 several ports, UDP, names with dots: taken over as they are, but for what was TCP and is UDP', async () => {
  const bed = await bedWithVaried();
  const before = bed.state();
  expect(await planned(bed)).toEqual({
    ops: ['update'],
    fields: ['gtm-pool-a members', 'policy rules', 'pool monitor', 'virtual ipProtocol', 'virtual profiles'],
  });
  await bed.apply();
  const after = bed.state();
  const gone = [...before.keys()].filter((key) => !after.has(key) && !key.startsWith('ltm/policy/rules'));
  expect(gone).toEqual(['ltm/virtual/profiles /Common/dns_53_vs /Common/tcp']);
  expect(await planned(bed)).toEqual({ ops: [], fields: [] });
});

it('AC-14 without DNS, and without it at the source alone, wide IPs of the example are left', async () => {
  const bed = await makeBed({
    ...OPTIONS,
    bigip: '',
    source: OPTIONS.source.replace('{ suffix: f5demo.com }', '{ enabled: false }'),
  });
  await prepare(sendTo(bed));
  for (const name of ['services', 'ingress', 'endpoints'])
    await bed.write(name, await readFile(path.join(SAMPLE, `${name}.yaml`), 'utf8'));
  await replay(bed, READ);
  const dns = (): unknown => [...bed.state()].filter(([key]) => key.startsWith('gtm/'));
  const before = dns();
  expect(await planned(bed)).toEqual({ ops: ['update'], fields: ['policy rules'] });
  await bed.apply();
  expect(dns()).toEqual(before);
});

it('AC-13 AC-14 what was taken over moves, changes and goes as what was made; only what it never wanted is left', async () => {
  const bed = await bedWithVaried();
  await bed.apply();
  await putShop(bed, { ...SHOP, 'f5.destination': '10.1.10.55' });
  await bed.apply();
  // The example writes the address as the translation, too: it would stay behind.
  const moved = await bed.rest('GET', '/mgmt/tm/gtm/server/~Common~bigip1/virtual-servers/a.b.com_80_vs');
  expect([moved['destination'], moved['translationAddress']]).toEqual(['10.1.10.55:80', 'none']);
  expect(await planned(bed)).toEqual({ ops: [], fields: [] });

  await putRules(bed, ['c.b.com', undefined]);
  await bed.apply();
  expect(namesOf(bed, 'gtm/wideip/a').filter((name) => name.endsWith('.b.com'))).toEqual(['c.b.com']);
  await putShop(bed, { 'f5.destination': '10.1.10.55' });
  await bed.apply();
  const policies = await bed.rest('GET', '/mgmt/tm/ltm/virtual/~Common~shop_80_vs/policies');
  expect(policies['items'] ?? []).toEqual([]);

  for (const one of ['shop', 'dns', 'rules', 'back']) await bed.remove(one);
  const keep = [{ name: 'http', port: 80 }];
  await putExample(bed, 'keep', { ports: keep, pods: [], annotations: { 'f5.destination': '10.1.10.59' } });
  // The virtual server that the example made on a clusterIP has the pool, and is not ours to delete.
  const refused = await bed.cli('apply', '--yes', '--allow-deletes');
  expect(refused.code).toBe(1);
  expect(refused.out).toContain(
    '/Common/back_80_pool) cannot be deleted because it is in use by a Virtual Server (/Common/back_80_vs)',
  );
  await bed.rest('DELETE', '/mgmt/tm/ltm/virtual/~Common~back_80_vs');
  await bed.apply('--allow-deletes');
  const left = [...bed.state()].filter(([, values]) => values.includes('fairlead')).map(([key]) => key);
  expect(left.filter((key) => !/keep|10\.1\.10\.59|bigip1|hq/.test(key))).toEqual([]);
  expect(namesOf(bed, 'ltm/pool')).toEqual(['keep_80_pool']);
});

it('what the program leaves behind is found and taken away by the commands of docs/from-codeshare.md; then Services go whole', async () => {
  const bed = await bedWithSample();
  const empty = namesOf(bed, 'ltm/pool');
  await replay(bed, READ);
  await bed.apply();
  const page = await readFile(path.resolve(import.meta.dirname, '../../docs/from-codeshare.md'), 'utf8');
  const shell = async (command: string): Promise<string> => {
    const body = { command: 'run', utilCmdArgs: `-c '${command}'` };
    const { commandResult = '' } = await bed.rest('POST', '/mgmt/tm/util/bash', body);
    return commandResult as string;
  };
  const [search = ''] = /`(tmsh list ltm virtual [^`]+)`/.exec(page)?.slice(1) ?? [];
  expect(await shell(search)).toContain('echoheadersx_80_vs');
  const lines = page
    .split('\n')
    .filter((line) => line.startsWith('    tmsh '))
    .map((line) => line.trim());
  expect(lines).toHaveLength(7);
  for (const line of lines) expect([line, await shell(line)]).toEqual([line, '']);
  expect(await shell(search)).toBe('');
  expect(namesOf(bed, 'gtm/wideip/a')).toEqual(MADE['gtm/wideip/a']);
  expect((await bed.cli('plan', '--exit-code')).code).toBe(0);
  await bed.write(
    'services',
    'apiVersion: v1\nkind: Service\nmetadata: { name: none }\nspec: { ports: [{ port: 80 }] }\n',
  );
  await bed.remove('ingress');
  await bed.apply('--allow-deletes');
  expect(namesOf(bed, 'ltm/pool')).toEqual(empty);
  for (const kind of ['ltm/virtual', 'ltm/policy', 'gtm/wideip/a', 'gtm/pool/a'])
    expect([kind, namesOf(bed, kind)]).toEqual([kind, []]);
});
