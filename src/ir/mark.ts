import type { OriginKey } from './origin.ts';

/**
 * Says on the device whose object this is (design: decided once, cannot be added later). Kept in `metadata`;
 * kinds without it keep it in `description`.
 */
export interface Mark {
  /** The id of the Fairlead instance that owns the object. */
  readonly instance: string;
  /** The origins that it comes from, sorted. */
  readonly origins: readonly OriginKey[];
}
