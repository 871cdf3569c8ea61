import { describe, expect, it } from 'vitest';
import type { AnyGtmPool } from './gtm-pool.ts';
import type { GtmServer } from './gtm-server.ts';
import type { AnyWideIp } from './wideip.ts';
import { canonical } from './canonical.ts';
import { partsOfGtmVirtualServer } from './gtm-virtual-server.ts';
import { descriptorOf } from './objects.ts';

const wideip: AnyWideIp = { kind: 'wideip-a', path: '/k/web.example.com' };
const arrange = (object: AnyWideIp): AnyWideIp => descriptorOf('wideip-a').arrange?.(object) as AnyWideIp;

describe('objects of DNS', () => {
  it('a virtual server of a server is named by both; the name may hold anything', () => {
    expect(partsOfGtmVirtualServer('/Common/s:web')).toEqual({ server: '/Common/s', name: 'web' });
    expect(partsOfGtmVirtualServer('/Common/s:/Common/a:b')).toEqual({ server: '/Common/s', name: '/Common/a:b' });
    expect(partsOfGtmVirtualServer('/Common/s')).toEqual({ server: '/Common/s', name: '' });
  });

  it('pools of a wide IP are numbered through, those of canonical names among them, ties by path', () => {
    expect(arrange(wideip)).toEqual(wideip);
    const pools = [
      { path: '/k/c', order: 3 },
      { path: '/k/b', order: 3, ratio: 2 },
    ];
    const arranged = arrange({ ...wideip, pools, cnamePools: [{ path: '/k/a', order: 1 }] });
    expect(arranged.pools).toEqual([
      { path: '/k/c', order: 2 },
      { path: '/k/b', order: 1, ratio: 2 },
    ]);
    expect(arranged.cnamePools).toEqual([{ path: '/k/a', order: 0 }]);
    const same = ['/k/b', '/k/a', '/k/c'].map((path) => ({ path, order: 0 }));
    expect(arrange({ ...wideip, pools: same }).pools?.map(({ order }) => order)).toEqual([1, 0, 2]);
    expect(arrange({ ...wideip, cnamePools: [{ path: '/k/a', order: 7 }] }).cnamePools).toEqual([
      { path: '/k/a', order: 0 },
    ]);
  });

  it('a device that is named as its server is the default, and is not told apart from none', () => {
    const server = (device: string): GtmServer =>
      canonical({
        kind: 'gtm-server',
        path: '/Common/bigip1',
        datacenter: '/Common/hq',
        addresses: [{ address: '192.0.2.1', device }],
      });
    expect(server('bigip1').addresses).toEqual([{ address: '192.0.2.1' }]);
    expect(server('bigip2').addresses).toEqual([{ address: '192.0.2.1', device: 'bigip2' }]);
  });

  it('each says what it needs, as a whole and part by part', () => {
    expect(
      descriptorOf('wideip-aaaa').references({
        kind: 'wideip-aaaa',
        path: '/k/w.x',
        pools: [{ path: '/k/p', order: 0 }],
        cnamePools: [{ path: '/k/c', order: 1 }],
      }),
    ).toEqual(['gtm-pool-aaaa:/k/p', 'gtm-pool-cname:/k/c']);
    expect(descriptorOf('wideip-a').references(wideip)).toEqual([]);
    const pool: AnyGtmPool = { kind: 'gtm-pool-a', path: '/k/p', members: [{ name: '/Common/s:web' }] };
    expect(descriptorOf('gtm-pool-a').references(pool)).toEqual(['gtm-virtual-server:/Common/s:web']);
    const { parts } = descriptorOf('gtm-pool-a').fields['members' as 'description'];
    const item = { name: '/Common/s:web', origin: 'east:Service/a/b' };
    expect(parts?.owner?.(item)).toBe('east:Service/a/b');
    expect(parts?.references?.(item)).toEqual(['gtm-virtual-server:/Common/s:web']);
    expect(descriptorOf('gtm-pool-a').references({ kind: 'gtm-pool-a', path: '/k/p' })).toEqual([]);
    const names: AnyGtmPool = { kind: 'gtm-pool-cname', path: '/k/c', members: [{ name: 'a.example.net' }] };
    expect(descriptorOf('gtm-pool-cname').references(names)).toEqual([]);
  });

  it('a virtual server of a server leads to its translation, where there is one', () => {
    const virtual = {
      kind: 'gtm-virtual-server',
      path: '/Common/s:web',
      destination: { address: { ip: '203.0.113.1' }, port: 80 },
    } as const;
    const { endpoint } = descriptorOf('gtm-virtual-server');
    expect(endpoint?.(virtual)).toBe('203.0.113.1:80');
    expect(endpoint?.({ ...virtual, translation: { address: { ip: '10.0.0.1' }, port: 8080 } })).toBe('10.0.0.1:8080');
  });
});
