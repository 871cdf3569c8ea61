import type { Address } from '../../../ir/address.ts';
import type { KnownAddresses } from '../../source.ts';
import type { OwnerKey } from '../model.ts';
import type { AddressDecision } from './address-decision.ts';
import type { Plot } from './address-space.ts';
import type { AddressRecord, Entry } from './address-entry.ts';
import type { Family } from './ip-range.ts';
import type { ExtractOptions } from './options.ts';
import { printAddress } from '../../../ir/address.ts';
import { compareText } from '../../../ir/compare-text.ts';
import { equalValues } from '../../../ir/equal.ts';
import type { Steps } from '../../../plan/steps.ts';
import { atOnce, eachInSteps } from '../../../plan/steps.ts';
import { decide } from './address-decide.ts';
import { addressesOf, candidatesOf, entryOf, onePerFamily, sameWish } from './address-entry.ts';
import { AddressSpace } from './address-space.ts';
import { Reservations } from './reservations.ts';
import { Slots, compareAge } from './slots.ts';
import { Waiting } from './waiting.ts';

/**
 * Who has which address. A state machine without a store of its own: what it needs after a restart comes from the
 * device (`remember`) and from the status of Services. A change costs O(log n) in the number of Services.
 *
 * 1. An address that a Service names is its own, inside a pool or not, shared with others on different ports.
 * 2. One address, port and protocol belongs to the oldest Service that asks for it; the others get no virtual server
 *    there, and both sides are told. Ingresses share it among themselves: if the oldest that asks is one, all have it.
 * 3. A Service that names none gets one of each of its families from a pool: what it has, what the device has for it,
 *    what its status says, else the lowest free one. An address that anybody names or has is not free.
 * 4. Somebody names an address that was given from a pool: the holder stays as long as one of its ports is its own
 *    there (rule 2 for the rest), and moves to another address if it has lost all.
 * 5. No address is free: Services wait, and the oldest gets the next one that becomes free.
 */
export class AddressBook {
  readonly #options: ExtractOptions;
  readonly #space: AddressSpace;
  readonly #slots = new Slots((key) => this.#touched.add(key));
  readonly #waiting = new Waiting();
  readonly #reserved: Reservations;
  readonly #entries = new Map<OwnerKey, Entry>();
  /** Who was given an address from a pool, by its text. */
  readonly #holders = new Map<string, OwnerKey>();
  readonly #decisions = new Map<OwnerKey, AddressDecision>();
  readonly #touched = new Set<OwnerKey>();

  /** Throws a RangeError if an address pool of the options cannot be read; configuration checks that first. */
  constructor(options: ExtractOptions) {
    this.#options = options;
    this.#space = new AddressSpace(options);
    this.#reserved = new Reservations(this.#space, options);
  }

  /**
   * What the device has, by origin: before the first update. It is reserved for these Services until they come, are
   * said to be gone, or {@link release}.
   */
  remember(known: KnownAddresses): void {
    this.#reserved.remember(known, (key) => this.#entries.has(key));
  }

  /**
   * One Service changed, or is gone (undefined). Gives the Services whose decision changed, sorted. One that is there but
   * cannot be read is no change: without an update it keeps what it has.
   */
  update(service: OwnerKey, record: AddressRecord | undefined): readonly OwnerKey[] {
    return this.updateAll([[service, record]]);
  }

  /** Several at once: for a list (first read, relist), so that age decides and not the order of arrival. */
  updateAll(changes: Iterable<readonly [OwnerKey, AddressRecord | undefined]>): readonly OwnerKey[] {
    return atOnce(this.updating(changes));
  }

