import { LineCounter, isMap, isSeq, parseDocument } from 'yaml';
import type { Node } from 'yaml';
import { textOf } from '../tables/row.ts';
import type { CellValue, Row } from '../tables/row.ts';
import type { ParsedTable } from './csv.ts';

/** Sizes of what aliases may unfold to: a few bytes must not become a gigabyte. */
const MAX_ALIASES = 100;

/**
 * Reads a table from YAML or JSON (which is YAML): a list of maps, one a row, or a map with such a list under `rows`. A
 * value is a scalar, or a list of scalars, which is read as if they had commas between them. Rows are told by the line
 * that they begin on.
 */
export function parseStructured(text: string, file: string): ParsedTable {
  const lineCounter = new LineCounter();
  const lineOf = (offset: number): number => lineCounter.linePos(offset).line;
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false, lineCounter });
  const [error] = document.errors;
  if (error !== undefined) return { problem: error.message.split('\n')[0] ?? 'is no YAML', row: lineOf(error.pos[0]) };
  const top = document.contents;
  const list = isMap(top) ? top.get('rows', true) : top;
  if (!isSeq(list)) return { problem: 'holds no list of rows, expected a list of maps, or a map with it under rows' };
  const columns = new Set<string>();
  const rows: Row[] = [];
  const broken: { readonly place: { readonly file: string; readonly row: number }; readonly text: string }[] = [];
  for (const item of list.items as readonly Node[]) {
    const place = { file, row: lineOf(item.range?.[0] ?? 0) };
    const values = isMap(item)
      ? valuesOf(item.toJS(document, { maxAliasCount: MAX_ALIASES }))
      : 'is no map, expected one of columns and values';
    if (typeof values === 'string') {
      broken.push({ place, text: values });
      continue;
    }
    for (const column of values.keys()) columns.add(column);
    rows.push({ place, values });
  }
  return { table: { place: { file }, columns: [...columns], rows, broken } };
}

/** The values of a row, or why it is none. */
function valuesOf(plain: unknown): ReadonlyMap<string, CellValue> | string {
  const values = new Map<string, CellValue>();
  for (const [column, value] of Object.entries(plain as Readonly<Record<string, unknown>>)) {
    const cell = cellOf(value);
    if (cell === undefined)
      return `holds a map or a list of them under ${column}, expected a value or a list of values`;
    values.set(column, cell);
  }
  return values;
}

/** Undefined: it is no value, nor a list of values. */
function cellOf(value: unknown): CellValue | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (value instanceof Date) return value.toISOString();
  if (!Array.isArray(value)) return undefined;
  const cells = value.map(cellOf);
  return cells.every((cell) => cell !== undefined) ? cells.map(textOf).join(',') : undefined;
}
