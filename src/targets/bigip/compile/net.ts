import type { Address } from '../../../ir/address.ts';
import type { Neighbour } from '../../../ir/neighbour.ts';
import type { Route } from '../../../ir/route.ts';
import type { SelfIp } from '../../../ir/self.ts';
import type { Tunnel } from '../../../ir/tunnel.ts';
import type { VxlanProfile } from '../../../ir/vxlan-profile.ts';
import type { Codec } from './codec.ts';
import { familyOf, printAddress } from '../../../ir/address.ts';
import { printNetwork } from '../../../ir/network.ts';
import { NONE } from './codec.ts';
import { encodeMarkedDescription } from './metadata.ts';

/** `net route`. The network goes only with a create: it may not be modified (facts 8.12). */
export const routeCodec: Codec<Route> = {
  properties: {
    description: ({ description, mark }) => encodeMarkedDescription(description, mark),
    network: ({ network }, { before }) => (before === undefined ? { network: printNetwork(network) } : {}),
    gateway: ({ gateway }, { before }) => {
      if (gateway !== undefined) return { gw: printAddress(gateway) };
      // It says itself that a route has to lead somewhere: saying nothing would change nothing, time and again.
      return before?.gateway === undefined ? {} : { gw: NONE };
    },
    mark: ({ description, mark }) => encodeMarkedDescription(description, mark),
  },
};

/** `net tunnels vxlan`. The parent is the device's own profile: it may not be changed later. */
export const vxlanProfileCodec: Codec<VxlanProfile> = {
  always: ['floodingType', 'port'],
  properties: {
    description: ({ description, mark }) => encodeMarkedDescription(description, mark),
    floodingType: ({ floodingType }) => ({ floodingType: floodingType ?? 'multicast' }),
    port: ({ port }, { before }) => ({
      ...(before === undefined ? { defaultsFrom: '/Common/vxlan' } : {}),
      port: port ?? 4789,
    }),
    mark: ({ description, mark }) => encodeMarkedDescription(description, mark),
  },
};

/** `net tunnels tunnel`. `any` is the address that stands for none, `any6` where the other end is IPv6 (K). */
export const tunnelCodec: Codec<Tunnel> = {
  always: ['remoteAddress'],
  properties: {
    description: ({ description, mark }) => encodeMarkedDescription(description, mark),
    profile: ({ profile }) => ({ profile }),
    key: ({ key }) => ({ key: key ?? 0 }),
    localAddress: ({ localAddress }) => ({
      localAddress: localAddress === undefined ? 'any' : printAddress(localAddress),
    }),
    remoteAddress: ({ remoteAddress, localAddress }) => ({
      remoteAddress: remoteAddress === undefined ? wildcard(localAddress) : printAddress(remoteAddress),
    }),
    mark: ({ description, mark }) => encodeMarkedDescription(description, mark),
  },
};

function wildcard(beside: Address | undefined): string {
  return beside !== undefined && familyOf(beside) === 6 ? 'any6' : 'any';
}

/** `net self`. The address goes only with a create: it may not be modified. */
export const selfCodec: Codec<SelfIp> = {
  always: ['allowService'],
  properties: {
    description: ({ description, mark }) => encodeMarkedDescription(description, mark),
    address: ({ address }, { before }) => (before === undefined ? { address: printNetwork(address) } : {}),
    vlan: ({ vlan }) => ({ vlan }),
    allowService: ({ allowService = [] }) => ({ allowService: encodeServices(allowService) }),
    trafficGroup: ({ trafficGroup }) => ({ trafficGroup: trafficGroup ?? '/Common/traffic-group-local-only' }),
    mark: ({ description, mark }) => encodeMarkedDescription(description, mark),
  },
};

/** `all` and `none` are words, anything else is a list (facts 8.12). */
function encodeServices(services: readonly string[]): string | readonly string[] {
  if (services.length === 0) return NONE;
  return services.includes('all') ? 'all' : services;
}

/** `net arp` and `net ndp`. The address goes only with a create: it may not be modified. */
export const neighbourCodec: Codec<Neighbour> = {
  properties: {
    description: ({ description, mark }) => encodeMarkedDescription(description, mark),
    address: ({ address }, { before }) => (before === undefined ? { ipAddress: printAddress(address) } : {}),
    mac: ({ mac }) => ({ macAddress: mac }),
    mark: ({ description, mark }) => encodeMarkedDescription(description, mark),
  },
};
