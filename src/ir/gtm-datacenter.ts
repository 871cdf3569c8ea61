import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';

/** `gtm datacenter`: where servers stand. Lives in `/Common`. */
export interface GtmDatacenter {
  readonly kind: 'gtm-datacenter';
  readonly path: FullPath;
  readonly description?: string;
  readonly mark?: Mark;
}

/** How data centres are read and made. */
export const gtmDatacenterDescriptor: Descriptor<GtmDatacenter> = {
  kind: 'gtm-datacenter',
  noun: 'data center',
  order: 60,
  marked: 'metadata',
  module: 'gtm',
  inCommon: true,
  shared: true,
  lent: true,
  permanent: true,
  fields: {
    description: { compare: 'value' },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: () => [],
};
