import { invalidValue, unknownProperty } from '../../errors/mcp.ts';
import { tmshName, type Field, type FieldOptions } from '../field.ts';
import { appService } from './app-service.ts';
import { asNames } from './lists.ts';
import { asText, integer, toggle, word } from './scalars.ts';

/** Text whose unset form is printed, `none` for profiles since TMOS 12. */
function shownText(name: string, initial: string, options: FieldOptions): Field {
  return {
    ...options,
    default: initial,
    name,
    parse: (value) => {
      const given = value === null ? '' : asText(value, tmshName(name));
      return given === '' ? 'none' : given;
    },
  };
}

function shownList(name: string, initial: readonly unknown[], options: FieldOptions): Field {
  return { ...options, default: initial, name, parse: (value) => asNames(value, tmshName(name)) };
}

function nested(name: string, initial: Readonly<Record<string, unknown>>, options: FieldOptions): Field {
  const inner = new Map(Object.entries(initial).map(([key, value]) => [key, fieldFor(key, value)]));
  return {
    ...options,
    default: initial,
    name,
    parse: (value, context) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw invalidValue(tmshName(name), value);
      }
      const read: Record<string, unknown> = { ...initial, ...(context.current(name) as object | undefined) };
      for (const [key, raw] of Object.entries(value)) {
        const field = inner.get(key);
        if (field !== undefined) {
          read[key] = field.parse?.(raw, context);
        } else if (!key.endsWith('Reference')) {
          throw unknownProperty(tmshName(key));
        }
      }
      return read;
    },
  };
}

/** A field whose type follows from its default: toggles, yes/no, numbers, lists, nested objects, else text. */
export function fieldFor(name: string, initial: unknown, options: FieldOptions = {}): Field {
  if (name === 'appService') {
    return appService({ default: initial, ...options });
  }
  if (typeof initial === 'number') {
    return integer(name, initial, options);
  }
  if (initial === 'enabled' || initial === 'disabled') {
    return toggle(name, initial, options);
  }
  if (initial === 'yes' || initial === 'no') {
    return word(name, ['yes', 'no'], { default: initial, ...options });
  }
  if (initial === 'true' || initial === 'false') {
    return word(name, ['true', 'false'], { default: initial, ...options });
  }
  if (Array.isArray(initial)) {
    return shownList(name, initial, options);
  }
  if (typeof initial === 'object' && initial !== null) {
    return nested(name, initial as Record<string, unknown>, options);
  }
  return shownText(name, String(initial), options);
}

/** Fields for a table of defaults; `instead` gives fields that the default does not describe well enough. */
export function fieldsFrom(
  defaults: Readonly<Record<string, unknown>>,
  instead: readonly Field[] = [],
): readonly Field[] {
  const taken = new Set(instead.flatMap((field) => [field.name, ...(field.flags ?? [])]));
  const inferred = Object.entries(defaults).filter(([name]) => !taken.has(name));
  return [...inferred.map(([name, initial]) => fieldFor(name, initial)), ...instead];
}
