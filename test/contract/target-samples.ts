import type { BigipObject } from '../../src/ir/objects.ts';
import type { Pool, PoolMember } from '../../src/ir/pool.ts';
import type { VirtualServer } from '../../src/ir/virtual.ts';
import type { Place, Sample } from './sample.ts';
import { MONITOR_TYPES } from '../../src/ir/monitor.ts';
import { gtmSamples } from './gtm-samples.ts';
import { policySample } from './policy-sample.ts';
import { netSamples } from './net-samples.ts';
import { loneMember } from '../../src/ir/pool-member.ts';
import { DESCRIPTIONS, OTHER_MARK, lentPool } from './sample.ts';
import { profileSamples } from './profile-samples.ts';
import { MARK } from './target-units.ts';

/** One sample per kind and monitor type. Addresses are those for documentation (RFC 5737, 3849). */
export function samples(place: Place): readonly Sample[] {
  const { partition } = place;
  return [
    ...monitorSamples(partition),
    poolSample(partition),
    loneMemberSample(partition),
    policySample(partition),
    iruleSample(partition),
    ...profileSamples({ partition, descriptions: DESCRIPTIONS, otherMark: OTHER_MARK }),
    addressSample(partition),
    ...virtualSamples(place),
    ...gtmSamples({ partition, descriptions: DESCRIPTIONS, otherMark: OTHER_MARK }),
    ...netSamples(place),
  ];
}

function monitorSamples(partition: string): readonly Sample[] {
  return MONITOR_TYPES.map((type) => ({
    title: `${type} monitor`,
    base: { kind: 'monitor', path: `/${partition}/web_${type}`, type, mark: MARK },
    variants: {
      ...DESCRIPTIONS,
      interval: { interval: 7 },
      timeout: { timeout: 31 },
      ...(type === 'gateway-icmp'
        ? {}
        : { send: { send: String.raw`GET /healthz\r\n` }, receive: { receive: '200 OK' } }),
      mark: OTHER_MARK,
    },
  }));
}

/** In the pool that the harness lets members be written of one by one: it is nobody's. */
function loneMemberSample(partition: string): Sample {
  const team: Pool = { kind: 'pool', path: lentPool(partition) };
  return {
    title: 'member of somebody else’s pool',
    base: { ...loneMember(team.path, { address: { ip: '192.0.2.71' }, port: 8080 }), mark: MARK },
    needs: [team],
    variants: {
      ...DESCRIPTIONS,
      'adminState (disabled)': { adminState: 'disabled' },
      'adminState (offline)': { adminState: 'offline' },
      ratio: { ratio: 3 },
      priorityGroup: { priorityGroup: 10 },
      connectionLimit: { connectionLimit: 100 },
      mark: OTHER_MARK,
    },
  };
}

function poolSample(partition: string): Sample {
  const member = (last: number, more: Partial<PoolMember> = {}): PoolMember => ({
    address: { ip: `192.0.2.${last}` },
    port: 8080,
    ...more,
  });
  return {
    title: 'pool',
    base: { kind: 'pool', path: `/${partition}/web`, mark: MARK, members: [member(1), member(2)] },
    variants: {
      ...DESCRIPTIONS,
      loadBalancingMode: { loadBalancingMode: 'least-connections-member' },
      monitor: { monitor: { monitors: ['/Common/tcp'] } },
      'monitor (all of two)': { monitor: { monitors: ['/Common/http', '/Common/tcp'] } },
      'monitor (one of two)': { monitor: { minimum: 1, monitors: ['/Common/http', '/Common/tcp'] } },
      serviceDownAction: { serviceDownAction: 'reset' },
      slowRampTime: { slowRampTime: 30 },
      'members (one more)': { members: [member(1), member(2), member(3)] },
      'members (one less)': { members: [member(2)] },
      'members (none)': { members: [] },
      'members (all others)': { members: [member(4), member(5, { port: 9090 })] },
      'members (disabled)': { members: [member(1, { adminState: 'disabled' }), member(2)] },
      'members (offline)': { members: [member(1, { adminState: 'offline' }), member(2)] },
      'members (every state)': {
        members: [member(1, { adminState: 'disabled' }), member(2, { adminState: 'offline' })],
      },
      'members (ratio, priority, limit)': {
        members: [member(1, { ratio: 3, priorityGroup: 10, connectionLimit: 100 }), member(2)],
      },
      'members (IPv6)': { members: [member(1), { address: { ip: '2001:db8::1' }, port: 8443 }] },
      mark: OTHER_MARK,
      'nodeLedger with the mark': { ...OTHER_MARK, nodeLedger: { foreign: ['192.0.2.1'], unused: ['192.0.2.9'] } },
    },
  };
}

