import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';
import { nameOf, refOf } from './ref.ts';

/** One address at which a server is reached. */
export interface GtmServerAddress {
  /** Without route domain. */
  readonly address: string;
  /** The device of a pair that has it; left out: named as the server. */
  readonly device?: string;
  /** What it is translated to; left out: nothing. */
  readonly translation?: string;
}

/**
 * `gtm server`: a box that virtual servers are on. Lives in `/Common`. Its virtual servers are objects of their own
 * ({@link GtmVirtualServer}), because others put theirs into the same server.
 */
export interface GtmServer {
  readonly kind: 'gtm-server';
  readonly path: FullPath;
  readonly description?: string;
  readonly datacenter: FullPath;
  /** Left out: `bigip` (`single-bigip` and `redundant-bigip` before 13.0). */
  readonly product?: string;
  /** Sorted by address; at least one. */
  readonly addresses: readonly GtmServerAddress[];
  readonly mark?: Mark;
}

/** How servers are read and made. */
export const gtmServerDescriptor: Descriptor<GtmServer> = {
  kind: 'gtm-server',
  noun: 'GTM server',
  order: 62,
  marked: 'metadata',
  module: 'gtm',
  inCommon: true,
  shared: true,
  lent: true,
  permanent: true,
  fields: {
    description: { compare: 'value' },
    datacenter: { compare: 'value' },
    product: { compare: 'value', default: 'bigip' },
    addresses: {
      compare: 'keyed',
      required: true,
      key: (item) => (item as GtmServerAddress).address,
      itemDefaultsOf: ({ path }) => ({ device: nameOf(path as FullPath) }),
    },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: ({ datacenter }) => [refOf('gtm-datacenter', datacenter)],
};
