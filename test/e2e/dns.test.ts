import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type EmulatorOptions, startEmulator } from '../../src/emulator/index.ts';
import { addressIn, answerOf, askByTcp, askByUdp, queryFor, resolverOf } from '../support/dns.ts';
import { type Bed, type BedOptions, changesOf, later, makeBed, PASSWORD, stateOf, until } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';

const HOST = 'shop.example.com';
const MADE = '{ name: bigip1, addresses: [127.0.0.1], product: generic-host }';

/** A bed whose device answers DNS. `target`: its section `dns`; `source`: that of the source. */
async function dnsBed(
  given: { target?: string; source?: string; emulator?: EmulatorOptions; bed?: BedOptions } = {},
): Promise<Bed> {
  const { target = `{ datacenters: [{ name: hq, server: ${MADE} }] }`, source = '{}' } = given;
  const users = [{ name: 'admin', password: PASSWORD }];
  return await makeBed({
    bigip: `    dns: ${target}`,
    source: `    dns: ${source}`,
    emulator: { users, modules: ['gtm'], dns: { port: 0, timeScale: 0.01 }, ...given.emulator },
    ...given.bed,
  });
}

/** A Service with an address and hosts; `web` unless it has another name. */
function web(address: string, hostname: string, { name = 'web', ttl }: { name?: string; ttl?: string } = {}): object {
  const more = ttl === undefined ? {} : { 'fairlead.io/dns-ttl': ttl };
  return service(name, { address, annotations: { 'fairlead.io/hostname': hostname, ...more } });
}

/** What is on the device of `gtm` but the stock objects, by collection and path. */
function gtmOf(bed: Bed): readonly string[] {
  return [...bed.state().keys()]
    .filter((key) => key.startsWith('gtm/') && !/^gtm\/(monitor|global-settings)/.test(key))
    .map((key) => key.replaceAll(/\s+/g, ' '))
    .sort();
}

async function a(bed: Bed, host = HOST): Promise<readonly string[]> {
  return await answerOf((await resolverOf(bed.emulator)).resolve4(host));
}

it('AC-13 DNS follows a Service: it is made, moves from .50 to .51 with the same wide IP and never without an answer, and goes', async () => {
  const bed = await dnsBed();
  await bed.put('web', web('10.1.10.50', HOST));
  const running = await bed.run().started();
  expect(await a(bed)).toEqual(['10.1.10.50']);
  expect(await askByTcp(bed.emulator, HOST)).toEqual(await askByUdp(bed.emulator, HOST));
  expect(gtmOf(bed)).toEqual([
    'gtm/datacenter /Common/hq',
    'gtm/pool/a /k/shop.example.com_hq',
    'gtm/pool/a/members /k/shop.example.com_hq /Common/bigip1:k_shop_web',
    'gtm/server /Common/bigip1',
    'gtm/server/devices /Common/bigip1 bigip1',
    'gtm/server/virtual-servers /Common/bigip1 k_shop_web',
    'gtm/wideip/a /k/shop.example.com',
  ]);

  bed.emulator.log.clear();
  await bed.put('web', web('10.1.10.51', HOST));
  const seen: string[] = [];
  await until('the answer is .51', async () => {
    const answer = String(await a(bed));
    seen.push(answer);
    return answer === '10.1.10.51';
  });
  expect(seen.filter((answer) => answer !== '10.1.10.50' && answer !== '10.1.10.51')).toEqual([]);
  await until('the move is done', () => running.cycles('change').length > 0);
  const writes = bed.writes().filter((write) => write.includes('/gtm/'));
  expect(writes).toEqual(['PATCH /mgmt/tm/gtm/server/~Common~bigip1/virtual-servers/k_shop_web']);

  // A source that is empty would be held back.
  await bed.put('other', service('other', { address: '10.1.10.52' }));
  await bed.remove('web');
  await until('the wide IP is gone', async () => (await a(bed))[0] === 'EREFUSED');
  await until('all of it is gone', () => gtmOf(bed).length === 3);
  expect(await running.stop()).toBe(0);
  expect(gtmOf(bed)).toEqual([
    'gtm/datacenter /Common/hq',
    'gtm/server /Common/bigip1',
    'gtm/server/devices /Common/bigip1 bigip1',
  ]);
});

