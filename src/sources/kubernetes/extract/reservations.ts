import type { Address } from '../../../ir/address.ts';
import type { KnownAddresses } from '../../source.ts';
import type { ObjectKey } from '../model.ts';
import type { AddressSpace } from './address-space.ts';
import type { ExtractOptions } from './options.ts';
import { printAddress } from '../../../ir/address.ts';
import { parseOrigin } from '../../../ir/origin.ts';
import { placed } from './families.ts';

/** Addresses that the device has for Services that have not been read yet: kept free for them. */
export class Reservations {
  readonly #space: AddressSpace;
  readonly #options: ExtractOptions;
  readonly #byService = new Map<ObjectKey, readonly Address[]>();
  readonly #byAddress = new Map<string, Set<ObjectKey>>();

  constructor(space: AddressSpace, options: ExtractOptions) {
    this.#space = space;
    this.#options = options;
  }

  /** Reserves what is known of this source's Services, but for those that are here already. */
  remember(known: KnownAddresses, isHere: (key: ObjectKey) => boolean): void {
    for (const [origin, addresses] of known) {
      const { source, kind, id } = parseOrigin(origin);
      if (source !== this.#options.source || kind !== 'Service' || isHere(id)) continue;
      this.drop(id);
      const own = addresses.map((address) => placed(address, this.#options));
      this.#byService.set(id, own);
      for (const address of own) this.#link(address, id);
    }
  }

  /** What is reserved for a Service. */
  of(key: ObjectKey): readonly Address[] {
    return this.#byService.get(key) ?? [];
  }

  /** Whether an address is reserved, but not for this Service. */
  isForOther(address: Address, key: ObjectKey): boolean {
    const keys = this.#byAddress.get(printAddress(address));
    return keys !== undefined && !keys.has(key);
  }

  /** Gives up what is reserved for a Service. */
  drop(key: ObjectKey): void {
    for (const address of this.of(key)) this.#unlink(address, key);
    this.#byService.delete(key);
  }

  /** The Services that something is reserved for. */
  services(): readonly ObjectKey[] {
    return [...this.#byService.keys()];
  }

  #link(address: Address, key: ObjectKey): void {
    this.#space.take(address);
    const text = printAddress(address);
    const keys = this.#byAddress.get(text) ?? new Set();
    this.#byAddress.set(text, keys.add(key));
  }

  #unlink(address: Address, key: ObjectKey): void {
    this.#space.give(address);
    const text = printAddress(address);
    const keys = this.#byAddress.get(text);
    keys?.delete(key);
    if (keys?.size === 0) this.#byAddress.delete(text);
  }
}
