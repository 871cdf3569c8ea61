import type { BigipObject } from '../../src/ir/objects.ts';
import type { Place, Sample } from './sample.ts';
import { parseInterface, parseNetwork } from '../../src/ir/network.ts';
import { DESCRIPTIONS, OTHER_MARK } from './sample.ts';
import { MARK } from './target-units.ts';

function network(text: string): NonNullable<ReturnType<typeof parseNetwork>> {
  const parsed = parseNetwork(text);
  if (parsed === undefined) throw new Error(`${text} is no network`);
  return parsed;
}

function selfIp(path: string, address: string, vlan: string): BigipObject {
  const parsed = parseInterface(address);
  if (parsed === undefined) throw new Error(`${address} is no address with a prefix length`);
  return { kind: 'self', path, address: parsed, vlan, mark: MARK };
}

/** A tunnel with its profile; the addresses are those for documentation. */
export function tunnelOf(partition: string): readonly [profile: BigipObject, tunnel: BigipObject] {
  const profile = `/${partition}/pods`;
  const localAddress = { ip: '192.0.2.60' };
  return [
    { kind: 'vxlan-profile', path: profile, floodingType: 'none', port: 8472, mark: MARK },
    { kind: 'tunnel', path: `/${partition}/pods_tunnel`, profile, key: 1, localAddress, mark: MARK },
  ];
}

/** One sample for each kind below `net`. */
export function netSamples({ partition, vlan }: Place): readonly Sample[] {
  const [profile, tunnel] = tunnelOf(partition);
  const connected = selfIp(`/${partition}/connected`, '198.51.100.250/24', vlan);
  return [
    {
      title: 'VXLAN profile',
      base: profile,
      variants: {
        ...DESCRIPTIONS,
        port: { port: 4789 },
        floodingType: { floodingType: 'multipoint' },
        mark: OTHER_MARK,
      },
    },
    {
      title: 'tunnel',
      base: tunnel,
      needs: [profile],
      variants: {
        ...DESCRIPTIONS,
        key: { key: 16_777_215 },
        localAddress: { localAddress: { ip: '192.0.2.61' } },
        remoteAddress: { remoteAddress: { ip: '192.0.2.62' } },
        mark: OTHER_MARK,
      },
    },
    {
      title: 'self IP',
      base: selfIp(`/${partition}/pods_self`, '203.0.113.60/25', tunnel.path),
      needs: [profile, tunnel],
      variants: {
        ...DESCRIPTIONS,
        'allowService (a list)': { allowService: ['default', 'tcp:443'] },
        'allowService (all)': { allowService: ['all'] },
        trafficGroup: { trafficGroup: '/Common/traffic-group-1' },
        mark: OTHER_MARK,
      },
    },
    {
      title: 'static route',
      base: {
        kind: 'route',
        path: `/${partition}/east_node1_203.0.113.0-25`,
        network: network('203.0.113.0/25'),
        gateway: { ip: '198.51.100.11' },
        mark: MARK,
      },
      needs: [connected],
      variants: { ...DESCRIPTIONS, gateway: { gateway: { ip: '198.51.100.12' } }, mark: OTHER_MARK },
    },
    {
      title: 'ARP entry',
      base: {
        kind: 'arp',
        path: `/${partition}/203.0.113.5`,
        address: { ip: '203.0.113.5' },
        mac: 'c6:d2:32:6f:8f:44',
        mark: MARK,
      },
      variants: { ...DESCRIPTIONS, mac: { mac: '0e:6b:02:5a:14:9d' }, mark: OTHER_MARK },
    },
    {
      title: 'IPv6 neighbour entry',
      base: {
        kind: 'ndp',
        path: `/${partition}/2001:db8:113::5`,
        address: { ip: '2001:db8:113::5' },
        mac: 'c6:d2:32:6f:8f:44',
        mark: MARK,
      },
      variants: { ...DESCRIPTIONS, mac: { mac: '0e:6b:02:5a:14:9d' }, mark: OTHER_MARK },
    },
  ];
}
