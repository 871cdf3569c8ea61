import type { Module } from '../ir/descriptor.ts';
import type { BigipObject, Kind } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { FullPath, Ref } from '../ir/ref.ts';

/** One object as the device has it, decoded and canonical. `object.mark` says whose it is; none = foreign. */
export interface Actual {
  readonly object: BigipObject;
  /** Metadata entries that others put there; sent back with every write of the field, so that none is lost. */
  readonly otherMetadata?: readonly { readonly name: string; readonly value?: string; readonly persist?: string }[];
  /** The numbers by which the device orders the items of an ordered list, in their order: new ones go between them. */
  readonly ordinals?: readonly number[];
  /** The application service (iApp) that made it, where that was asked. */
  readonly application?: Application;
}

/** An application service, as far as whoever writes its objects must know it. */
export interface Application {
  readonly path: FullPath;
  /** Its strict updates are on: the device refuses all writes of its objects that do not go through it. */
  readonly strict: boolean;
}

/** An address or name in use on the device, in whatever partition. */
export interface AddressUse {
  readonly kind: Kind;
  readonly path: FullPath;
}

/**
 * What is known of the device. Read once, then kept: refreshed from each write and on the drift interval.
 * Plain data with indexes; no I/O.
 */
export interface Snapshot {
  get(ref: Ref): Actual | undefined;
  /** All refs of the owned partitions, foreign objects among them. No order. */
  refs(): Iterable<Ref>;
  readonly size: number;
  /**
   * Who holds an address (`printAddress` form) outside the owned partitions, or inside under a name that is not the address;
   * of kinds whose names are unique, who holds a name outside.
   */
  elsewhere(kind: AddressUse['kind'], address: string): FullPath | undefined;
  /** The paths of objects of a kind that hold what the device has one of (`singular` of the descriptor), wherever they are. */
  holdersOf(kind: Kind, singular: string): ReadonlySet<FullPath>;
  /** The items of an object that are objects of their own (`within` of the descriptor). */
  itemsOf(holder: Ref): ReadonlySet<Ref>;
  /** The paths of pools that have a member on this node. */
  poolsOfNode(node: FullPath): ReadonlySet<FullPath>;
  /** The paths of pools whose ledger says that this node is still to be removed. */
  poolsByUnusedNode(node: FullPath): ReadonlySet<FullPath>;
  /** The nodes that ledgers say are still to be removed. No order. */
  unusedNodes(): Iterable<FullPath>;
  /** The refs of objects whose mark names this origin. */
  refsOfOrigin(origin: OriginKey): ReadonlySet<Ref>;
  /** How many objects carry the mark of this instance. */
  ownedBy(instance: string): number;
  /** The paths of virtual servers on this virtual address. */
  virtualsOfAddress(address: FullPath): ReadonlySet<FullPath>;
  /** Why the device cannot hold objects of a module; undefined: it can. */
  lacking(module: Module): string | undefined;
  /** Replaces or (undefined) removes one object. */
  set(ref: Ref, actual: Actual | undefined): void;
}