it('AC-13 a device that asks itself whether its virtual servers are up answers through a move, whichever request is between', async () => {
  const bed = await dnsBed({
    target: '{ datacenters: [{ name: hq, server: { name: bigip1, addresses: [127.0.0.1] } }] }',
  });
  const at = (address: string): object =>
    service('web', { address, annotations: { 'fairlead.io/hostname': HOST, 'fairlead.io/monitor': 'none' } });
  const pods = slice('web', ['10.0.0.1']);
  await bed.put('web', at('10.1.10.50'), pods);
  await bed.apply();
  const seen: string[] = [];
  bed.gate.rule = () => {
    seen.push(addressIn(bed.emulator.dns?.answer(queryFor(HOST), '127.0.0.1')));
    return 'pass';
  };
  await bed.put('web', at('10.1.10.51'), pods);
  await bed.apply();
  bed.gate.rule = () => 'pass';
  expect(await a(bed)).toEqual(['10.1.10.51']);
  expect([...new Set(seen)]).toEqual(['10.1.10.50', '10.1.10.51']);
});

it('AC-13 F-03 a plan shows what DNS gets before it is made, updates and deletes it; a restart writes nothing', async () => {
  const bed = await dnsBed();
  await bed.put('web', web('10.1.10.50', `${HOST},www.example.com`));
  const { out } = await bed.cli('plan', '--show', 'tmsh');
  expect(out).toContain('create gtm wideip a /k/shop.example.com');
  expect(out).toContain('modify gtm server /Common/bigip1 virtual-servers add { k_shop_web {');
  expect((await bed.cli('plan', '--show', 'rest')).out).toContain(
    'POST /mgmt/tm/gtm/server/~Common~bigip1/virtual-servers',
  );
  await bed.apply();
  expect(await a(bed, 'www.example.com')).toEqual(['10.1.10.50']);
  bed.emulator.log.clear();
  await bed.apply();
  const running = await bed.run().started();
  await running.stop();
  expect(bed.writes()).toEqual([]);

  // One of two hosts goes: the virtual server stays for the other.
  await bed.put('web', web('10.1.10.50', HOST, { ttl: '5' }));
  await bed.apply();
  expect(await a(bed, 'www.example.com')).toEqual(['ENOTFOUND']);
  const resolver = await resolverOf(bed.emulator);
  expect(await resolver.resolve4(HOST, { ttl: true })).toEqual([{ address: '10.1.10.50', ttl: 5 }]);
  await bed.put('web', web('10.1.10.50', 'none'));
  await bed.apply();
  expect(gtmOf(bed).filter((key) => /wideip|pool|virtual/.test(key))).toEqual([]);
  expect([...bed.state().keys()].filter((key) => key.startsWith('ltm/virtual '))).toHaveLength(1);
});

it('AC-13 two Services that share a host share its wide IP and pool; each takes its own part along when it goes', async () => {
  const bed = await dnsBed();
  await bed.put('web', web('10.1.10.50', HOST));
  await bed.put('spare', web('10.1.10.51', HOST, { name: 'spare' }));
  await bed.apply();
  const both = new Set<string>();
  for (let query = 0; query < 4; query += 1) for (const answer of await a(bed)) both.add(answer);
  expect(both).toEqual(new Set(['10.1.10.50', '10.1.10.51']));
  expect(gtmOf(bed).filter((key) => key.includes('wideip'))).toEqual(['gtm/wideip/a /k/shop.example.com']);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);

  await bed.remove('web');
  await bed.apply();
  for (let query = 0; query < 4; query += 1) expect(await a(bed)).toEqual(['10.1.10.51']);
  expect(gtmOf(bed)).not.toContain('gtm/server/virtual-servers /Common/bigip1 k_shop_web');
  await bed.remove('spare');
  await bed.put('other', service('other', { address: '10.1.10.52' }));
  await bed.apply();
  expect(await a(bed)).toEqual(['EREFUSED']);
});

