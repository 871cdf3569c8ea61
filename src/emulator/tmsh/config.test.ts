import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeviceError } from '../errors/device-error.ts';
import { allKinds } from '../kinds/all.ts';
import type { Kind } from '../kinds/kind.ts';
import { applyOperation } from '../rest/operation.ts';
import type { Device } from '../session/device.ts';
import { runUnit } from '../session/session.ts';
import { dump, type Dump } from '../store/dump.ts';
import { testDevice } from '../test-kit.ts';
import { parseQuery } from '../uri/query.ts';
import { loadConfig, LoadError, printConfig, type LoadNote } from './index.ts';

const principal = { name: 'admin', role: 'admin', partitions: undefined };
const query = parseQuery('');

function post(device: Device, path: string, body: Record<string, unknown>): boolean {
  try {
    runUnit(device, { transaction: false }, (session) =>
      applyOperation({ method: 'POST', segments: path.split('/'), query, body, principal }, session),
    );
    return true;
  } catch (error) {
    if (error instanceof DeviceError) {
      return false;
    }
    throw error;
  }
}

/** A dump without what no file holds. */
function kept(device: Device): Dump {
  const all = dump(device.store, device.kinds);
  return JSON.parse(JSON.stringify(all, (key, value: unknown) => (key === 'generation' ? undefined : value))) as Dump;
}

function reloaded(device: Device): Device {
  const fresh = testDevice({ modules: ['gtm'] });
  loadConfig(fresh, printConfig(device), { merge: false });
  return fresh;
}

const texts = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n',
      'a "quoted" word',
      '{',
      '}}',
      '\\',
      'a\nb',
      '#',
      ';',
      '$x [y]',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
const addresses = fc.constantFrom(
  '10.0.0.1',
  '10.0.0.2',
  '10.0.0.3%1',
  '2001:db8::1',
  'any',
  '10.9.0.0/16',
  '10.0.0.1:80',
  '10.0.0.7:443',
);
const names = fc.constantFrom(
  'a',
  'b',
  '/P/a',
  '/P/f/b',
  '/Common/tcp',
  '/Common/http',
  '10.0.0.1',
  '10.0.0.4:80',
  '/Common/a',
);
const scalars = fc.oneof(
  { weight: 3, arbitrary: names },
  { weight: 3, arbitrary: addresses },
  { weight: 3, arbitrary: texts },
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(
      'enabled',
      'disabled',
      'yes',
      'no',
      'none',
      'tcp',
      'default',
      true,
      false,
      '5',
      7,
      300,
    ),
  },
);
const values = fc.oneof(
  { weight: 5, arbitrary: scalars },
  { weight: 1, arbitrary: fc.array(fc.oneof(names, addresses, texts), { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({ name: fc.oneof(names, texts), value: texts, data: texts }, { requiredKeys: ['name'] }),
      { maxLength: 3 },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      { type: 'automap' },
      { type: 'snat', pool: '/Common/a' },
      { tmName: 'x.example' },
    ),
  },
);

/** What some properties need to be right, so that random bodies are carried out. */
const fitting: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  destination: fc.constantFrom('10.1.0.1:80', '/P/10.1.0.2:443', '0.0.0.0:0', '2001:db8::9.53'),
  defaultsFrom: fc.constant(undefined),
  monitor: fc.constantFrom('/Common/http', '/Common/http and /Common/tcp', 'min 1 of /Common/http /Common/tcp'),
  apiAnonymous: fc.constantFrom('when CLIENT_ACCEPTED {\n  log local0. "a { b } \\{"\n}', 'when RULE_INIT { }'),
  members: fc.constantFrom<unknown>(
    ['10.0.0.1:80'],
    [{ name: '10.0.0.2:http', session: 'user-disabled', description: 'x "y"' }],
    ['10.7.0.1'],
    ['/Common/1.1'],
  ),
  network: fc.constantFrom('10.5.0.0/16', 'default', '10.6.0.0/24'),
  vlan: fc.constant('/Common/v'),
  type: fc.constantFrom('string', 'ip', 'integer', 'sync-failover'),
  records: fc.constantFrom<unknown>(['a', 'b'], [{ name: '10.0.0.0/8', data: 'x {y} "z"' }], [{ name: '5' }]),
  metadata: fc.constantFrom<unknown>([{ name: 'm', value: 'v w' }], [{ name: 'n', persist: 'false' }]),
  sourceAddressTranslation: fc.constantFrom<unknown>({ type: 'automap' }),
};

const ownNames = fc.constantFrom('a', 'b', '/P/a', '/P/f/b', '10.0.0.9', 'x y');

function bodyOf(kind: Kind): fc.Arbitrary<Record<string, unknown>> {
  const fields = [...kind.byName.keys(), ...kind.subs.map((sub) => sub.inline ?? '')].filter((name) => name !== '');
  const setting =
    fields.length === 0
      ? fc.constant<Record<string, unknown>>({})
      : fc
          .uniqueArray(fc.constantFrom(...fields), { maxLength: 3 })
          .chain((chosen) => fc.record(Object.fromEntries(chosen.map((name) => [name, fitting[name] ?? values]))));
  return fc
    .tuple(kind.path === 'auth/partition' ? fc.constantFrom('Q', 'R') : ownNames, setting)
    .map(([name, some]) => Object.assign(some, { name }));
}

