import type { Claim } from './merge.ts';
import type { DesiredState } from './desired-state.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FieldSpec } from '../ir/descriptor.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';
import type { Verdict } from './join-claims.ts';
import { compareText } from '../ir/compare-text.ts';
import { descriptorOf } from '../ir/objects.ts';
import { compareClaims, whyFirst } from './claim-order.ts';
import { judgeClaims } from './join-claims.ts';
import { claimsTogether } from './merge.ts';

/**
 * Where in an origin the fields of its objects are said, for people: by ref, then by field, or field and item
 * (`members 10.0.0.1:80`). What is missing is said by the origin as a whole.
 */
export type Said = ReadonlyMap<Ref, ReadonlyMap<string, string>>;

/** Who says a field, or one item of a list. */
export interface FieldOrigin {
  readonly field: string;
  readonly item?: string;
  readonly value: unknown;
  readonly origin: OriginKey;
  /** Where in the origin: `annotation fairlead.io/snat`, `vips.csv, row 3, column VIP`, `default`. */
  readonly place?: string;
  /** Who says something else, and lost. */
  readonly losers: readonly Loser[];
}

/** Who says something else of a field. */
export interface Loser {
  readonly origin: OriginKey;
  readonly value: unknown;
  readonly place?: string;
  /** Why it lost: `which has precedence 0 under 10`. */
  readonly why: string;
}

/** One object as all sources together want it, and who says what of it. */
export interface MergedObject {
  readonly ref: Ref;
  readonly object: BigipObject;
  /** Whose it is, sorted. */
  readonly origins: readonly OriginKey[];
  readonly provenance: readonly FieldOrigin[];
  readonly conflicts: readonly Diagnostic[];
}

/** Where an origin says a field of an object; undefined: nobody knows better than the origin. */
export type FindPlace = (
  origin: OriginKey,
  ref: Ref,
  field: { readonly field: string; readonly item?: string },
) => string | undefined;

/** All objects that anybody wants and that are not held, by ref. */
export function mergedObjects(desired: DesiredState, placeOf: FindPlace): readonly MergedObject[] {
  return [...desired.refs()].sort(compareText).flatMap((ref) => {
    const merged = desired.merge(ref);
    if (merged?.object === undefined) return [];
    const { object, origins, conflicts } = merged;
    return [{ ref, object, origins, conflicts, provenance: provenanceOf(ref, desired.claimsOn(ref), placeOf) }];
  });
}

/** Who says each field of an object that is not held. */
function provenanceOf(ref: Ref, claims: readonly Claim[], placeOf: FindPlace): readonly FieldOrigin[] {
  const [first, ...others] = claims.filter(({ held }) => !held).sort(compareClaims);
  if (first === undefined) return [];
  const together = claimsTogether([first, ...others]);
  const verdicts = together === undefined ? verdictsOf(first) : judgeClaims(together);
  return verdicts.map((verdict) => fieldOrigin(verdict, (origin, at) => withPlace(placeOf(origin, ref, at))));
}

type Placed = (
  origin: OriginKey,
  at: { readonly field: string; readonly item?: string },
) => { readonly place?: string };

function fieldOrigin({ field, item, value, winner, losers }: Verdict, placed: Placed): FieldOrigin {
  const at = item === undefined ? { field } : { field, item };
  return {
    ...at,
    value,
    origin: winner.origin,
    ...placed(winner.origin, at),
    losers: losers.map((loser): Loser => {
      const { origin, object } = loser;
      const given = item === undefined ? fieldsOf(object)[field] : itemOf(object, field, item);
      return { origin, value: given, why: whyFirst(winner, loser).under, ...placed(origin, at) };
    }),
  };
}

function withPlace(place: string | undefined): { readonly place?: string } {
  return place === undefined ? {} : { place };
}

/** Of an object that one has alone: everything is the winner's. */
function verdictsOf(winner: Claim): readonly Verdict[] {
  const values = fieldsOf(winner.object);
  return specsOf(winner.object).flatMap(([field, { key }]): readonly Verdict[] => {
    const value = values[field];
    if (value === undefined) return [];
    if (key === undefined || !Array.isArray(value)) return [{ field, value, winner, losers: [] }];
    return value.map((item: unknown) => ({ field, item: key(item), value: item, winner, losers: [] }));
  });
}

function itemOf(object: BigipObject, field: string, item: string): unknown {
  const key = Object.fromEntries(specsOf(object))[field]?.key ?? String;
  const list = (fieldsOf(object)[field] ?? []) as readonly unknown[];
  return list.find((one) => key(one) === item);
}

function specsOf({ kind }: BigipObject): readonly (readonly [string, FieldSpec])[] {
  return Object.entries(descriptorOf(kind).fields as Readonly<Record<string, FieldSpec>>);
}

function fieldsOf(object: BigipObject): Readonly<Record<string, unknown>> {
  return object as unknown as Readonly<Record<string, unknown>>;
}
