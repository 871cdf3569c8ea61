import type { Address } from './address.ts';
import type { BigipObject, Kind } from './objects.ts';
import type { OriginKey } from './origin.ts';
import type { FullPath, Ref } from './ref.ts';

/** A module of TMOS beside LTM. */
export type Module = 'gtm';

/** How one field is compared. */
export interface FieldSpec {
  /**
   * `value`: as a whole. `set`: order does not matter. `list`: order matters. `keyed`: items with an identity,
   * compared one by one. `bookkeeping`: ours, written along with other changes, never a change by itself.
   */
  readonly compare: 'value' | 'set' | 'list' | 'keyed' | 'bookkeeping';
  /** The device's own default: a field that has it is left out of the canonical form. */
  readonly default?: string | number | boolean | Readonly<Record<string, unknown>>;
  /** A default that depends on the rest of the object. */
  readonly defaultOf?: (object: Readonly<Record<string, unknown>>) => unknown;
  /** An empty list is a value of its own, not "unset". */
  readonly required?: true;
  /** For a record: the lists in it whose order does not matter. */
  readonly sortItems?: readonly string[];
  /** For `keyed`: an item's identity. */
  readonly key?: (item: unknown) => string;
  /** For `keyed`: the order of the items counts, and is kept. */
  readonly ordered?: true;
  /** For `keyed`: defaults of an item's own fields. */
  readonly itemDefaults?: Readonly<Record<string, string | number | boolean>>;
  /** For `keyed`: defaults of an item's own fields that depend on the rest of the object; they come before `itemDefaults`. */
  readonly itemDefaultsOf?: (object: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /**
   * Left out, it is whatever the object's parent has (`defaultsFrom`), which only the device knows: then what is there is
   * not compared. Said by the wanted object.
   */
  readonly inherited?: (object: Readonly<Record<string, unknown>>) => boolean;
  /** The device refuses to change it: a change means delete and create. */
  readonly immutable?: true;
  /** The device has no place for it: it is left out of the canonical form. */
  readonly unwritten?: true;
  /** A list whose items several origins may give, each its own. Needs `key`. */
  readonly parts?: PartSpec;
}

/** How the items of a list are told apart by the origin that gave them. */
export interface PartSpec {
  /**
   * The origin that gave an item, where the device can tell it (a rule's description); the item holds it as `origin`,
   * which is not compared when two origins give the same item. Left out: the device cannot tell.
   */
  readonly owner?: (item: unknown) => OriginKey | undefined;
  /** Items that are not united: of these the oldest origin that gives any has the say. Left out: all are. */
  readonly apart?: (item: unknown) => boolean;
  /**
   * The field of an item that says what it is for, where the object has but one item for that: the first origin that asks for
   * one has the say. The merge takes it off. `yields` of a contribution names it after the list: `profiles tcp`.
   */
  readonly purpose?: string;
  /**
   * Items that the object has but one of for each purpose, as far as can be seen of what the device has: one that somebody asks
   * for is not put beside what is there of an origin that is held, but in its place. Left out: there are none.
   */
  readonly instead?: (item: unknown) => boolean;
  /** What an item needs on the device. An item whose needs are not there and will not come is left out. */
  readonly references?: (item: unknown) => readonly Ref[];
}

/** The fields of an object beside its identity. */
export type FieldName<T> = Exclude<keyof T, 'kind' | 'path'> & string;

/**
 * All that shared code may know about a kind. Shared code never asks "is it a pool": it reads a property here.
 */
export interface Descriptor<T extends { readonly kind: Kind } = BigipObject> {
  readonly kind: T['kind'];
  /** For people and in messages: `virtual server`. */
  readonly noun: string;
  /** Created in ascending, deleted in descending order. */
  readonly order: number;
  /** Where the mark is kept; `none`: the kind carries no mark. */
  readonly marked: 'metadata' | 'description' | 'none';
  readonly fields: { readonly [F in FieldName<T>]-?: FieldSpec };
  /** The objects that this one needs. Stock objects of `/Common` are among them. */
  readonly references: (object: T) => readonly Ref[];
  /**
   * Objects that come first, and go after it, if they change in the same plan. Whether they are there otherwise is the device's
   * to say: it waits for none of them.
   */
  readonly follows?: (object: T) => readonly Ref[];
  /** Several origins may contribute the same object; contributions must agree, the oldest wins. */
  readonly shared?: true;
  /** It has no parts, and is put together field by field all the same, of claims that join: some only give defaults. */
  readonly byField?: true;
  /**
   * What it says and the device will not look at, as sentences without a subject: `has ratios, which …`. Told to all whose
   * it is. Pure.
   */
  readonly idle?: (object: T) => readonly string[];
  /**
   * Puts the parts of an object that was merged from several origins in their order (rules of a policy by precedence).
   * Pure; the order in which they come in never matters.
   */
  readonly arrange?: (object: T) => T;
  /**
   * The origins of an object whose mark holds the instance alone, as its parts tell them: a thousand origins would not
   * fit into a description.
   */
  readonly originsOf?: (object: T) => readonly OriginKey[];
  /**
   * The object that carries the mark for this one, which can hold none (files: the profile that uses them). It is ours if
   * that one is. `mark` is `unwritten` then.
   */
  readonly companion?: (object: T) => Ref;
  /**
   * The device holds one per address and route domain, whatever the partition (0107003b, 0107176c). One that
   * somebody else made is used as it is.
   */
  readonly addressed?: true;
  /**
   * What only one object of the device may hold, as text (a destination: 01070333). Whoever lets go of it must do so
   * before another takes it.
   */
  readonly exclusive?: (object: T) => string;
  /**
   * What the device holds one of, in whatever partition and under whatever name, as text (the network of a route). One that
   * somebody else made keeps ours from being made.
   */
  readonly singular?: (object: T) => string;
  /**
   * The address and port that it answers at, or leads clients to, as text. Of one origin, whoever moves from an endpoint and
   * whoever leads there move together, so that no client is led to where nothing is.
   */
  readonly endpoint?: (object: T) => string;
  /**
   * The object that changes together with this one, however many origins give the two: half of the change would be wrong
   * for a moment (a policy, and the iRule that it counts on).
   */
  readonly joinedWith?: (object: T) => Ref;
  /** May not be deleted in the transaction that detaches it (monitors: 01070083), so it goes in a later one. */
  readonly deleteLater?: true;
  /** Exists on the device without us asking (nodes come with members): never created by a plan. */
  readonly implicit?: true;
  /** The kind whose objects bring it along: it goes with them, and whoever may write them may remove it. */
  readonly broughtBy?: Kind;
  /**
   * The object that one at this path is an item of, and that somebody else may own: it must be there, and is neither made
   * nor changed for it.
   */
  readonly within?: (path: FullPath) => Ref;
  /** The module that must be provisioned for it; left out: LTM. */
  readonly module?: Module;
  /** The device holds one of a name, whatever the partition: wide IPs, because a query has no partition. */
  readonly uniqueName?: true;
  /** Lives in `/Common`, whatever the owned partition. */
  readonly inCommon?: true;
  /** One that somebody else made is used as it is: what stands on it is ours, it is not. */
  readonly lent?: true;
  /** Made by a plan and never deleted by one: others may have come to stand on it. */
  readonly permanent?: true;
  /**
   * There as long as the object of this kind at the same path is (the forwarding table of a tunnel). To create it means to
   * fill it, and it is never deleted by itself.
   */
  readonly comesWith?: Kind;
  /**
   * Carries the traffic of other objects, although none refers to it (routes, tunnels, ARP): made before all others, let
   * go of after them.
   */
  readonly underlay?: true;
  /** The object with each of its addresses replaced. Left out: it has none. */
  readonly mapAddresses?: (object: T, map: (address: Address) => Address) => T;
}
