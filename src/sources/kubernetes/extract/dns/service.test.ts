import { describe, expect, it } from 'vitest';
import type { Contribution } from '../../../../desired/contribution.ts';
import type { ServiceRecord } from '../../model.ts';
import type { ExtractOptions } from '../options.ts';
import type { DnsOptions } from './options.ts';
import { serviceRecord } from '../../../../../test/golden/service-record.ts';
import { keys } from '../../model.ts';
import { AddressBook } from '../address-book.ts';
import { cellsOfService } from '../cells.ts';
import { extractCell } from '../extract-cell.ts';
import { extractOptions } from '../options.ts';

const hq: DnsOptions = {
  places: [{ datacenter: 'hq', server: '/Common/bigip1', order: 0 }],
  externalDns: true,
  ingress: true,
};
const CELL = 'east:Service/default/web#@dns';
const VIRTUAL = '/Common/bigip1:kubernetes_default_web';

/** A Service at 10.1.10.50 with these annotations, without our prefix unless they have one of their own. */
function web(annotations: Readonly<Record<string, string>>, more: Partial<ServiceRecord> = {}): ServiceRecord {
  const full = Object.entries({ address: '10.1.10.50', ...annotations }).map(([name, value]) => [
    name.includes('/') ? name : `fairlead.io/${name}`,
    value,
  ]);
  return serviceRecord('web', { annotations: Object.fromEntries(full) as Record<string, string>, ...more });
}

function extract(
  record: ServiceRecord,
  dns: DnsOptions | 'off' = hq,
  more: Partial<ExtractOptions> = {},
): ReadonlyMap<string, Contribution> {
  const base = { source: 'east', partition: 'kubernetes', ...more };
  const options = extractOptions(dns === 'off' ? base : { ...base, dns });
  const key = `${record.namespace}/${record.name}`;
  const book = new AddressBook(options);
  book.update(key, record);
  const facts = new Map<string, unknown>([
    [keys.service(key), record],
    [keys.addresses(key), book.decision(key)],
  ]);
  const found = cellsOfService(record, options).map((cell) => extractCell(cell, (at) => facts.get(at), options));
  return new Map(found.flatMap((one) => (one === undefined ? [] : [[one.cell, one]])));
}

function given(record: ServiceRecord, dns?: DnsOptions, more?: Partial<ExtractOptions>): Contribution {
  const found = extract(record, dns, more).get(CELL);
  if (found === undefined) throw new Error('the Service has no cell for DNS');
  return found;
}

const paths = ({ objects }: Contribution): readonly string[] => objects.map(({ kind, path }) => `${kind} ${path}`);

