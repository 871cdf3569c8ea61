import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';

/** `auth partition`. Path: `/name`. It is made before the transaction that fills it, and never deleted by a plan. */
export interface Partition {
  readonly kind: 'partition';
  readonly path: FullPath;
  readonly description?: string;
  /** Left out: 0. */
  readonly defaultRouteDomain?: number;
  readonly mark?: Mark;
}

/** How partitions are read and made. */
export const partitionDescriptor: Descriptor<Partition> = {
  kind: 'partition',
  noun: 'partition',
  order: 0,
  marked: 'description',
  shared: true,
  permanent: true,
  fields: {
    description: { compare: 'value' },
    defaultRouteDomain: { compare: 'value', default: 0 },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: () => [],
};
