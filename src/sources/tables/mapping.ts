import type { FieldName, FieldSpec, RowFields } from './fields.ts';
import type { CellFault, CellValue, Place, Row } from './row.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { FIELD_NAMES, fields } from './fields.ts';
import { foldName, printPlace, textOf } from './row.ts';

/** Where a field comes from: a column, a constant, or both (the constant where the column is empty). */
export interface FieldMapping {
  readonly column?: string | undefined;
  readonly const?: string | number | boolean | undefined;
  /** A regular expression on the column's text: its first group, or the whole match, is the value. */
  readonly pattern?: string | undefined;
  /** What words of the column mean here: `{ aktiv: enabled }`. Compared without case. Others stay as they are. */
  readonly values?: Readonly<Record<string, string>> | undefined;
}

/** Which column gives which field. A field that is not named is read from the column of its own name, if there is one. */
export type Mapping = { readonly [N in FieldName]?: FieldMapping | undefined };

/** A value that cannot be used. */
export interface RowProblem {
  readonly place: Place;
  readonly field?: FieldName;
  /** What was found and what was expected. */
  readonly text: string;
}

/** What a row says. */
export interface MappedRow {
  readonly place: Place;
  /** The columns of its fields, where they can come from nowhere else; the same map for all rows of a table. */
  readonly columnOf: ReadonlyMap<FieldName, string>;
  readonly fields: RowFields;
  /** It may say more than its fields, and nobody can read it. */
  readonly lost?: true;
  readonly problems: readonly RowProblem[];
}

/** A mapping that is ready for the columns of one table. */
export interface TableMapping {
  /** Columns that the mapping names and the table does not have. */
  readonly problems: readonly RowProblem[];
  /** Undefined: the row is empty. */
  readonly read: (row: Row) => MappedRow | undefined;
}

interface Reader {
  readonly field: FieldName;
  /** As the table spells it; several: spellings that are the same, of which a row fills one. The exact one comes first. */
  readonly columns: readonly string[];
  readonly mapping: FieldMapping;
  readonly pattern?: RegExp;
  readonly words: ReadonlyMap<string, string>;
}

/** How rows are read. */
export interface MappingOptions {
  readonly mapping: Mapping;
  /** What a row is that names no service, because the cell is empty or its pattern does not match; default `bad`. */
  readonly unnamedRows?: UnnamedRows | undefined;
}

/** `bad`: one that cannot be understood. `ignore`: none at all, but a note or a total. */
export type UnnamedRows = 'bad' | 'ignore';

/** Makes a mapping ready for a table. Columns are found whatever their case and separators. */
export function mapTable(options: MappingOptions, columns: readonly string[], place: Place): TableMapping {
  const { mapping, unnamedRows } = options;
  const byFolded = Map.groupBy(columns, foldName);
  const problems: RowProblem[] = [];
  const readers = FIELD_NAMES.flatMap((field): readonly Reader[] => {
    const given = mapping[field];
    const wanted = given === undefined ? field : given.column;
    const found = wanted === undefined ? [] : (byFolded.get(foldName(wanted)) ?? []);
    const isMissing = found.length === 0 && given?.const === undefined;
    // With a constant beside it, a column may be missing.
    if (isMissing && (given?.column !== undefined || field === 'service'))
      problems.push(missingColumn(field, wanted ?? field, { columns, place }));
    if (isMissing) return [];
    return [
      readerOf(
        field,
        given ?? {},
        found.toSorted((a, b) => Number(b === wanted) - Number(a === wanted)),
      ),
    ];
  });
  const columnOf = columnsOf(mapping, readers);
  const isRow = unnamedRows === 'ignore' ? (row: Row) => isNamed(row, readers) : () => true;
  return { problems, read: (row) => (isRow(row) ? readRow(row, readers, columnOf) : undefined) };
}

/** Whether a row names a service, or may: a cell that cannot be read holds something. */
function isNamed(row: Row, readers: readonly Reader[]): boolean {
  const reader = readers.find(({ field }) => field === 'service');
  const { columns, mapping } = reader ?? { columns: [], mapping: {} };
  if (columns.some((column) => row.faults?.has(column))) return true;
  const found = textOf(row.values.get(columnIn(row, columns) ?? ''));
  const text = found === '' || reader === undefined ? textOf(mapping.const) : translate(found, reader);
  return text !== undefined && text !== '';
}

/** One map for all tables of a mapping with the same columns: there may be a table for every key of a store. */
const columnMaps = new WeakMap<Mapping, Map<string, ReadonlyMap<FieldName, string>>>();

/** The column of each field that can come from nowhere else. */
function columnsOf(mapping: Mapping, readers: readonly Reader[]): ReadonlyMap<FieldName, string> {
  const certain = readers.filter((reader) => reader.mapping.const === undefined);
  const pairs = certain.flatMap(({ field, columns: [column, another] }) =>
    column === undefined || another !== undefined ? [] : [[field, column] as const],
  );
  const known = columnMaps.get(mapping) ?? new Map<string, ReadonlyMap<FieldName, string>>();
  columnMaps.set(mapping, known);
  const key = JSON.stringify(pairs);
  const columns = known.get(key) ?? new Map(pairs);
  known.set(key, columns);
  return columns;
}

