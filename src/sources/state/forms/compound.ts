import { nearest } from '../../../diagnostics/nearest.ts';
import type { FieldPath } from '../../values/locate.ts';
import type { Form, JsonNode, Names, Reading } from './form.ts';
import { reject } from './form.ts';

/** A field of a mapping. */
export interface Field<T> {
  readonly form: Form<T>;
  readonly isRequired: boolean;
  /** What holds where it is left out. */
  readonly byDefault?: T;
}

/** One field for each of a type. */
export type FieldsOf<T> = { readonly [F in keyof T]-?: Field<Exclude<T[F], undefined>> };

/** The field must be there. */
export const required = <T>(form: Form<T>): Field<T> => ({ form, isRequired: true });

/** The field may be left out. */
export const optional = <T>(form: Form<T>): Field<T> => ({ form, isRequired: false });

/** The field may be left out, and is this then. */
export const defaulted = <T>(form: Form<T>, byDefault: T): Field<T> => ({ form, isRequired: false, byDefault });

/** Values that are read in vain give nothing, so that all problems of a document are told, not the first. */
type Loose = Readonly<Record<string, Field<unknown>>>;

/** A list of values of a form. */
export function list<T>(item: Form<T>): Form<readonly T[]> {
  const expected = `a list, each of it ${item.expected}`;
  return {
    expected,
    schema: { type: 'array', items: item.schema },
    read: (value, path, reading) => {
      if (!Array.isArray(value)) return reject(value, path, { reading, expected });
      const items = value.map((one: unknown, index) => item.read(one, [...path, index], reading));
      const valid = items.filter((one) => one !== undefined);
      return valid.length === items.length ? valid : undefined;
    },
    print: (items, names) => items.map((one) => item.print(one, names)),
  };
}

/** Whether a value is a mapping of names to values. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the fields of a mapping. Undefined if any of them has a problem, or one is there that is not known. */
export function readFields(
  value: Readonly<Record<string, unknown>>,
  fields: Loose,
  at: { readonly path: FieldPath; readonly reading: Reading },
): Readonly<Record<string, unknown>> | undefined {
  const { path, reading } = at;
  let isGood = true;
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(fields, name)) continue;
    const meant = nearest(name, Object.keys(fields));
    const hint = meant === undefined ? `expected one of ${Object.keys(fields).join(', ')}` : `did you mean ${meant}?`;
    reading.problem([...path, name], `is no known field; ${hint}`, true);
    isGood = false;
  }
  const read: Record<string, unknown> = {};
  for (const [name, { form, isRequired, byDefault }] of Object.entries(fields)) {
    if (value[name] === undefined) {
      if (byDefault !== undefined) read[name] = byDefault;
      if (isRequired) reading.problem([...path, name], `is missing, expected ${form.expected}`, true);
      isGood &&= !isRequired;
      continue;
    }
    const one = form.read(value[name], [...path, name], reading);
    if (one === undefined) isGood = false;
    else read[name] = one;
  }
  return isGood ? read : undefined;
}

/** Prints the fields that have a value. */
export function printFields(
  value: Readonly<Record<string, unknown>>,
  fields: Loose,
  names: Names,
): Record<string, unknown> {
  const printed: Record<string, unknown> = {};
  for (const [name, { form }] of Object.entries(fields)) {
    if (value[name] !== undefined) printed[name] = form.print(value[name], names);
  }
  return printed;
}

/** The schema of a mapping with these fields. */
export function fieldsSchema(fields: Loose): JsonNode {
  const needed = Object.entries(fields).flatMap(([name, { isRequired }]) => (isRequired ? [name] : []));
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, { form, byDefault }]) => [
        name,
        { description: form.expected, ...form.schema, ...(byDefault === undefined ? {} : { default: byDefault }) },
      ]),
    ),
    ...(needed.length === 0 ? {} : { required: needed }),
    additionalProperties: false,
  };
}

/** Fields as what works with any of them sees them. */
export function loose<T>(fields: FieldsOf<T>): Loose {
  return fields as unknown as Loose;
}

/** A mapping with a field for each of its type. */
export function shape<T extends object>(expected: string, typed: FieldsOf<T>): Form<T> {
  const fields = loose(typed);
  return {
    expected,
    schema: fieldsSchema(fields),
    read: (value, path, reading) =>
      isMapping(value)
        ? (readFields(value, fields, { path, reading }) as T | undefined)
        : reject(value, path, { reading, expected }),
    print: (value, names) => printFields(value as Readonly<Record<string, unknown>>, fields, names),
  };
}

/** A mapping, or a text that says the same in short. */
export function inShort<T extends object>(
  whole: Form<T>,
  short: {
    /** `10.0.0.1:80` */
    readonly example: string;
    /** Undefined: it says nothing. */
    readonly parse: (text: string, names: Names) => T | undefined;
    /** Undefined: it cannot be said in short. */
    readonly print: (value: T, names: Names) => string | undefined;
  },
): Form<T> {
  const expected = `${whole.expected}, or in short ${short.example}`;
  return {
    expected,
    schema: { anyOf: [{ type: 'string' }, whole.schema] },
    read: (value, path, reading) => {
      if (isMapping(value)) return whole.read(value, path, reading);
      const parsed = typeof value === 'string' ? short.parse(value, reading.names) : undefined;
      return parsed ?? reject(value, path, { reading, expected });
    },
    print: (value, names) => short.print(value, names) ?? whole.print(value, names),
  };
}

/** The shapes of a union for which a field may hold a word. */
type ShapeWith<T, K extends keyof T, W> = T extends unknown ? (W extends T[K] ? Omit<T, K> : never) : never;

/** Mappings of several shapes, told apart by the word in one field. */
export function choice<K extends string, T extends Readonly<Record<K, string>>>(
  by: K,
  shapes: { readonly [W in T[K]]: FieldsOf<ShapeWith<T, K, W>> },
): Form<T> {
  const byWord = shapes as unknown as Readonly<Record<string, Loose>>;
  const expected = `a mapping with ${by}, one of ${Object.keys(byWord).join(', ')}`;
  const discriminator = (word: string): Field<unknown> => required({ ...wordForm(word), expected });
  const wordForm = (word: string): Form<unknown> => ({
    expected,
    schema: { const: word },
    read: (value) => value,
    print: (value) => value,
  });
  const fieldsFor = (word: string): Loose => ({ [by]: discriminator(word), ...byWord[word] });
  return {
    expected,
    schema: { oneOf: Object.keys(byWord).map((word) => fieldsSchema(fieldsFor(word))) },
    read: (value, path, reading) => {
      const word = isMapping(value) ? value[by] : undefined;
      if (!isMapping(value) || word === undefined) return reject(value, path, { reading, expected });
      if (typeof word !== 'string' || !Object.hasOwn(byWord, word))
        return reject(word, [...path, by], { reading, expected: `one of ${Object.keys(byWord).join(', ')}` });
      return readFields(value, fieldsFor(word), { path, reading }) as T | undefined;
    },
    print: (value, names) => printFields(value, fieldsFor(value[by]), names),
  };
}
