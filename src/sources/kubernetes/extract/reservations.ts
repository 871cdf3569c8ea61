import type { Address } from '../../../ir/address.ts';
import type { KnownAddresses } from '../../source.ts';
import type { OwnerKey } from '../model.ts';
import type { AddressSpace } from './address-space.ts';
import type { ExtractOptions } from './options.ts';
import { printAddress } from '../../../ir/address.ts';
import { parseOrigin } from '../../../ir/origin.ts';
import { ownerKey } from '../model.ts';
import { placed } from './families.ts';

/** Addresses that the device has for Services and Ingresses that have not been read yet: kept free for them. */
export class Reservations {
  readonly #space: AddressSpace;
  readonly #options: ExtractOptions;
  readonly #byOwner = new Map<OwnerKey, readonly Address[]>();
  readonly #byAddress = new Map<string, Set<OwnerKey>>();

  constructor(space: AddressSpace, options: ExtractOptions) {
    this.#space = space;
    this.#options = options;
  }

  /** Reserves what is known of this source's Services and Ingresses, but for those that are here already. */
  remember(known: KnownAddresses, isHere: (key: OwnerKey) => boolean): void {
    for (const [origin, addresses] of known) {
      const { source, kind, id } = parseOrigin(origin);
      const owner = ownerKey(kind, id);
      if (source !== this.#options.source || owner === undefined || isHere(owner)) continue;
      this.drop(owner);
      const own = addresses.map((address) => placed(address, this.#options));
      this.#byOwner.set(owner, own);
      for (const address of own) this.#link(address, owner);
    }
  }

  /** What is reserved for an owner. */
  of(key: OwnerKey): readonly Address[] {
    return this.#byOwner.get(key) ?? [];
  }

  /** Whether an address is reserved, but not for this owner. */
  isForOther(address: Address, key: OwnerKey): boolean {
    const keys = this.#byAddress.get(printAddress(address));
    return keys !== undefined && !keys.has(key);
  }

  /** Gives up what is reserved for an owner. */
  drop(key: OwnerKey): void {
    for (const address of this.of(key)) this.#unlink(address, key);
    this.#byOwner.delete(key);
  }

  /** The owners that something is reserved for. */
  owners(): readonly OwnerKey[] {
    return [...this.#byOwner.keys()];
  }

  #link(address: Address, key: OwnerKey): void {
    this.#space.take(address);
    const text = printAddress(address);
    const keys = this.#byAddress.get(text) ?? new Set();
    this.#byAddress.set(text, keys.add(key));
  }

  #unlink(address: Address, key: OwnerKey): void {
    this.#space.give(address);
    const text = printAddress(address);
    const keys = this.#byAddress.get(text);
    keys?.delete(key);
    if (keys?.size === 0) this.#byAddress.delete(text);
  }
}