function missingColumn(
  field: FieldName,
  column: string,
  { columns, place }: { readonly columns: readonly string[]; readonly place: Place },
): RowProblem {
  const meant = nearest(column, columns);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  const there = columns.length === 0 ? 'there is none' : `there are ${columns.join(', ')}`;
  return {
    place,
    field,
    text: `has no column ${JSON.stringify(column)}, which ${field} is read from; ${there}${hint}`,
  };
}

function readerOf(field: FieldName, mapping: FieldMapping, columns: readonly string[]): Reader {
  const words = new Map(Object.entries(mapping.values ?? {}).map(([word, value]) => [word.toLowerCase(), value]));
  return {
    field,
    mapping,
    words,
    columns,
    ...(mapping.pattern === undefined ? {} : { pattern: new RegExp(mapping.pattern, 'u') }),
  };
}

function readRow(
  row: Row,
  readers: readonly Reader[],
  columnOf: ReadonlyMap<FieldName, string>,
): MappedRow | undefined {
  if (row.faults === undefined && [...row.values.values()].every((value) => textOf(value) === '')) return undefined;
  const read: Record<string, unknown> = {};
  const problems: RowProblem[] = [];
  for (const reader of readers) {
    const result = readField(row, reader);
    if (result === undefined) continue;
    if ('problem' in result) problems.push(result.problem);
    else read[reader.field] = result.value;
  }
  return { place: row.place, columnOf, fields: read, problems };
}

function readField(
  row: Row,
  reader: Reader,
): { readonly value: unknown } | { readonly problem: RowProblem } | undefined {
  const { columns, field, mapping } = reader;
  const column = columnIn(row, columns);
  const other = columns.find((one) => one !== column && differs(row, column, one));
  if (column !== undefined && other !== undefined) {
    const text = `columns ${column} and ${other} are one to ${field} and hold different values, expected one of the two`;
    return { problem: { place: { ...row.place, column }, field, text } };
  }
  const fault = row.faults?.get(column ?? '');
  if (fault !== undefined && column !== undefined) {
    return { problem: { place: { ...row.place, column }, field, text: faultText(field, fault) } };
  }
  const raw = column === undefined ? undefined : row.values.get(column);
  const found = textOf(raw);
  const text = found === '' ? textOf(mapping.const) : translate(found, reader);
  const place = column === undefined || found === '' ? row.place : { ...row.place, column };
  if (text === undefined) {
    return {
      problem: {
        place,
        field,
        text: `${field} is ${shown(found)}, expected text that matches ${mapping.pattern ?? ''}`,
      },
    };
  }
  if (text === '') return undefined;
  const spec = fields[field] as unknown as FieldSpec<unknown>;
  const value = spec.parse(text);
  if (value !== undefined) return { value };
  const why = `${field} is ${shown(found === '' ? text : found)}, expected ${spec.form}${hintOf(raw, spec)}`;
  return { problem: { place, field, text: why } };
}

/** Of several spellings of a column the one in which the row has something. */
function columnIn(row: Row, columns: readonly string[]): string | undefined {
  const holds = (column: string): boolean => row.faults?.has(column) === true || textOf(row.values.get(column)) !== '';
  return columns.length > 1 ? (columns.find(holds) ?? columns[0]) : columns[0];
}

/** Whether a row says something else in another spelling of a column. */
function differs(row: Row, column: string | undefined, other: string): boolean {
  const text = textOf(row.values.get(other));
  return (text !== '' && text !== textOf(row.values.get(column ?? ''))) || row.faults?.has(other) === true;
}

function faultText(field: FieldName, { found, remedy, isNoCell }: CellFault): string {
  const advice = remedy === undefined ? '' : `; ${remedy}`;
  if (isNoCell === true) return `${field}: ${found}${advice}`;
  return `${field}: the cell holds ${found}, expected ${fields[field].form}${advice}`;
}

/** Undefined: the pattern does not match. */
function translate(found: string, { pattern, words }: Reader): string | undefined {
  const match = pattern?.exec(found);
  if (pattern !== undefined && (match === null || match === undefined)) return undefined;
  const text = match === null || match === undefined ? found : (match[1] ?? match[0]).trim();
  return words.get(text.toLowerCase()) ?? text;
}

/** A spreadsheet has turned it into something else. */
function hintOf(raw: CellValue | undefined, { form }: FieldSpec<unknown>): string {
  if (typeof raw === 'number' && form.includes('IP address')) return '; the cell holds a number: format it as text';
  return typeof raw === 'string' && /^\d{4}-\d\d-\d\dT/.test(raw) ? '; the cell holds a date: format it as text' : '';
}

const SHOWN_MAX = 80;

function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text);
}

/** `vips.csv, row 3, column VIP: vip is "x", expected an IP address`. */
export function printProblem({ place, text }: RowProblem): string {
  return `${printPlace(place)}: ${text}`;
}
