import type { FieldPath } from '../../values/locate.ts';

/** A node of a JSON Schema. */
export type JsonNode = Readonly<Record<string, unknown>>;

/** What names without a path mean. */
export interface Names {
  /** The partition that Fairlead owns. */
  readonly partition: string;
}

/** Where a document is being read: what names mean, and where problems go. */
export interface Reading {
  readonly names: Names;
  /** Tells a problem of a field; gives undefined, as what is read. `atKey`: it is the name of the field, not its value. */
  readonly problem: (path: FieldPath, text: string, atKey?: true) => undefined;
}

/** How values of one type stand in a document: read, printed, and described for editors. `read(print(x))` is x. */
export interface Form<T> {
  /** Ends messages about what is not of this form: `an IP address`. */
  readonly expected: string;
  readonly schema: JsonNode;
  /** Undefined: it is not of this form, and a problem was told. */
  readonly read: (value: unknown, path: FieldPath, reading: Reading) => T | undefined;
  readonly print: (value: T, names: Names) => unknown;
}

const SHOWN_MAX = 60;

/** Tells that a value is not of the form that was expected. Longer texts, and what may be a key, are not repeated. */
export function reject(value: unknown, path: FieldPath, to: { readonly reading: Reading; readonly expected: string }) {
  return to.reading.problem(path, `found ${found(value)}, expected ${to.expected}`);
}

function found(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value !== 'string') return JSON.stringify(value) ?? typeof value;
  if (value.includes('-----BEGIN')) return 'PEM (not repeated here)';
  return JSON.stringify(value.length <= SHOWN_MAX ? value : `${value.slice(0, SHOWN_MAX - 3)}...`);
}

/** A form whose values are single texts, numbers or words. `parse` gives undefined for what is none. */
export function scalar<T>(given: {
  readonly expected: string;
  readonly schema: JsonNode;
  readonly parse: (value: unknown, names: Names) => T | undefined;
  readonly print?: (value: T, names: Names) => unknown;
}): Form<T> {
  const { expected, schema, parse, print } = given;
  return {
    expected,
    schema,
    read: (value, path, reading) => parse(value, reading.names) ?? reject(value, path, { reading, expected }),
    print: print ?? ((value) => value),
  };
}