describe('hosts of a Service', () => {
  it('become a virtual server, a pool and a wide IP, the last two given together with others', () => {
    const { objects, joins, origin, diagnostics } = given(web({ hostname: 'shop.example.com' }));
    const description = 'Service default/web (cluster east)';
    expect(diagnostics).toEqual([]);
    expect(objects).toEqual([
      {
        kind: 'gtm-virtual-server',
        path: VIRTUAL,
        description,
        destination: { address: { ip: '10.1.10.50' }, port: 80 },
      },
      {
        kind: 'gtm-pool-a',
        path: '/kubernetes/shop.example.com_hq',
        description,
        members: [{ name: VIRTUAL, origin }],
      },
      {
        kind: 'wideip-a',
        path: '/kubernetes/shop.example.com',
        description,
        pools: [{ path: '/kubernetes/shop.example.com_hq', order: 0 }],
      },
    ]);
    expect(joins).toEqual(['gtm-pool-a:/kubernetes/shop.example.com_hq', 'wideip-a:/kubernetes/shop.example.com']);
  });

  it('share one virtual server; each has its pool and wide IP, wildcards too', () => {
    expect(paths(given(web({ hostname: 'a.example.com,*.example.com' })))).toEqual([
      `gtm-virtual-server ${VIRTUAL}`,
      'gtm-pool-a /kubernetes/a.example.com_hq',
      'wideip-a /kubernetes/a.example.com',
      'gtm-pool-a /kubernetes/wildcard_example.com_hq',
      'wideip-a /kubernetes/*.example.com',
    ]);
  });

  it('are answered by family: A for IPv4, AAAA for IPv6', () => {
    const record = web(
      { hostname: 'a.example.com', address: '10.1.10.50,2001:db8::50' },
      { ipFamilies: ['IPv4', 'IPv6'] },
    );
    expect(paths(given(record))).toEqual([
      `gtm-virtual-server ${VIRTUAL}`,
      `gtm-virtual-server ${VIRTUAL}_v6`,
      'gtm-pool-a /kubernetes/a.example.com_hq',
      'wideip-a /kubernetes/a.example.com',
      'gtm-pool-aaaa /kubernetes/a.example.com_hq',
      'wideip-aaaa /kubernetes/a.example.com',
    ]);
  });

  it('have a pool for each data center', () => {
    const places = [...hq.places, { datacenter: 'west', server: '/Common/bigip2', order: 1 }];
    const { objects } = given(web({ hostname: 'a.example.com' }), { ...hq, places, poolMode: 'global-availability' });
    expect(objects.at(-1)).toMatchObject({
      poolLbMode: 'global-availability',
      pools: [
        { path: '/kubernetes/a.example.com_hq', order: 0 },
        { path: '/kubernetes/a.example.com_west', order: 1 },
      ],
    });
    expect(objects.filter(({ kind }) => kind === 'gtm-virtual-server')).toMatchObject([
      { path: VIRTUAL },
      { path: '/Common/bigip2:kubernetes_default_web' },
    ]);
  });

  it('stand on the first port, or on the one that dns-port chooses, without route domain', () => {
    const ports = [
      { protocol: 'TCP', port: 80, name: 'http' },
      { protocol: 'TCP', port: 443, name: 'https' },
    ];
    const record = (more: Record<string, string>) =>
      web({ hostname: 'a.example.com', address: '10.1.10.50%2', ...more }, { ports });
    expect(given(record({})).objects[0]).toMatchObject({ destination: { address: { ip: '10.1.10.50' }, port: 80 } });
    expect(given(record({ 'dns-port': 'https' })).objects[0]).toMatchObject({
      path: VIRTUAL,
      destination: { port: 443 },
    });
    const wrong = given(record({ 'dns-port': 'ftp' }));
    expect(wrong).toMatchObject({
      frozen: true,
      objects: [],
      diagnostics: [{ field: 'metadata.annotations["fairlead.io/dns-port"]' }],
    });
    expect(wrong.diagnostics[0]?.summary).toBe(
      'Service default/web: dns-port is "ftp", expected a port of the Service: http, https',
    );
  });

  it('are answered with a public address that is translated, or with canonical names', () => {
    expect(given(web({ hostname: 'a.example.com', 'dns-target': '203.0.113.50' })).objects[0]).toMatchObject({
      destination: { address: { ip: '203.0.113.50' }, port: 80 },
      translation: { address: { ip: '10.1.10.50' }, port: 80 },
    });
    const named = given(web({ hostname: 'a.example.com', 'dns-target': 'b.example.net' }));
    expect(named.objects).toMatchObject([
      { kind: 'gtm-pool-cname', path: '/kubernetes/a.example.com_cname', members: [{ name: 'b.example.net' }] },
      {
        kind: 'wideip-a',
        path: '/kubernetes/a.example.com',
        cnamePools: [{ path: '/kubernetes/a.example.com_cname' }],
      },
      { kind: 'wideip-aaaa', path: '/kubernetes/a.example.com' },
    ]);
    const otherFamily = given(web({ hostname: 'a.example.com', 'dns-target': '2001:db8::1' }));
    expect(otherFamily).toMatchObject({ frozen: true, objects: [] });
  });

  it('have the time to live of the annotation, or of the configuration', () => {
    const pool = (more: Record<string, string>, dns: DnsOptions) =>
      given(web({ hostname: 'a.example.com', ...more }), dns).objects.find(({ kind }) => kind === 'gtm-pool-a');
    expect(pool({}, { ...hq, ttl: 300 })).toMatchObject({ ttl: 300 });
    expect(pool({ 'dns-ttl': '5' }, { ...hq, ttl: 300 })).toMatchObject({ ttl: 5 });
    expect(pool({}, hq)).not.toHaveProperty('ttl');
  });
});

it('a pod that comes or goes costs DNS nothing', () => {
  const options = extractOptions({ source: 'east', partition: 'kubernetes', dns: hq });
  const record = web({ hostname: 'a.example.com' });
  const book = new AddressBook(options);
  book.update('default/web', record);
  const facts = new Map<string, unknown>([
    [keys.service('default/web'), record],
    [keys.addresses('default/web'), book.decision('default/web')],
  ]);
  const reads = new Set<string>();
  const read = (key: string): unknown => {
    reads.add(key);
    return facts.get(key);
  };
  expect(extractCell(CELL, read, options)?.objects).toHaveLength(3);
  expect(reads).toEqual(new Set(['Service/default/web', 'Addresses/default/web']));
});

