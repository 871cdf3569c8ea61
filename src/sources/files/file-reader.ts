import { glob, stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Table } from '../tables/row.ts';
import type { FailedTable, TableReader, TablesRead } from '../tables/table-source.ts';
import { Doorbell } from '../watching/doorbell.ts';
import { parseCsv } from './csv.ts';
import type { ParsedTable } from './csv.ts';
import type { FileFormat, FileOptions } from './options.ts';
import { readSettled } from './settled.ts';
import { parseStructured } from './structured.ts';
import { parseSuperPool } from './super-pool.ts';
import { decodeText } from './text.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const DEFAULTS = { quietMs: 100, pollMs: 5000 };

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

/** What a file holds, or why that cannot be told. */
type ParsedFile =
  | { readonly tables: readonly Table[]; readonly notes?: readonly string[] }
  | { readonly problem: string; readonly row?: number };

/** Reads tables from files, and follows them. A file that did not change is not read again. */
export class FileReader implements TableReader {
  readonly #options: FileOptions;
  readonly #bell = new Doorbell();
  readonly #known = new Map<string, { readonly stamp: string; readonly parsed: ParsedFile }>();

  constructor(options: FileOptions) {
    this.#options = options;
  }

  async read(signal: AbortSignal): Promise<TablesRead> {
    const tables: Table[] = [];
    const failed: FailedTable[] = [];
    const diagnostics: Diagnostic[] = [];
    const { files, missing } = await this.#files();
    failed.push(...missing);
    for (const file of files) {
      signal.throwIfAborted();
      const parsed = await this.#parse(file, signal);
      if ('problem' in parsed) failed.push({ file, diagnostic: this.#problem(file, parsed) });
      else {
        tables.push(...parsed.tables);
        diagnostics.push(...(parsed.notes ?? []).map((note) => this.#note(file, note)));
      }
    }
    for (const file of this.#known.keys()) if (!files.includes(file)) this.#known.delete(file);
    return { tables, failed, diagnostics };
  }

  async follow(signal: AbortSignal, onChange: () => void): Promise<void> {
    try {
      while (!signal.aborted) {
        this.#bell.listen('', await this.#folders());
        await this.#bell.wait(this.#options.pollMs ?? DEFAULTS.pollMs, signal);
        if (!signal.aborted) onChange();
      }
    } finally {
      this.#bell.close();
    }
  }

  close(): Promise<void> {
    this.#bell.close();
    return Promise.resolve();
  }

  /** The files of all patterns. A pattern that gives none is a failure: a mount may not be there yet. */
  async #files(): Promise<{ readonly files: readonly string[]; readonly missing: readonly FailedTable[] }> {
    const files = new Set<string>();
    const missing: FailedTable[] = [];
    for (const pattern of this.#options.paths) {
      const found = isPattern(pattern) ? await filesOf(pattern) : [pattern];
      for (const file of found) files.add(file);
      if (found.length > 0) continue;
      missing.push({ file: pattern, diagnostic: this.#problem(pattern, { problem: 'matches no file' }) });
    }
    return { files: [...files], missing };
  }

  async #parse(file: string, signal: AbortSignal): Promise<ParsedFile> {
    const known = this.#known.get(file);
    const quietMs = this.#options.quietMs ?? DEFAULTS.quietMs;
    const read = await readSettled(file, { signal, quietMs, maxBytes: MAX_BYTES, known });
    if ('problem' in read) return read;
    if ('known' in read) return read.known.parsed;
    const parsed = await parseBytes(read.bytes, file, this.#options);
    this.#known.set(file, { stamp: read.stamp, parsed });
    return parsed;
  }

  /** The folders of the files, by path, with what tells a replaced one from the old. */
  async #folders(): Promise<ReadonlyMap<string, string>> {
    const { files } = await this.#files();
    const paths = new Set(
      [...files, ...this.#options.paths.filter((path) => !isPattern(path))].map((file) => dirname(file)),
    );
    const folders = new Map<string, string>();
    for (const path of paths) {
      const info = await stat(path).catch(() => undefined);
      if (info !== undefined) folders.set(path, `${info.dev}:${info.ino}`);
    }
    return folders;
  }

  #note(file: string, note: string): Diagnostic {
    return {
      code: 'file-note',
      severity: 'warning',
      origin: file,
      summary: `${this.#options.source}: ${file}, ${note}`,
    };
  }

  #problem(file: string, { problem, row }: { readonly problem: string; readonly row?: number }): Diagnostic {
    const where = row === undefined ? file : `${file}, row ${row}`;
    return {
      code: 'file-unreadable',
      severity: 'error',
      origin: where,
      summary: `${this.#options.source}: ${where}: ${problem}`,
      detail: 'what this file gave before stays as it is',
    };
  }
}

async function parseBytes(bytes: Buffer, file: string, options: FileOptions): Promise<ParsedFile> {
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

/** Without the lock files (`~$vips.xlsx`) that spreadsheet programs put beside open workbooks. */
async function filesOf(pattern: string): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const file of glob(pattern)) if (!basename(file).startsWith('~$')) files.push(file);
  return files.sort();
}

function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}
