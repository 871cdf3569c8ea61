import { z } from 'zod';
import { ENCODINGS } from '../sources/files/text.ts';
import { parseArea } from '../sources/files/xlsx/reference.ts';
import { filePath } from './scalars.ts';
import { tableFields } from './table-schema.ts';

const sheet = z.union([z.string().min(1), z.int().min(1)]);

/** Files with tables. */
export const fileSourceSchema = z
  .strictObject({
    paths: z.array(filePath).min(1).describe('Files, or patterns of them such as ./vips/*.csv, watched for changes.'),
    format: z
      .enum(['auto', 'csv', 'xlsx', 'yaml', 'json', 'super-pool'])
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
    sheet: z
      .union([sheet, z.array(sheet).min(1)])
      .optional()
      .describe('Sheets of a workbook, by name or place (1 = the first); default: the first that is not hidden.'),
    range: z
      .string()
      .refine((text) => parseArea(text) !== undefined)
      .optional()
      .describe('a part of a sheet, such as B3:K200, B3:K or B:K'),
    ...tableFields,
  })
  .meta({ description: 'Files with tables: CSV, TSV, text, XLSX, YAML, JSON.' });