function iruleSample(partition: string): Sample {
  const pool: Pool = { kind: 'pool', path: `/${partition}/web_pool`, mark: MARK };
  const first = { name: '10', text: 'when HTTP_REQUEST {\n  set x "<b>\\[a?\\]</b>"', origin: MARK.origins[0] ?? '' };
  const last = { name: '90', text: '}' };
  return {
    title: 'iRule',
    base: { kind: 'irule', path: `/${partition}/web`, sections: [first, last], mark: MARK },
    needs: [pool],
    variants: {
      ...DESCRIPTIONS,
      'sections (one more, which names a pool)': {
        sections: [first, { name: '20 100% {x}', text: `  pool ${pool.path}` }, last],
      },
      'sections (one whole)': { sections: [{ name: '', text: 'when LB_FAILED {\n\n  # nothing\n}' }] },
      'sections (another owner)': {
        sections: [{ ...first, origin: OTHER_MARK.mark.origins[0] ?? '' }, last],
        mark: OTHER_MARK.mark,
      },
      mark: { mark: { ...OTHER_MARK.mark, origins: [...OTHER_MARK.mark.origins, ...MARK.origins].sort() } },
    },
  };
}

function addressSample(partition: string): Sample {
  return {
    title: 'virtual address',
    base: { kind: 'virtual-address', path: `/${partition}/198.51.100.7`, address: { ip: '198.51.100.7' }, mark: MARK },
    variants: {
      ...DESCRIPTIONS,
      arp: { arp: 'disabled' },
      icmpEcho: { icmpEcho: 'disabled' },
      routeAdvertisement: { routeAdvertisement: 'selective' },
      trafficGroup: { trafficGroup: '/Common/traffic-group-local-only' },
      mark: OTHER_MARK,
    },
  };
}

function virtualSamples(place: Place): readonly Sample[] {
  return [
    virtualSample(place, { title: 'virtual server', ip: '198.51.100.1', other: '198.51.100.2' }),
    virtualSample(place, { title: 'virtual server (IPv6)', ip: '2001:db8:1::1', other: '2001:db8:1::2' }),
  ];
}

function virtualSample(
  { partition, vlan }: Place,
  { title, ip, other }: { title: string; ip: string; other: string },
): Sample {
  const address = (value: string): BigipObject => ({
    kind: 'virtual-address',
    path: `/${partition}/${value}`,
    address: { ip: value },
    mark: MARK,
  });
  const base: VirtualServer = {
    kind: 'virtual',
    path: `/${partition}/web_80`,
    destination: { address: { ip }, port: 80 },
    virtualAddress: `/${partition}/${ip}`,
    ipProtocol: 'tcp',
    profiles: [{ path: '/Common/tcp', context: 'all' }],
    mark: MARK,
  };
  return {
    title,
    base,
    needs: [
      address(ip),
      address(other),
      { kind: 'pool', path: `/${partition}/web_pool`, mark: MARK },
      { kind: 'policy', path: `/${partition}/l7`, rules: [], mark: { instance: 'contract', origins: [] } },
    ],
    variants: {
      ...DESCRIPTIONS,
      'destination (port)': { destination: { address: { ip }, port: 8080 } },
      'destination (address)': {
        destination: { address: { ip: other }, port: 80 },
        virtualAddress: `/${partition}/${other}`,
      },
      source: { source: ip.includes(':') ? '2001:db8:9::/48' : '10.0.0.0/8' },
      'ipProtocol with its profile': { ipProtocol: 'udp', profiles: [{ path: '/Common/udp', context: 'all' }] },
      pool: { pool: `/${partition}/web_pool` },
      profiles: {
        profiles: [
          { path: '/Common/http', context: 'all' },
          { path: '/Common/tcp', context: 'all' },
        ],
      },
      'profiles (one for each side)': {
        profiles: [
          { path: '/Common/tcp', context: 'clientside' },
          { path: '/Common/tcp-lan-optimized', context: 'serverside' },
        ],
      },
      persistence: { persistence: '/Common/source_addr' },
      'fallbackPersistence with persistence': {
        persistence: '/Common/source_addr',
        fallbackPersistence: '/Common/dest_addr',
      },
      sourceAddressTranslation: { sourceAddressTranslation: { type: 'automap' } },
      'rules with an http profile': {
        rules: ['/Common/_sys_https_redirect'],
        profiles: [
          { path: '/Common/http', context: 'all' },
          { path: '/Common/tcp', context: 'all' },
        ],
      },
      policies: { policies: [`/${partition}/l7`] },
      'vlans (only)': { vlans: { mode: 'only', vlans: [vlan] } },
      'vlans (except)': { vlans: { mode: 'except', vlans: [vlan] } },
      connectionLimit: { connectionLimit: 500 },
      enabled: { enabled: false },
      mark: OTHER_MARK,
    },
  };
}
