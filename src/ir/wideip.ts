import type { Descriptor } from './descriptor.ts';
import type { RecordType } from './gtm-pool.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';
import { refOf } from './ref.ts';

/** A pool of a wide IP. */
export interface WideIpPool {
  readonly path: FullPath;
  /** Its place: what counts with load balancing by availability. Several may give the same; {@link Descriptor.arrange}. */
  readonly order: number;
  /** Left out: 1. */
  readonly ratio?: number;
}

/** `gtm wideip <type>`: a name that is answered. Its path ends in the name; types are kinds of their own, as with pools. */
export interface WideIp<T extends RecordType> {
  readonly kind: `wideip-${T}`;
  readonly path: FullPath;
  readonly description?: string;
  /** How a pool is chosen; left out: round-robin. */
  readonly poolLbMode?: string;
  /** Sorted by path. */
  readonly pools?: readonly WideIpPool[];
  readonly mark?: Mark;
}

/** A wide IP of any type. */
export type AnyWideIp = { readonly [T in RecordType]: WideIp<T> }[RecordType];

/** How wide IPs of a type are read, compared and ordered. Defaults: recorded on 14.1. */
export function wideIpDescriptor<T extends RecordType>(type: T): Descriptor<WideIp<T>> {
  return {
    kind: `wideip-${type}`,
    noun: `wide IP (${type.toUpperCase()})`,
    order: 68,
    marked: 'metadata',
    module: 'gtm',
    fields: {
      description: { compare: 'value' },
      poolLbMode: { compare: 'value', default: 'round-robin' },
      pools: {
        compare: 'keyed',
        key: (item) => (item as WideIpPool).path,
        itemDefaults: { ratio: 1 },
        parts: { references: (item) => [refOf(`gtm-pool-${type}`, (item as WideIpPool).path)] },
      },
      mark: { compare: 'value', sortItems: ['origins'] },
    },
    references: ({ pools = [] }) => pools.map(({ path }) => refOf(`gtm-pool-${type}`, path)),
    arrange: (wideip) => ({ ...wideip, ...(wideip.pools === undefined ? {} : { pools: inOrder(wideip.pools) }) }),
  };
}

/** Pools by the order that they were given, ties by path, numbered from 0 without gaps, as the device does. */
function inOrder(pools: readonly WideIpPool[]): readonly WideIpPool[] {
  const sorted = pools.toSorted((a, b) => a.order - b.order || (a.path < b.path ? -1 : 1));
  return sorted.map((pool, order) => Object.assign({}, pool, { order }));
}
