import type { GtmDatacenter } from '../../src/ir/gtm-datacenter.ts';
import type { AnyGtmPool } from '../../src/ir/gtm-pool.ts';
import type { GtmServer } from '../../src/ir/gtm-server.ts';
import type { GtmVirtualServer } from '../../src/ir/gtm-virtual-server.ts';
import type { AnyWideIp } from '../../src/ir/wideip.ts';
import type { Sample } from './sample.ts';
import { MARK } from './target-units.ts';

/** What {@link gtmSamples} has in common with the samples of other kinds. */
export interface Common {
  readonly partition: string;
  readonly descriptions: Sample['variants'];
  readonly otherMark: Sample['variants'][string];
}

/** One sample per kind of `gtm`. What lives in `/Common` has a name that begins with the partition's. */
export function gtmSamples({ partition, descriptions, otherMark }: Common): readonly Sample[] {
  const common = { ...descriptions, mark: otherMark };
  const datacenter: GtmDatacenter = { kind: 'gtm-datacenter', path: `/Common/${partition}_dc`, mark: MARK };
  const other: GtmDatacenter = { kind: 'gtm-datacenter', path: `/Common/${partition}_dc2`, mark: MARK };
  const server: GtmServer = {
    kind: 'gtm-server',
    path: `/Common/${partition}_box`,
    datacenter: datacenter.path,
    addresses: [{ address: '192.0.2.201' }],
    mark: MARK,
  };
  const on = (name: string, ip: string): GtmVirtualServer => ({
    kind: 'gtm-virtual-server',
    path: `${server.path}:${name}`,
    destination: { address: { ip }, port: 80 },
    mark: MARK,
  });
  return [
    { title: 'data center', base: datacenter, variants: common },
    {
      title: 'GTM server',
      base: server,
      needs: [datacenter, other],
      variants: {
        ...common,
        datacenter: { datacenter: other.path },
        product: { product: 'generic-host' },
        'addresses (other)': { addresses: [{ address: '192.0.2.202' }] },
        'addresses (two, translated)': {
          addresses: [{ address: '192.0.2.201' }, { address: '192.0.2.203', translation: '198.51.100.203' }],
        },
      },
    },
    {
      title: 'GTM virtual server',
      base: on('web', '198.51.100.30'),
      needs: [datacenter, server],
      variants: {
        ...common,
        'destination (address)': { destination: { address: { ip: '198.51.100.31' }, port: 80 } },
        'destination (port)': { destination: { address: { ip: '198.51.100.30' }, port: 443 } },
        'destination (IPv6)': { destination: { address: { ip: '2001:db8:1::30' }, port: 80 } },
        translation: { translation: { address: { ip: '10.1.10.50' }, port: 80 } },
        monitor: { monitor: { monitors: ['/Common/tcp'] } },
        'monitor (one of two)': { monitor: { minimum: 1, monitors: ['/Common/http', '/Common/tcp'] } },
      },
    },
    ...(['a', 'aaaa'] as const).flatMap((type): readonly Sample[] => {
      const address = (last: number): string => (type === 'a' ? `198.51.100.${last}` : `2001:db8:1::${last}`);
      const [one, two] = [on('web1', address(41)), on('web2', address(42))];
      const pool: AnyGtmPool = {
        kind: `gtm-pool-${type}`,
        path: `/${partition}/web_${type}`,
        members: [{ name: one.path, origin: 'contract:Service/default/web' }],
        mark: MARK,
      };
      const wideip: AnyWideIp = {
        kind: `wideip-${type}`,
        path: `/${partition}/web.example.com`,
        pools: [{ path: pool.path, order: 0 }],
        mark: MARK,
      };
      const second: AnyGtmPool = { kind: `gtm-pool-${type}`, path: `/${partition}/west_${type}`, mark: MARK };
      const needs = [datacenter, server, one, two];
      return [
        {
          title: pool.kind,
          base: pool,
          needs,
          variants: {
            ...common,
            loadBalancingMode: { loadBalancingMode: 'global-availability' },
            ttl: { ttl: 5 },
            'members (one more)': { members: [{ name: one.path }, { name: two.path, ratio: 3 }] },
            'members (other)': { members: [{ name: two.path, origin: 'contract:Service/shop/web' }] },
            'members (none)': { members: [] },
          },
        },
        {
          title: wideip.kind,
          base: wideip,
          needs: [...needs, pool, second],
          variants: {
            ...common,
            poolLbMode: { poolLbMode: 'global-availability' },
            'pools (one more)': {
              pools: [
                { path: pool.path, order: 1 },
                { path: second.path, order: 0, ratio: 2 },
              ],
            },
            'pools (none)': { pools: [] },
          },
        },
      ];
    }),
    ...cnameSamples({ partition, descriptions, otherMark }),
  ];
}

function cnameSamples({ partition, descriptions, otherMark }: Common): readonly Sample[] {
  const common = { ...descriptions, mark: otherMark };
  const pool: AnyGtmPool = {
    kind: 'gtm-pool-cname',
    path: `/${partition}/web_cname`,
    members: [{ name: 'web.example.net' }],
    mark: MARK,
  };
  return [
    {
      title: pool.kind,
      base: pool,
      variants: {
        ...common,
        ttl: { ttl: 300 },
        'members (two)': { members: [{ name: 'a.example.net' }, { name: 'b.example.net' }] },
      },
    },
    {
      title: 'wideip-a of canonical names, with a wildcard',
      base: {
        kind: 'wideip-a',
        path: `/${partition}/*.shop.example.com`,
        cnamePools: [{ path: pool.path, order: 0 }],
        mark: MARK,
      },
      needs: [pool],
      variants: { ...common, 'cnamePools (none)': { cnamePools: [] } },
    },
  ];
}
