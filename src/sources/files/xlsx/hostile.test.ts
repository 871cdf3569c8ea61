import { describe, expect, it } from 'vitest';
import { workbook, zip } from '../../../../test/support/workbook.ts';
import { Archive } from './archive.ts';
import { parseWorkbook } from './workbook.ts';

const ROWS = [
  ['Service', 'VIP'],
  ['web', '10.0.0.1'],
];
const sheets = [{ name: 'Prod', rows: ROWS }];

function problemOf(bytes: Uint8Array): string {
  const parsed = parseWorkbook(bytes, 'a.xlsx', { header: 1 });
  return 'problem' in parsed ? parsed.problem : `none: ${JSON.stringify(parsed)}`;
}

describe('what is no workbook is told, and nothing unfolds', () => {
  it.each<[string, Uint8Array, RegExp]>([
    [
      'an old .xls, or one with a password',
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      /old \.xls workbook, or one with a password, expected an \.xlsx/,
    ],
    ['text', Buffer.from('Service,VIP\n'), /is no \.xlsx workbook/],
    ['half an archive', workbook({ sheets }).subarray(0, 400), /is a broken archive .*, expected a whole \.xlsx/],
    ['another archive', zip([{ name: 'a.txt', content: 'x' }]), /archive without a workbook in it/],
    ['OpenDocument', zip([{ name: 'content.xml', content: '<x/>' }]), /OpenDocument spreadsheet, expected \.xlsx/],
    [
      'a binary workbook',
      zip([
        {
          name: '_rels/.rels',
          content:
            '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        },
        { name: 'xl/workbook.bin', content: 'x' },
      ]),
      /binary workbook \(\.xlsb\), expected \.xlsx/,
    ],
    [
      'XML with a document type',
      workbook({ sheets, doctype: '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' }),
      /xl\/workbook\.xml has a document type \(DTD\), expected none/,
    ],
    [
      'an entity that is none of XML’s five',
      workbook({ sheets: [{ name: 'Prod', xml: '<worksheet><sheetData>&lol;</sheetData></worksheet>' }] }),
      /sheet Prod: xl\/worksheets\/sheet1\.xml is no XML .*undefined entity/,
    ],
    [
      'XML that ends early',
      workbook({ sheets: [{ name: 'Prod', xml: '<worksheet><sheetData>' }] }),
      /sheet1\.xml is no XML/,
    ],
    [
      'a cell that stands nowhere',
      workbook({ sheets: [{ name: 'Prod', xml: '<worksheet><row r="1"><c r="?"><v>1</v></c></row></worksheet>' }] }),
      /has a cell \?, expected one such as B3/,
    ],
    [
      'no sheet that is shown',
      workbook({ sheets: [{ name: 'Prod', state: 'hidden' }] }),
      /no sheet that is not hidden/,
    ],
  ])('%s', (_, bytes, expected) => {
    expect(problemOf(bytes)).toMatch(expected);
  });

  it('a part that claims to be larger than there is room is not unfolded', () => {
    const more = [{ name: 'xl/worksheets/sheet1.xml', content: 'x'.repeat(1000), size: 0xff_ff_ff_f0 }];
    expect(problemOf(workbook({ sheets, more }))).toMatch(/unfolds to more than 268435456 bytes at xl\/worksheets/);
  });

  it('a part that is larger than it claims does not unfold to more than that', () => {
    const bytes = zip([{ name: 'a.xml', content: Buffer.alloc(10_000_000), size: 100 }]);
    expect(new Archive(bytes).part('a.xml')?.length).toBeLessThanOrEqual(100);
    const sheet = `<worksheet><sheetData/>${' '.repeat(5000)}</worksheet>`;
    const more = [{ name: 'xl/worksheets/sheet1.xml', content: sheet, size: 50 }];
    expect(problemOf(workbook({ sheets, more }))).toMatch(/sheet1\.xml is no XML/);
  });

  it('all parts together have to fit, and there are not too many', () => {
    const parts = Array.from({ length: 5 }, (_, index) => ({ name: `${index}.xml`, content: 'x'.repeat(100) }));
    const archive = new Archive(zip(parts), { maxBytes: 250, maxParts: 5 });
    expect([archive.part('0.xml')?.length, archive.part('1.xml')?.length]).toEqual([100, 100]);
    expect(() => archive.part('2.xml')).toThrow('unfolds to more than 250 bytes at 2.xml');
    expect(() => new Archive(zip(parts), { maxBytes: 250, maxParts: 4 })).toThrow('has more than 4 parts');
  });
});
