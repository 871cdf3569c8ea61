import type { Claim, Joint } from '../desired/merge.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FieldSpec } from '../ir/descriptor.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import { compareClaims } from '../desired/claim-order.ts';
import { equalValues } from '../ir/equal.ts';
import { descriptorOf } from '../ir/objects.ts';
import { sameItem } from '../desired/join-claims.ts';
import { describeOrigin } from '../ir/origin.ts';
import { refOf } from '../ir/ref.ts';
import { nameObject } from './explain.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What is known of those who may have set fields of an object that is given together. */
export interface Staying {
  readonly joint: Joint;
  /** Origins that the object on the device names and that are held, or of a source that is not complete. */
  readonly origins: readonly OriginKey[];
  /** Those among them whose source is not configured (any more). */
  readonly unknown: ReadonlySet<OriginKey>;
  /** The precedence of an origin's source. */
  readonly rankOf: (origin: OriginKey) => number;
}

interface Kept {
  readonly field: string;
  readonly item?: string;
  readonly giver: Claim;
  readonly holder: OriginKey;
}

/**
 * What the device has stays where an origin that cannot be read now may have set it and would come first: otherwise
 * whoever lost against it would win for as long as it is away. Items that nobody else gives are kept elsewhere.
 */
export function keepHeldFields<T extends BigipObject>(
  object: T,
  actual: BigipObject,
  staying: Staying,
): { readonly object: T; readonly kept: readonly Diagnostic[] } {
  const wanted: Fields = { ...object };
  const there: Fields = { ...actual };
  const fields: Record<string, unknown> = {};
  const kept: Kept[] = [];
  for (const [field, spec] of specsOf(object)) {
    if (spec.compare === 'bookkeeping' || field === 'mark' || equalValues(wanted[field], there[field])) continue;
    if (spec.parts !== undefined) {
      const items = keepHeldItems({ field, spec, wanted: wanted[field], there: there[field] }, staying);
      fields[field] = items.list;
      kept.push(...items.kept);
      continue;
    }
    const giver = staying.joint.givers.get(field);
    const holder = giver && staying.origins.find((origin) => mayHaveSet({ origin, field, giver }, staying));
    // As long as the mark names one that is held, the description does, too: it would change back and forth.
    if (field !== 'description' && (giver === undefined || holder === undefined)) continue;
    fields[field] = there[field];
    if (field !== 'description' && giver !== undefined && holder !== undefined) kept.push({ field, giver, holder });
  }
  return { object: { ...object, ...fields }, kept: kept.map((one) => keptDiagnostic(object, one, staying)) };
}

interface PartList {
  readonly field: string;
  readonly spec: FieldSpec;
  readonly wanted: unknown;
  readonly there: unknown;
}

/** Items that the device has of an origin that is away, and that another one gives, too. */
function keepHeldItems(
  { field, spec, wanted, there }: PartList,
  { joint, origins, rankOf }: Staying,
): { readonly list: unknown; readonly kept: readonly Kept[] } {
  const { key = String, parts } = spec;
  if (parts?.owner === undefined || !Array.isArray(wanted) || !Array.isArray(there)) return { list: wanted, kept: [] };
  const { owner } = parts;
  const before = new Map(there.map((item: unknown) => [key(item), item]));
  const away = new Set(origins);
  const givers = new Map(joint.together.map((claim) => [claim.origin, claim]));
  const kept: Kept[] = [];
  const list = wanted.map((item: unknown) => {
    const old = before.get(key(item));
    const holder = old === undefined ? undefined : owner(old);
    if (holder === undefined || !away.has(holder)) return item;
    const giver = givers.get(owner(item) ?? '');
    if (giver === undefined) return item;
    const known = joint.held.find(({ origin }) => origin === holder);
    const isFirst = known === undefined ? rankOf(holder) >= (giver.rank ?? 0) : compareClaims(known, giver) < 0;
    if (!isFirst) return item;
    if (!sameItem(old, item)) kept.push({ field, item: key(item), giver, holder });
    return old;
  });
  return { list, kept };
}

function specsOf({ kind }: BigipObject): readonly (readonly [string, FieldSpec])[] {
  return Object.entries(descriptorOf(kind).fields as Readonly<Record<string, FieldSpec>>);
}

interface Contest {
  readonly origin: OriginKey;
  readonly field: string;
  readonly giver: Claim;
}

/** Of one that was understood before it is known what it wants; of another, only the precedence of its source. */
function mayHaveSet({ origin, field, giver }: Contest, { joint, rankOf }: Staying): boolean {
  const isDefault = giver.yields?.includes(field) === true;
  const known = joint.held.filter((claim) => claim.origin === origin);
  if (known.length === 0) return isDefault || rankOf(origin) >= (giver.rank ?? 0);
  return known.some((claim) => {
    if ((claim.object as unknown as Fields)[field] === undefined) return false;
    return isDefault || (claim.yields?.includes(field) !== true && compareClaims(claim, giver) < 0);
  });
}

function keptDiagnostic(
  object: BigipObject,
  { field, item, giver, holder }: Kept,
  { unknown }: Pick<Staying, 'unknown'>,
): Diagnostic {
  const what = item === undefined ? field : `${field} ${item}`;
  const why = unknown.has(holder)
    ? 'which may have set it, is of no source that is configured'
    : 'which comes first, may have set it and cannot be read or understood now';
  return {
    code: 'field-held',
    severity: 'warning',
    summary: `${what} of ${nameObject(refOf(object.kind, object.path))} stays as it is: ${describeOrigin(holder)}, ${why}`,
    origin: giver.origin,
  };
}
