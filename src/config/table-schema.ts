import { z } from 'zod';
import { FIELD_NAMES, fields } from '../sources/tables/fields.ts';
import type { FieldName } from '../sources/tables/fields.ts';

const pattern = z
  .string()
  .min(1)
  .refine((text) => isPattern(text))
  .describe('a regular expression; its first group, or the whole match, is the value');

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

const constant = z.union([z.string(), z.number(), z.boolean()]);

const fieldMapping = z
  .union([
    z
      .string()
      .min(1)
      .transform((column) => ({ column })),
    z.strictObject({
      column: z.string().min(1).optional().describe('The column, by its name; case and separators do not count.'),
      const: constant.optional().describe('The value where there is no column, or where it is empty.'),
      pattern: pattern.optional().describe('What of the column is the value.'),
      values: z.record(z.string(), z.string()).optional().describe('What words of the column mean here.'),
    }),
  ])
  .meta({ id: 'fieldMapping', description: 'the name of a column, or { column, const, pattern, values }' });

const byField = Object.fromEntries(
  FIELD_NAMES.map((name) => [name, fieldMapping.optional().describe(fields[name].effect)]),
) as {
  readonly [N in FieldName]: z.ZodOptional<typeof fieldMapping>;
};

/** What every source that reads tables has in common. */
export const tableFields = {
  mapping: z
    .strictObject(byField)
    .meta({
      id: 'tableMapping',
      description:
        'which column gives which field, such as { member: Server }; a field that is not named is read from the column of its own name',
    })
    .prefault({}),
  badRows: z
    .enum(['freeze', 'skip', 'refuse'])
    .default('freeze')
    .describe(
      'A row that cannot be understood: its service stays as it is, only the row is left out, or nothing is taken.',
    ),
  unnamedRows: z
    .enum(['bad', 'ignore'])
    .default('bad')
    .describe(
      'A row whose service is empty, or not matched by its pattern: one that cannot be understood, or none (a total, a note).',
    ),
  allowEmpty: z.boolean().default(false).describe('A table without rows is meant so, and its services may go.'),
} as const;
