/** A value as a table holds it. Spreadsheets know numbers and booleans, databases dates too: they come as text. */
export type CellValue = string | number | boolean | null;

/** Where something stands, as far as its table has such a thing. */
export interface Place {
  /** The file, the query or the URL. */
  readonly file: string;
  readonly sheet?: string;
  /** Counted from 1, as editors do; the header counts. */
  readonly row?: number;
  /** What tells the row where rows have no places: `id=42`. */
  readonly key?: string;
  readonly column?: string;
}

/** Why a cell that is not empty has no value: `the error #N/A`, a date, a formula that nobody calculated. */
export interface CellFault {
  readonly found: string;
  /** What its owner can do. */
  readonly remedy?: string;
  /** No table: what was found is no cell. */
  readonly isNoCell?: true;
}

/** One row: its values by the names of the columns. */
export interface Row {
  readonly place: Place;
  readonly values: ReadonlyMap<string, CellValue>;
  /** Columns whose cell cannot be used; they have no value. A problem only where a field is read from them. */
  readonly faults?: ReadonlyMap<string, CellFault>;
}

/** A table as it was read. */
export interface Table {
  readonly place: Place;
  /** The names of the columns, in order. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** Rows that cannot be cut into columns, and why: nobody can say whose they are. */
  readonly broken?: readonly BrokenRow[];
}

/** A row that cannot be cut into columns. */
export interface BrokenRow {
  readonly place: Place;
  /** What was found and what was expected. */
  readonly text: string;
  /** What is known of it all the same, such as its service out of its key. */
  readonly values?: ReadonlyMap<string, CellValue>;
}

/** `vips.xlsx, sheet Prod, row 14, column VIP`. */
export function printPlace({ file, sheet, row, key, column }: Place): string {
  return [
    file,
    ...(sheet === undefined ? [] : [`sheet ${sheet}`]),
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(key === undefined ? [] : [`row ${key}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ].join(', ');
}

/** A value as text, without the blanks around it; a whole number has no decimals (`8080.0` is 8080). Nothing: empty. */
export function textOf(value: CellValue | undefined): string {
  return value === null || value === undefined ? '' : String(value).trim();
}

/** Column names are compared without case, blanks, `_`, `-` and `.`: `Member Port` is `member_port`. */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.-]+/g, '');
}
