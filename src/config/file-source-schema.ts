import { z } from 'zod';
import { ENCODINGS } from '../sources/files/text.ts';
import { filePath } from './scalars.ts';
import { tableFields } from './table-schema.ts';

/** Files with tables. */
export const fileSourceSchema = z
  .strictObject({
    paths: z.array(filePath).min(1).describe('Files, or patterns of them such as ./vips/*.csv, watched for changes.'),
    format: z
      .enum(['auto', 'csv', 'yaml', 'json'])
      .default('auto')
      .describe('What they hold; auto = by the extension.'),
    encoding: z.enum(ENCODINGS).default('auto').describe('How text is read; auto = UTF-16 by its mark, else UTF-8.'),
    delimiter: z
      .string()
      .min(1)
      .max(1)
      .optional()
      .describe('Between values; default: what the header holds most often.'),
    header: z.int().min(0).default(1).describe('The row with the names of the columns; 0 = none, they are 1, 2, 3 …'),
    ...tableFields,
  })
  .meta({ description: 'Files with tables: CSV, TSV, text, YAML, JSON.' });