it('AC-13 IPv6 is answered as AAAA, canonical names as CNAME, wildcards with any name below', async () => {
  const bed = await dnsBed();
  const families = { spec: { ipFamilies: ['IPv4', 'IPv6'], ports: [{ name: 'http', port: 80 }], type: 'ClusterIP' } };
  await bed.put(
    'web',
    service('web', {
      address: '10.1.10.50,2001:db8:10::50',
      annotations: { 'fairlead.io/hostname': `${HOST},*.apps.example.com` },
      ...families,
    }),
    service('moved', {
      address: '10.1.10.51',
      annotations: {
        'external-dns.alpha.kubernetes.io/hostname': 'old.example.com',
        'external-dns.alpha.kubernetes.io/target': 'new.example.net',
        'external-dns.alpha.kubernetes.io/ttl': '2m',
      },
    }),
  );
  await bed.apply();
  const resolver = await resolverOf(bed.emulator);
  expect(await resolver.resolve4(HOST)).toEqual(['10.1.10.50']);
  expect(await resolver.resolve6(HOST)).toEqual(['2001:db8:10::50']);
  expect(await resolver.resolve4('any.apps.example.com')).toEqual(['10.1.10.50']);
  expect(await resolver.resolve6('any.apps.example.com')).toEqual(['2001:db8:10::50']);
  expect(await resolver.resolveCname('old.example.com')).toEqual(['new.example.net']);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('AC-13 hosts of an Ingress are answered with its addresses; rules that come and go take their hosts along', async () => {
  const bed = await dnsBed({ source: '{ zones: [example.com] }' });
  const ingress = (...hosts: readonly string[]): object => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'shop', namespace: 'shop', annotations: { 'fairlead.io/address': '10.1.10.60' } },
    spec: {
      ingressClassName: 'bigip',
      rules: hosts.map((host) => ({
        host,
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
        },
      })),
    },
  });
  const ours = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'bigip' },
    spec: { controller: 'fairlead.io/bigip' },
  };
  await bed.put('class', ours);
  await bed.put('web', service('web', { spec: { type: 'ClusterIP', loadBalancerClass: undefined } }));
  await bed.put('shop', ingress(HOST, '*.shop.example.com', 'shop.example.org', 'local'));
  const { out } = await bed.cli('plan');
  expect(out).toContain('host shop.example.org is in none of the zones');
  expect(out).toContain('host "local" gets no wide IP');
  await bed.apply();
  expect(await a(bed)).toEqual(['10.1.10.60']);
  expect(await a(bed, 'any.shop.example.com')).toEqual(['10.1.10.60']);
  expect(await a(bed, 'shop.example.org')).toEqual(['EREFUSED']);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);

  await bed.put('spare', web('10.1.10.61', HOST, { name: 'spare' }));
  await bed.put('shop', ingress(HOST));
  await bed.apply();
  expect(gtmOf(bed).filter((key) => key.includes('members'))).toEqual([
    'gtm/pool/a/members /k/shop.example.com_hq /Common/bigip1:k_shop_shop_ingress',
    'gtm/pool/a/members /k/shop.example.com_hq /Common/bigip1:k_shop_spare',
  ]);
  await bed.remove('shop');
  await bed.apply();
  expect(await a(bed)).toEqual(['10.1.10.61']);
});

it('AC-13 two clusters with the same host: a pool for each data center, the first one as long as it is up', async () => {
  const target =
    '{ loadBalancing: { datacenters: global-availability }, datacenters: [' +
    '{ name: hq, server: { name: bigip1, addresses: [192.0.2.1], product: generic-host } }, ' +
    '{ name: west, server: { name: bigip2, addresses: [192.0.2.2], product: generic-host } }] }';
  const source = `{ datacenters: [hq] }
  - name: west
    kubernetes: { manifests: ./west }
    members: cluster
    dns: { datacenters: [west] }`;
  const bed = await dnsBed({ target, source });
  await mkdir(path.join(bed.folder, 'west'));
  await bed.put('web', web('10.1.10.50', HOST));
  await writeFile(
    path.join(bed.folder, 'west', 'web.json'),
    JSON.stringify(web('10.2.10.50', HOST, { name: 'west-web' })),
  );
  await bed.apply();
  expect(gtmOf(bed).filter((key) => /pool|wideip/.test(key))).toEqual([
    'gtm/pool/a /k/shop.example.com_hq',
    'gtm/pool/a /k/shop.example.com_west',
    'gtm/pool/a/members /k/shop.example.com_hq /Common/bigip1:k_shop_web',
    'gtm/pool/a/members /k/shop.example.com_west /Common/bigip2:k_shop_west-web',
    'gtm/wideip/a /k/shop.example.com',
  ]);
  for (let query = 0; query < 3; query += 1) expect(await a(bed)).toEqual(['10.1.10.50']);
  await bed.rest('PATCH', '/mgmt/tm/gtm/datacenter/~Common~hq', { disabled: true });
  expect(await a(bed)).toEqual(['10.2.10.50']);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);

  await bed.remove('web');
  await bed.put('other', service('other', { address: '10.1.10.52' }));
  await bed.apply();
  expect(await a(bed)).toEqual(['10.2.10.50']);
  expect(gtmOf(bed).filter((key) => key.includes('_hq'))).toEqual([]);
});

