import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { stateSchema } from '../../src/sources/state/json-schema.ts';
import { GOOD_CERTIFICATE, OTHER_NAME_CERTIFICATE, SERVER_KEY, TEST_CA } from '../support/certificates.ts';
import { type Bed, type BedOptions, makeBed, PASSWORD, until } from '../support/e2e.ts';

const EXAMPLE = path.join(import.meta.dirname, '../../examples/state/objects');

/** The example of the pages on a device: the files are a source on their own. */
async function bedOfState(more: BedOptions = {}): Promise<{
  readonly bed: Bed;
  readonly edit: (file: string, change: (text: string) => string) => Promise<void>;
}> {
  const source = '  - name: state\n    state: { paths: [./objects/*.yaml] }';
  const bed = await makeBed({ source, ...more });
  await cp(EXAMPLE, path.join(bed.folder, 'objects'), { recursive: true });
  const edit = async (file: string, change: (text: string) => string): Promise<void> => {
    const name = path.join(bed.folder, 'objects', file);
    const text = await readFile(name, 'utf8');
    const after = change(text);
    expect(after).not.toBe(text);
    await writeFile(name, after);
  };
  return { bed, edit };
}

/** `object` is no kind; members of pools that belong to others need the pool and a target that names it. */
const NOT_ALONE = new Set(['object', 'PoolMember']);

const ONE_OF_EACH = `
kind: SslCertificate
name: web.crt
file: web.crt
---
kind: SslKey
name: web.key
file: web.key
---
kind: ClientSslProfile
name: web
cert: web.crt
key: web.key
---
kind: SslCertificate
name: back.ca.crt
file: ca.crt
---
kind: ServerSslProfile
name: back
caFile: back.ca.crt
peerCertMode: require
---
kind: HttpProfile
name: http
hsts: { maximumAge: 3600 }
---
kind: TcpProfile
name: tcp
idleTimeout: 60
---
kind: CookiePersistence
name: cookie
cookieName: A
---
kind: SourceAddressPersistence
name: source
timeout: 60
---
kind: Monitor
name: http
type: http
---
kind: Pool
name: web
monitor: { minimum: 1, monitors: [http, /Common/tcp] }
members: [10.9.0.1:80]
---
kind: Policy
name: paths
rules:
  - name: a
    conditions:
      - { operand: http-host, match: equals, values: [a.example.com], caseInsensitive: true }
      - { operand: tcp address, values: [10.0.0.0/8] }
    actions:
      - { type: forward, pool: web }
      - { type: insert-header, name: X-A, value: b }
---
kind: IRule
name: log
sections:
  - { name: a, text: 'when CLIENT_ACCEPTED { log local0. hello }' }
---
kind: VirtualAddress
name: 10.1.10.70
address: 10.1.10.70
---
kind: VirtualServer
name: web
destination: 10.1.10.70:443
ipProtocol: tcp
profiles: [tcp, http, { path: web, context: clientside }, { path: back, context: serverside }]
persistence: cookie
fallbackPersistence: source
policies: [paths]
rules: [log]
---
kind: GtmDatacenter
name: hq
---
kind: GtmServer
name: box
datacenter: hq
product: generic-host
addresses: [192.0.2.1]
---
kind: GtmVirtualServer
name: box:web
destination: 10.1.10.70:443
---
kind: GtmPoolA
name: web
members: [box:web]
---
kind: GtmPoolAAAA
name: web6
---
kind: GtmPoolCNAME
name: names
members: [www.example.org]
---
kind: WideIpA
name: web.example.com
pools: [web]
---
kind: WideIpAAAA
name: web.example.com
pools: [web6]
---
kind: VxlanProfile
name: vxlan
floodingType: none
port: 8472
---
kind: Tunnel
name: tunnel
profile: vxlan
key: 1
localAddress: 192.0.2.9
---
kind: SelfIp
name: self
address: 10.9.255.1/16
vlan: tunnel
---
kind: TunnelFdb
name: tunnel
records: [{ mac: c6:d2:32:6f:8f:44, endpoint: 192.0.2.7 }]
---
kind: Route
name: route
network: 10.10.0.0/16
gateway: 10.9.0.9
---
kind: ArpEntry
name: arp
address: 10.9.0.1
mac: c6:d2:32:6f:8f:45
---
kind: NdpEntry
name: ndp
address: 2001:db8::9
mac: c6:d2:32:6f:8f:46
`;

const writesTo = (bed: Bed): readonly string[] => bed.writes().filter((write) => write.includes('/ltm/'));

