import type { FieldName } from '../../../ir/descriptor.ts';
import type { BigipObject, Kind, ObjectOf } from '../../../ir/objects.ts';
import type { Change } from '../../../plan/plan.ts';
import type { Actual, Snapshot } from '../../../plan/snapshot.ts';
import type { DeviceContext, Json, RestRequest } from '../request.ts';

/** An update of one object. */
export type Update = Extract<Change, { readonly op: 'update' }>;

/** What a field's properties may depend on beside the object. */
export interface CompileEnv<T = BigipObject> {
  readonly context: DeviceContext;
  /** The object as it is on the device; undefined when it is created. */
  readonly before?: T;
  /** What the plan assumed of the device. */
  readonly snapshot: Snapshot;
  /** Other people's metadata, to be sent along. */
  readonly otherMetadata: NonNullable<Actual['otherMetadata']>;
}

/** How one kind is written. Each field of the IR gives the properties that hold it on the device. */
export interface Codec<T extends BigipObject> {
  /**
   * The properties of one field, with the device's word for "unset" where the object leaves it out. Fields that share
   * a property (mark and ledger: `metadata`) give the same value.
   */
  readonly properties: { readonly [F in FieldName<T>]-?: (object: T, env: CompileEnv<T>) => Json };
  /** Fields sent on create although the object leaves them out. */
  readonly always?: readonly FieldName<T>[];
  /** Properties sent when we create or adopt an object, which the IR does not speak of. */
  readonly fixed?: Json;
  /** Properties that every write of an object must hold, whatever changes. */
  readonly alongside?: (object: T, env: CompileEnv<T>) => Json;
  /** A smaller request than a PATCH of the whole object, if the change allows it. */
  readonly part?: (update: Update, env: CompileEnv<T>) => RestRequest | undefined;
  /** The requests of a change, for a kind that takes more than one; undefined: the usual one. */
  readonly requests?: (change: Change, env: CompileEnv<T>) => readonly RestRequest[] | undefined;
  /** {@link Actual.ordinals} once a change is made. */
  readonly ordinalsAfter?: (change: Written, before: Actual | undefined) => readonly number[];
}

/** A change after which the object is there. */
export type Written = Exclude<Change, { readonly op: 'delete' }>;

/** One codec per kind: a new kind does not compile until it has one. */
export type Codecs = { readonly [K in Kind]: Codec<ObjectOf<K>> };

/** Clears a single value (facts 3.4). */
export const NONE = 'none';
