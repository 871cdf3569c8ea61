import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';

/** `net tunnels vxlan`: how the tunnels that use it are encapsulated. */
export interface VxlanProfile {
  readonly kind: 'vxlan-profile';
  readonly path: FullPath;
  readonly description?: string;
  /** Where frames for addresses without a record go: `none`, `multipoint`, `multicast`, `replicator`. Left out: multicast. */
  readonly floodingType?: string;
  /** UDP port; left out: 4789. Flannel on Linux uses 8472. */
  readonly port?: number;
  readonly mark?: Mark;
}

/** How VXLAN profiles are read, compared and ordered. */
export const vxlanProfileDescriptor: Descriptor<VxlanProfile> = {
  kind: 'vxlan-profile',
  noun: 'VXLAN profile',
  order: 2,
  marked: 'description',
  underlay: true,
  fields: {
    description: { compare: 'value' },
    floodingType: { compare: 'value', default: 'multicast' },
    port: { compare: 'value', default: 4789 },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: () => [],
};
