import { posix } from 'node:path';
import { nearest } from '../../../diagnostics/nearest.ts';
import type { Table } from '../../tables/row.ts';
import { Archive } from './archive.ts';
import { readDateStyles } from './dates.ts';
import { WorkbookProblem } from './problem.ts';
import { parseArea } from './reference.ts';
import type { Sheet, SheetContext } from './sheet.ts';
import { readSheet } from './sheet.ts';
import { readSharedStrings } from './strings.ts';
import { cutTable } from './table.ts';
import { isTrue, walkXml } from './xml.ts';

/** Which tables of a workbook are read. */
export interface WorkbookOptions {
  /** Sheets by their names, or by their places (1 is the first, hidden ones count). Left out: the first that is not hidden. */
  readonly sheet?: string | number | readonly (string | number)[] | undefined;
  /** `B3:K200`, `B3:K` or `B:K`; left out: all of the sheet. */
  readonly range?: string | undefined;
  /** The row with the names of the columns, counted from the beginning of the range; 0: there is none. */
  readonly header: number;
}

/** The tables of a workbook and what their owner should know about them, or why there are none. */
export type ParsedWorkbook =
  | { readonly tables: readonly Table[]; readonly notes: readonly string[] }
  | { readonly problem: string };

/** Reads tables from an XLSX workbook (ECMA-376, transitional or strict; macros of .xlsm are not looked at). */
export function parseWorkbook(bytes: Uint8Array, file: string, options: WorkbookOptions): ParsedWorkbook {
  try {
    return new Workbook(bytes).tables(file, options);
  } catch (error) {
    if (error instanceof WorkbookProblem) return { problem: error.message };
    throw error;
  }
}

interface SheetEntry {
  readonly name: string;
  readonly isHidden: boolean;
  readonly part: string;
}

interface Relation {
  readonly id: string;
  /** The last word of its type, which strict and transitional workbooks share. */
  readonly type: string;
  readonly part: string;
}

class Workbook {
  readonly #archive: Archive;
  readonly #sheets: readonly SheetEntry[];
  readonly #context: SheetContext;

  constructor(bytes: Uint8Array) {
    this.#archive = new Archive(bytes);
    const main = this.#relations('').find(({ type }) => type === 'officeDocument')?.part;
    const workbook = main === undefined ? undefined : this.#archive.part(main);
    if (main === undefined || workbook === undefined || !main.endsWith('.xml')) throw this.#noWorkbook(main);
    const relations = this.#relations(main);
    const { sheets, isSince1904, isUncalculated } = readMain(workbook, main);
    this.#sheets = sheets.flatMap(({ id, ...sheet }) => {
      const relation = relations.find((one) => one.id === id && one.type === 'worksheet');
      return relation === undefined ? [] : [{ ...sheet, part: relation.part }];
    });
    const partOf = (type: string): string => relations.find((one) => one.type === type)?.part ?? '';
    const [strings, styles] = [partOf('sharedStrings'), partOf('styles')];
    this.#context = {
      strings: readSharedStrings(this.#archive.part(strings), strings),
      dateStyles: readDateStyles(this.#archive.part(styles), styles),
      isSince1904,
      isUncalculated,
    };
  }

  tables(file: string, options: WorkbookOptions): ParsedWorkbook {
    const area = options.range === undefined ? undefined : parseArea(options.range);
    const notes: string[] = [];
    const tables = this.#chosen(options.sheet).map(({ name, part }) => {
      const bytes = this.#archive.part(part);
      if (bytes === undefined) throw new WorkbookProblem(`sheet ${name} is not in the archive (${part})`);
      try {
        const sheet = readSheet(bytes, part, this.#context);
        const cut = { header: options.header, ...(area === undefined ? {} : { area }) };
        const table = cutTable(sheet, { file, sheet: name }, cut);
        notes.push(...hiddenNotes(sheet, table));
        return table;
      } catch (error) {
        if (!(error instanceof WorkbookProblem)) throw error;
        throw new WorkbookProblem(`sheet ${name}: ${error.message}`);
      }
    });
    return { tables, notes };
  }

  #chosen(wanted: WorkbookOptions['sheet']): readonly SheetEntry[] {
    if (wanted === undefined) {
      const first = this.#sheets.find(({ isHidden }) => !isHidden);
      if (first === undefined) throw new WorkbookProblem('has no sheet that is not hidden, expected one, or sheet');
      return [first];
    }
    const names = typeof wanted === 'object' ? wanted : [wanted];
    return [...new Set(names.map((name) => this.#sheet(name)))];
  }

  #sheet(wanted: string | number): SheetEntry {
    const found =
      typeof wanted === 'number'
        ? this.#sheets[wanted - 1]
        : (this.#sheets.find(({ name }) => name === wanted) ??
          this.#sheets.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()));
    if (found !== undefined) return found;
    const names = this.#sheets.map(({ name }) => name);
    const meant = nearest(String(wanted), names);
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    throw new WorkbookProblem(`has no sheet ${JSON.stringify(wanted)}; there are ${names.join(', ')}${hint}`);
  }

  #relations(part: string): readonly Relation[] {
    const folder = posix.dirname(part);
    const rels = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
    const bytes = this.#archive.part(rels);
    const relations: Relation[] = [];
    if (bytes === undefined) return relations;
    walkXml(bytes, rels, {
      open: ({ name, attributes: { Id = '', Type = '', Target = '', TargetMode } }) => {
        if (name !== 'Relationship' || TargetMode === 'External') return;
        const target = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target);
        relations.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), part: target });
      },
    });
    return relations;
  }

  #noWorkbook(main: string | undefined): WorkbookProblem {
    if (main?.endsWith('.bin') === true) {
      return new WorkbookProblem('is a binary workbook (.xlsb), expected .xlsx: save it as that');
    }
    if (this.#archive.has('content.xml')) {
      return new WorkbookProblem('is an OpenDocument spreadsheet, expected .xlsx: save it as that');
    }
    return new WorkbookProblem('is an archive without a workbook in it, expected an .xlsx workbook');
  }
}

interface MainPart {
  readonly sheets: readonly { readonly name: string; readonly id: string; readonly isHidden: boolean }[];
  readonly isSince1904: boolean;
  readonly isUncalculated: boolean;
}

function readMain(bytes: Uint8Array, part: string): MainPart {
  const sheets: { readonly name: string; readonly id: string; readonly isHidden: boolean }[] = [];
  let isSince1904 = false;
  let isUncalculated = false;
  walkXml(bytes, part, {
    open: ({ name, attributes }) => {
      if (name === 'workbookPr') isSince1904 = isTrue(attributes['date1904']);
      if (name === 'calcPr') isUncalculated = isTrue(attributes['fullCalcOnLoad']);
      if (name !== 'sheet') return;
      const isHidden = (attributes['state'] ?? 'visible') !== 'visible';
      sheets.push({ name: attributes['name'] ?? '', id: attributes['id'] ?? '', isHidden });
    },
  });
  return { sheets, isSince1904, isUncalculated };
}

const SHOWN_ROWS = 10;

/** A filter hides rows: whoever saves the workbook with one must not delete what it hides. But they may be forgotten ones. */
function hiddenNotes({ hidden }: Sheet, { rows, place }: Table): readonly string[] {
  const found = rows.flatMap(({ place: { row } }) => (row !== undefined && hidden.has(row) ? [row] : []));
  if (found.length === 0) return [];
  const more = found.length > SHOWN_ROWS ? ' …' : '';
  const shown = found.slice(0, SHOWN_ROWS).join(', ');
  return [`sheet ${place.sheet ?? ''}: hidden rows count like the others: ${shown}${more}`];
}