const top = allKinds.filter(({ naming, fixed }) => naming !== 'singleton' && fixed !== true);
const creation = fc.constantFrom(...top).chain((kind) => bodyOf(kind).map((body) => ({ path: kind.path, body })));

/** What there is to point at, one line a kind. */
const seed: readonly (readonly [path: string, body: Record<string, unknown>])[] = [
  ['net/route-domain', { name: 'one', id: 1 }],
  ['auth/partition', { name: 'P', defaultRouteDomain: 1 }],
  ['sys/folder', { name: '/P/f' }],
  ['net/vlan', { name: 'v', tag: 7, interfaces: [{ name: '1.1', tagged: true }] }],
  ['net/self', { name: 's', address: '10.0.0.254/8', vlan: 'v', allowService: ['tcp:443'] }],
  ['net/route', { name: 'r', network: '10.55.0.0/16', gw: '10.0.0.250' }],
  ['net/arp', { name: 'arp', ipAddress: '10.0.0.77', macAddress: '00:11:22:33:44:55' }],
  ['net/tunnels/vxlan', { name: 'vx', floodingType: 'none' }],
  ['net/tunnels/tunnel', { name: 't', profile: 'vx', localAddress: '10.0.0.254', key: 9 }],
  ['net/fdb/tunnel/~Common~t/records', { name: '00:11:22:33:44:66', endpoint: '10.0.0.66' }],
  ['net/address-list', { name: 'al', addresses: ['10.0.0.0/8', '10.1.1.1-10.1.1.9'] }],
  ['net/port-list', { name: 'pl', ports: ['80', '8080-8090'] }],
  [
    'ltm/monitor/http',
    { name: 'm', send: 'GET / HTTP/1.1\\r\\nHost: "x"\\r\\n\\r\\n', recv: '200 \\{ok\\}', interval: 9 },
  ],
  [
    'ltm/pool',
    {
      name: 'a',
      members: ['10.0.0.1:80', { name: 'web:8080', address: '10.0.0.5', state: 'user-down' }],
      monitor: 'min 1 of m http',
    },
  ],
  ['ltm/pool', { name: 'fq', members: [{ name: 'fq:80', fqdn: { tmName: 'x.example', autopopulate: 'enabled' } }] }],
  ['ltm/pool', { name: '/P/f/b', members: ['/P/10.0.0.1:80'] }],
  [
    'ltm/profile/http',
    { name: 'h', insertXforwardedFor: 'enabled', headerInsert: 'X-A: "b"', enforcement: { maxHeaderCount: 12 } },
  ],
  [
    'ltm/profile/client-ssl',
    { name: 'c', ciphers: 'DEFAULT:!RC4', tmOptions: ['dont-insert-empty-fragments', 'no-tlsv1'] },
  ],
  ['ltm/persistence/cookie', { name: 'ck', cookieName: 'x', expiration: '1:0:0' }],
  ['ltm/snatpool', { name: 'a', members: ['10.9.0.1', '10.9.0.2'] }],
  [
    'ltm/rule',
    {
      name: 'a',
      apiAnonymous: 'when HTTP_REQUEST {\n  if { [HTTP::uri] eq "/\\{" } { log local0. "it is" }\n}',
      metadata: [{ name: 'x', value: 'y' }],
    },
  ],
  [
    'ltm/data-group/internal',
    { name: 'a', type: 'string', records: [{ name: '/a b', data: 'x "{y}" \\ z' }, { name: 'c' }] },
  ],
  [
    'ltm/policy',
    {
      name: 'leg',
      legacy: true,
      rules: [
        {
          name: 'r 1',
          conditions: [{ name: '0', httpUri: true, path: true, startsWith: true, values: ['/a b', '/c'] }],
          actions: [{ name: '0', forward: true, select: true, pool: '/Common/a' }],
        },
      ],
    },
  ],
  [
    'ltm/policy',
    {
      name: '/Common/Drafts/d',
      rules: [
        { name: 'r', actions: [{ name: '0', httpReply: true, redirect: true, location: 'https://[HTTP::host]/' }] },
      ],
    },
  ],
  ['ltm/policy', { command: 'publish', name: '/Common/Drafts/d' }],
  ['ltm/policy', { name: '/Common/Drafts/e', description: 'still a draft' }],
  [
    'ltm/virtual',
    {
      name: 'a',
      destination: '10.1.1.1:80',
      pool: 'a',
      ipProtocol: 'tcp',
      profiles: ['tcp', 'h', { name: 'c', context: 'clientside' }],
      policies: ['leg'],
      persist: ['ck'],
      rules: ['a'],
      sourceAddressTranslation: { type: 'snat', pool: 'a' },
      vlansEnabled: true,
      vlans: ['v'],
      metadata: [{ name: 'k', value: 'v' }],
    },
  ],
  [
    'ltm/virtual',
    { name: '/P/f/b', destination: '/Common/10.1.1.1%1:443', ipProtocol: 'udp', profiles: ['udp'], disabled: true },
  ],
  ['auth/user', { name: 'u', password: 'secret', partitionAccess: [{ name: 'P', role: 'manager' }], shell: 'tmsh' }],
  ['cm/device-group', { name: 'dg', type: 'sync-only', devices: ['/Common/box'] }],
  ['gtm/datacenter', { name: 'dc', location: 'here and there' }],
  [
    'gtm/server',
    {
      name: 'gs',
      datacenter: 'dc',
      product: 'generic-host',
      devices: [{ name: 'd1', addresses: [{ name: '10.0.0.8' }] }],
      virtualServers: [{ name: 'v1', destination: '10.0.0.8:80' }],
    },
  ],
  ['gtm/pool/a', { name: 'gp', members: [{ name: 'gs:v1', ratio: 3 }], alternateMode: 'none' }],
  ['gtm/wideip/a', { name: 'www.example.com', pools: [{ name: 'gp', ratio: 2 }], aliases: ['w.example.com'] }],
  ['gtm/region', { name: 'rg', regionMembers: ['subnet 10.0.0.0/8', 'not country DE'] }],
  ['gtm/topology', { name: 'ldns: subnet 10.0.0.0/8 server: pool /Common/gp', score: 5 }],
];

