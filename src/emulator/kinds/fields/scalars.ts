import { mcpError } from '../../errors/device-error.ts';
import { invalidValue } from '../../errors/mcp.ts';
import { tmshName, type Field, type FieldOptions } from '../field.ts';

/** Text as tmsh takes it: numbers and booleans are text too; anything else is refused. */
export function asText(value: unknown, property: string): string {
  if (typeof value === 'string') {
    if (value.length > 65_535) {
      throw mcpError('01020057:3: The string with more than 65535 characters cannot be stored in a message.');
    }
    return value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  throw invalidValue(property, value);
}

/** Free text. `""` and `none` unset it, and the default holds again. */
export function text(name: string, options: FieldOptions = {}): Field {
  return {
    ...options,
    name,
    parse: (value) => {
      const given = value === null ? '' : asText(value, tmshName(name));
      return given === '' || given === 'none' ? undefined : given;
    },
  };
}

/** One of several words; `aliases` maps accepted spellings to the word that is stored. */
export function word(
  name: string,
  words: readonly string[],
  options: FieldOptions & { readonly aliases?: Readonly<Record<string, string>> } = {},
): Field {
  const { aliases = {}, ...rest } = options;
  const known = new Set(words);
  return {
    default: words[0],
    ...rest,
    name,
    parse: (value) => {
      const given = asText(value, tmshName(name));
      const meant = aliases[given] ?? given;
      if (!known.has(meant)) {
        throw invalidValue(tmshName(name), value);
      }
      return meant;
    },
  };
}

/** `enabled` or `disabled`; the default is `disabled` unless told otherwise. */
export function toggle(name: string, initial: 'enabled' | 'disabled' = 'disabled', options: FieldOptions = {}): Field {
  return word(name, ['enabled', 'disabled'], { default: initial, ...options });
}

/** A number printed as a JSON number; numeric text is accepted. */
export function integer(
  name: string,
  initial: number | undefined,
  options: FieldOptions & { readonly min?: number; readonly max?: number } = {},
): Field {
  const { min = 0, max = 4_294_967_295, ...rest } = options;
  return {
    ...(initial === undefined ? {} : { default: initial }),
    ...rest,
    name,
    parse: (value) => {
      const given = asText(value, tmshName(name));
      const number = /^-?\d{1,15}$/v.test(given) ? Number(given) : Number.NaN;
      if (!(number >= min && number <= max)) {
        throw invalidValue(tmshName(name), value);
      }
      return number;
    },
  };
}

/** A number, or one of some words, printed as text: `"180"`, `"indefinite"`, `"disabled"`. */
export function numberOrWord(
  name: string,
  initial: string,
  options: FieldOptions & { readonly words?: readonly string[]; readonly max?: number } = {},
): Field {
  const { words = [], max = 4_294_967_295, ...rest } = options;
  return {
    default: initial,
    ...rest,
    name,
    parse: (value) => {
      const given = asText(value, tmshName(name));
      if (words.includes(given) || (/^\d{1,15}$/v.test(given) && Number(given) <= max)) {
        return given;
      }
      throw invalidValue(tmshName(name), value);
    },
  };
}

/** A value that the device computes: clients cannot set it, and what they send is ignored. */
export function readOnly(name: string, initial: unknown, options: FieldOptions = {}): Field {
  return { default: initial, ...options, name };
}
