import type { BigipObject } from '../../ir/objects.ts';
import type { Node } from '../../ir/node.ts';
import type { VirtualAddress } from '../../ir/virtual-address.ts';
import type { Change, PlanUnit } from '../../plan/plan.ts';
import type { Actual, Snapshot } from '../../plan/snapshot.ts';
import type { Ref } from '../../ir/ref.ts';
import type { HeldElsewhere } from '../../plan/memory-snapshot.ts';
import { printAddress } from '../../ir/address.ts';
import { canonical } from '../../ir/canonical.ts';
import { descriptorOf } from '../../ir/objects.ts';
import { nameOf, partitionOf, refOf } from '../../ir/ref.ts';
import { MemorySnapshot } from '../../plan/memory-snapshot.ts';
import { UseIndex } from './index-of-uses.ts';
import { Refused, alreadyExists, notFound } from './refusal.ts';
import { Staging } from './staging.ts';

/** What a memory device starts with. */
export interface DeviceState {
  readonly actuals?: Iterable<Actual>;
  readonly elsewhere?: Iterable<HeldElsewhere>;
  /** The owned partition: reads show what is in it, and of other objects the addresses. Left out: all is shown. */
  readonly partition?: string;
  /** Says why a change is refused, in the device's words; undefined: it is not. */
  readonly refuse?: (change: Change) => string | undefined;
}

/**
 * A device in memory, with a device's rules: references must point at something, what is in use stays, an address is
 * held once, members bring nodes along and virtual servers virtual addresses. Objects of `/Common` that nobody put
 * there count as stock objects. Partitions are not checked.
 */
export class MemoryDevice {
  readonly #snapshot: MemorySnapshot;
  readonly #elsewhere: readonly HeldElsewhere[];
  readonly #uses = new UseIndex();
  /** Virtual addresses that a virtual server brought along: they go with the last one. */
  readonly #automatic = new Set<Ref>();
  readonly #partition: string | undefined;
  refuse: DeviceState['refuse'];

  constructor({ actuals = [], elsewhere = [], partition, refuse }: DeviceState = {}) {
    this.#partition = partition;
    this.#elsewhere = [...elsewhere];
    this.#snapshot = new MemorySnapshot([], this.#elsewhere);
    this.refuse = refuse;
    for (const actual of actuals) this.put(actual);
  }

  get(ref: Ref): Actual | undefined {
    return this.#snapshot.get(ref);
  }

  /** Puts or replaces an object without any check: what somebody else did. */
  put(actual: Actual): void {
    const object = canonical(actual.object);
    this.#write(refOf(object.kind, object.path), { ...actual, object });
  }

  /** A copy: later changes do not reach it. */
  snapshot(): Snapshot {
    const shown: [Ref, Actual][] = [];
    const held = [...this.#elsewhere];
    for (const ref of this.#snapshot.refs()) {
      const actual = this.#snapshot.get(ref);
      if (actual === undefined) continue;
      const { object } = actual;
      if (this.#shows(object)) shown.push([ref, actual]);
      else if (object.kind === 'node' || object.kind === 'virtual-address') held.push(holding(object));
      else if (descriptorOf(object.kind).uniqueName === true) {
        held.push({ kind: object.kind, path: object.path, address: nameOf(object.path) });
      }
    }
    return new MemorySnapshot(shown, held);
  }

  #shows({ kind, path }: BigipObject): boolean {
    if (this.#partition === undefined || descriptorOf(kind).inCommon === true) return true;
    return partitionOf(path) === this.#partition;
  }

  /**
   * Makes a unit's changes, all or none. Optional ones that are refused are left out.
   * @returns the objects after it, those among them that came along by themselves.
   * @throws {Refused}
   */
  apply(unit: PlanUnit): ReadonlyMap<Ref, Actual | undefined> {
    const staging = this.#stage(unit.changes);
    for (const [ref, actual] of staging.changed) this.#write(ref, actual);
    for (const ref of staging.automatic) this.#automatic.add(ref);
    for (const { ref } of unit.changes) this.#automatic.delete(ref);
    return staging.changed;
  }

  #stage(changes: readonly Change[]): Staging {
    try {
      const staging = new Staging({ snapshot: this.#snapshot, uses: this.#uses, automatic: this.#automatic });
      for (const change of changes) this.#stageChange(staging, change);
      staging.finish();
      return staging;
    } catch (error) {
      const dropped = error instanceof Refused ? changes.find((change) => isOptional(change, error.ref)) : undefined;
      if (dropped === undefined) throw error;
      return this.#stage(changes.filter((change) => change !== dropped));
    }
  }

  #stageChange(staging: Staging, change: Change): void {
    const { ref } = change;
    const refusal = this.refuse?.(change);
    if (refusal !== undefined) throw new Refused(ref, refusal);
    const before = staging.get(ref);
    if (change.op === 'create') {
      if (before !== undefined) throw alreadyExists(ref);
      staging.set(ref, { object: canonical(change.after) });
      return;
    }
    // What is gone already is as wanted.
    if (change.op === 'delete') {
      staging.set(ref, undefined);
      return;
    }
    if (before === undefined) throw notFound(ref);
    staging.set(ref, { ...before, object: canonical(change.after) });
  }

  #write(ref: Ref, actual: Actual | undefined): void {
    const before = this.#snapshot.get(ref);
    if (before !== undefined) this.#uses.remove(ref, before.object);
    if (actual !== undefined) this.#uses.add(ref, actual.object);
    else this.#automatic.delete(ref);
    this.#snapshot.set(ref, actual);
  }
}

function isOptional(change: Change, ref: Ref): boolean {
  return change.op === 'delete' && change.optional === true && change.ref === ref;
}

function holding({ kind, path, address }: Node | VirtualAddress): HeldElsewhere {
  return { kind, path, address: printAddress(address) };
}