it('AC-13 two devices with the same data centers answer the same hosts, each from both', async () => {
  const users = [{ name: 'admin', password: PASSWORD }];
  const second = await startEmulator({ users, modules: ['gtm'], dns: { port: 0 } });
  later(() => second.close());
  const dns =
    '{ datacenters: [{ name: hq, server: { name: bigip1, addresses: [192.0.2.1], product: generic-host } }, ' +
    '{ name: west, server: { name: bigip2, addresses: [192.0.2.2], product: generic-host } }] }';
  const target = `${dns}
  - name: second
    bigip: { url: "${second.url}", username: admin, password: { file: ./password }, partition: k }
    dns: ${dns}`;
  const bed = await dnsBed({ target });
  await bed.put('web', web('10.1.10.50', HOST));
  await bed.apply();
  for (const emulator of [bed.emulator, second]) {
    expect(await answerOf((await resolverOf(emulator)).resolve4(HOST))).toEqual(['10.1.10.50']);
    expect([...stateOf(emulator).keys()].filter((key) => key.startsWith('gtm/pool/a/members'))).toHaveLength(2);
  }
  const [one, other] = [bed.emulator, second].map((emulator) =>
    stateOf(emulator).get('gtm/wideip/a  /k/shop.example.com'),
  );
  expect(one).toContain('/k/shop.example.com_west');
  expect(other).toBe(one);
  bed.emulator.log.clear();
  second.log.clear();
  await bed.apply();
  expect([...bed.writes(), ...changesOf(second.log.entries())]).toEqual([]);
});

it('AC-13 a virtual server that its monitor finds down is not answered with', async () => {
  const up = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => up.listen(0, '127.0.0.1', resolve));
  later(() => new Promise((resolve) => up.close(() => resolve())));
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port: nobody } = closed.address() as AddressInfo;
  await new Promise<void>((resolve) => closed.close(() => resolve()));
  const { port } = up.address() as AddressInfo;
  const reach = ({ address }: { readonly address: string }) => ({
    address: '127.0.0.1',
    port: address === '10.1.10.50' ? port : nobody,
  });
  const target = `{ datacenters: [{ name: hq, server: ${MADE} }], monitor: /Common/tcp }`;
  const bed = await dnsBed({ target, emulator: { dns: { port: 0, timeScale: 0.001, reach } } });
  await bed.put('web', web('10.1.10.50', HOST));
  await bed.put('spare', web('10.1.10.51', HOST, { name: 'spare' }));
  await bed.apply();
  const stateOf = async (name: string): Promise<string> => {
    const stats = await bed.rest(
      'GET',
      `/mgmt/tm/gtm/pool/a/~k~shop.example.com_hq/members/~Common~bigip1:${name}/stats`,
    );
    return (
      /"status.availabilityState":\{"description":"(\w+)"/.exec(JSON.stringify(stats))?.[1] ?? JSON.stringify(stats)
    );
  };
  await until('the monitor has found one up and one down', async () => {
    return (await stateOf('k_shop_web')) === 'available' && (await stateOf('k_shop_spare')) === 'offline';
  });
  for (let query = 0; query < 4; query += 1) expect(await a(bed)).toEqual(['10.1.10.50']);
});

