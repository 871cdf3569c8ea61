import type { FieldSpec } from './descriptor.ts';
import type { BigipObject } from './objects.ts';
import { compareText } from './compare-text.ts';
import { equalValues } from './equal.ts';
import { descriptorOf } from './objects.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The one form of an object: fields in the descriptor's order, those that are unset, empty or at the device's default
 * left out, set fields and keyed ones whose order does not count sorted. Two objects mean the same if and only if their canonical forms are equal, and
 * then they print the same bytes. What is in this form already, the whole or a part, is given back itself: copies of ten
 * thousand objects would weigh.
 */
export function canonical<T extends BigipObject>(object: T): T {
  return formOf(object, 'drop');
}

/**
 * The same, but with the fields that are set to the device's default: among several who give an object together, to ask
 * for the default is not to be silent.
 */
export function explicitForm<T extends BigipObject>(object: T): T {
  return formOf(object, 'keep');
}

function formOf<T extends BigipObject>(object: T, defaults: 'drop' | 'keep'): T {
  const given = object as unknown as Fields;
  const specs = descriptorOf(object.kind).fields as Readonly<Record<string, FieldSpec>>;
  const result: Record<string, unknown> = { kind: object.kind, path: object.path };
  for (const [name, spec] of Object.entries(specs)) {
    const value = canonicalField(given, name, spec);
    if (value === undefined || (defaults === 'drop' && isDefault(value, spec, given))) continue;
    result[name] = value;
  }
  return kept(given, result) as unknown as T;
}

/** `given` if it is the same, in the same order, as its form. */
function kept(given: Fields, form: Fields): Fields {
  const names = Object.keys(form);
  const before = Object.keys(given);
  const isSame = before.length === names.length && sameItems(before, names);
  return isSame && names.every((name) => given[name] === form[name]) ? given : form;
}

function sameItems(given: readonly unknown[], form: readonly unknown[]): boolean {
  return form.every((item, index) => item === given[index]);
}

function isDefault(value: unknown, spec: FieldSpec, object: Fields): boolean {
  if (spec.default !== undefined && equalValues(value, spec.default)) return true;
  return spec.defaultOf !== undefined && equalValues(value, spec.defaultOf(object));
}

function canonicalField(object: Fields, name: string, spec: FieldSpec): unknown {
  const value = object[name];
  if (value === undefined || value === '' || spec.unwritten === true) return undefined;
  if (Array.isArray(value)) return canonicalList(object, value, spec);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = sortKeys(value as Fields, spec);
  return Object.keys(sorted).length === 0 ? undefined : sorted;
}

function canonicalList(object: Fields, items: readonly unknown[], spec: FieldSpec): unknown {
  if (items.length === 0) return spec.required === true ? items : undefined;
  if (spec.compare === 'keyed' && spec.key !== undefined) {
    const key = spec.key;
    const defaults = { ...spec.itemDefaults, ...spec.itemDefaultsOf?.(object) };
    const keyed = items.map((item) => ({ key: key(item), item: canonicalItem(item as Fields, defaults) }));
    if (spec.ordered !== true) keyed.sort((a, b) => compareText(a.key, b.key));
    const sorted = keyed.map(({ item }) => item);
    return sameItems(items, sorted) ? items : sorted;
  }
  return spec.compare === 'set' ? sortTexts(items) : items;
}

function sortTexts(items: readonly unknown[]): readonly unknown[] {
  const sorted = items.map(String).sort(compareText);
  return sameItems(items, sorted) ? items : sorted;
}

function canonicalItem(item: Fields, defaults: Fields): Fields {
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(item).sort(compareText)) {
    const value = item[name];
    if (value !== undefined && value !== defaults[name]) result[name] = value;
  }
  return kept(item, result);
}

/** Keys in order; unset values (and, in bookkeeping, empty lists) dropped; the named lists sorted. */
function sortKeys(value: Fields, { compare, sortItems = [] }: FieldSpec): Fields {
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(value).sort(compareText)) {
    const item = value[name];
    if (item === undefined) continue;
    if (compare === 'bookkeeping' && Array.isArray(item) && item.length === 0) continue;
    result[name] = Array.isArray(item) && sortItems.includes(name) ? sortTexts(item) : item;
  }
  return kept(value, result);
}
