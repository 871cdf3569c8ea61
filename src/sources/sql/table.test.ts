import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tableOf } from './table.ts';
import { hostText, jsonText, listText, numberText } from './values.ts';
import { wordsOf } from './problem.ts';

const names = { file: 'query of inventory', key: ['id'] };
const columns = ['id', 'service'];

it('rows stand in the order of their key, whatever the order in which they came', () => {
  const rows = Array.from({ length: 12 }, (_, index) => [String(index), `s${index}`]);
  const keys = (given: readonly (readonly string[])[]): readonly (string | undefined)[] =>
    tableOf({ columns, rows: given }, names).rows.map(({ place }) => place.key);
  fc.assert(
    fc.property(fc.shuffledSubarray(rows, { minLength: 12 }), (shuffled) => {
      expect(keys(shuffled)).toEqual(rows.map(([id]) => `id=${id}`));
    }),
  );
});

it('a row whose key is NULL or no text can be told, too', () => {
  const rows = [
    [null, 'a'],
    [{ found: '2 bytes of binary data' }, 'b'],
  ];
  const table = tableOf({ columns, rows }, names);
  expect(table.rows.map(({ place }) => place.key)).toEqual(['id=(2 bytes of binary data)', 'id=NULL']);
  expect(table.rows[0]?.faults?.get('id')?.found).toBe('2 bytes of binary data');
});

it('what only looks like something else stays as it is', () => {
  expect(['8080.00', '-1.0', '10.50', '1e20', '10.0.0.1'].map((text) => numberText(text))).toEqual([
    '8080',
    '-1',
    '10.50',
    '1e20',
    '10.0.0.1',
  ]);
  expect(['["a",1,null]', '[{"a":1}]', '[not json', '{"a":[1]}', '[]'].map((text) => jsonText(text))).toEqual([
    'a,1',
    '[{"a":1}]',
    '[not json',
    '{"a":[1]}',
    '',
  ]);
  expect(listText([['a', null], [['b']]])).toBe('a,b');
  expect(['10.0.0.1/32', '10.0.0.1/24', '::1/128', '::1/32', 'x'].map((text) => hostText(text))).toEqual([
    '10.0.0.1',
    '10.0.0.1/24',
    '::1',
    '::1/32',
    'x',
  ]);
});

it('the words of a problem have its code once, its hint, and every address that was tried', () => {
  const of = (message: string, more: object): string => wordsOf(Object.assign(new Error(message), more));
  expect(of('connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED' })).toBe('connect ECONNREFUSED 127.0.0.1:1');
  expect(of('no such table\nat …', { code: '42P01', hint: 'look again' })).toBe('no such table (42P01); look again');
  expect(wordsOf(new AggregateError([new Error('a'), new Error('b')]))).toBe('a; b');
  expect(wordsOf('odd')).toBe('odd');
  expect(of('self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })).toMatch(
    /^self-signed .*; .*tls\.caFile/,
  );
});
