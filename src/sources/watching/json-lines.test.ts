import fc from 'fast-check';
import { expect, it } from 'vitest';

import { JsonLineError, JsonLines } from './json-lines.ts';

it('gives the same values whatever the boundaries of the chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (values, sizes) => {
        const bytes = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
        const lines = new JsonLines();
        const read: unknown[] = [];
        for (let at = 0, n = 0; at < bytes.length; n += 1) {
          const size = sizes[n % sizes.length] ?? 1;
          read.push(...lines.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(JSON.stringify(read)).toBe(JSON.stringify(values));
      },
    ),
  );
});

it('keeps half a line until the rest comes, also in the middle of a character', () => {
  const lines = new JsonLines();
  const bytes = Buffer.from('{"a":"ü"}\n');
  expect(lines.push(bytes.subarray(0, 7))).toEqual([]);
  expect(lines.push(bytes.subarray(7))).toEqual([{ a: 'ü' }]);
});

it('reads several lines of one chunk, empty lines and CRLF', () => {
  expect(new JsonLines().push(Buffer.from('1\r\n\n2\n'))).toEqual([1, 2]);
});

it('refuses a line that is no JSON without quoting it', () => {
  const push = () => new JsonLines().push(Buffer.from('{"token":"geheim"\n'));
  expect(push).toThrow(JsonLineError);
  expect(push).not.toThrow(/geheim/);
});
