import { extname } from 'node:path';

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Table } from '../tables/row.ts';
import type { TableReader, TablesRead } from '../tables/table-source.ts';
import type { FileProblem } from '../watching/watched-files.ts';
import { WatchedFiles } from '../watching/watched-files.ts';
import { parseCsv } from './csv.ts';
import type { ParsedTable } from './csv.ts';
import type { FileFormat, FileOptions } from './options.ts';
import { parseStructured } from './structured.ts';
import { parseSuperPool } from './super-pool.ts';
import { decodeText } from './text.ts';

const FORMATS: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.json': 'json',
  '.xlsx': 'xlsx',
  '.xlsm': 'xlsx',
};

/** What a file holds. */
interface FileTables {
  readonly tables: readonly Table[];
  /** What its owner should know. */
  readonly notes?: readonly string[];
}

/** Reads tables from files, and follows them. */
export class FileReader implements TableReader {
  readonly #source: string;
  readonly #files: WatchedFiles<FileTables>;

  constructor(options: FileOptions) {
    const { source, paths, quietMs, pollMs } = options;
    this.#source = source;
    this.#files = new WatchedFiles({
      paths,
      quietMs,
      pollMs,
      parse: (bytes, file) => parseBytes(bytes, file, options),
    });
  }

  async read(signal: AbortSignal): Promise<TablesRead> {
    const { files, failed } = await this.#files.read(signal);
    return {
      tables: [...files.values()].flatMap(({ tables }) => tables),
      failed: [...failed].map(([file, problem]) => ({ file, diagnostic: this.#problem(file, problem) })),
      diagnostics: [...files].flatMap(([file, { notes = [] }]) => notes.map((note) => this.#note(file, note))),
    };
  }

  follow(signal: AbortSignal, onChange: () => void): Promise<void> {
    return this.#files.follow(signal, onChange);
  }

  close(): Promise<void> {
    return this.#files.close();
  }

  #note(file: string, note: string): Diagnostic {
    return { code: 'file-note', severity: 'warning', origin: file, summary: `${this.#source}: ${file}, ${note}` };
  }

  #problem(file: string, { problem, row }: FileProblem): Diagnostic {
    const where = row === undefined ? file : `${file}, row ${row}`;
    return {
      code: 'file-unreadable',
      severity: 'error',
      origin: where,
      summary: `${this.#source}: ${where}: ${problem}`,
      detail: 'what this file gave before stays as it is',
    };
  }
}

async function parseBytes(bytes: Buffer, file: string, options: FileOptions): Promise<FileTables | FileProblem> {
  const format = options.format === 'auto' ? FORMATS[extname(file).toLowerCase()] : options.format;
  if (format === undefined) {
    return { problem: `is of no known format, expected ${Object.keys(FORMATS).join(', ')} or format beside it` };
  }
  if (bytes.length === 0) return { problem: 'is empty' };
  if (format === 'xlsx') {
    // Only who has a workbook pays for what reads it.
    const { parseWorkbook } = await import('./xlsx/workbook.ts');
    return parseWorkbook(bytes, file, options);
  }
  const decoded = decodeText(bytes, options.encoding);
  if ('problem' in decoded) return decoded;
  if (decoded.text.trim() === '') return { problem: 'is empty' };
  const parsed = parseText(decoded.text, file, { ...options, format });
  return 'table' in parsed ? { tables: [parsed.table] } : parsed;
}

function parseText(text: string, file: string, options: FileOptions): ParsedTable {
  if (options.format === 'super-pool') return parseSuperPool(text, file, options.delimiter);
  return options.format === 'csv' ? parseCsv(text, file, options) : parseStructured(text, file);
}
