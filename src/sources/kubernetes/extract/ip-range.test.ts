import type { Family } from './ip-range.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipText, ipValue, joinRanges, parseCidr, parseRange } from './ip-range.ts';

function printed(text: string): string | undefined {
  const range = parseRange(text);
  return range && `${ipText(range.low, range.family)}-${ipText(range.high, range.family)}`;
}

describe('parseRange', () => {
  it.each([
    ['10.0.0.0/24', '10.0.0.1-10.0.0.254'],
    ['10.0.0.77/30', '10.0.0.77-10.0.0.78'],
    ['10.0.0.0/31', '10.0.0.0-10.0.0.1'],
    ['10.0.0.7/32', '10.0.0.7-10.0.0.7'],
    ['10.0.0.7', '10.0.0.7-10.0.0.7'],
    [' 10.0.0.5 - 10.0.0.9 ', '10.0.0.5-10.0.0.9'],
    ['0.0.0.0/0', '0.0.0.1-255.255.255.254'],
    ['2001:db8::/126', '2001:db8::1-2001:db8::3'],
    ['2001:db8::/127', '2001:db8::-2001:db8::1'],
    ['2001:DB8::5-2001:db8::9', '2001:db8::5-2001:db8::9'],
  ])('reads %s as %s', (text, expected) => {
    expect(printed(text)).toBe(expected);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.9-10.0.0.5',
    '10.0.0.1-fd00::1',
    '10.0.0.1%2',
    'a/b/c',
    '1.1.1.1-1.1.1.2-1.1.1.3',
  ])('refuses %j', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });
});

describe('addresses as numbers', () => {
  it('read back as they were printed', () => {
    const cases = fc
      .constantFrom<Family>('IPv4', 'IPv6')
      .chain((family) =>
        fc.bigInt({ min: 0n, max: (1n << (family === 'IPv4' ? 32n : 128n)) - 1n }).map((value) => ({ family, value })),
      );
    fc.assert(
      fc.property(cases, ({ family, value }) => {
        expect(ipValue(ipText(value, family))).toBe(value);
      }),
    );
  });

  it('a CIDR clears the host bits', () => {
    expect(parseCidr('10.1.2.3/8')).toEqual({
      family: 'IPv4',
      low: ipValue('10.0.0.0'),
      high: ipValue('10.255.255.255'),
      prefix: 8,
    });
  });

  it('ranges that overlap or touch are joined', () => {
    const range = (low: bigint, high: bigint) => ({ family: 'IPv4' as const, low, high });
    expect(joinRanges([range(20n, 30n), range(1n, 5n), range(6n, 9n), range(25n, 27n)])).toEqual([
      range(1n, 9n),
      range(20n, 30n),
    ]);
  });
});
