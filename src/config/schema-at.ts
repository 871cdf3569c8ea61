import type { SchemaNode } from './json-schema.ts';
import type { FieldPath } from '../sources/values/locate.ts';
import { PASSWORD_SCHEMA_ID, SECRET_SCHEMA_ID } from './secret-reference.ts';

const SECRETS: ReadonlySet<string | undefined> = new Set(
  [SECRET_SCHEMA_ID, PASSWORD_SCHEMA_ID].map((id) => `#/$defs/${id}`),
);

/** What the schema says of one place in the file. */
export interface SchemaPlace {
  /** Undefined: the schema knows no such place. */
  readonly node?: SchemaNode;
  /** It stands where a secret belongs: its value is never repeated. */
  readonly secret: boolean;
}

/** Follows a path through the published schema. */
export function schemaAt(root: SchemaNode, path: FieldPath): SchemaPlace {
  let node: SchemaNode | undefined = root;
  let secret = false;
  for (const part of path) {
    node = step(root, node, part);
    secret ||= SECRETS.has(node?.$ref);
  }
  return node === undefined ? { secret } : { node, secret };
}

/** The node that a `$ref` names, else the node itself. */
export function resolveRef(root: SchemaNode, node: SchemaNode): SchemaNode {
  const id = node.$ref?.replace('#/$defs/', '');
  return id === undefined ? node : (root.$defs?.[id] ?? node);
}

function step(root: SchemaNode, node: SchemaNode | undefined, part: PropertyKey): SchemaNode | undefined {
  if (node === undefined) return undefined;
  const resolved = resolveRef(root, node);
  if (resolved.anyOf !== undefined) return resolved.anyOf.map((choice) => step(root, choice, part)).find(Boolean);
  return typeof part === 'number' ? resolved.items : resolved.properties?.[String(part)];
}
