import type { CsvOptions } from './csv.ts';
import type { Encoding } from './text.ts';
import type { WorkbookOptions } from './xlsx/workbook.ts';

/** What a file holds: `csv` is any text with delimiters, `super-pool` the rows of old (super-pool.ts). */
export type FileFormat = 'csv' | 'xlsx' | 'yaml' | 'json' | 'super-pool';

/** Which files are read, and how. */
export interface FileOptions extends CsvOptions, WorkbookOptions {
  /** The source's name, for messages. */
  readonly source: string;
  /** Files, or patterns of them (`*.csv`). */
  readonly paths: readonly string[];
  /** `auto`: by the extension. */
  readonly format: FileFormat | 'auto';
  readonly encoding: Encoding;
  /** A file is read when it has been left alone for so long; default 100 ms. */
  readonly quietMs?: number;
  /** Files are looked at this often where no notification comes; default 5 s. */
  readonly pollMs?: number;
}
