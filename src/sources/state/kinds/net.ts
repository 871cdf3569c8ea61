import type { FdbRecord } from '../../../ir/fdb.ts';
import type { Neighbour } from '../../../ir/neighbour.ts';
import type { KindForm } from './kind-form.ts';
import { list, optional, required, shape } from '../forms/compound.ts';
import { address, integer, interfaceAddress, mac, network, oneOf, path, text } from '../forms/scalars.ts';

/** `net tunnels vxlan`. */
export const vxlanProfileForm: KindForm<'vxlan-profile'> = {
  title: 'VxlanProfile',
  fields: {
    description: optional(text()),
    floodingType: optional(oneOf<string>('none', 'multipoint', 'multicast', 'replicator')),
    port: optional(integer(1, 65_535)),
  },
};

/** `net tunnels tunnel`. */
export const tunnelForm: KindForm<'tunnel'> = {
  title: 'Tunnel',
  fields: {
    description: optional(text()),
    profile: required(path('vxlan-profile')),
    key: optional(integer(0, 16_777_215)),
    localAddress: optional(address),
    remoteAddress: optional(address),
  },
};

/** `net self`. */
export const selfForm: KindForm<'self'> = {
  title: 'SelfIp',
  fields: {
    description: optional(text()),
    address: required(interfaceAddress),
    vlan: required(path('tunnel')),
    allowService: optional(list(text('a service such as tcp:443, all or default'))),
    trafficGroup: optional(path()),
  },
};

const fdbRecord = shape<FdbRecord>('a mapping with mac and endpoint', {
  mac: required(mac),
  endpoint: required(address),
});

/** `net fdb tunnel`. */
export const fdbForm: KindForm<'fdb'> = {
  title: 'TunnelFdb',
  fields: { description: optional(text()), records: optional(list(fdbRecord)) },
};

/** `net route`. */
export const routeForm: KindForm<'route'> = {
  title: 'Route',
  fields: { description: optional(text()), network: required(network), gateway: optional(address) },
};

/** `net arp` and `net ndp`. */
export function neighbourForm<K extends Neighbour['kind']>(kind: K): KindForm<K> {
  const fields = { description: optional(text()), address: required(address), mac: required(mac) };
  return { title: `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Entry`, fields } as unknown as KindForm<K>;
}
