import type { FieldChange } from './plan.ts';
import type { FieldSpec } from '../ir/descriptor.ts';
import type { BigipObject } from '../ir/objects.ts';
import { compareText } from '../ir/compare-text.ts';
import { equalValues } from '../ir/equal.ts';
import { descriptorOf } from '../ir/objects.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What differs between two canonical objects of one kind, field by field in the descriptor's order, keyed items one by
 * one; where their order counts, a change of it is one more, of keys. Bookkeeping fields never differ by themselves.
 */
export function diffObjects(before: BigipObject, after: BigipObject): readonly FieldChange[] {
  if (before === after) return [];
  const changes: FieldChange[] = [];
  for (const [field, spec] of fieldsOf(after)) {
    const from = (before as unknown as Fields)[field];
    const to = (after as unknown as Fields)[field];
    if (spec.compare === 'bookkeeping' || equalValues(from, to)) continue;
    if (to === undefined && spec.inherited?.(after as unknown as Fields) === true) continue;
    if (spec.compare === 'keyed') changes.push(...diffItems(field, spec, { from, to }));
    else changes.push({ field, from, to });
  }
  return changes;
}

/** The changes of bookkeeping fields, which go along with others. */
export function diffBookkeeping(before: BigipObject, after: BigipObject): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  for (const [field, spec] of fieldsOf(after)) {
    const from = (before as unknown as Fields)[field];
    const to = (after as unknown as Fields)[field];
    if (spec.compare === 'bookkeeping' && !equalValues(from, to)) changes.push({ field, from, to });
  }
  return changes;
}

/** Whether any of these changes is to a field that the device refuses to change. */
export function needsReplacement(object: BigipObject, changes: readonly FieldChange[]): boolean {
  const immutable = new Set(fieldsOf(object).flatMap(([field, spec]) => (spec.immutable === true ? [field] : [])));
  return changes.some((change) => immutable.has(change.field));
}

function fieldsOf(object: BigipObject): readonly (readonly [string, FieldSpec])[] {
  return Object.entries(descriptorOf(object.kind).fields as Readonly<Record<string, FieldSpec>>);
}

function diffItems(field: string, spec: FieldSpec, { from, to }: { from: unknown; to: unknown }): FieldChange[] {
  const before = itemsByKey(from, spec);
  const after = itemsByKey(to, spec);
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  const changes = keys.flatMap((item): FieldChange[] => {
    const [old, now] = [before.get(item), after.get(item)];
    return equalValues(old, now) ? [] : [{ field, item, from: old, to: now }];
  });
  return spec.ordered === true ? [...changes, ...diffOrder(field, [...before.keys()], [...after.keys()])] : changes;
}

/** A change of the order among the items that stay: the keys, before and after. */
function diffOrder(field: string, before: readonly string[], after: readonly string[]): FieldChange[] {
  const [old, now] = [new Set(before), new Set(after)];
  const from = before.filter((key) => now.has(key));
  const to = after.filter((key) => old.has(key));
  return equalValues(from, to) ? [] : [{ field, from, to }];
}

function itemsByKey(items: unknown, spec: FieldSpec): ReadonlyMap<string, unknown> {
  const key = spec.key;
  if (!Array.isArray(items) || key === undefined) return new Map();
  return new Map(items.map((item: unknown) => [key(item), item]));
}