it('AC-13 what others have in BIG-IP DNS stays byte-identical; a host of theirs is reported', async () => {
  const bed = await dnsBed({ target: '{ datacenters: [{ name: hq, server: bigip1 }] }' });
  const post = async (where: string, body: object): Promise<void> => {
    await bed.rest('POST', `/mgmt/tm/gtm/${where}`, body);
  };
  await post('datacenter', { name: 'hq' });
  const addresses = [{ name: '192.0.2.1', deviceName: 'bigip1' }];
  await post('server', { name: 'bigip1', datacenter: '/Common/hq', product: 'generic-host', addresses });
  await post('server/~Common~bigip1/virtual-servers', {
    name: 'theirs',
    destination: '192.0.2.7:80',
    description: 'mine',
  });
  await post('pool/a', { name: 'theirs', members: ['bigip1:theirs'] });
  await post('wideip/a', { name: 'theirs.example.com', pools: ['theirs'] });
  await bed.apply();
  await bed.rest('POST', '/mgmt/tm/auth/partition', { name: 'k' });
  await post('wideip/a', { name: 'taken.example.com', partition: 'k' });
  await post('wideip/a', { name: 'elsewhere.example.com' });
  const before = [...bed.state()].filter(([key]) => key.startsWith('gtm/'));

  await bed.put('web', web('10.1.10.50', `${HOST},taken.example.com,elsewhere.example.com`));
  const plan = await bed.cli('plan');
  expect(plan.out).toContain('wide IP (A) /k/taken.example.com exists on the device and is not ours');
  expect(plan.out).toContain('/Common/elsewhere.example.com has its name, in another partition');
  const same = (): void =>
    expect([...bed.state()].filter(([key]) => before.some(([old]) => old === key))).toEqual(before);
  await bed.apply();
  expect(await a(bed)).toEqual(['10.1.10.50']);
  same();
  await bed.put('web', web('10.1.10.51', HOST));
  await bed.apply();
  expect(await a(bed)).toEqual(['10.1.10.51']);
  same();
  await bed.put('web', web('10.1.10.51', 'none'));
  await bed.apply();
  expect([...bed.state()].filter(([key]) => key.startsWith('gtm/'))).toEqual(before);
});

it('a device without the module is told so by check and plan; everything else is applied', async () => {
  const bed = await dnsBed({ emulator: { modules: [] } });
  await bed.put('web', web('10.1.10.50', HOST));
  const check = await bed.cli('check');
  expect(check.code).not.toBe(0);
  expect(check.out).toMatch(/module DNS\s.*not provisioned/);
  expect((await bed.cli('plan')).out).toContain('the module DNS (gtm) is not provisioned on the device');
  await bed.apply();
  expect([...bed.state().keys()].filter((key) => key.startsWith('ltm/virtual '))).toHaveLength(1);
  await bed.rest('PATCH', '/mgmt/tm/sys/provision/gtm', { level: 'nominal' });
  await bed.apply();
  expect(await a(bed)).toEqual(['10.1.10.50']);
});

it('a user who may not read DNS gets everything else, and is told so', async () => {
  const bed = await dnsBed();
  await bed.put('web', web('10.1.10.50', HOST));
  bed.gate.rule = ({ path: url }) =>
    url.includes('/tm/gtm/')
      ? { status: 403, body: JSON.stringify({ code: 403, message: 'Access forbidden' }) }
      : 'pass';
  expect((await bed.cli('plan')).out).toContain('the user may not read the module DNS (gtm)');
  await bed.apply();
  expect([...bed.state().keys()].filter((key) => key.startsWith('ltm/virtual '))).toHaveLength(1);
  bed.gate.reset();
  await bed.apply();
  expect(await a(bed)).toEqual(['10.1.10.50']);
  // And what is there stays when the right is gone.
  bed.gate.rule = ({ path: url }) => (url.includes('/tm/gtm/') ? { status: 403, body: '{}' } : 'pass');
  await bed.put('web', web('10.1.10.50', 'none'));
  await bed.apply();
  bed.gate.reset();
  expect(await a(bed)).toEqual(['10.1.10.50']);
});

it('a GTM server that is not there costs DNS alone, in the device’s own words; once it is there, DNS follows', async () => {
  const bed = await dnsBed({ target: '{ datacenters: [{ name: hq, server: bigip1 }] }' });
  await bed.put('web', web('10.1.10.50', HOST));
  const check = await bed.cli('check');
  expect(check.code).not.toBe(0);
  expect(check.out).toMatch(/GTM server \/Common\/bigip1\s+not there: create it/);
  const refused = await bed.cli('apply', '--yes');
  expect(refused.code).not.toBe(0);
  expect(refused.out + refused.err).toContain('/Common/bigip1');
  expect([...bed.state().keys()].filter((key) => key.startsWith('ltm/virtual '))).toHaveLength(1);
  await bed.rest('POST', '/mgmt/tm/gtm/datacenter', { name: 'hq' });
  const addresses = [{ name: '192.0.2.1', deviceName: 'bigip1' }];
  const server = { name: 'bigip1', datacenter: '/Common/hq', product: 'generic-host', addresses };
  await bed.rest('POST', '/mgmt/tm/gtm/server', server);
  expect(await bed.cli('check')).toMatchObject({ code: 0 });
  await bed.apply();
  expect(await a(bed)).toEqual(['10.1.10.50']);
});

