import type { Claim, Joint } from '../desired/merge.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FieldSpec } from '../ir/descriptor.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';
import { compareClaims } from '../desired/claim-order.ts';
import { equalValues } from '../ir/equal.ts';
import { descriptorOf } from '../ir/objects.ts';
import { describeOrigin } from '../ir/origin.ts';
import { nameObject } from './explain.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What is known of those who may have set fields of an object that is given together. */
export interface Staying {
  readonly joint: Joint;
  /** Origins that the object on the device names and that are held, or of a source that is not complete. */
  readonly origins: readonly OriginKey[];
  /** The precedence of an origin's source. */
  readonly rankOf: (origin: OriginKey) => number;
}

/**
 * What the device has stays where an origin that cannot be read now may have set it and would come first: otherwise
 * whoever lost against it would win for as long as it is away. Lists of parts are kept item by item, elsewhere.
 */
export function keepHeldFields<T extends BigipObject>(
  object: T,
  actual: BigipObject,
  { joint, origins, rankOf }: Staying,
): { readonly object: T; readonly kept: readonly Diagnostic[] } {
  const wanted: Fields = { ...object };
  const there: Fields = { ...actual };
  const fields: Record<string, unknown> = {};
  const kept: Diagnostic[] = [];
  for (const [field, { parts, compare }] of specsOf(object)) {
    if (parts !== undefined || compare === 'bookkeeping' || field === 'mark') continue;
    if (equalValues(wanted[field], there[field])) continue;
    const giver = joint.givers.get(field);
    const holder = giver && origins.find((origin) => mayComeFirst({ origin, field, giver, joint, rankOf }));
    // As long as the mark names one that is held, the description does, too: it would change back and forth.
    if (field !== 'description' && (giver === undefined || holder === undefined)) continue;
    fields[field] = there[field];
    if (field !== 'description' && giver !== undefined && holder !== undefined)
      kept.push(keptDiagnostic({ object, field, giver, holder }));
  }
  return { object: { ...object, ...fields }, kept };
}

function specsOf({ kind }: BigipObject): readonly (readonly [string, FieldSpec])[] {
  return Object.entries(descriptorOf(kind).fields as Readonly<Record<string, FieldSpec>>);
}

interface Contest extends Pick<Staying, 'joint' | 'rankOf'> {
  readonly origin: OriginKey;
  readonly field: string;
  readonly giver: Claim;
}

/** Of one that was understood before it is known what it wants; of another, only the precedence of its source. */
function mayComeFirst({ origin, field, giver, joint, rankOf }: Contest): boolean {
  const isDefault = giver.yields?.includes(field) === true;
  const known = joint.held.filter((claim) => claim.origin === origin);
  if (known.length === 0) return isDefault || rankOf(origin) >= (giver.rank ?? 0);
  return known.some(
    (claim) =>
      (claim.object as unknown as Fields)[field] !== undefined && (isDefault || compareClaims(claim, giver) < 0),
  );
}

function keptDiagnostic(about: {
  readonly object: BigipObject;
  readonly field: string;
  readonly giver: Claim;
  readonly holder: OriginKey;
}): Diagnostic {
  const { object, field, giver, holder } = about;
  const ref: Ref = `${object.kind}:${object.path}`;
  return {
    code: 'field-held',
    severity: 'warning',
    summary: `${field} of ${nameObject(ref)} stays as it is: ${describeOrigin(holder)}, which comes first, may have set it and cannot be read or understood now`,
    origin: giver.origin,
  };
}
