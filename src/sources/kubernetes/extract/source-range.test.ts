import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipText, parseCidr } from './ip-range.ts';
import { joinCidrs } from './source-range.ts';

function join(...texts: readonly string[]): readonly string[] {
  const cidrs = texts.flatMap((text) => parseCidr(text) ?? []);
  return joinCidrs(cidrs).map(({ low, family, prefix }) => `${ipText(low, family)}/${prefix}`);
}

describe('joinCidrs', () => {
  it.each([
    [['10.0.0.0/8', '10.1.0.0/16'], ['10.0.0.0/8']],
    [['10.0.1.0/24', '10.0.0.0/24'], ['10.0.0.0/23']],
    [
      ['10.0.1.0/24', '10.0.2.0/24'],
      ['10.0.1.0/24', '10.0.2.0/24'],
    ],
    [['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/1'], ['0.0.0.0/0']],
    [['2001:db8::/33', '2001:db8:8000::/33'], ['2001:db8::/32']],
  ])('joins %j to %j', (given, expected) => {
    expect(join(...given)).toEqual(expected);
  });

  it('holds the same addresses as before: never more, never fewer', () => {
    const cidrs = fc.array(fc.tuple(fc.nat({ max: 15 }), fc.integer({ min: 28, max: 32 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(cidrs, (all) => {
        const given = all.flatMap(([low, prefix]) => parseCidr(`0.0.0.${low}/${prefix}`) ?? []);
        const holds = (list: typeof given, value: bigint) =>
          list.some(({ low, high }) => low <= value && value <= high);
        const joined = [...joinCidrs(given)];
        for (let value = 0n; value < 17n; value += 1n) expect(holds(joined, value)).toBe(holds(given, value));
      }),
    );
  });
});
