import type { Snapshot } from './snapshot.ts';
import type { Address } from '../ir/address.ts';
import type { BigipObject } from '../ir/objects.ts';
import { partitionOf, refOf } from '../ir/ref.ts';

/**
 * The object with the partition's default route domain left out of its addresses: the device leaves it out, too, so that
 * `10.0.0.1%0` and `10.0.0.1` are the same. Sources cannot know the default.
 */
export function withoutDefaultDomain<T extends BigipObject>(object: T, snapshot: Snapshot): T {
  const partition = snapshot.get(refOf('partition', `/${partitionOf(object.path)}`))?.object;
  const domain = partition?.kind === 'partition' ? (partition.defaultRouteDomain ?? 0) : 0;
  const plain = (address: Address): Address => (address.routeDomain === domain ? { ip: address.ip } : address);
  if (object.kind === 'virtual-address' || object.kind === 'node') return { ...object, address: plain(object.address) };
  if (object.kind === 'virtual') {
    const { destination } = object;
    return { ...object, destination: { ...destination, address: plain(destination.address) } };
  }
  if (object.kind !== 'pool' || object.members?.some(({ address }) => address.routeDomain === domain) !== true)
    return object;
  return {
    ...object,
    members: object.members.map((member) => Object.assign({}, member, { address: plain(member.address) })),
  };
}
