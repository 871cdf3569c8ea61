import type { CellFault, CellValue } from '../../tables/row.ts';
import type { Area } from './reference.ts';
import type { Element } from './xml.ts';
import { printSerial } from './dates.ts';
import { WorkbookProblem } from './problem.ts';
import { parseArea, parseCell } from './reference.ts';
import { StringGatherer, unescape } from './strings.ts';
import { isTrue, walkXml } from './xml.ts';

/** A cell that holds something. */
export type Cell = { readonly value: Exclude<CellValue, null> } | { readonly fault: CellFault };

/** A sheet as it stands in its part. */
export interface Sheet {
  /** Row number -> column number -> cell; both count from 1. Empty cells are left out. */
  readonly rows: ReadonlyMap<number, ReadonlyMap<number, Cell>>;
  readonly hidden: ReadonlySet<number>;
  readonly merged: readonly Area[];
}

/** What cells lean on. */
export interface SheetContext {
  readonly strings: readonly string[];
  /** Whether a style shows numbers as dates. */
  readonly dateStyles: readonly boolean[];
  readonly isSince1904: boolean;
  /** The program that wrote the workbook left it to the next one to calculate formulas: what they hold is no result. */
  readonly isUncalculated: boolean;
}

/** Reads the cells of a sheet. Throws {@link WorkbookProblem}. */
export function readSheet(bytes: Uint8Array, part: string, context: SheetContext): Sheet {
  const reader = new SheetReader(part, context);
  walkXml(bytes, part, reader);
  return reader;
}

interface Draft {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  hasFormula: boolean;
  value?: string;
  /** Of a text that stands in the cell itself. */
  inline?: StringGatherer;
}

class SheetReader implements Sheet {
  readonly rows = new Map<number, Map<number, Cell>>();
  readonly hidden = new Set<number>();
  readonly merged: Area[] = [];
  readonly #part: string;
  readonly #context: SheetContext;
  #row = 0;
  #column = 0;
  #cells = new Map<number, Cell>();
  #draft: Draft | undefined;

  constructor(part: string, context: SheetContext) {
    this.#part = part;
    this.#context = context;
  }

  readonly open = (element: Element): void => {
    const { name, attributes } = element;
    const draft = this.#draft;
    if (name === 'row') this.#openRow(attributes);
    else if (name === 'c') this.#openCell(attributes);
    else if (name === 'mergeCell') this.#merge(attributes['ref'] ?? '');
    else if (draft !== undefined && name === 'f') draft.hasFormula = true;
    else if (draft !== undefined && name === 'is') draft.inline = new StringGatherer();
    draft?.inline?.open(element);
  };

  readonly close = (name: string, text: string): void => {
    const draft = this.#draft;
    if (draft === undefined) return;
    draft.inline?.close(name, text);
    if (name === 'v') draft.value = text;
    if (name !== 'c') return;
    const cell = cellOf(draft, this.#context);
    if (cell !== undefined) this.#cells.set(draft.column, cell);
    this.#draft = undefined;
  };

  /** Some writers number neither rows nor cells: then each is the next. */
  #openRow({ r, hidden }: Element['attributes']): void {
    const row = r === undefined ? this.#row + 1 : Number(r);
    if (!Number.isInteger(row) || row < 1) throw new WorkbookProblem(`${this.#part} has a row ${r}, expected a number`);
    this.#row = row;
    this.#column = 0;
    this.#cells = this.rows.get(row) ?? new Map<number, Cell>();
    this.rows.set(row, this.#cells);
    if (isTrue(hidden)) this.hidden.add(row);
  }

  #openCell({ r, t, s }: Element['attributes']): void {
    const column = r === undefined ? this.#column + 1 : parseCell(r)?.column;
    if (column === undefined) throw new WorkbookProblem(`${this.#part} has a cell ${r}, expected one such as B3`);
    this.#column = column;
    this.#draft = { column, type: t ?? 'n', style: Number(s ?? 0), hasFormula: false };
  }

  #merge(ref: string): void {
    const area = parseArea(ref);
    if (area !== undefined) this.merged.push(area);
  }
}

const AS_TEXT = 'format the cell as text';
const SAVE_AGAIN = 'open and save the workbook in a spreadsheet program';

/** Undefined: it is empty. A formula's value is what the last program that calculated it has left there. */
function cellOf(draft: Draft, context: SheetContext): Cell | undefined {
  const { type, value, hasFormula } = draft;
  if (hasFormula && context.isUncalculated) {
    return { fault: { found: 'a formula that nobody has calculated yet', remedy: SAVE_AGAIN } };
  }
  if (hasFormula && (value === undefined || (value === '' && type !== 'str'))) {
    return { fault: { found: 'a formula without a value', remedy: SAVE_AGAIN } };
  }
  if (type === 'inlineStr') return textCell(draft.inline?.text ?? '');
  if (value === undefined || value === '') return undefined;
  const read = READ_BY_TYPE[type] ?? numberCell;
  return read(value, draft, context);
}

type ReadCell = (value: string, draft: Draft, context: SheetContext) => Cell | undefined;

/** By the type that stands at the cell (ECMA-376 part 1, 18.18.11); without one it is a number. */
const READ_BY_TYPE: Readonly<Record<string, ReadCell>> = {
  s: sharedText,
  str: (value) => textCell(unescape(value)),
  b: (value) => ({ value: isTrue(value) }),
  e: (value) => ({ fault: { found: `the error ${value}` } }),
  d: (value) => ({ fault: { found: `the date ${value}`, remedy: AS_TEXT } }),
  n: numberCell,
};

function textCell(text: string): Cell | undefined {
  return text === '' ? undefined : { value: text };
}

function sharedText(value: string, _: Draft, { strings }: SheetContext): Cell | undefined {
  const text = strings[Number(value)];
  return text === undefined ? { fault: { found: `text number ${value}, which the workbook lacks` } } : textCell(text);
}

function numberCell(value: string, { style }: Draft, { dateStyles, isSince1904 }: SheetContext): Cell {
  const number = Number(value);
  if (!Number.isFinite(number)) return { fault: { found: `${JSON.stringify(value)} as a number` } };
  if (dateStyles[style] !== true) return { value: number };
  return { fault: { found: `the date ${printSerial(number, isSince1904)}`, remedy: AS_TEXT } };
}
