import type { FieldSpec, PartSpec } from '../ir/descriptor.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';
import { equalValues } from '../ir/equal.ts';
import { descriptorOf } from '../ir/objects.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A list of parts of an object. */
interface PartField {
  readonly field: string;
  readonly key: (item: unknown) => string;
  readonly parts: PartSpec;
}

/** An item that is left out until what it needs is there. */
export interface WaitingPart {
  readonly field: string;
  readonly item: string;
  readonly owner: OriginKey | undefined;
  readonly needs: Ref;
}

/** Who may have given what the device has. */
export interface HeldParts {
  /** Origins that the object on the device names and that are held now. */
  readonly held: readonly OriginKey[];
  /** See `Joint.defaults`. */
  readonly defaults?: ReadonlySet<string> | undefined;
}

/**
 * What the device has of origins that are held stays: their items (and items of which nobody can say whose they are),
 * and fields that nobody else sets.
 */
export function keepHeldParts<T extends BigipObject>(
  object: T,
  actual: BigipObject | undefined,
  { held, defaults = NO_DEFAULTS }: HeldParts,
): T {
  const fields = partFieldsOf(object);
  if (actual === undefined || held.length === 0 || fields.length === 0) return object;
  const there = actual as unknown as Fields;
  const kept: Record<string, unknown> = { ...there, ...object };
  for (const { field, key, parts } of fields) {
    const had = itemsOf(actual, field);
    const wanted = inPlace({ field, key, parts }, { had, wanted: itemsOf(object, field), defaults });
    const keys = new Set(wanted.map(key));
    const isReplaced = (item: unknown): boolean =>
      parts.instead?.(item) === true && wanted.some((other) => parts.instead?.(other));
    const stays = (item: unknown): boolean => {
      const owner = parts.owner?.(item);
      return !keys.has(key(item)) && !isReplaced(item) && (owner === undefined || held.includes(owner));
    };
    kept[field] = [...wanted, ...had.filter(stays)];
  }
  return arrange(kept as unknown as T);
}

/**
 * Of items that stand in each other's place what the device has stays, if what would come in its place is there by default only:
 * the origin that is held may have asked for it.
 */
function inPlace(
  { field, key, parts }: PartField,
  given: {
    readonly had: readonly unknown[];
    readonly wanted: readonly unknown[];
    readonly defaults: ReadonlySet<string>;
  },
): readonly unknown[] {
  const { instead } = parts;
  if (instead === undefined) return given.wanted;
  const [had, wanted] = [given.had.filter(instead), given.wanted.filter(instead)];
  const known = new Set(had.map(key));
  const isKept = wanted.every((item) => known.has(key(item)) || given.defaults.has(`${field} ${key(item)}`));
  return isKept && had.length > 0 ? [...given.wanted.filter((item) => !instead(item)), ...had] : given.wanted;
}

const NO_DEFAULTS: ReadonlySet<string> = new Set<string>();

/** The object without the items that need something `unavailable`, and what these are. */
export function withoutWaiting<T extends BigipObject>(
  object: T,
  unavailable: (ref: Ref) => boolean,
): { readonly object: T; readonly waiting: readonly WaitingPart[] } {
  const waiting: WaitingPart[] = [];
  const left: Record<string, unknown> = {};
  for (const { field, key, parts } of partFieldsOf(object)) {
    const { references } = parts;
    const items = itemsOf(object, field);
    if (references === undefined || items.length === 0) continue;
    const ready = items.filter((item) => {
      const needs = references(item).find(unavailable);
      if (needs !== undefined) waiting.push({ field, item: key(item), owner: parts.owner?.(item), needs });
      return needs === undefined;
    });
    if (ready.length < items.length) left[field] = ready;
  }
  return waiting.length === 0 ? { object, waiting } : { object: { ...object, ...left }, waiting };
}

/** What the parts of an object need. */
export function needsOfParts(object: BigipObject): readonly Ref[] {
  return partFieldsOf(object).flatMap(({ field, parts }) =>
    itemsOf(object, field).flatMap(parts.references ?? nothing),
  );
}

function nothing(): readonly Ref[] {
  return [];
}

/** The origins whose items differ between two states of an object; of a new one, all that gave an item. */
export function ownersOfChanges(before: BigipObject | undefined, after: BigipObject): ReadonlySet<OriginKey> {
  const owners = new Set<OriginKey>();
  for (const { field, key, parts } of partFieldsOf(after)) {
    const old = byKey(before === undefined ? [] : itemsOf(before, field), key);
    const now = byKey(itemsOf(after, field), key);
    const changed = [...old.keys(), ...now.keys()].filter((name) => !equalValues(old.get(name), now.get(name)));
    const items = changed.flatMap((name) => [old.get(name), now.get(name)]).filter((item) => item !== undefined);
    for (const owner of items.flatMap((item) => parts.owner?.(item) ?? [])) owners.add(owner);
  }
  return owners;
}

function byKey(items: readonly unknown[], key: (item: unknown) => string): ReadonlyMap<string, unknown> {
  return new Map(items.map((item) => [key(item), item]));
}

/** The owners of the items that a text names. */
export function ownersNamed(object: BigipObject, text: string): ReadonlySet<OriginKey> {
  const words = new Set(text.split(/[\s,;'"()[\]{}]+/).flatMap(namesIn));
  const owners = new Set<OriginKey>();
  for (const { field, key, parts } of partFieldsOf(object)) {
    for (const item of itemsOf(object, field)) {
      const owner = parts.owner?.(item);
      if (owner !== undefined && words.has(key(item))) owners.add(owner);
    }
  }
  return owners;
}

/** What a word may name: itself (names of members hold a colon), or what stands around its colons; without what ends a sentence. */
function namesIn(word: string): readonly string[] {
  return [word, ...word.split(':')].flatMap((name) => [name, name.replace(/[.!?:]+$/, '')]);
}

/** Whether an object is put together from parts of several origins. */
export function hasParts(object: BigipObject): boolean {
  return partFieldsOf(object).length > 0;
}

function arrange<T extends BigipObject>(object: T): T {
  return (descriptorOf(object.kind).arrange?.(object) ?? object) as T;
}

function partFieldsOf(object: BigipObject): readonly PartField[] {
  const known = partFields.get(object.kind);
  if (known !== undefined) return known;
  const specs = Object.entries(descriptorOf(object.kind).fields as Readonly<Record<string, FieldSpec>>);
  const found = specs.flatMap(([field, { key, parts }]) =>
    key === undefined || parts === undefined ? [] : [{ field, key, parts }],
  );
  partFields.set(object.kind, found);
  return found;
}

/** Descriptors never change: found once for each kind. */
const partFields = new Map<string, readonly PartField[]>();

function itemsOf(object: BigipObject, field: string): readonly unknown[] {
  return ((object as unknown as Fields)[field] as readonly unknown[] | undefined) ?? [];
}
