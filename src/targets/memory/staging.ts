import type { BigipObject } from '../../ir/objects.ts';
import type { Ref } from '../../ir/ref.ts';
import type { Actual, Snapshot } from '../../plan/snapshot.ts';
import type { UseIndex } from './index-of-uses.ts';
import { parseAddress, printAddress } from '../../ir/address.ts';
import { canonical } from '../../ir/canonical.ts';
import { descriptorOf, goingWith } from '../../ir/objects.ts';
import { kindOf, nameOf, partitionOf, pathOf, refOf } from '../../ir/ref.ts';
import { addressKey, needsOf } from './index-of-uses.ts';
import { addressTaken, inUse, missingReference } from './refusal.ts';

/** The device as it was before the unit. */
export interface Base {
  readonly snapshot: Snapshot;
  readonly uses: UseIndex;
  readonly automatic: ReadonlySet<Ref>;
}

/**
 * A unit's changes, not in force yet. References are checked at the end, as a transaction does at commit: the order of
 * creates does not matter.
 */
export class Staging {
  readonly changed = new Map<Ref, Actual | undefined>();
  /** What came along by itself and goes by itself. */
  readonly automatic = new Set<Ref>();
  readonly #base: Base;

  constructor(base: Base) {
    this.#base = base;
  }

  get(ref: Ref): Actual | undefined {
    return this.changed.has(ref) ? this.changed.get(ref) : this.#base.snapshot.get(ref);
  }

  set(ref: Ref, actual: Actual | undefined): void {
    this.changed.set(ref, actual);
  }

  /** @throws {Refused} what the device would say. */
  finish(): void {
    for (const [ref, actual] of this.changed) if (actual !== undefined) this.#bringAlong(ref, actual.object);
    this.#takeAlong();
    for (const [ref, actual] of this.changed) {
      if (actual === undefined) this.#checkUnused(ref);
      else this.#checkObject(ref, actual.object);
    }
  }

  /** Nodes of members and the virtual address of a virtual server are made by the device, in the partition's own. */
  #bringAlong(ref: Ref, object: BigipObject): void {
    for (const needed of needsOf(object)) {
      const path = pathOf(needed);
      if (this.get(needed) !== undefined || partitionOf(path) !== partitionOf(object.path)) continue;
      const made = this.#automaticObject(needed, object);
      if (made === undefined) continue;
      this.changed.set(needed, { object: canonical(made) });
      if (made.kind === 'virtual-address') this.automatic.add(needed);
      this.#checkAddress(ref, made);
    }
  }

  #automaticObject(ref: Ref, user: BigipObject): BigipObject | undefined {
    const path = pathOf(ref);
    if (kindOf(ref) === 'node') {
      const address = parseAddress(nameOf(path));
      return address === undefined ? undefined : { kind: 'node', path, address };
    }
    if (user.kind !== 'virtual' || kindOf(ref) !== 'virtual-address') return undefined;
    const { address } = user.destination;
    return nameOf(path) === printAddress(address) ? { kind: 'virtual-address', path, address } : undefined;
  }

  /** Automatic virtual addresses go with their last virtual server. */
  #takeAlong(): void {
    for (const ref of this.changed.keys()) {
      if (this.changed.get(ref) === undefined) for (const gone of goingWith(ref)) this.changed.set(gone, undefined);
      const before = this.#base.snapshot.get(ref)?.object;
      if (before?.kind !== 'virtual') continue;
      const address = refOf('virtual-address', before.virtualAddress);
      const isIdle = this.#usersOf(address).length === 0;
      if (isIdle && this.#base.automatic.has(address) && !this.changed.has(address))
        this.changed.set(address, undefined);
    }
  }

  #checkObject(ref: Ref, object: BigipObject): void {
    // Of profiles the use tells the name, not the type: one of those that it may be must be there.
    for (const [path, [first, ...others]] of Map.groupBy(needsOf(object), pathOf)) {
      const isStock = partitionOf(path) === 'Common';
      if (isStock || first === undefined || [first, ...others].some((needed) => this.get(needed) !== undefined))
        continue;
      throw missingReference(ref, first);
    }
    this.#checkAddress(ref, object);
  }

  #checkAddress(ref: Ref, object: BigipObject): void {
    const key = addressKey(object);
    if (key === undefined || (object.kind !== 'node' && object.kind !== 'virtual-address')) return;
    const own = refOf(object.kind, object.path);
    const address = printAddress(object.address);
    const holder = this.#base.uses.holderOf(key);
    const isHeld = holder !== undefined && holder !== own && this.get(holder) !== undefined;
    const elsewhere = this.#base.snapshot.elsewhere(object.kind, address);
    if (isHeld || (elsewhere !== undefined && elsewhere !== object.path)) {
      throw addressTaken(ref, object.kind, address);
    }
  }

  #checkUnused(ref: Ref): void {
    // A monitor may not go in the transaction that detaches it (01070083).
    const [earlier] = descriptorOf(kindOf(ref)).deleteLater === true ? this.#base.uses.usersOf(ref) : [];
    const user = earlier ?? this.#usersOf(ref)[0];
    if (user !== undefined) throw inUse(ref, user);
  }

  #usersOf(ref: Ref): readonly Ref[] {
    const staying = [...this.#base.uses.usersOf(ref)].filter((user) => !this.changed.has(user));
    const changed = [...this.changed].flatMap(([user, actual]) =>
      actual !== undefined && needsOf(actual.object).includes(ref) ? [user] : [],
    );
    return [...staying, ...changed];
  }
}
