import type { Address } from '../../../ir/address.ts';
import type { Family, IpRange } from './ip-range.ts';
import type { AddressPool, ExtractOptions } from './options.ts';
import { printAddress } from '../../../ir/address.ts';
import { familyName, placed } from './families.ts';
import { FreeAddresses } from './free-addresses.ts';
import { ipText, ipValue, parseRange } from './ip-range.ts';

/** One family of one address pool. */
export interface Plot {
  readonly pool: string;
  readonly family: Family;
  readonly free: FreeAddresses;
}

/**
 * The addresses of all pools, and which of them are in use by anyone: counted, as several Services may name the same one.
 * Pools may overlap: an address in use is so in all of them.
 */
export class AddressSpace {
  readonly #options: ExtractOptions;
  readonly #plots: readonly Plot[];
  readonly #uses = new Map<string, number>();
  readonly #changed = new Set<Plot>();

  /** Throws a RangeError that names the pool and the text if a range cannot be read: configuration checks that first. */
  constructor(options: ExtractOptions) {
    this.#options = options;
    this.#plots = options.addressPools.flatMap((pool) => this.#plotsOf(pool));
  }

  /** The plots of these pools that hold this family, in the pools' order. */
  plots(pools: readonly string[], family: Family): readonly Plot[] {
    return this.#plots.filter((plot) => plot.family === family && pools.includes(plot.pool));
  }

  /** Whether anybody uses an address. */
  isTaken(address: Address): boolean {
    return this.#uses.has(printAddress(address));
  }

  /** Whether a plot holds an address. */
  holds(plot: Plot, address: Address): boolean {
    if (!this.#isHere(address) || familyName(address) !== plot.family) return false;
    return plot.free.contains(ipValue(address.ip));
  }

  /** The lowest free address of a plot. */
  lowest(plot: Plot): Address | undefined {
    const value = plot.free.lowest();
    return value === undefined ? undefined : this.#address(value, plot.family);
  }

  /** Somebody more uses the address. */
  take(address: Address): void {
    const key = printAddress(address);
    this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
  }

  /** Somebody less uses the address; without users it is free again. */
  give(address: Address): void {
    const key = printAddress(address);
    const uses = (this.#uses.get(key) ?? 0) - 1;
    if (uses > 0) {
      this.#uses.set(key, uses);
      return;
    }
    this.#uses.delete(key);
    for (const plot of this.#plots) {
      if (!this.holds(plot, address)) continue;
      plot.free.giveBack(ipValue(address.ip));
      this.#changed.add(plot);
    }
  }

  /** Plots that got something back since the last call. */
  takeChanged(): readonly Plot[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  /** These plots in the configuration's order. */
  inOrder(plots: ReadonlySet<Plot>): readonly Plot[] {
    return this.#plots.filter((plot) => plots.has(plot));
  }

  #plotsOf(pool: AddressPool): readonly Plot[] {
    const ranges = pool.ranges.map((text) => {
      const range = parseRange(text);
      if (range !== undefined) return range;
      throw new RangeError(`address pool ${pool.name}: range ${JSON.stringify(text)}, expected a CIDR or first-last`);
    });
    const families = (['IPv4', 'IPv6'] as const).filter((family) => ranges.some((range) => range.family === family));
    return families.map((family) => ({ pool: pool.name, family, free: this.#freeOf(ranges, family) }));
  }

  #freeOf(ranges: readonly IpRange[], family: Family): FreeAddresses {
    const own = ranges.filter((range) => range.family === family);
    return new FreeAddresses(own, (value) => this.isTaken(this.#address(value, family)));
  }

  #address(value: bigint, family: Family): Address {
    return placed({ ip: ipText(value, family) }, this.#options);
  }

  /** Pools lie in the route domain of the options; the same numbers in another one are other addresses. */
  #isHere(address: Address): boolean {
    return address.routeDomain === this.#options.routeDomain;
  }
}