function seeded(): Device {
  const device = testDevice({ modules: ['gtm'] });
  for (const [path, body] of seed) {
    expect([path, body, post(device, path, body)]).toEqual([path, body, true]);
  }
  return device;
}

describe('a configuration that is printed', () => {
  it('of an empty box is loaded and printed again as it was', () => {
    const device = testDevice();
    const text = printConfig(device);
    loadConfig(device, text, { merge: false });
    expect(printConfig(device)).toBe(text);
    expect(kept(device)).toEqual(kept(testDevice()));
  });

  it('with something of every kind gives the same objects in a fresh emulator', () => {
    const device = seeded();
    expect(kept(reloaded(device))).toEqual(kept(device));
    expect(printConfig(reloaded(device))).toBe(printConfig(device));
  });

  it('of random objects of all kinds gives the same objects in a fresh emulator', () => {
    const made = new Set<string>();
    fc.assert(
      fc.property(fc.array(creation, { minLength: 5, maxLength: 40 }), (creations) => {
        const device = seeded();
        for (const { path, body } of creations) {
          if (post(device, path, body)) {
            made.add(path);
          }
        }
        expect(kept(reloaded(device))).toEqual(kept(device));
      }),
      { numRuns: 60 },
    );
    expect(made.size).toBeGreaterThan(40);
  });
});

describe('a configuration that is loaded', () => {
  it('is refused as a whole with line, object and text', () => {
    const device = testDevice();
    const before = kept(device);
    const bad = 'ltm node /Common/n {\n    address 10.0.0.1\n}\nltm pool /Common/p {\n    colour red\n}\n';
    const load = (): unknown => loadConfig(device, bad, { merge: true });
    expect(load).toThrow(LoadError);
    expect(load).toThrow('line 4: ltm pool /Common/p: "colour" unknown property');
    expect(() => loadConfig(device, 'ltm pool /Common/p {\n    monitor /Common/nope\n}\n', { merge: true })).toThrow(
      'line 1: ltm pool /Common/p: 01020036:3: The requested monitor (/Common/nope) was not found.',
    );
    expect(() => loadConfig(device, 'ltm pool /Common/p {\n', { merge: true })).toThrow('line 1: "{" is never closed');
    expect(kept(device)).toEqual(before);
  });

  it('leaves out what the emulator does not know, and tells of it, when asked', () => {
    const notes: LoadNote[] = [];
    const device = testDevice();
    const text =
      'apm profile access /Common/a {\n    x y\n}\nltm pool /Common/p {\n    colour {\n        red\n    }\n    description x\n}\n';
    loadConfig(device, text, { merge: true, onUnknown: (note) => notes.push(note) });
    expect(notes).toEqual([
      { line: 1, object: 'apm profile access /Common/a' },
      { line: 5, object: 'ltm pool /Common/p', property: 'colour' },
    ]);
    expect(device.store.lookup('ltm/pool', '/Common/p')?.values).toEqual({ description: 'x' });
  });

  it('replaces what is there unless it is merged', () => {
    const device = testDevice();
    post(device, 'ltm/pool', { name: 'old' });
    loadConfig(device, 'ltm pool new { }', { merge: true });
    expect(device.store.lookup('ltm/pool', '/Common/old')).toBeDefined();
    loadConfig(device, 'ltm pool newer { }', { merge: false });
    expect(dump(device.store, device.kinds)['ltm/pool']?.map(({ fullPath }) => fullPath)).toEqual(['/Common/newer']);
  });
});
