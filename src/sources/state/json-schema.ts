import type { JsonNode } from './forms/form.ts';
import { documentSchema, isGiven } from './document.ts';
import { kindByTitle } from './kinds/all.ts';

/** The JSON Schema of the documents of the desired state, with a definition for each kind: what is published. */
export function stateSchema(): JsonNode {
  const kinds = [...kindByTitle].filter(([, kind]) => isGiven(kind));
  const anyOf = kinds.map(([title]) => ({ $ref: `#/$defs/${title}` }));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Desired state of a BIG-IP',
    description: 'One object, or a list of them.',
    oneOf: [{ $ref: '#/$defs/object' }, { type: 'array', items: { $ref: '#/$defs/object' } }],
    $defs: {
      object: {
        type: 'object',
        required: ['kind', 'name'],
        properties: { kind: { enum: kinds.map(([title]) => title) } },
        oneOf: anyOf,
      },
      ...Object.fromEntries(kinds.map(([title, kind]) => [title, documentSchema(title, kind)])),
    },
  };
}

/** The file's text, as `npm run schema` writes it. */
export function printStateSchema(): string {
  return `${JSON.stringify(stateSchema(), null, 2)}\n`;
}
