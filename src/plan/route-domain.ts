import type { Snapshot } from './snapshot.ts';
import type { Address } from '../ir/address.ts';
import type { BigipObject } from '../ir/objects.ts';
import { descriptorOf } from '../ir/objects.ts';
import { partitionOf, refOf } from '../ir/ref.ts';

/**
 * The object with the partition's default route domain left out of its addresses: the device leaves it out, too, so that
 * `10.0.0.1%0` and `10.0.0.1` are the same. Sources cannot know the default.
 */
export function withoutDefaultDomain<T extends BigipObject>(object: T, snapshot: Snapshot): T {
  const { mapAddresses } = descriptorOf(object.kind);
  if (mapAddresses === undefined) return object;
  const domain = domainOfPartition(snapshot, partitionOf(object.path));
  let isMet = false;
  const plain = (address: Address): Address => {
    if (address.routeDomain !== domain) return address;
    isMet = true;
    return { ip: address.ip };
  };
  const placed = mapAddresses(object, plain) as T;
  // Most objects have nothing to leave out: they stay what they are, so that no copy is held.
  return isMet ? placed : object;
}

/** The default route domain of a partition, as far as it is known: else 0. */
export function domainOfPartition(snapshot: Snapshot, name: string): number {
  const partition = snapshot.get(refOf('partition', `/${name}`))?.object;
  return partition?.kind === 'partition' ? (partition.defaultRouteDomain ?? 0) : 0;
}
