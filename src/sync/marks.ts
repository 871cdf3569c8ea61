import type { Address } from '../ir/address.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Snapshot } from '../plan/snapshot.ts';
import type { KnownAddresses } from '../sources/source.ts';
import { equalValues } from '../ir/equal.ts';
import { kindOf } from '../ir/ref.ts';

/** The addresses that the device has for each origin, by the marks of its virtual servers. */
export function knownAddresses(snapshot: Snapshot, instance: string): KnownAddresses {
  const known = new Map<OriginKey, Address[]>();
  for (const ref of snapshot.refs()) {
    const object = kindOf(ref) === 'virtual' ? snapshot.get(ref)?.object : undefined;
    if (object?.kind !== 'virtual' || object.mark?.instance !== instance) continue;
    const { address } = object.destination;
    for (const origin of object.mark.origins) {
      const addresses = known.get(origin);
      if (addresses === undefined) known.set(origin, [address]);
      else if (!addresses.some((one) => equalValues(one, address))) addresses.push(address);
    }
  }
  return known;
}

/** How many objects on the device carry the mark of this instance and name an origin of this source. */
export function countOfSource(
  snapshot: Snapshot,
  { instance, source }: { readonly instance: string; readonly source: string },
): number {
  let count = 0;
  for (const ref of snapshot.refs()) {
    const mark = snapshot.get(ref)?.object.mark;
    if (mark?.instance === instance && mark.origins.some((origin) => origin.startsWith(`${source}:`))) count += 1;
  }
  return count;
}
