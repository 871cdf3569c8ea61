import type { Field } from '../kinds/field.ts';
import type { ConfigObject } from './object.ts';

/** Full paths that a stored value points at. */
export function targetsOf(field: Field, value: unknown): readonly string[] {
  if (value === undefined || field.reference === undefined) {
    return [];
  }
  if (field.reference.paths !== undefined) {
    return field.reference.paths(value);
  }
  if (typeof value === 'string') {
    return [value];
  }
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Under which keys an object is found: by its class and path, by what it points at, and by its kind's own indexes. */
export function indexKeysOf(object: ConfigObject): readonly (readonly [string, string])[] {
  const keys: (readonly [string, string])[] = [];
  if (object.scope === '') {
    keys.push([`class:${object.kind.class}`, object.fullPath]);
  }
  for (const field of object.kind.foreignKeys) {
    for (const target of targetsOf(field, object.values[field.name])) {
      keys.push([`ref:${field.reference?.target ?? ''}`, target]);
    }
  }
  const own = object.kind.hooks.indexes?.(object);
  return own === undefined ? keys : [...keys, ...own];
}
