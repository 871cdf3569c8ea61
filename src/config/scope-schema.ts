import { z } from 'zod';
import type { ScopeClause } from '../plan/scope.ts';
import { SCOPE_KINDS, parseClause } from '../plan/scope-text.ts';

const PATH_PATTERN = String.raw`^(/[^/\s]+){2,}$`;

/** The JSON Schema of one clause: the reading itself explains what is wrong better than a union can. */
const CLAUSE = {
  anyOf: [
    {
      type: 'string',
      pattern: String.raw`^\s*(pool-members\s+of\s+/\S+|objects\s.*|kinds\s.*|partitions\s.*)$`,
      description:
        'pool-members of /Common/web, objects [pool:/kubernetes/web], kinds [pool, virtual] or partitions [kubernetes]',
    },
    {
      type: 'object',
      properties: {
        poolMembers: {
          type: 'string',
          pattern: PATH_PATTERN,
          description: 'The full path of a pool: its members alone.',
        },
        objects: {
          type: 'array',
          minItems: 1,
          items: { type: 'string', pattern: `^(${SCOPE_KINDS.join('|')}):(/[^/\\s]+)+$` },
          description: 'These objects, and what they bring along.',
        },
        kinds: {
          type: 'array',
          minItems: 1,
          items: { enum: [...SCOPE_KINDS] },
          description: 'Objects of these kinds.',
        },
        partitions: {
          type: 'array',
          minItems: 1,
          items: { type: 'string' },
          description: 'Objects of these partitions.',
        },
      },
      additionalProperties: false,
      minProperties: 1,
    },
  ],
} as const;

/** What of a device may be written: one clause, or a list of them of which one must let an object in. */
export const scopeSchema = z
  .unknown()
  .transform((raw, context): readonly ScopeClause[] => {
    if (Array.isArray(raw) && raw.length === 0) {
      context.addIssue({ code: 'custom', message: 'at least one item' });
      return z.NEVER;
    }
    const items: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
    return items.flatMap((item, index) => {
      const result = parseClause(item);
      if ('clause' in result) return [result.clause];
      const { path, expected } = result.unexpected;
      const place = Array.isArray(raw) ? [index, ...path] : [...path];
      context.addIssue({ code: 'custom', message: expected, path: place });
      return [];
    });
  })
  .meta({
    anyOf: [...CLAUSE.anyOf, { type: 'array', minItems: 1, items: CLAUSE }],
    description:
      'What may be written, everything else is left as it is: pool-members of /Common/web, objects [pool:/kubernetes/web], kinds [pool, virtual], partitions [kubernetes], or a list of them.',
  });
