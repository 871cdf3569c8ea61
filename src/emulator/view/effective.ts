import type { Field } from '../kinds/field.ts';
import type { Store } from '../store/store.ts';
import type { ConfigObject } from '../store/object.ts';

/**
 * The value in force: the object's own, else for kinds that inherit that of the object it `defaultsFrom`, live, else the
 * kind's default.
 */
export function effectiveValue(object: ConfigObject, field: Field, store: Store): unknown {
  let at: ConfigObject | undefined = object;
  for (let depth = 0; at !== undefined && depth < 32; depth += 1) {
    const value = at.values[field.name];
    if (value !== undefined) {
      return value;
    }
    if (object.kind.inherits !== true || field.name === 'defaultsFrom' || field.name === 'description') {
      break;
    }
    const parent: unknown = at.values['defaultsFrom'];
    at = typeof parent === 'string' ? store.lookup(object.kind.class, parent) : undefined;
    if (at?.kind !== object.kind) {
      break;
    }
  }
  return field.default;
}

/** All values in force of an object, by field name. */
export function effectiveValues(object: ConfigObject, store: Store): Readonly<Record<string, unknown>> {
  return Object.fromEntries(object.kind.fields.map((field) => [field.name, effectiveValue(object, field, store)]));
}
