import type { SchemaNode } from '../json-schema.ts';
import { publishedSchema } from '../json-schema.ts';
import { resolveRef } from '../schema-at.ts';

/**
 * The schema as Markdown: a table for each part of the file, one row a field. What stands in several places has a table of
 * its own, to which they lead.
 */
export function schemaTables(): string {
  const root = publishedSchema();
  const parts = Object.entries(root.properties ?? {}).map(([name, node]) => part(root, name, node));
  return [...parts, ...sharedIds(root).map((id) => sharedPart(root, id))].join('\n\n');
}

/** Definitions with fields of their own that more than one place names. */
function sharedIds(root: SchemaNode): readonly string[] {
  const text = JSON.stringify(root);
  return Object.entries(root.$defs ?? {}).flatMap(([id, node]) =>
    fieldsOf(node) !== undefined && text.split(`"#/$defs/${id}"`).length > 2 ? [id] : [],
  );
}

/** The fields of a definition, or of that choice of it that has some. */
function fieldsOf(node: SchemaNode): SchemaNode | undefined {
  return [node, ...(node.anyOf ?? [])].find(({ properties }) => properties !== undefined);
}

function sharedPart(root: SchemaNode, id: string): string {
  const node = root.$defs?.[id] ?? {};
  const fields = fieldsOf(node) ?? node;
  const rows = rowsBelow(root, '', fields);
  const { description: [first = '', ...others] = '' } = node;
  return [`### ${id}`, '', `${first.toUpperCase()}${others.join('')}.`, '', ...HEAD, ...rows].join('\n');
}

const HEAD = ['| field | value | default | |', '|---|---|---|---|'] as const;

/** The shared definition that a node names. */
function sharedId(root: SchemaNode, node: SchemaNode): string | undefined {
  const id = node.$ref?.replace('#/$defs/', '');
  return id !== undefined && sharedIds(root).includes(id) ? id : undefined;
}

function part(root: SchemaNode, name: string, node: SchemaNode): string {
  const rows = [row(root, { path: name, node, required: isRequired(root, name) }), ...rowsBelow(root, name, node)];
  return [`### \`${name}\``, '', ...HEAD, ...rows].join('\n');
}

function rowsBelow(root: SchemaNode, path: string, node: SchemaNode): readonly string[] {
  if (sharedId(root, node) !== undefined) return [];
  const resolved = resolveRef(root, node);
  if (resolved.items !== undefined) return rowsBelow(root, `${path}[]`, resolved.items);
  const rows: string[] = [];
  for (const [name, child] of Object.entries(resolved.properties ?? {})) {
    const below = path === '' ? name : `${path}.${name}`;
    rows.push(row(root, { path: below, node: child, required: isRequired(resolved, name) }));
    rows.push(...rowsBelow(root, below, child));
  }
  return rows;
}

function isRequired(node: SchemaNode, name: string): boolean {
  return node.required?.includes(name) === true;
}

function row(
  root: SchemaNode,
  { path, node, required }: { readonly path: string; readonly node: SchemaNode; readonly required: boolean },
): string {
  const byDefault = node.default === undefined ? '' : code(JSON.stringify(node.default));
  const cells = [code(path), valueOf(root, node), required ? '**required**' : byDefault, node.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function valueOf(root: SchemaNode, node: SchemaNode): string {
  const definition = resolveRef(root, node);
  const shared = sharedId(root, node);
  if (shared !== undefined) return `[${shared}](#${shared.toLowerCase()})`;
  if (node.$ref !== undefined) return definition.description ?? '';
  if (definition.enum !== undefined) return definition.enum.map((value) => code(String(value))).join(', ');
  if (definition.const !== undefined) return code(JSON.stringify(definition.const));
  if (definition.anyOf !== undefined && definition.description !== undefined) return 'one of several';
  if (definition.anyOf !== undefined) return definition.anyOf.map((choice) => valueOf(root, choice)).join(', or ');
  if (definition.type === 'array') return `list of: ${valueOf(root, definition.items ?? {})}`;
  const types: readonly (string | undefined)[] = [definition.type].flat();
  return types.map((type) => TYPES[type ?? ''] ?? 'mapping').join(', or ');
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: '`true`, `false`',
  integer: 'whole number',
  number: 'number',
  object: 'mapping',
};
