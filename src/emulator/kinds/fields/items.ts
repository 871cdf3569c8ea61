import { identifierMissing, invalidValue, unknownProperty } from '../../errors/mcp.ts';
import { splitFullPath } from '../../names/full-path.ts';
import { objectUri, versioned } from '../../view/links.ts';
import {
  tmshName,
  type Field,
  type FieldOptions,
  type ParseContext,
  type PrintContext,
  type Reference,
} from '../field.ts';
import { asNames } from './lists.ts';

/** One item of a list that a client sent: its name and its other properties. */
export interface GivenItem {
  readonly name: string;
  readonly more: Readonly<Record<string, unknown>>;
}

const outputOnly = new Set(['nameReference', 'kind', 'selfLink', 'fullPath', 'generation']);

function itemIn(item: unknown): GivenItem {
  if (typeof item === 'string' && item !== '') {
    return { name: item, more: {} };
  }
  const { name, ...rest } = (typeof item === 'object' ? (item ?? {}) : {}) as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') {
    throw identifierMissing();
  }
  return { name, more: Object.fromEntries(Object.entries(rest).filter(([key]) => !outputOnly.has(key))) };
}

/**
 * The items of a list of named things, as texts or objects; `""` and `none` are the empty list.
 * Throws the grammar's errors for anything that is no list, or has an item without a name.
 */
export function givenItems(value: unknown, property: string): readonly GivenItem[] {
  if (value === null || value === '' || value === 'none') {
    return [];
  }
  if (typeof value === 'string') {
    return value.split(/\s+/v).map((name) => ({ name, more: {} }));
  }
  if (!Array.isArray(value)) {
    throw invalidValue(property, value);
  }
  return value.map(itemIn);
}

/** A list printed as `[{name}]`, each name read by `read` (undefined: refused). Empty is unset. */
export function namedItems(
  name: string,
  read: (text: string) => string | undefined,
  options: FieldOptions = {},
): Field {
  return {
    tail: true,
    shape: 'list',
    ...options,
    name,
    parse: (value) => {
      const items = givenItems(value, tmshName(name)).map((item) => {
        const unknown = Object.keys(item.more).find((key) => key !== 'description');
        if (unknown !== undefined) {
          throw unknownProperty(tmshName(unknown));
        }
        const kept = read(item.name);
        if (kept === undefined) {
          throw invalidValue(tmshName(name), item.name);
        }
        return Object.assign({ name: kept }, item.more);
      });
      const unique = new Map(items.map((item) => [item.name, item]));
      return unique.size === 0 ? undefined : [...unique.values()];
    },
  };
}

/** An item that points at an object, as it is stored. */
export interface PointingItem {
  readonly fullPath: string;
  readonly [property: string]: unknown;
}

/** The items of a stored list of pointers. */
export function pointingItems(value: unknown): readonly PointingItem[] {
  return Array.isArray(value) ? (value as PointingItem[]) : [];
}

function printPointer(item: PointingItem, target: string, { device }: PrintContext): Record<string, unknown> {
  const { fullPath, ...more } = item;
  const { name, partition, subPath } = splitFullPath(fullPath);
  const found = device.store.lookup(target, fullPath);
  return {
    name,
    partition,
    ...(subPath === undefined ? {} : { subPath }),
    ...more,
    ...(found === undefined ? {} : { nameReference: { link: versioned(objectUri(found, device), device) } }),
  };
}

/**
 * A list of pointers at objects, printed as `{name, partition, ..., nameReference}`. `more` reads the other properties
 * of an item; `at` is its place in the list.
 */
export function pointers(
  name: string,
  to: Reference,
  more: (given: GivenItem, at: number, context: ParseContext) => Readonly<Record<string, unknown>> = () => ({}),
): Field {
  return {
    name,
    tail: true,
    shape: 'list',
    reference: {
      ...to,
      noTwin: true,
      paths: (value) => pointingItems(value).map((item) => item.fullPath),
    },
    parse: (value, context) => {
      const items = givenItems(value, tmshName(name)).map((given, at) => {
        const { partition } = given.more;
        const full =
          given.name.startsWith('/') || typeof partition !== 'string' ? given.name : `/${partition}/${given.name}`;
        return Object.assign({ fullPath: context.resolve(to.target, full) }, more(given, at, context));
      });
      return items.length === 0 ? undefined : items;
    },
    print: (value, context) => pointingItems(value).map((item) => printPointer(item, to.target, context)),
  };
}

/** A list of names of objects that are in no folder (interfaces), with their twins. Empty is unset. */
export function flatReferences(name: string, to: Reference, options: FieldOptions = {}): Field {
  return {
    tail: true,
    shape: 'list',
    ...options,
    name,
    reference: to,
    parse: (value) => {
      const names = [...new Set(asNames(value, tmshName(name)))];
      return names.length === 0 ? undefined : names;
    },
  };
}
