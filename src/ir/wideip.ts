import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';
import { refOf } from './ref.ts';

/** The types of wide IPs that are made. */
export type AddressType = 'a' | 'aaaa';

/** A pool of a wide IP. */
export interface WideIpPool {
  readonly path: FullPath;
  /** Its place among all pools: what counts with load balancing by availability. Several may give the same; see `arrange`. */
  readonly order: number;
  /** Left out: 1. */
  readonly ratio?: number;
}

/** `gtm wideip <type>`: a name that is answered. Its path ends in the name; types are kinds of their own, as with pools. */
export interface WideIp<T extends AddressType> {
  readonly kind: `wideip-${T}`;
  readonly path: FullPath;
  readonly description?: string;
  /** How a pool is chosen; left out: round-robin. */
  readonly poolLbMode?: string;
  /** Pools of its own type, sorted by path. */
  readonly pools?: readonly WideIpPool[];
  /**
   * Pools of canonical names, sorted by path: queries for addresses and for CNAME are answered with their names (manual
   * «Redirecting DNS queries using a CNAME pool»).
   */
  readonly cnamePools?: readonly WideIpPool[];
  readonly mark?: Mark;
}

/** A wide IP of any type. */
export type AnyWideIp = { readonly [T in AddressType]: WideIp<T> }[AddressType];

/** How wide IPs of a type are read, compared and ordered. Defaults: recorded on 14.1. */
export function wideIpDescriptor<T extends AddressType>(type: T): Descriptor<WideIp<T>> {
  const key = (item: unknown): string => (item as WideIpPool).path;
  const poolsOf = (poolType: T | 'cname') =>
    ({
      compare: 'keyed',
      key,
      itemDefaults: { ratio: 1 },
      parts: { references: (item: unknown) => [refOf(`gtm-pool-${poolType}`, key(item))] },
    }) as const;
  return {
    kind: `wideip-${type}`,
    noun: `wide IP (${type.toUpperCase()})`,
    order: 68,
    marked: 'metadata',
    module: 'gtm',
    uniqueName: true,
    fields: {
      description: { compare: 'value' },
      poolLbMode: { compare: 'value', default: 'round-robin' },
      pools: poolsOf(type),
      cnamePools: poolsOf('cname'),
      mark: { compare: 'value', sortItems: ['origins'] },
    },
    references: ({ pools = [], cnamePools = [] }) => [
      ...pools.map(({ path }) => refOf(`gtm-pool-${type}`, path)),
      ...cnamePools.map(({ path }) => refOf('gtm-pool-cname', path)),
    ],
    arrange: inOrder,
  };
}

/** All pools by the order that they were given, ties by path, numbered from 0 without gaps, as the device does. */
function inOrder<T extends AddressType>(wideip: WideIp<T>): WideIp<T> {
  const { pools, cnamePools } = wideip;
  const all = [...(pools ?? []), ...(cnamePools ?? [])];
  const sorted = all.toSorted((a, b) => a.order - b.order || (a.path < b.path ? -1 : 1));
  const placed = (list: readonly WideIpPool[]): readonly WideIpPool[] =>
    list.map((pool) => Object.assign({}, pool, { order: sorted.indexOf(pool) }));
  return {
    ...wideip,
    ...(pools === undefined ? {} : { pools: placed(pools) }),
    ...(cnamePools === undefined ? {} : { cnamePools: placed(cnamePools) }),
  };
}
