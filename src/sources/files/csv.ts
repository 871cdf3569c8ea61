import { CsvError, parse } from 'csv-parse/sync';

import type { Place, Row, Table } from '../tables/row.ts';

/** How a table of text is cut up. */
export interface CsvOptions {
  /** Left out: the one of `,`, `;`, tab and `|` that the header holds most often. */
  readonly delimiter?: string | undefined;
  /** The row with the names of the columns, counted from 1; 0: there is none, columns are called 1, 2, 3 … */
  readonly header: number;
}

/** A table, or why the text is none. */
export type ParsedTable = { readonly table: Table } | { readonly problem: string; readonly row?: number };

const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * Reads CSV, TSV and the like (RFC 4180; any line end). Rows are told by the line that they begin on. A row with more or
 * fewer values than the header has columns is broken: a lost comma would shift every value behind it.
 */
export function parseCsv(text: string, file: string, options: CsvOptions): ParsedTable {
  const [, told] = SEPARATOR_LINE.exec(text) ?? [];
  const delimiter = options.delimiter ?? told ?? guessDelimiter(text);
  try {
    const records = parse(text, {
      delimiter,
      // Whoever puts a file together out of several mixes them.
      record_delimiter: ['\r\n', '\n', '\r'],
      info: true,
      relax_column_count: true,
      // Blanks in front of a quote are none of the value; a tab may be the delimiter itself.
      trim: delimiter !== '\t',
      skip_empty_lines: false,
      bom: true,
    }) as unknown as readonly CsvRecord[];
    const lines = withLines(records);
    return told === undefined
      ? tableOf(lines, file, options.header)
      : tableOf(lines.slice(1), file, options.header === 0 ? 0 : options.header + 1);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as { lines?: number };
    return { problem: QUOTE_PROBLEMS[error.code] ?? error.message, ...(lines === undefined ? {} : { row: lines }) };
  }
}

/** What Excel takes as the delimiter, in a line of its own before all others. */
const SEPARATOR_LINE = /^sep=(.)\r?\n?/i;

const IN_QUOTES = 'expected values that hold one in double quotes, and it doubled: "19"" rack"';

/** What stands in quotes may hold delimiters and line ends: behind a mistake nobody can tell where a row ends. */
const QUOTE_PROBLEMS: Readonly<Record<string, string>> = {
  INVALID_OPENING_QUOTE: `has a double quote inside of a value, ${IN_QUOTES}`,
  CSV_INVALID_CLOSING_QUOTE: `has something behind the closing double quote of a value, ${IN_QUOTES}`,
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: `has something behind the closing double quote of a value, ${IN_QUOTES}`,
  CSV_QUOTE_NOT_CLOSED: `has a double quote that is never closed, ${IN_QUOTES}`,
};

interface CsvRecord {
  readonly record: readonly string[];
  /** `lines`: the line that it ends on. */
  readonly info: { readonly lines: number };
}

interface Line {
  readonly line: number;
  readonly values: readonly string[];
}

/** A record begins on the line after the one where the last one ended. */
function withLines(records: readonly CsvRecord[]): readonly Line[] {
  let end = 0;
  return records.map(({ record, info }) => {
    const line = end + 1;
    end = info.lines;
    return { line, values: record };
  });
}

function tableOf(lines: readonly Line[], file: string, header: number): ParsedTable {
  const place = { file };
  const head = lines.find(({ line }) => line === header);
  if (header > 0 && head === undefined)
    return { problem: `has no row ${header}, expected the names of the columns there` };
  if (head?.values.every((name) => name.trim() === '') === true)
    return { problem: 'is empty, expected the names of the columns there', row: header };
  const width = lines.reduce((most, { values }) => Math.max(most, values.length), 0);
  const columns =
    head?.values.map((name) => name.trim()) ?? Array.from({ length: width }, (_, index) => String(index + 1));
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index);
  if (twice !== undefined)
    return { problem: `has two columns ${JSON.stringify(twice)}, expected each once`, row: header };
  const rows: Row[] = [];
  const broken: { readonly place: Place; readonly text: string }[] = [];
  for (const { line, values } of lines) {
    if (line <= header || values.every((value) => value.trim() === '')) continue;
    if (head !== undefined && values.length !== columns.length) {
      const text = `has ${values.length} values, expected ${columns.length} as there are columns`;
      broken.push({ place: { file, row: line }, text });
      continue;
    }
    rows.push({
      place: { file, row: line },
      values: new Map(columns.map((name, index) => [name, values[index] ?? ''])),
    });
  }
  return { table: { place, columns: columns.filter((name) => name !== ''), rows, broken } };
}

function guessDelimiter(text: string): string {
  const line = text.slice(0, /[\r\n]/.exec(text)?.index ?? text.length);
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}
