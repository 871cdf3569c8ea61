import type { FullPath } from '../../ir/ref.ts';
import { partitionOf } from '../../ir/ref.ts';

/** Where a source may give members to. */
export interface PoolPlaces {
  /** The partition that is written to. */
  readonly partition: string;
  /** Pools in whatever partition that belong to somebody else, and of which the members are asked for. */
  readonly lentPools?: ReadonlySet<FullPath> | undefined;
}

/** The path of the pool that members are given to by this name or full path; undefined: they cannot. */
export function poolAt(pool: string, { partition, lentPools }: PoolPlaces): FullPath | undefined {
  if (pool.startsWith('/')) return partitionOf(pool) === partition || lentPools?.has(pool) === true ? pool : undefined;
  return /^[\w.-]+$/.test(pool) ? `/${partition}/${pool}` : undefined;
}

/** Why members cannot be given to a pool of this name or full path, as what is expected instead; undefined: they can. */
export function objectionToPool(pool: string, places: PoolPlaces): string | undefined {
  return poolAt(pool, places) !== undefined
    ? undefined
    : `a name, a full path in /${places.partition}, or that of a pool which \`only: pool-members of …\` of the target names`;
}