  /** The same in steps; nothing else may be asked of the book in between. */
  *updating(changes: Iterable<readonly [OwnerKey, AddressRecord | undefined]>): Steps<readonly OwnerKey[]> {
    const changed = new Map<OwnerKey, Entry>();
    yield* eachInSteps(changes, ([key, record]) => {
      const before = this.#entries.get(key);
      const entry = record === undefined ? undefined : this.#entryOf(record, before);
      if (before !== undefined && entry !== undefined && sameWish(before, entry)) return;
      if (before !== undefined) this.#withdraw(before);
      changed.delete(key);
      if (entry === undefined) this.#drop(key);
      else changed.set(key, this.#enter(entry));
    });
    return yield* this.#settle([...changed.values()].sort(compareAge));
  }

  /**
   * All is read and complete: what is still reserved for Services that are not there is free, but for those that are there
   * and could not be read. Result: as `update`.
   */
  release(isUnread: (service: OwnerKey) => boolean = () => false): readonly OwnerKey[] {
    for (const key of this.#reserved.owners()) if (!isUnread(key)) this.#reserved.drop(key);
    return atOnce(this.#settle([]));
  }

  /** Undefined: the Service asks for no address. */
  decision(service: OwnerKey): AddressDecision | undefined {
    return this.#decisions.get(service);
  }

  #entryOf(record: AddressRecord, before: Entry | undefined): Entry | undefined {
    const has = before === undefined ? [] : addressesOf(before);
    const had = has.length > 0 ? has : (before?.had ?? []);
    const plots = (pools: readonly string[], family: Family) => this.#space.plots(pools, family);
    const { joint, isVague } = before ?? {};
    const known = joint === undefined || isVague === true ? undefined : { joint };
    return entryOf(record, { options: this.#options, had, joint: known, plots });
  }

  /** Takes all claims back; what it was given stays in `had` of the next entry. */
  #withdraw(entry: Entry): void {
    for (const address of entry.explicit) this.#unclaim(entry, address);
    for (const family of entry.given.keys()) this.#takeBack(entry, family);
    for (const plots of entry.plots.values()) this.#waiting.remove(entry.key, plots);
  }

  #drop(key: OwnerKey): void {
    this.#entries.delete(key);
    this.#reserved.drop(key);
    this.#touched.add(key);
  }

  #enter(entry: Entry): Entry {
    this.#entries.set(entry.key, entry);
    this.#touched.add(entry.key);
    if (entry.wish.kind === 'unclear') entry.explicit = this.#kept(entry);
    for (const address of entry.explicit) this.#claim(entry, address);
    return entry;
  }

  /** What a Service keeps whose wish is unclear: what it had, or what the device or else its status says. */
  #kept(entry: Entry): readonly Address[] {
    const known = [entry.had, this.#reserved.of(entry.key), entry.status];
    return onePerFamily(known.find((addresses) => addresses.length > 0) ?? []);
  }

  *#settle(byAge: readonly Entry[]): Steps<readonly OwnerKey[]> {
    yield* eachInSteps(byAge, (entry) => this.#restore(entry, entry.had));
    yield* eachInSteps(byAge, (entry) => this.#restore(entry, [...this.#reserved.of(entry.key), ...entry.status]));
    yield* eachInSteps(byAge, (entry) => this.#reserved.drop(entry.key));
    const beaten = [...this.#touched].filter((key) => this.#leaveIfBeaten(key));
    const seeking = [...beaten.flatMap((key) => this.#entries.get(key) ?? []), ...byAge];
    yield* eachInSteps(seeking, (entry) => this.#startToWait(entry));
    yield* this.#serve(seeking);
    return yield* this.#publish();
  }

  /** Gives a Service what it had, as far as it may still have it. */
  #restore(entry: Entry, candidates: readonly Address[]): void {
    for (const { family, address } of candidatesOf(entry, candidates)) {
      if (entry.given.has(family) || !this.#mayHave(entry, family, address)) continue;
      this.#hand(entry, family, address);
    }
  }

  #mayHave(entry: Entry, family: Family, address: Address): boolean {
    if (this.#holders.has(printAddress(address)) || this.#reserved.isForOther(address, entry.key)) return false;
    const isInside = entry.plots.get(family)?.some((plot) => this.#space.holds(plot, address)) ?? false;
    return isInside && this.#winsAny(entry, address);
  }

  #winsAny(entry: Entry, address: Address): boolean {
    return entry.ports.some((port) => this.#slots.wins(entry, address, port));
  }

  /** Rule 4: a holder that has lost every port on an address it was given lets go of it. True if it did. */
  #leaveIfBeaten(key: OwnerKey): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    const lost = [...entry.given].filter(([, address]) => !this.#winsAny(entry, address));
    for (const [family] of lost) this.#takeBack(entry, family);
    return lost.length > 0;
  }

  #startToWait(entry: Entry): void {
    for (const [family, plots] of entry.plots) if (!entry.given.has(family)) this.#waiting.add(entry, plots);
  }

  /** Hands out what is free: in the plots that got something back, and in those that these Services wait for. */
  *#serve(entries: readonly Entry[]): Steps<void> {
    const wanted = new Set<Plot>(this.#space.takeChanged());
    for (const entry of entries) for (const plots of entry.plots.values()) for (const plot of plots) wanted.add(plot);
    for (const plot of this.#space.inOrder(wanted)) yield* this.#servePlot(plot);
  }

  *#servePlot(plot: Plot): Steps<void> {
    for (let first = this.#waiting.first(plot); first !== undefined; first = this.#waiting.first(plot)) {
      const address = this.#space.lowest(plot);
      const entry = this.#entries.get(first.key);
      if (address === undefined || entry === undefined) return;
      this.#waiting.remove(entry.key, entry.plots.get(plot.family) ?? []);
      this.#hand(entry, plot.family, address);
      yield;
    }
  }

  #hand(entry: Entry, family: Family, address: Address): void {
    entry.given.set(family, address);
    this.#holders.set(printAddress(address), entry.key);
    this.#claim(entry, address);
  }

  #takeBack(entry: Entry, family: Family): void {
    const address = entry.given.get(family);
    if (address === undefined) return;
    entry.given.delete(family);
    this.#holders.delete(printAddress(address));
    this.#unclaim(entry, address);
  }

  #claim(entry: Entry, address: Address): void {
    this.#space.take(address);
    for (const port of entry.ports) this.#slots.add(entry, address, port);
    this.#touched.add(entry.key);
  }

  #unclaim(entry: Entry, address: Address): void {
    this.#space.give(address);
    for (const port of entry.ports) this.#slots.remove(entry, address, port);
    this.#touched.add(entry.key);
  }

  *#publish(): Steps<readonly OwnerKey[]> {
    const changed: OwnerKey[] = [];
    yield* eachInSteps(this.#touched, (key) => {
      const entry = this.#entries.get(key);
      const now = entry === undefined ? undefined : decide(entry, this.#slots, this.#options);
      if (equalValues(now, this.#decisions.get(key))) return;
      if (now === undefined) this.#decisions.delete(key);
      else this.#decisions.set(key, now);
      changed.push(key);
    });
    this.#touched.clear();
    return changed.sort(compareText);
  }
}
