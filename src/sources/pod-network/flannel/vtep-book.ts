import type { Overlay, Vtep, Vteps } from '../../kubernetes/overlay.ts';
import type { FlannelLease } from './lease.ts';
import { familyOf } from '../../../ir/address.ts';
import { printNetwork, subnetsOf } from '../../../ir/network.ts';
import { BUCKET_BITS, vtepBucket } from '../../kubernetes/overlay.ts';
import { endOf } from './lease.ts';

/** Which machine has which pods: kept by buckets, so that a machine that comes touches what concerns its own pods. */
export class VtepBook implements Overlay {
  readonly #buckets = new Map<string, Map<string, Vtep>>();
  readonly #ofOwner = new Map<string, readonly Vtep[]>();
  readonly #listeners: ((buckets: ReadonlySet<string>) => void)[] = [];
  /** What somebody asked for before all was read: he waits for the answer, also if there is none. */
  readonly #asked = new Set<string>();
  #ready = false;

  lookup(bucket: string): Vteps {
    if (!this.#ready) this.#asked.add(bucket);
    return { ready: this.#ready, vteps: [...(this.#buckets.get(bucket)?.values() ?? [])] };
  }

  listen(hear: (buckets: ReadonlySet<string>) => void): void {
    this.#listeners.push(hear);
  }

  /** All was read once: what is not known is not there. */
  open(): void {
    if (this.#ready) return;
    this.#ready = true;
    const asked = new Set(this.#asked);
    this.#asked.clear();
    this.#tell(asked);
  }

  /** What a machine (by the cell that speaks for it) has now. */
  set(owner: string, lease: FlannelLease | undefined): void {
    const before = this.#ofOwner.get(owner) ?? [];
    const after = lease === undefined ? [] : vtepsOf(lease);
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    const touched = new Set<string>();
    for (const vtep of before)
      for (const bucket of bucketsOf(vtep)) this.#put(bucket, owner, { vtep, on: false, touched });
    for (const vtep of after)
      for (const bucket of bucketsOf(vtep)) this.#put(bucket, owner, { vtep, on: true, touched });
    if (after.length === 0) this.#ofOwner.delete(owner);
    else this.#ofOwner.set(owner, after);
    this.#tell(touched);
  }

  #put(
    bucket: string,
    owner: string,
    { vtep, on, touched }: { readonly vtep: Vtep; readonly on: boolean; readonly touched: Set<string> },
  ): void {
    const vteps = this.#buckets.get(bucket) ?? new Map<string, Vtep>();
    const key = `${owner} ${printNetwork(vtep.network)}`;
    if (on) vteps.set(key, vtep);
    else vteps.delete(key);
    if (vteps.size === 0) this.#buckets.delete(bucket);
    else this.#buckets.set(bucket, vteps);
    touched.add(bucket);
  }

  #tell(buckets: ReadonlySet<string>): void {
    if (buckets.size > 0) for (const hear of this.#listeners) hear(buckets);
  }
}

function vtepsOf(lease: FlannelLease): readonly Vtep[] {
  if (lease.backend !== 'vxlan') return [];
  return ([4, 6] as const).flatMap((family) => {
    const { networks, mac, publicIp } = endOf(lease, family);
    // Without an address there is no record for it, and its pods are not reached.
    return mac === undefined || publicIp === undefined ? [] : networks.map((network) => ({ network, mac }));
  });
}

/** The buckets that a network lies in, or that it is made of. */
function bucketsOf({ network }: Vtep): readonly string[] {
  const bits = BUCKET_BITS[familyOf(network.address)];
  return network.length >= bits
    ? [vtepBucket(network.address)]
    : subnetsOf(network, bits).map(({ address }) => address.ip);
}