const without = (kind: string, name: string) => (text: string) =>
  text
    .split('---\n')
    .filter((document) => !document.includes(`kind: ${kind}\nname: ${name}\n`))
    .join('---\n');

it('AC-18 a checked-in desired state is a source on its own: applied, nothing the second time, a field is a request', async () => {
  const { bed, edit } = await bedOfState();
  await bed.apply();
  const keys = [...bed.state().keys()].join('\n');
  for (const name of ['shop', 'shop-api', 'shop-health', 'dns', '10.1.10.50', '10.1.10.53'])
    expect(keys).toContain(name);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
  await edit('shop.yaml', (text) => text.replace('ratio-member', 'least-connections-member'));
  await bed.apply();
  expect(writesTo(bed)).toEqual([expect.stringMatching(/^PATCH .*\/ltm\/pool\/~k~shop$/)]);
});

it('AC-18 a document that is removed is an object that goes, and the members that it brought along', async () => {
  const { bed, edit } = await bedOfState();
  await bed.apply();
  await edit('shop.yaml', (text) =>
    without('Pool', 'shop-api')(text).replace('type: forward, pool: shop-api', 'type: reset'),
  );
  bed.emulator.log.clear();
  await bed.apply();
  expect(writesTo(bed).some((write) => /^DELETE .*\/ltm\/pool\/~k~shop-api$/.test(write))).toBe(true);
  expect([...bed.state().keys()].some((key) => key.includes('shop-api'))).toBe(false);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('AC-18 a bad document leaves its object as it is, an empty file all of its own, and all others go on', async () => {
  const { bed, edit } = await bedOfState();
  await bed.apply();
  const shop = (): unknown => [...bed.state()].filter(([key]) => key.includes('shop'));
  const before = shop();
  await edit('shop.yaml', (text) => text.replace('loadBalancingMode: ratio', 'loadBalancngMode: ratio'));
  await edit('dns.yaml', (text) => text.replace('10.0.0.53:53', '10.0.0.54:53'));
  const bad = await bed.cli('apply', '--yes');
  expect(bad.out + bad.err).toMatch(
    /shop\.yaml:15: pool shop: `loadBalancngMode`: is no known field; did you mean loadBalancingMode\?/,
  );
  expect(shop()).toEqual(before);
  expect([...bed.state().keys()].some((key) => key.includes('10.0.0.54'))).toBe(true);
  const printed = await bed.cli('get', '--output', 'state');
  expect(printed.out).toContain('# Pool k/shop (state) is left out: it cannot be understood\n');
  expect([printed.code, printed.err]).toEqual([1, expect.stringContaining('did you mean loadBalancingMode?')]);
  await writeFile(path.join(bed.folder, 'objects/shop.yaml'), '');
  const empty = await bed.cli('apply', '--yes');
  expect(empty.out + empty.err).toMatch(/shop\.yaml: holds no object, expected at least one \(or allowEmpty\)/);
  expect(shop()).toEqual(before);
});

it('AC-18 run follows the files', async () => {
  const { bed, edit } = await bedOfState();
  const running = await bed.run().started();
  await until('all is there', () => [...bed.state().keys()].some((key) => key.includes('10.0.0.53:53')));
  bed.emulator.log.clear();
  await edit('dns.yaml', (text) => text.replace('10.0.0.53:53', '10.0.0.53:53, 10.0.0.54:53'));
  await until('the member is there', () => [...bed.state().keys()].some((key) => key.includes('10.0.0.54:53')));
  expect(writesTo(bed)).toHaveLength(1);
  expect(await running.stop()).toBe(0);
});

it('AC-18 get --output state prints what is wanted: read back, it is the same, and there is nothing to do', async () => {
  const { bed } = await bedOfState();
  await bed.apply();
  const { out, code } = await bed.cli('get', '--output', 'state');
  expect(code).toBe(0);
  const plain = async (): Promise<readonly object[]> => {
    const shown = await bed.cli('get', '--output', 'json');
    const { objects } = JSON.parse(shown.out) as { readonly objects: readonly { readonly object: object }[] };
    return objects.map(({ object }) => object);
  };
  const before = await plain();
  expect(before.length).toBeGreaterThan(9);
  await rm(path.join(bed.folder, 'objects/dns.yaml'));
  await writeFile(path.join(bed.folder, 'objects/shop.yaml'), out);
  expect(await plain()).toEqual(before);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('AC-18 an iRule is there before the virtual server that runs it, and goes after it', async () => {
  const { bed } = await bedOfState();
  const rule = 'kind: IRule\nname: hello\nsections: "when HTTP_REQUEST { HTTP::respond 200 }"\n';
  const virtual = (rules: string): string =>
    `kind: VirtualServer\nname: a\ndestination: 10.1.10.9:80\nipProtocol: tcp\nprofiles: [/Common/tcp, /Common/http]\n${rules}`;
  const write = (...documents: readonly string[]): Promise<void> =>
    writeFile(path.join(bed.folder, 'objects/shop.yaml'), documents.join('---\n'));
  await write(virtual('rules: [hello]\n'), rule);
  await bed.apply();
  await write(virtual(''));
  await bed.apply();
  await write(virtual('rules: [hello]\n'), rule);
  await bed.apply();
  await write('kind: Pool\nname: z\n');
  await bed.apply();
  expect([...bed.state().keys()].filter((key) => key.includes('virtual/') && key.includes('~a'))).toEqual([]);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('AC-18 certificates and keys come from files beside the documents; a new certificate is one change, and no output holds a key', async () => {
  const { bed } = await bedOfState();
  const file = (name: string): string => path.join(bed.folder, 'objects', name);
  await writeFile(file('web.crt'), GOOD_CERTIFICATE);
  await writeFile(file('web.key'), SERVER_KEY);
  await writeFile(
    file('shop.yaml'),
    [
      'kind: ClientSslProfile\nname: web\ncert: web.crt\nkey: web.key\n',
      'kind: SslCertificate\nname: web.crt\nfile: ./web.crt\n',
      'kind: SslKey\nname: web.key\nfile: ./web.key\n',
      'kind: VirtualServer\nname: web\ndestination: 10.1.10.60:443\nipProtocol: tcp\nprofiles: [/Common/tcp, { path: web, context: clientside }]\n',
    ].join('---\n'),
  );
  await bed.apply();
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
  await writeFile(file('web.crt'), OTHER_NAME_CERTIFICATE);
  await bed.apply();
  const changed = bed.writes().filter((write) => /ssl-(?:cert|key)|client-ssl/.test(write));
  expect(changed).toEqual([expect.stringMatching(/sys\/file\/ssl-cert\/~k~web\.crt$/)]);
  await bed.cli('get', '--output', 'state');
  expect(bed.printed).toContain('checksum: SHA1:');
  expect(bed.printed).not.toContain('PRIVATE KEY');
});

it('AC-18 a document of every kind becomes an object, is there the second time, and goes again', async () => {
  const emulator = { modules: ['gtm'] as const, users: [{ name: 'admin', password: PASSWORD }] };
  const { bed } = await bedOfState({ emulator, bigip: '    dns: { datacenters: [{ name: hq, server: box }] }' });
  await rm(path.join(bed.folder, 'objects/dns.yaml'));
  const file = path.join(bed.folder, 'objects/shop.yaml');
  await writeFile(path.join(bed.folder, 'objects/web.crt'), GOOD_CERTIFICATE);
  await writeFile(path.join(bed.folder, 'objects/web.key'), SERVER_KEY);
  await writeFile(path.join(bed.folder, 'objects/ca.crt'), TEST_CA);
  await writeFile(file, ONE_OF_EACH);
  const kinds = new Set(Array.from(ONE_OF_EACH.matchAll(/^kind: (\w+)$/gm), ([, kind = '']) => kind));
  const known = Object.keys(stateSchema()['$defs'] as object).filter((kind) => !NOT_ALONE.has(kind));
  expect(known.filter((kind) => !kinds.has(kind))).toEqual([]);
  await bed.apply();
  bed.emulator.log.clear();
  const { out } = await bed.apply();
  expect([out, bed.writes()]).toEqual([expect.stringContaining('Nothing to do'), []]);
  await writeFile(file, 'kind: Pool\nname: last\n');
  await bed.apply('--allow-deletes');
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('AC-18 objects of GTM are left alone where the target has no section dns, and all others go on', async () => {
  const { bed } = await bedOfState();
  await writeFile(path.join(bed.folder, 'objects/gtm.yaml'), 'kind: GtmDatacenter\nname: hq\n');
  const { out, err } = await bed.cli('apply', '--yes');
  expect(out + err).toContain('the target has no section dns');
  expect([...bed.state().keys()].some((key) => key.includes('shop'))).toBe(true);
  bed.emulator.log.clear();
  await bed.cli('apply', '--yes');
  expect(bed.writes()).toEqual([]);
});