it('of two Services that share a host, the one whose virtual server is refused is left out', async () => {
  const bed = await dnsBed();
  await bed.put('web', web('10.1.10.50', HOST));
  await bed.put('bad', web('10.1.10.51', HOST, { name: 'bad' }));
  bed.gate.rule = ({ method, body }) =>
    method === 'POST' && body.includes('"k_shop_bad"')
      ? { status: 400, body: JSON.stringify({ code: 400, message: '01070000:3: refused for a test' }) }
      : 'pass';
  const outcome = await bed.cli('apply', '--yes');
  expect(outcome.code).not.toBe(0);
  expect(outcome.out + outcome.err).toContain('refused for a test');
  for (let query = 0; query < 3; query += 1) expect(await a(bed)).toEqual(['10.1.10.50']);
  expect([...bed.state().keys()].filter((key) => key.startsWith('ltm/virtual '))).toHaveLength(2);
  bed.gate.reset();
  await bed.apply();
  const both = new Set<string>();
  for (let query = 0; query < 4; query += 1) for (const answer of await a(bed)) both.add(answer);
  expect(both).toEqual(new Set(['10.1.10.50', '10.1.10.51']));
});

/** Everything that has to do with DNS, and the partition that it stands in. */
const NAMES =
  'kinds [partition, gtm-datacenter, gtm-server, gtm-virtual-server, gtm-pool-a, gtm-pool-aaaa, gtm-pool-cname, wideip-a, wideip-aaaa]';

it('AC-13 AC-19 an instance for each site, and one for the names of all: none writes what is another’s', async () => {
  const place = (name: string, server: string, ip: string): string =>
    `{ name: ${name}, server: { name: ${server}, addresses: [${ip}], product: generic-host } }`;
  const places = [place('hq', 'bigip1', '192.0.2.1'), place('west', 'bigip2', '192.0.2.2')].join(', ');
  const target = `{ loadBalancing: { datacenters: global-availability }, datacenters: [${places}] }\n    only: ${NAMES}`;
  const source =
    '{ datacenters: [hq] }\n  - name: west\n    kubernetes: { manifests: ./west }\n    dns: { datacenters: [west] }';
  const names = await dnsBed({ target, source, bed: { instance: 'names', partition: 'names' } });
  // The same Service in both clusters, as its owners deploy it.
  const manifests = path.join(names.folder, 'west');
  await mkdir(manifests);
  await writeFile(path.join(manifests, 'web.json'), JSON.stringify(web('10.2.10.50', HOST)));
  await names.put('web', web('10.1.10.50', HOST));
  const sites = [];
  for (const [instance, ip] of Object.entries({ east: '10.1.10.50', west: '10.2.10.50' })) {
    const site = await makeBed({
      on: names.emulator,
      instance,
      partition: instance,
      source: '    dns: { enabled: false }',
    });
    await site.put('web', web(ip, HOST));
    expect((await site.apply()).out).not.toContain('dns-off');
    sites.push(site);
  }
  expect((await names.cli('check')).code).toBe(0);
  await names.apply();
  expect(gtmOf(names).filter((key) => /members|wideip/.test(key))).toEqual([
    'gtm/pool/a/members /names/shop.example.com_hq /Common/bigip1:names_shop_web',
    'gtm/pool/a/members /names/shop.example.com_west /Common/bigip2:names_shop_web',
    'gtm/wideip/a /names/shop.example.com',
  ]);
  expect([...names.state().keys()].filter((key) => key.startsWith('ltm/virtual '))).toHaveLength(2);
  expect(await a(names)).toEqual(['10.1.10.50']);
  await names.rest('PATCH', '/mgmt/tm/gtm/datacenter/~Common~hq', { disabled: true });
  expect(await a(names)).toEqual(['10.2.10.50']);
  names.emulator.log.clear();
  for (const bed of [...sites, names]) await bed.apply();
  expect(names.writes()).toEqual([]);
  await names.remove('web');
  await names.apply('--allow-deletes');
  expect(gtmOf(names).filter((key) => /members/.test(key))).toHaveLength(1);
  expect([...names.state().keys()].filter((key) => key.startsWith('ltm/virtual '))).toHaveLength(2);
});
