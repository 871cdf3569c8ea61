import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { Interface } from './network.ts';
import type { FullPath } from './ref.ts';
import { refOf } from './ref.ts';

/** `net self`: an address of the device itself on a VLAN or tunnel. */
export interface SelfIp {
  readonly kind: 'self';
  readonly path: FullPath;
  readonly description?: string;
  readonly address: Interface;
  /** The VLAN or tunnel. */
  readonly vlan: FullPath;
  /** Services that answer on it: `tcp:443`, or the words `all` and `default`. Left out: none. Sorted. */
  readonly allowService?: readonly string[];
  /** Left out: it stays on this unit (`/Common/traffic-group-local-only`). Given: it floats in a pair. */
  readonly trafficGroup?: FullPath;
  readonly mark?: Mark;
}

/** How self IPs are read, compared and ordered. The device refuses to change the address of one (facts 8.12). */
export const selfDescriptor: Descriptor<SelfIp> = {
  kind: 'self',
  noun: 'self IP',
  order: 6,
  marked: 'description',
  underlay: true,
  fields: {
    description: { compare: 'value' },
    address: { compare: 'value', immutable: true },
    vlan: { compare: 'value' },
    allowService: { compare: 'set' },
    trafficGroup: { compare: 'value', default: '/Common/traffic-group-local-only' },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: ({ vlan }) => [refOf('tunnel', vlan)],
  mapAddresses: (self, map) => ({ ...self, address: { ...self.address, address: map(self.address.address) } }),
};
