import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';

/** One field that differs. Values are IR values; `undefined` = not set, the device's default. */
export interface FieldChange {
  /** The field's name in the IR. */
  readonly field: string;
  /** For keyed fields: the item (`10.244.1.5:8080`). */
  readonly item?: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** One object that is created, updated or deleted. */
export type Change =
  | { readonly op: 'create'; readonly ref: Ref; readonly after: BigipObject; readonly origins: readonly OriginKey[] }
  | {
      readonly op: 'update';
      readonly ref: Ref;
      readonly before: BigipObject;
      readonly after: BigipObject;
      readonly fields: readonly FieldChange[];
      readonly origins: readonly OriginKey[];
      /** True: an unowned object that is taken over, because the user asked for it. */
      readonly adopts?: true;
    }
  | {
      readonly op: 'delete';
      readonly ref: Ref;
      readonly before: BigipObject;
      readonly origins: readonly OriginKey[];
      /** True: if the device refuses, the unit goes on without it (a node that somebody else came to use). */
      readonly optional?: true;
    };

/** When a unit's turn is: after all units of lower waves, because it needs what one of them makes, takes or lets go of. */
export type Wave = number;

/**
 * Changes that succeed or fail together: a connected component of changed objects under their references.
 * `changes` are in the order to send: creates and updates before deletes.
 */
export interface PlanUnit {
  /** Stable for the same changes: the first ref in order. */
  readonly id: string;
  /** Units of a lower wave come first: see {@link Wave}. */
  readonly wave: Wave;
  readonly changes: readonly Change[];
  readonly origins: readonly OriginKey[];
}

/** A change that is not made, and why. */
export interface Withheld {
  readonly ref: Ref;
  /**
   * `foreign`: it exists and is not ours. `frozen`: its origin cannot be read. `incomplete`: its source is not complete, or not configured.
   * `quarantined`: the device refused it and nothing has changed since. `threshold`: too many deletes at once.
   * `unsupported`: the device has not got the module for it. `blocked`: what it is part of, or needs, is not ours to write,
   * and is not there or does not allow it.
   */
  readonly reason: 'blocked' | 'foreign' | 'frozen' | 'incomplete' | 'quarantined' | 'threshold' | 'unsupported';
  readonly origins: readonly OriginKey[];
  readonly diagnostic: Diagnostic;
}

/** What there is to do. Sorted: the same input gives the same bytes. */
export interface Plan {
  readonly units: readonly PlanUnit[];
  readonly withheld: readonly Withheld[];
  /** SHA-256 over the changes with their before-values: two plans with the same fingerprint do the same. */
  readonly fingerprint: string;
}

/** What is left undone because of how things stand on the device, which somebody has to mend there. */
export function mendable({ withheld }: Pick<Plan, 'withheld'>): readonly Withheld[] {
  return withheld.filter(({ reason }) => reason === 'blocked' || reason === 'foreign');
}
