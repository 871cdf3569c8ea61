import type { NetworkFacts } from '../facts.ts';
import { keys } from '../keys.ts';
import { endsOf } from '../options.ts';
import type { PodNetworkOptions, VxlanEnd, VxlanOptions } from '../options.ts';
import { isLeaseOf, readNodeLease } from './lease.ts';
import type { ReadLease } from './lease.ts';
import { VtepBook } from './vtep-book.ts';

/** Keeps the book of who has which pods in step with the facts. */
export class VtepKeeper {
  readonly book = new VtepBook();
  readonly #options: PodNetworkOptions;
  readonly #own: readonly VxlanEnd[];

  constructor(options: PodNetworkOptions, vxlan: VxlanOptions) {
    this.#options = options;
    this.#own = endsOf(vxlan);
  }

  /** A key of the facts has another value now. What cannot be understood keeps what was known of it. */
  follow(key: string, facts: NetworkFacts): void {
    const found = this.#leaseOf(key, facts);
    if (found === 'other' || (found !== undefined && 'problem' in found)) return;
    const lease = found?.lease;
    const isOwn = lease !== undefined && isLeaseOf(lease, this.#own);
    this.book.set(key, isOwn ? undefined : lease);
  }

  #leaseOf(key: string, facts: NetworkFacts): ReadLease | 'other' | undefined {
    if (key.startsWith(keys.lease(''))) return facts.lookup(key) as ReadLease | undefined;
    if (!key.startsWith(keys.node(''))) return 'other';
    const { annotations = {}, podCIDRs = [] } = facts.node(key.slice(keys.node('').length))?.network ?? {};
    return readNodeLease(annotations, { prefix: this.#options.annotationPrefix, podCIDRs });
  }
}
