import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { CellSpec, SheetSpec, WorkbookSpec } from '../../../../test/support/workbook.ts';
import { workbook } from '../../../../test/support/workbook.ts';
import type { Pool } from '../../../ir/pool.ts';
import type { VirtualServer } from '../../../ir/virtual.ts';
import type { More } from '../testing/bed.ts';
import { bed, read, TABLE, wanted } from '../testing/bed.ts';

const HEAD = ['Service', 'VIP', 'Port', 'Server', 'Server Port', 'Weight'] as const;
const SHOP = ['shop', '10.1.10.50', 443, '10.0.0.1', 8443, 10] as const;
const BLOG = ['blog', '10.1.10.51', 80, '10.0.0.2', 8080, null] as const;

/** What a workbook gives: objects and all that is told. */
async function readBook(spec: WorkbookSpec | Buffer, more: More = {}) {
  const { contributions, complete, diagnostics } = await read(
    'vips.xlsx',
    Buffer.isBuffer(spec) ? spec : workbook(spec),
    more,
  );
  const told = [...diagnostics, ...contributions.flatMap((one) => one.diagnostics)];
  const objects = contributions.flatMap((one) => one.objects);
  return {
    complete,
    told: told.map(({ summary }) => summary.replace(/^sheet: .*vips\.xlsx/, 'vips.xlsx')),
    frozen: contributions.filter(({ frozen }) => frozen === true).map(({ cell }) => cell),
    pools: objects.filter((object): object is Pool => object.kind === 'pool'),
    virtuals: objects.filter((object): object is VirtualServer => object.kind === 'virtual'),
  };
}

/** A sheet `Prod` with the header, one service's row as given, and a good one. */
const prod = (row: readonly CellSpec[], more: Partial<SheetSpec> = {}): SheetSpec => ({
  name: 'Prod',
  rows: [HEAD, row, BLOG],
  ...more,
});

const withCell = (column: number, cell: CellSpec): readonly CellSpec[] => SHOP.with(column, cell as never);
const xml = (text: string): CellSpec => ({ xml: text });

