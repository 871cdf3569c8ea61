import { describe, expect, it } from 'vitest';
import type { More } from './testing/bed.ts';
import { read, wanted } from './testing/bed.ts';

const HEAD = 'Service,VIP,Port,Server,Server Port,Weight\n';
const ROWS = 'shop,10.1.10.50,443,10.0.0.1,8443,5\nblog,10.1.10.51,80,10.0.0.2,8080,\n';
const PLAIN = HEAD + ROWS;

async function told(text: string | Uint8Array, more: More = {}, name = 'a.csv') {
  const { contributions, complete, diagnostics } = await read(name, text, more);
  const all = [...diagnostics, ...contributions.flatMap((one) => one.diagnostics)];
  return { complete, told: all.map(({ summary }) => summary.replace(/\/\S+\//, '')) };
}

describe('dialects of CSV', () => {
  it.each<[string, string | Uint8Array, More]>([
    ['line ends of all kinds in one file', `${HEAD.trim()}\r\n${ROWS.replace('\n', '\r')}`, {}],
    ['line ends of old Macs', PLAIN.replaceAll('\n', '\r'), {}],
    ['the line of Excel that names the delimiter', `sep=;\r\n${PLAIN.replaceAll(',', ';')}`, {}],
    ['that line, and another row with the names', `sep=;\nOur list;\n${PLAIN.replaceAll(',', ';')}`, { header: 2 }],
    [
      'numbers with decimals, as a column of decimals is written',
      PLAIN.replaceAll(/(?<=,)(443|80|8443|5)(?=,|\n)/g, '$1.0'),
      {},
    ],
    ['a mark of UTF-8, whatever the configuration says', `\uFEFF${PLAIN}`, { encoding: 'windows-1252' }],
    ['quotes around everything', PLAIN.replaceAll(/[^,\n]+/g, '"$&"'), {}],
  ])('%s: the same', async (_, text, more) => {
    const plain = await read('a.csv', PLAIN);
    const found = await read('a.csv', text, more);
    expect([found.complete, found.diagnostics]).toEqual([true, []]);
    expect(wanted(found.contributions)).toEqual(wanted(plain.contributions));
  });

  it('rows behind the line that names the delimiter are told as an editor counts them', async () => {
    const text = `sep=;\n${PLAIN.replaceAll(',', ';').replace('10.0.0.1', 'x')}`;
    expect((await told(text)).told).toEqual([expect.stringContaining('a.csv, row 3, column Server: member is "x"')]);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    [
      'UTF-16 without a mark',
      Buffer.from(PLAIN, 'utf16le'),
      /a\.csv: holds NUL bytes as UTF-8, expected that or another encoding/,
    ],
    ['zeros at its end', `${PLAIN}\0\0\0`, /holds NUL bytes/],
    [
      'a quote that is never closed',
      PLAIN.replace('blog', '"blog'),
      /row 3: has a double quote that is never closed, expected/,
    ],
    [
      'a quote inside of a value',
      PLAIN.replace('blog', '19" rack'),
      /row 3: has a double quote inside of a value, expected.*"19"" rack"/,
    ],
    [
      'something behind a quote',
      PLAIN.replace('blog', '"blog"x'),
      /row 3: has something behind the closing double quote/,
    ],
    ['a blank line where the header is', `\n${PLAIN}`, /row 1: is empty, expected the names of the columns/],
    [
      'no column for the service',
      PLAIN.replace('Service', 'Serivce'),
      /has no column "service".*did you mean Serivce\?$/,
    ],
  ])('%s is told as a whole, and nothing is taken', async (_, text, expected) => {
    const found = await told(text);
    expect(found).toEqual({ complete: false, told: [expect.stringMatching(expected)] });
  });

  it.each([
    ['VIP', '0.0.0.0'],
    ['VIP', '224.0.0.1'],
    ['Server', '255.255.255.255'],
  ])('a %s that is no host (%s) is a bad row', async (column, address) => {
    const text = PLAIN.replace(column === 'VIP' ? '10.1.10.50' : '10.0.0.1', address);
    expect((await told(text)).told).toEqual([
      expect.stringMatching(`column ${column}: .*expected an IP address of one host`),
    ]);
  });
});

describe('columns of which names are the same without case and separators', () => {
  const rows = [
    { Service: 'shop', Server: '10.0.0.1', server_port: 80 },
    { service: 'blog', SERVER: '10.0.0.2', 'Server Port': 81 },
  ];

  it('are one, row by row', async () => {
    const { contributions, diagnostics } = await read('a.json', JSON.stringify(rows));
    expect(diagnostics).toEqual([]);
    expect(contributions.map(({ cell }) => cell).sort()).toEqual([
      'sheet:Service/blog',
      'sheet:Service/blog#pool',
      'sheet:Service/shop',
      'sheet:Service/shop#pool',
    ]);
    expect(JSON.stringify(contributions)).toContain('"port":81');
  });

  it('that say two things in one row make a bad one', async () => {
    const found = await told('service,Server,SERVER,server port\nshop,10.0.0.1,10.0.0.2,80\nblog,10.0.0.3,,80\n');
    expect(found.told).toEqual([
      'sheet: a.csv, row 2, column Server: columns Server and SERVER are one to member and hold different values, expected one of the two',
    ]);
  });
});

it('AC-83 an empty list is taken where it is meant so', async () => {
  expect(await told('[]', { allowEmpty: true }, 'a.json')).toEqual({ complete: true, told: [] });
});
