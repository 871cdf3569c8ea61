import { expect, it } from 'vitest';
import { table } from './table.ts';

const rows = [
  ['KIND', 'PATH', 'FIELDS'],
  ['pool', '/kubernetes/default_web_http', 'monitor /Common/tcp, members 10.244.1.5:8080 10.244.1.6:8080'],
];

it('columns stand two spaces apart, and nothing is broken where no terminal says how wide it is', () => {
  expect(table(rows)).toBe(
    'KIND  PATH                          FIELDS\n' +
      'pool  /kubernetes/default_web_http  monitor /Common/tcp, members 10.244.1.5:8080 10.244.1.6:8080\n',
  );
  expect(table([])).toBe('');
});

it('the last column is broken between words where the terminal ends', () => {
  expect(table(rows, 80)).toBe(
    'KIND  PATH                          FIELDS\n' +
      'pool  /kubernetes/default_web_http  monitor /Common/tcp, members 10.244.1.5:8080\n' +
      '                                    10.244.1.6:8080\n',
  );
});

it('the last column stands below the others where there is too little room beside them', () => {
  expect(table(rows, 60)).toBe(
    'KIND  PATH                          FIELDS\n' +
      'pool  /kubernetes/default_web_http\n' +
      '      monitor /Common/tcp, members 10.244.1.5:8080\n' +
      '      10.244.1.6:8080\n',
  );
});

it('a word that is longer than the line stays whole, so that it can be copied', () => {
  expect(table([['ok', 'x'.repeat(50)]], 40)).toBe(`ok  ${'x'.repeat(50)}\n`);
});

it('takes no rows, and rows of different lengths, on a wide and on a narrow terminal', () => {
  expect(table([])).toBe('');
  const rows = [['a', 'b', 'some words that are rather long'], ['c'], []];
  expect(table(rows)).toBe('a  b  some words that are rather long\nc\n\n');
  expect(
    table(rows, 20)
      .split('\n')
      .every((line) => line.length <= 20),
  ).toBe(true);
  expect(table(rows, 37)).toContain('a  b  some words that are rather');
});

it('a row without the last column takes one line, however much room there is', () => {
  const words = 'some words that are rather long for one line of it';
  expect(table([['a', 'b', words], ['c']], 40)).toBe(
    'a  b  some words that are rather long\n      for one line of it\nc\n',
  );
  const long = 'x'.repeat(30);
  expect(table([['a', 'b', words], [long]], 24)).toBe(
    `a                               b\n      some words that\n      are rather long\n      for one line of it\n${long}\n`,
  );
});