describe('cells of a workbook', () => {
  it.each<[string, number, CellSpec, Partial<WorkbookSpec>]>([
    ['a port written as 8443.0', 4, xml('<c r="{at}"><v>8443.0</v></c>'), {}],
    ['a port written as 8.443E3', 4, xml('<c r="{at}"><v>8.443E3</v></c>'), {}],
    ['a port as text with a zero in front', 4, '08443', {}],
    ['a port as text that is marked as such', 4, xml('<c r="{at}" quotePrefix="1" t="str"><v>8443</v></c>'), {}],
    ['the value of a formula', 4, xml('<c r="{at}"><f>8000+443</f><v>8443</v></c>'), {}],
    ['the value of a shared formula', 4, xml('<c r="{at}"><f t="shared" si="0"/><v>8443</v></c>'), {}],
    ['a formula that gives text', 1, xml('<c r="{at}" t="str"><f>A1</f><v>10.1.10.50</v></c>'), {}],
    ['a shared string', 1, xml('<c r="{at}" t="s"><v>1</v></c>'), { strings: ['<t>no</t>', '<t>10.1.10.50</t>'] }],
    [
      'runs of rich text, without how they are spoken',
      0,
      xml('<c r="{at}" t="s"><v>0</v></c>'),
      { strings: ['<r><t>sh</t></r><r><rPr><b/></rPr><t>op</t></r><rPh sb="0" eb="1"><t>SHOPPU</t></rPh>'] },
    ],
    ['runs in the cell itself', 0, xml('<c r="{at}" t="inlineStr"><is><r><t>sh</t></r><r><t>op</t></r></is></c>'), {}],
    ['a line end as Excel escapes it', 1, xml('<c r="{at}" t="inlineStr"><is><t>10.1.10.50_x000D_</t></is></c>'), {}],
    ['blanks around a text', 1, ' 10.1.10.50 ', {}],
    ['a number that is formatted with a unit', 5, xml('<c r="{at}" s="1"><v>10</v></c>'), { formats: ['0" days"'] }],
    ['a number in a colour', 5, xml('<c r="{at}" s="1"><v>10</v></c>'), { formats: ['[Red]General'] }],
  ])('S-14 %s is what is meant', async (...[, column, cell, more]) => {
    const plain = await readBook({ sheets: [prod(SHOP)] });
    expect(plain.told).toEqual([]);
    expect(await readBook({ sheets: [prod(withCell(column, cell))], ...more })).toEqual(plain);
  });

  it.each<[string, number, CellSpec, Partial<WorkbookSpec>, RegExp]>([
    ['#N/A', 4, xml('<c r="{at}" t="e"><v>#N/A</v></c>'), {}, /Server Port: .*holds the error #N\/A, expected a port/],
    ['a formula that gives an error', 1, xml('<c r="{at}" t="e"><f>1/0</f><v>#DIV/0!</v></c>'), {}, /error #DIV\/0!/],
    ['a formula without a value', 4, xml('<c r="{at}"><f>1+1</f></c>'), {}, /formula without a value.*open and save/],
    ['a formula with an empty value', 4, xml('<c r="{at}"><f>1+1</f><v></v></c>'), {}, /formula without a value/],
    [
      'a formula that its writer did not calculate',
      4,
      xml('<c r="{at}"><f>8000+443</f><v>0</v></c>'),
      { calcPr: '<calcPr fullCalcOnLoad="1"/>' },
      /formula that nobody has calculated yet/,
    ],
    [
      'a date where a port stands',
      4,
      xml('<c r="{at}" s="1"><v>45361</v></c>'),
      { formats: [14] },
      /the date 2024-03-10, expected a port from 1 to 65535; format the cell as text/,
    ],
    [
      'a date of an own format where an address stands',
      3,
      xml('<c r="{at}" s="1"><v>45361.5</v></c>'),
      { formats: ['[$-409]d\\-mmm;@'] },
      /the date 2024-03-10T12:00:00, expected an IP address/,
    ],
    [
      'a date that counts from 1904',
      4,
      xml('<c r="{at}" s="1"><v>43899</v></c>'),
      { formats: ['yyyy/mm/dd'], workbookPr: '<workbookPr date1904="1"/>' },
      /the date 2024-03-10,/,
    ],
    ['a time', 5, xml('<c r="{at}" s="1"><v>0.5</v></c>'), { formats: ['[h]:mm'] }, /the date 1899-12-31T12:00:00/],
    ['a date as ISO text', 4, xml('<c r="{at}" t="d"><v>2024-03-10</v></c>'), {}, /the date 2024-03-10/],
    ['an address that became a number', 1, 10.1, {}, /vip is "10.1", expected an IP .*format it as text/],
    ['true where a port stands', 4, true, {}, /member_port is "true", expected a port/],
    ['half a weight', 5, 0.5, {}, /weight is "0.5", expected a whole number/],
    ['a shared string that is not there', 1, xml('<c r="{at}" t="s"><v>7</v></c>'), {}, /text number 7/],
  ])(
    'S-14 %s is a bad row: told with sheet, row and column, its service frozen, others go on',
    async (...[, column, cell, more, expected]) => {
      const found = await readBook({ sheets: [prod(withCell(column, cell))], ...more });
      expect(found.told).toEqual([expect.stringMatching(`vips.xlsx, sheet Prod, row 2, column ${HEAD[column]}: `)]);
      expect(found.told[0]).toMatch(expected);
      expect(found.frozen.length).toBe(2);
      expect(found.virtuals.map(({ path }) => path)).toEqual(['/k/blog_80']);
    },
  );

  it('S-14 a service whose name became a date is nobody’s row: nothing is deleted', async () => {
    const row = withCell(0, xml('<c r="{at}" s="1"><v>45361</v></c>'));
    const { complete, told } = await readBook({ sheets: [prod(row)], formats: [16] });
    expect(complete).toBe(false);
    expect(told.join('\n')).toContain('row 2, column Service: service: the cell holds the date 2024-03-10');
  });

  it('an error in a column that nobody reads is no problem', async () => {
    const rows = [
      [...HEAD, 'Notes'],
      [...SHOP, xml('<c r="{at}" t="e"><v>#REF!</v></c>')],
    ];
    expect(await readBook({ sheets: [{ name: 'Prod', rows }] })).toMatchObject({ complete: true, told: [] });
  });
});

describe('rows of a workbook', () => {
  const second = ['shop', '10.1.10.50', 443, '10.0.0.9', 8443, 20] as const;

  it('S-14 the value of merged cells holds for all rows that they span, in their first column', async () => {
    const rows = [HEAD, SHOP, [null, null, null, '10.0.0.9', 8443, 20], [null, null, null, null, null, null]];
    const found = await readBook({ sheets: [{ name: 'Prod', rows, merged: ['A2:A4', 'B2:B4', 'C2:C4'] }] });
    expect(found.told).toEqual([]);
    expect(found.pools).toMatchObject([{ path: '/k/shop_443' }]);
    expect(found.pools[0]?.members).toHaveLength(2);
    const wide = await readBook({
      sheets: [{ name: 'Prod', rows: rows.slice(0, 3), merged: ['A2:A3', 'B2:B3', 'C2:C3', 'E2:F3'] }],
    });
    expect(wide.pools.flatMap(({ members = [] }) => members.map(({ ratio }) => ratio))).toEqual([10, 20]);
  });

  it('S-14 hidden rows count, so that a filter deletes nothing, and are told', async () => {
    const rows = [HEAD, SHOP, second];
    const shown = await readBook({ sheets: [{ name: 'Prod', rows }] });
    const found = await readBook({ sheets: [{ name: 'Prod', rows, hiddenRows: [3] }] });
    expect(found.pools).toEqual(shown.pools);
    expect(found).toMatchObject({
      complete: true,
      told: ['vips.xlsx, sheet Prod: hidden rows count like the others: 3'],
    });
  });

  it('S-14 neither rows nor cells need to say where they are', async () => {
    const found = await readBook({ sheets: [prod(SHOP, { unplaced: true })] });
    expect(found).toEqual(await readBook({ sheets: [prod(SHOP)] }));
  });

  it('a range is read alone, with its header in its first row, and rows are told as the sheet counts them', async () => {
    const inside = [HEAD, withCell(1, '10.1.10'), BLOG].map((row) => row.toSpliced(0, 0, null as never));
    const rows = [['Our services'], [], ...inside, [null, 'sum', 'of', 'all', 'is', 'this', 3]];
    const found = await readBook({ sheets: [{ name: 'Prod', rows }] }, { range: 'B3:G5' });
    expect(found.told).toEqual([expect.stringContaining('sheet Prod, row 4, column VIP: vip is "10.1.10"')]);
    expect(found.pools.map(({ path }) => path)).toEqual(['/k/blog_80']);
    const header = await readBook({ sheets: [{ name: 'Prod', rows: rows.slice(0, 5) }] }, { header: 3 });
    expect(header.told).toEqual(found.told);
  });

  it('without a header, columns are called by their letters', async () => {
    const found = await readBook(
      { sheets: [{ name: 'Prod', rows: [SHOP] }] },
      {
        header: 0,
        mapping: {
          service: { column: 'A' },
          vip: { column: 'B' },
          port: { column: 'C' },
          member: { column: 'D' },
          member_port: { column: 'E' },
        },
      },
    );
    expect(found.pools).toMatchObject([{ path: '/k/shop_443', members: [{ port: 8443 }] }]);
  });

  it.each<[string, SheetSpec, RegExp]>([
    ['a header alone', { name: 'Prod', rows: [HEAD] }, /sheet Prod: has no rows, expected at least one/],
    ['nothing', { name: 'Prod' }, /sheet Prod: row 1 is empty, expected the names of the columns/],
    ['two columns of a name', { name: 'Prod', rows: [['VIP', 'VIP'], SHOP] }, /row 1 has two columns "VIP"/],
    [
      'an error as a header',
      { name: 'Prod', rows: [['Service', { xml: '<c r="{at}" t="e"><v>#REF!</v></c>' }]] },
      /cell B1 holds the error #REF!, expected the name of a column/,
    ],
  ])('AC-83 a sheet with %s is refused', async (_, sheet, expected) => {
    const { complete, told } = await readBook({ sheets: [sheet] });
    expect(complete).toBe(false);
    expect(told.join('\n')).toMatch(expected);
  });
});

describe('sheets of a workbook', () => {
  const book: WorkbookSpec = {
    sheets: [
      { name: 'Old', state: 'hidden', rows: [HEAD, withCell(0, 'old')] },
      { name: 'Prod', rows: [HEAD, SHOP] },
      { name: 'Stage', rows: [HEAD, BLOG] },
      { name: 'Secret', state: 'veryHidden', rows: [HEAD, withCell(0, 'secret')] },
    ],
  };
  const pathsOf = async (sheet?: More['sheet']): Promise<readonly string[]> =>
    (await readBook(book, { sheet })).pools.map(({ path }) => path);

  it('S-14 the first that is not hidden is read, or those that are named, hidden ones too', async () => {
    expect(await pathsOf()).toEqual(['/k/shop_443']);
    expect(await pathsOf('stage')).toEqual(['/k/blog_80']);
    expect(await pathsOf(1)).toEqual(['/k/old_443']);
    expect(await pathsOf(['Prod', 3, 'Stage'])).toEqual(['/k/shop_443', '/k/blog_80']);
    expect(await pathsOf('Secret')).toEqual(['/k/secret_443']);
  });

  it('one that is not there is told with those that are', async () => {
    const { told, complete } = await readBook(book, { sheet: 'Stgae' });
    expect(complete).toBe(false);
    expect(told.join()).toContain('has no sheet "Stgae"; there are Old, Prod, Stage, Secret; did you mean Stage?');
  });

  it('S-14 strict OOXML is read as the other', async () => {
    expect(await readBook({ ...book, strict: true })).toEqual(await readBook(book));
  });
});

describe('what other programs wrote', () => {
  const fixture = (name: string): Promise<Buffer> => readFile(new URL(`fixtures/${name}.xlsx`, import.meta.url));

  it.each(['openpyxl', 'xlsxwriter'])('AC-80 a workbook of %s gives what CSV gives', async (name) => {
    const csv = await read('vips.csv', TABLE.map((row) => row.join(',')).join('\n'));
    const found = await read('vips.xlsx', await fixture(name));
    expect([found.complete, found.diagnostics]).toEqual([true, []]);
    expect(wanted(found.contributions)).toEqual(wanted(csv.contributions));
  });

  it('XlsxWriter writes 0 for every formula, and says that nobody calculated it', async () => {
    const { told } = await readBook(await fixture('xlsxwriter'), { sheet: 'Formulas' });
    expect(told[0]).toContain('column Port: port: the cell holds a formula that nobody has calculated yet');
  });
});

describe('following a workbook', () => {
  it('the lock file of a spreadsheet program beside it is no workbook', async () => {
    const { source, write } = await bed(['*.xlsx']);
    await write('vips.xlsx', workbook({ sheets: [prod(SHOP)] }));
    await write('~$vips.xlsx', 'Somebody');
    expect(await source.read({ signal: new AbortController().signal })).toMatchObject({
      complete: true,
      diagnostics: [],
    });
  });

  it('AC-82 half a workbook is never acted on, and the whole one is', async () => {
    const whole = workbook({ sheets: [prod(SHOP)] });
    const { source, write } = await bed(['vips.xlsx']);
    const { signal } = new AbortController();
    await write('vips.xlsx', whole);
    const before = await source.read({ signal });
    for (const end of [1, 30, whole.length / 2, whole.length - 1]) {
      await write('vips.xlsx', whole.subarray(0, end));
      const half = await source.read({ signal });
      expect([end, half.complete, half.diagnostics.length]).toEqual([end, false, 1]);
      expect(half.contributions).toEqual(before.contributions);
    }
    await write('vips.xlsx', workbook({ sheets: [prod(withCell(3, '10.0.0.7'))] }));
    const after = await source.read({ signal });
    expect(after.complete).toBe(true);
    expect(JSON.stringify(after.contributions)).toContain('10.0.0.7');
  });
});
