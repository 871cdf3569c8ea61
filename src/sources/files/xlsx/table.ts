import type { CellFault, CellValue, Place, Row, Table } from '../../tables/row.ts';
import type { Area } from './reference.ts';
import type { Cell, Sheet } from './sheet.ts';
import { textOf } from '../../tables/row.ts';
import { WorkbookProblem } from './problem.ts';
import { columnLetters } from './reference.ts';

/** Which part of a sheet is a table. */
export interface SheetCut {
  readonly area?: Area;
  /** The row of the area with the names of the columns, counted from 1; 0: there is none, columns are called A, B, C … */
  readonly header: number;
}

interface Column {
  readonly number: number;
  readonly name: string;
}

const EVERYTHING: Area = { left: 1, top: 1, right: Number.POSITIVE_INFINITY, bottom: Number.POSITIVE_INFINITY };

/** The table on a sheet. Throws {@link WorkbookProblem} if its header is none. */
export function cutTable(sheet: Sheet, place: Place, { area = EVERYTHING, header }: SheetCut): Table {
  const grid = new Grid(sheet, area);
  const headRow = area.top + header - 1;
  const columns = header === 0 ? grid.columns() : namedColumns(grid, headRow);
  const numbers = [...sheet.rows.keys()].filter((row) => row >= area.top && row <= area.bottom && row > headRow);
  const rows = numbers
    .sort((a, b) => a - b)
    .filter((row) => grid.holdsSomething(row))
    .map((row) => rowOf({ ...place, row }, columns, grid));
  return { place, columns: columns.map(({ name }) => name), rows };
}

function rowOf(place: Place & { readonly row: number }, columns: readonly Column[], grid: Grid): Row {
  const values = new Map<string, CellValue>();
  const faults = new Map<string, CellFault>();
  for (const { number, name } of columns) {
    const cell = grid.at(place.row, number);
    if (cell !== undefined && 'fault' in cell) faults.set(name, cell.fault);
    else values.set(name, cell?.value ?? null);
  }
  return { place, values, ...(faults.size === 0 ? {} : { faults }) };
}

function namedColumns(grid: Grid, row: number): readonly Column[] {
  const columns: Column[] = [];
  for (const { number, name: letters } of grid.columns()) {
    const cell = grid.at(row, number);
    if (cell !== undefined && 'fault' in cell) {
      throw new WorkbookProblem(`cell ${letters}${row} holds ${cell.fault.found}, expected the name of a column`);
    }
    const name = textOf(cell?.value);
    if (name === '') continue;
    if (columns.some((column) => column.name === name)) {
      throw new WorkbookProblem(`row ${row} has two columns ${JSON.stringify(name)}, expected each once`);
    }
    columns.push({ number, name });
  }
  if (columns.length === 0) throw new WorkbookProblem(`row ${row} is empty, expected the names of the columns there`);
  return columns;
}

/** The cells of an area, those of merged ones among them. */
class Grid {
  readonly #sheet: Sheet;
  readonly #area: Area;
  /** By the left column, where alone they count. */
  readonly #merged: ReadonlyMap<number, readonly Area[]>;

  constructor(sheet: Sheet, area: Area) {
    this.#sheet = sheet;
    this.#area = area;
    this.#merged = Map.groupBy(
      sheet.merged.filter(({ top, bottom }) => bottom > top),
      ({ left }) => left,
    );
  }

  /**
   * What a cell holds. The value of merged cells, which stands in the topmost, holds for all rows that they span, in their
   * first column: one address for three members. Columns to the right of it are empty.
   */
  at(row: number, column: number): Cell | undefined {
    const own = this.#sheet.rows.get(row)?.get(column);
    if (own !== undefined) return own;
    const over = this.#merged.get(column)?.find(({ top, bottom }) => row > top && row <= bottom);
    return over === undefined ? undefined : this.#sheet.rows.get(over.top)?.get(column);
  }

  /** Whether a row has something of its own: that merged cells reach down to it makes no row of it. */
  holdsSomething(row: number): boolean {
    const cells = this.#sheet.rows.get(row) ?? new Map<number, Cell>();
    return [...cells].some(
      ([column, cell]) => this.#isInside(column) && ('fault' in cell || textOf(cell.value) !== ''),
    );
  }

  /** All columns in which anything stands, by their letters. */
  columns(): readonly Column[] {
    const numbers = new Set<number>();
    for (const [row, cells] of this.#sheet.rows) {
      if (row < this.#area.top || row > this.#area.bottom) continue;
      for (const column of cells.keys()) if (this.#isInside(column)) numbers.add(column);
    }
    return [...numbers].sort((a, b) => a - b).map((number) => ({ number, name: columnLetters(number) }));
  }

  #isInside(column: number): boolean {
    return column >= this.#area.left && column <= this.#area.right;
  }
}
