import type { SchemaNode } from '../json-schema.ts';
import { publishedSchema } from '../json-schema.ts';
import { resolveRef } from '../schema-at.ts';

/** The schema as Markdown: a table for each part of the file, one row a field. */
export function schemaTables(): string {
  const root = publishedSchema();
  const parts = Object.entries(root.properties ?? {}).map(([name, node]) => part(root, name, node));
  return parts.join('\n\n');
}

function part(root: SchemaNode, name: string, node: SchemaNode): string {
  const rows = [row(root, { path: name, node, required: isRequired(root, name) }), ...rowsBelow(root, name, node)];
  return [`### \`${name}\``, '', '| field | value | default | |', '|---|---|---|---|', ...rows].join('\n');
}

function rowsBelow(root: SchemaNode, path: string, node: SchemaNode): readonly string[] {
  const resolved = resolveRef(root, node);
  if (resolved.items !== undefined) return rowsBelow(root, `${path}[]`, resolved.items);
  const rows: string[] = [];
  for (const [name, child] of Object.entries(resolved.properties ?? {})) {
    const below = `${path}.${name}`;
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
  if (node.$ref !== undefined) return definition.description ?? '';
  if (definition.enum !== undefined) return definition.enum.map((value) => code(String(value))).join(', ');
  if (definition.const !== undefined) return code(JSON.stringify(definition.const));
  if (definition.anyOf !== undefined && definition.description !== undefined) return 'one of several';
  if (definition.anyOf !== undefined) return definition.anyOf.map((choice) => valueOf(root, choice)).join(', or ');
  if (definition.type === 'array') return `list of: ${valueOf(root, definition.items ?? {})}`;
  return TYPES[definition.type ?? ''] ?? 'mapping';
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: '`true`, `false`',
  integer: 'whole number',
  number: 'number',
  object: 'mapping',
};