describe('where hosts come from', () => {
  const external = 'external-dns.alpha.kubernetes.io';

  it('external-dns: hostname, ttl and target, after our own', () => {
    const annotations = {
      [`${external}/hostname`]: 'a.example.com, b.example.com.',
      [`${external}/ttl`]: '1m',
      [`${external}/target`]: '203.0.113.50',
    };
    const { objects } = given(web(annotations));
    expect(objects).toMatchObject([
      { destination: { address: { ip: '203.0.113.50' } } },
      { path: '/kubernetes/a.example.com_hq', ttl: 60 },
      { path: '/kubernetes/a.example.com' },
      { path: '/kubernetes/b.example.com_hq', ttl: 60 },
      { path: '/kubernetes/b.example.com' },
    ]);
    const own = given(web({ ...annotations, hostname: 'own.example.com' }));
    expect(paths(own).at(-1)).toBe('wideip-a /kubernetes/own.example.com');
    expect(extract(web(annotations), { ...hq, externalDns: false }).has(CELL)).toBe(false);
  });

  it('the configuration: a suffix for every Service that names no host and does not say none', () => {
    const dns = { ...hq, suffix: '{namespace}.example.com' };
    expect(paths(given(web({}), dns)).at(-1)).toBe('wideip-a /kubernetes/web.default.example.com');
    expect(paths(given(web({ hostname: 'a.example.com' }), dns)).at(-1)).toBe('wideip-a /kubernetes/a.example.com');
    expect(given(web({ hostname: 'none' }), dns).objects).toEqual([]);
    expect(extract(web({})).has(CELL)).toBe(false);
  });

  it('a name that is none freezes DNS alone, and says which', () => {
    const found = extract(web({ hostname: 'a.example.com,b_c.example.com' }));
    expect(found.get(CELL)).toMatchObject({ frozen: true, objects: [] });
    expect(found.get(CELL)?.diagnostics[0]?.summary).toBe(
      'Service default/web: annotation fairlead.io/hostname is "a.example.com,b_c.example.com", of which "b_c.example.com" is no host, expected none, or DNS names with commas between them: each of at least two labels (a-z, 0-9 and -), of which the first may be *',
    );
    expect(found.get('east:Service/default/web')?.frozen).toBeUndefined();
  });

  it('a host is not answered with itself', () => {
    const circle = given(web({ hostname: 'a.example.com,b.example.com', 'dns-target': 'c.example.com,b.example.com' }));
    expect(circle).toMatchObject({ frozen: true, objects: [] });
    expect(circle.diagnostics[0]).toMatchObject({
      field: 'metadata.annotations["fairlead.io/dns-target"]',
      summary: expect.stringContaining('holds b.example.com, which is a host of its own') as string,
    });
  });

  it('what means nothing without a host is told', () => {
    const told = (record: ServiceRecord, dns?: DnsOptions | 'off'): readonly string[] =>
      extract(record, dns)
        .get('east:Service/default/web')
        ?.diagnostics.map(({ code, field }) => `${code} ${field ?? ''}`) ?? [];
    const annotations = { 'dns-ttl': '60', 'dns-target': '203.0.113.50' };
    expect(told(web(annotations))).toEqual([
      'dns-idle metadata.annotations["fairlead.io/dns-ttl"]',
      'dns-idle metadata.annotations["fairlead.io/dns-target"]',
    ]);
    expect(told(web({ ...annotations, hostname: 'a.example.com' }))).toEqual([]);
    expect(told(web(annotations), { ...hq, suffix: 'example.com' })).toEqual([]);
    // Those of external-dns may be for external-dns.
    expect(told(web({ [`${external}/ttl`]: '60' }))).toEqual([]);
  });

  it('hosts outside the zones are left out and told', () => {
    const dns = { ...hq, zones: ['example.com'] };
    const { diagnostics, ...rest } = given(web({ hostname: 'a.example.com,b.example.org' }), dns);
    expect(rest.frozen).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'host-outside-zones', severity: 'warning' }]);
    expect(rest.objects).toHaveLength(3);
  });

  it('a host whose path is too long for the device is refused', () => {
    const host = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(61)).join('.');
    expect(given(web({ hostname: host }))).toMatchObject({ frozen: true, diagnostics: [{ code: 'host-invalid' }] });
  });

  it('without dns in the configuration there is no cell, and the owner is told', () => {
    const found = extract(web({ hostname: 'a.example.com' }), 'off');
    expect(found.has(CELL)).toBe(false);
    expect(found.get('east:Service/default/web')?.diagnostics).toMatchObject([
      { code: 'dns-off', severity: 'warning' },
    ]);
    const decided = extract(web({ hostname: 'a.example.com' }), 'off', { dnsElsewhere: true });
    expect(decided.get('east:Service/default/web')?.diagnostics).toEqual([]);
  });

  it('a Service without an address yet has nothing to answer, and one that is unclear stays as it is', () => {
    const unexposed = serviceRecord('web', { annotations: { 'fairlead.io/hostname': 'a.example.com' } });
    expect(
      extract({ ...unexposed, type: 'LoadBalancer', loadBalancerClass: 'fairlead.io/bigip' }).get(CELL)?.objects,
    ).toEqual([]);
    expect(given(web({ hostname: 'a.example.com', expose: 'perhaps' }))).toMatchObject({ frozen: true });
  });

  it('the scheme of the example: names with host and port', () => {
    const { objects } = given(web({ hostname: 'web.f5demo.com' }), hq, { naming: 'codeshare' });
    expect(objects.map(({ path }) => path)).toEqual([
      '/Common/bigip1:web.f5demo.com_80_vs',
      '/kubernetes/web.f5demo.com_80_hq_pool',
      '/kubernetes/web.f5demo.com',
    ]);
  });
});
