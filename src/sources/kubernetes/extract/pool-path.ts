import type { Address } from '../../../ir/address.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { ServicePort } from '../model.ts';
import type { Scope } from './scope.ts';
import { familyName, memberFamily, poolSuffix } from './families.ts';
import { poolPathOf } from './names.ts';
import { namedPool } from './named-pool.ts';

/** What a pool's name follows from. */
export type PoolOwner = Pick<Scope, 'record' | 'options' | 'stack'>;

/**
 * The path of the pool behind a port's virtual server on this address: the one that the port names, or its own, whose
 * members are of the address's family, where there are any.
 */
export function poolPath(owner: PoolOwner, port: ServicePort, address: Address): FullPath {
  const { record, options, stack } = owner;
  const named = namedPool(owner, port);
  if (named !== undefined) return named;
  return poolPathOf(record, port, { options, suffix: poolSuffix(stack, memberFamily(stack, familyName(address))) });
}
