import type { Address } from './address.ts';
import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';
import { refOf } from './ref.ts';

/** `net tunnels tunnel`. It is a network interface of the device, as a VLAN is. */
export interface Tunnel {
  readonly kind: 'tunnel';
  readonly path: FullPath;
  readonly description?: string;
  /** The profile: of VXLAN, or (tunnels of others) of another kind. */
  readonly profile: FullPath;
  /** The VNI of VXLAN. Left out: 0. */
  readonly key?: number;
  /** Left out: any. */
  readonly localAddress?: Address;
  /** Left out: any, as where records of the forwarding table say where to. */
  readonly remoteAddress?: Address;
  readonly mark?: Mark;
}

/** How tunnels are read, compared and ordered. */
export const tunnelDescriptor: Descriptor<Tunnel> = {
  kind: 'tunnel',
  noun: 'tunnel',
  order: 4,
  marked: 'description',
  underlay: true,
  fields: {
    description: { compare: 'value' },
    profile: { compare: 'value' },
    key: { compare: 'value', default: 0 },
    localAddress: { compare: 'value' },
    remoteAddress: { compare: 'value' },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: ({ profile }) => [refOf('vxlan-profile', profile)],
  mapAddresses: (tunnel, map) => ({
    ...tunnel,
    ...(tunnel.localAddress === undefined ? {} : { localAddress: map(tunnel.localAddress) }),
    ...(tunnel.remoteAddress === undefined ? {} : { remoteAddress: map(tunnel.remoteAddress) }),
  }),
};
