import type { z } from 'zod';
import type { SchemaNode } from './json-schema.ts';
import type { FieldPath } from '../sources/values/locate.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { resolveRef, schemaAt } from './schema-at.ts';

/** One problem of one field, in words. */
export interface Problem {
  readonly code: string;
  readonly path: FieldPath;
  /** The problem is the key itself, not its value. */
  readonly atKey: boolean;
  readonly text: string;
}

/** Puts an issue of zod into words: what was found, what was expected. One issue may name several unknown keys. */
export function explainIssue(issue: z.core.$ZodIssue, root: SchemaNode, raw: unknown): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(root, issue.path);
    if (schemaAt(root, issue.path).secret) return [unknownSecretKey(issue.path, known)];
    return issue.keys.map((key) => unknownKey([...issue.path, key], known));
  }
  const { node, secret } = schemaAt(root, issue.path);
  const found = describeFound(valueAt(raw, issue.path), secret);
  const missing = issue.code === 'invalid_type' && found === undefined;
  const expected = describeExpected(issue, node === undefined ? undefined : { root, node });
  return [
    {
      code: missing ? 'config-missing' : 'config-invalid',
      path: issue.path,
      atKey: missing,
      text: missing ? `is missing; expected ${expected}` : `found ${found ?? 'nothing'}, expected ${expected}`,
    },
  ];
}

function knownKeys(root: SchemaNode, path: FieldPath): readonly string[] {
  const { node } = schemaAt(root, path);
  return Object.keys(node === undefined ? {} : (resolveRef(root, node).properties ?? {}));
}

function unknownKey(path: FieldPath, known: readonly string[]): Problem {
  const guess = nearest(String(path.at(-1)), known);
  const hint = guess === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${guess}?`;
  return { code: 'config-unknown-key', path, atKey: true, text: `is no known name; ${hint}` };
}

/** `password: {hunter2}` is a mapping with a key: below a secret, not even keys are repeated. */
function unknownSecretKey(path: FieldPath, known: readonly string[]): Problem {
  const text = `has a name that is not known (not repeated here, it may be the secret); expected one of ${known.join(', ')}`;
  return { code: 'config-unknown-key', path, atKey: false, text };
}

/** Values that hold a secret, or that are long, are told by their type alone. */
function describeFound(value: unknown, secret: boolean): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return secret ? 'a mapping' : describeMapping(value);
  if (secret) return `a plain ${typeof value}`;
  if (typeof value !== 'string') return JSON.stringify(value);
  return holdsCredentials(value) ? 'a URL with credentials in it' : JSON.stringify(shorten(value));
}

function describeMapping(value: object): string {
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty mapping' : `a mapping with ${shorten(keys.join(', '))}`;
}

function holdsCredentials(text: string): boolean {
  return /:\/\/[^/]*@/.test(text);
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

function describeExpected(
  issue: z.core.$ZodIssue,
  place: { readonly root: SchemaNode; readonly node: SchemaNode } | undefined,
): string {
  if (place === undefined) return issue.message;
  const { root, node } = place;
  const definition = resolveRef(root, node);
  if (node.$ref !== undefined && definition.description !== undefined) {
    return issue.code === 'custom' && definition.type === 'object' ? issue.message : definition.description;
  }
  if (issue.code === 'custom') return issue.message;
  if (definition.const !== undefined) return JSON.stringify(definition.const);
  if (definition.enum !== undefined) return `one of ${definition.enum.join(', ')}`;
  if (issue.code === 'too_small') return limitOf(issue.origin, 'at least', issue.minimum);
  if (issue.code === 'too_big') return limitOf(issue.origin, 'at most', issue.maximum);
  if (definition.anyOf !== undefined || definition.pattern !== undefined)
    return definition.description ?? issue.message;
  return TYPE_WORDS[definition.type ?? ''] ?? issue.message;
}

function limitOf(origin: string, bound: string, limit: number | bigint): string {
  if (origin === 'array') return `${bound} ${limit} item${limit === 1 ? '' : 's'}`;
  if (origin === 'string') return `${bound} ${limit} character${limit === 1 ? '' : 's'}`;
  return `a number of ${bound} ${limit}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  array: 'a list',
  object: 'a mapping',
};

function valueAt(raw: unknown, path: FieldPath): unknown {
  let value = raw;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[part];
  }
  return value;
}
