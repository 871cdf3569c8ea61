import type { FullPath } from '../../ir/ref.ts';
import { partitionOf } from '../../ir/ref.ts';

/** Where a source may give members to. */
export interface PoolPlaces {
  /** The partition that is written to. */
  readonly partition: string;
  /** Pools in whatever partition that belong to somebody else, and of which the members are asked for. */
  readonly lentPools?: ReadonlySet<FullPath> | undefined;
}

/** Why members cannot be given to a pool of this name or full path, as what is expected instead; undefined: they can. */
export function objectionToPool(pool: string, { partition, lentPools }: PoolPlaces): string | undefined {
  const isFine = pool.startsWith('/')
    ? partitionOf(pool) === partition || lentPools?.has(pool) === true
    : /^[\w.-]+$/.test(pool);
  return isFine
    ? undefined
    : `a name, a full path in /${partition}, or that of a pool which \`only: pool-members of …\` of the target names`;
}
