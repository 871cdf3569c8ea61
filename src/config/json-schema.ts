import { z } from 'zod';
import { configSchema } from './schema.ts';

/** A node of a JSON Schema, as far as Fairlead reads it. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly type?: string;
  readonly description?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** The JSON Schema of `fairlead.yaml`: what is published, and what error messages explain themselves with. */
export function publishedSchema(): SchemaNode {
  return z.toJSONSchema(configSchema, { io: 'input', reused: 'inline' }) as SchemaNode;
}

/** The file's text, as `npm run schema` writes it. */
export function printSchema(schema = publishedSchema()): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
