import type { Address } from '../../../ir/address.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { ServicePort } from '../model.ts';
import type { Scope } from './scope.ts';
import { familyName, memberFamily, poolSuffix } from './families.ts';
import { poolPathOf } from './names.ts';

/** What a pool's name follows from. */
export type PoolOwner = Pick<Scope, 'record' | 'options' | 'stack'>;

/** The path of the pool behind a port's virtual server on this address: members are of its family, where there are any. */
export function poolPath({ record, options, stack }: PoolOwner, port: ServicePort, address: Address): FullPath {
  return poolPathOf(record, port, { options, suffix: poolSuffix(stack, memberFamily(stack, familyName(address))) });
}
