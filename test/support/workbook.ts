import { crc32, deflateRawSync } from 'node:zlib';

/** One file of an archive; `size`: what the archive claims it unfolds to. */
export interface ZipEntry {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly size?: number;
}

/** A ZIP archive (APPNOTE 4.3), deflated; written by hand, so that no library proves itself. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, size } of entries) {
    const plain = Buffer.from(content as Uint8Array);
    const packed = deflateRawSync(plain);
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x08_00, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size ?? plain.length, 18);
    common.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, title, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, rest, title]));
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(18);
  const directory = Buffer.concat(central);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006'), end]);
}

/** A cell: text, number, boolean, nothing, or XML as it is (`<c r="{at}" …/>`; `{at}` becomes its place). */
export type CellSpec = string | number | boolean | null | { readonly xml: string };

/** A sheet to be built. */
export interface SheetSpec {
  readonly name: string;
  readonly rows?: readonly (readonly CellSpec[])[];
  readonly state?: 'hidden' | 'veryHidden';
  readonly hiddenRows?: readonly number[];
  readonly merged?: readonly string[];
  /** The whole part, in place of one made of `rows`. */
  readonly xml?: string;
  /** Rows and cells without their places, as some writers leave them out. */
  readonly unplaced?: boolean;
}

/** A workbook to be built. */
export interface WorkbookSpec {
  readonly sheets: readonly SheetSpec[];
  /** Items of the table of strings, as XML: `<t>web</t>`. */
  readonly strings?: readonly string[];
  /** Formats of numbers that styles 1, 2 … have. */
  readonly formats?: readonly (string | number)[];
  readonly workbookPr?: string;
  readonly calcPr?: string;
  readonly strict?: boolean;
  readonly doctype?: string;
  /** Parts beside, or in place of, those that are made. */
  readonly more?: readonly ZipEntry[];
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const letters = (column: number): string => String.fromCodePoint(65 + column);

function cellXml(cell: CellSpec, at: string): string {
  const r = at === '' ? '' : ` r="${at}"`;
  if (cell === null) return `<c${r} s="0"/>`;
  if (typeof cell === 'string') return `<c${r} t="inlineStr"><is><t xml:space="preserve">${escape(cell)}</t></is></c>`;
  if (typeof cell === 'number') return `<c${r}><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c${r} t="b"><v>${cell ? 1 : 0}</v></c>`;
  return cell.xml.replace('{at}', at);
}

function sheetXml({ rows = [], hiddenRows = [], merged = [], unplaced = false }: SheetSpec, main: string): string {
  const body = rows.map((cells, index) => {
    const inside = cells.map((cell, column) => cellXml(cell, unplaced ? '' : `${letters(column)}${index + 1}`));
    const hidden = hiddenRows.includes(index + 1) ? ' hidden="1"' : '';
    return `<row${unplaced ? '' : ` r="${index + 1}"`}${hidden}>${inside.join('')}</row>`;
  });
  const merges = merged.map((ref) => `<mergeCell ref="${ref}"/>`);
  const tail = merges.length === 0 ? '' : `<mergeCells count="${merges.length}">${merges.join('')}</mergeCells>`;
  return `<worksheet xmlns="${main}"><sheetData>${body.join('')}</sheetData>${tail}</worksheet>`;
}

const NAMESPACES = {
  transitional: {
    main: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
    relations: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  },
  strict: {
    main: 'http://purl.oclc.org/ooxml/spreadsheetml/main',
    relations: 'http://purl.oclc.org/ooxml/officeDocument/relationships',
  },
};

/** An XLSX workbook, written by hand. */
export function workbook(spec: WorkbookSpec): Buffer {
  const { main, relations } = NAMESPACES[spec.strict === true ? 'strict' : 'transitional'];
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${relations}/${type}" Target="${target}"/>`;
  const package_ = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const rels = (items: readonly string[]): string =>
    `<Relationships xmlns="${package_}">${items.join('')}</Relationships>`;
  const sheets = spec.sheets.map(({ name, state }, index) => {
    const shown = state === undefined ? '' : ` state="${state}"`;
    return `<sheet name="${escape(name)}" sheetId="${index + 1}"${shown} r:id="rId${index + 1}"/>`;
  });
  const parts: ZipEntry[] = [
    { name: '_rels/.rels', content: rels([relation('rId1', 'officeDocument', 'xl/workbook.xml')]) },
    {
      name: 'xl/workbook.xml',
      content: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${spec.doctype ?? ''}<workbook xmlns="${main}" xmlns:r="${relations}">${spec.workbookPr ?? ''}<sheets>${sheets.join('')}</sheets>${spec.calcPr ?? ''}</workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: rels([
        ...spec.sheets.map((_, index) => relation(`rId${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`)),
        relation('rIdStrings', 'sharedStrings', '/xl/sharedStrings.xml'),
        relation('rIdStyles', 'styles', 'styles.xml'),
      ]),
    },
    ...spec.sheets.map((sheet, index) => ({
      name: `xl/worksheets/sheet${index + 1}.xml`,
      content: sheet.xml ?? sheetXml(sheet, main),
    })),
    {
      name: 'xl/sharedStrings.xml',
      content: `<sst xmlns="${main}">${(spec.strings ?? []).map((item) => `<si>${item}</si>`).join('')}</sst>`,
    },
    { name: 'xl/styles.xml', content: stylesXml(spec.formats ?? [], main) },
  ];
  const replaced = new Set((spec.more ?? []).map(({ name }) => name));
  return zip([...parts.filter(({ name }) => !replaced.has(name)), ...(spec.more ?? [])]);
}

function stylesXml(formats: readonly (string | number)[], main: string): string {
  const own = formats.map((format, index) =>
    typeof format === 'string' ? `<numFmt numFmtId="${200 + index}" formatCode="${escape(format)}"/>` : '',
  );
  const styles = formats.map(
    (format, index) => `<xf numFmtId="${typeof format === 'number' ? format : 200 + index}"/>`,
  );
  return `<styleSheet xmlns="${main}"><numFmts>${own.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${styles.join('')}</cellXfs></styleSheet>`;
}
