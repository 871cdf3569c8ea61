import type { Claim, Merged } from '../desired/merge.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FieldSpec } from '../ir/descriptor.ts';
import type { Mark } from '../ir/mark.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import { equalValues } from '../ir/equal.ts';
import { descriptorOf } from '../ir/objects.ts';
import { describeOrigin } from '../ir/origin.ts';
import { refOf } from '../ir/ref.ts';
import { nameObject } from './explain.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An object of the device, and the mark that says whose it is. */
interface Marked {
  readonly object: BigipObject;
  readonly mark: Mark | undefined;
}

/**
 * Of an origin that could not be read whole the device keeps what the rest of it does not speak of: items that nobody gives,
 * fields that nobody sets, and those that are set by default alone. All else changes. Whoever gives the object is told.
 */
export function keepUnsaid<T extends BigipObject>(
  object: T,
  actual: Marked,
  merged: Merged,
): { readonly object: T; readonly kept: readonly Diagnostic[] } {
  const claims = merged.keeping.filter(({ origin }) => actual.mark?.origins.includes(origin) === true);
  const [first] = claims;
  const { fields: specs, within, arrange } = descriptorOf(object.kind);
  // An item of another object is said as a whole, or not at all.
  if (first === undefined || within !== undefined) return { object, kept: [] };
  const wanted: Fields = { ...object };
  const there: Fields = { ...actual.object };
  const fields: Record<string, unknown> = {};
  const names: string[] = [];
  for (const [field, spec] of Object.entries(specs as Readonly<Record<string, FieldSpec>>)) {
    if (field === 'mark' || spec.compare === 'bookkeeping' || equalValues(wanted[field], there[field])) continue;
    if (spec.parts?.owner === undefined) {
      if (!isUnsaid(field, wanted, { claims, merged })) continue;
      fields[field] = there[field];
      if (field !== 'description') names.push(field);
    } else {
      const missing = missingItems(spec, { wanted: wanted[field], there: there[field] }, claims);
      if (missing.length === 0) continue;
      fields[field] = [...listOf(wanted[field]), ...missing];
      names.push(...missing.map((item) => `${field} ${spec.key?.(item) ?? ''}`));
    }
  }
  const kept = { ...object, ...fields } as T;
  return {
    object: (arrange?.(kept) ?? kept) as T,
    kept: names.length === 0 ? [] : [keptDiagnostic(object, first.origin, names)],
  };
}

/** Whether nobody says a field, or only somebody of whom a part could not be read, by default. */
function isUnsaid(
  field: string,
  wanted: Fields,
  { claims, merged: { joint } }: { readonly claims: readonly Claim[]; readonly merged: Merged },
): boolean {
  if (wanted[field] === undefined) return true;
  const giver = joint?.givers.get(field);
  const speaking = giver === undefined ? claims : claims.filter((claim) => claim === giver);
  return speaking.some(({ keeps = [] }) => keeps.includes(field));
}

/** Items of the device that nobody gives, and that may be those of one of the claims. */
function missingItems(
  { key = String, parts }: FieldSpec,
  { wanted, there }: { readonly wanted: unknown; readonly there: unknown },
  claims: readonly Claim[],
): readonly unknown[] {
  const given = new Set(listOf(wanted).map(key));
  return listOf(there).filter((item) => {
    const owner: OriginKey | undefined = parts?.owner?.(item);
    return !given.has(key(item)) && (owner === undefined || claims.some(({ origin }) => origin === owner));
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Most fields and items that are named one by one. */
const NAMED = 5;

function keptDiagnostic(object: BigipObject, origin: OriginKey, names: readonly string[]): Diagnostic {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  const what = names.slice(0, NAMED).join(', ') + more;
  return {
    code: 'field-held',
    severity: 'warning',
    summary: `${nameObject(refOf(object.kind, object.path))} keeps ${what}: something that ${describeOrigin(origin)} may say of it cannot be read now`,
    origin,
  };
}
