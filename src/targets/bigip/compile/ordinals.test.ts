import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeBetween } from './ordinals.ts';

const NOTHING = { names: [], ordinals: [] };

describe('ordinals of rules', () => {
  it('of new rules leave room between them', () => {
    expect(placeBetween(NOTHING, ['a', 'b', 'c'])).toEqual([1000, 2000, 3000]);
  });

  it('stay where a rule comes, goes or moves, but for that rule', () => {
    const before = { names: ['a', 'b', 'c'], ordinals: [1000, 2000, 3000] };
    expect(placeBetween(before, ['a', 'new', 'b', 'c'])).toEqual([1000, 1500, 2000, 3000]);
    expect(placeBetween(before, ['new', 'a', 'b', 'c'])).toEqual([500, 1000, 2000, 3000]);
    expect(placeBetween(before, ['a', 'b', 'c', 'new', 'newer'])).toEqual([1000, 2000, 3000, 4000, 5000]);
    expect(placeBetween(before, ['a', 'c'])).toEqual([1000, 3000]);
    expect(placeBetween(before, ['b', 'c', 'a'])).toEqual([2000, 3000, 4000]);
  });

  it('are given anew where there is no room left', () => {
    const before = { names: ['a', 'b'], ordinals: [0, 1] };
    expect(placeBetween(before, ['a', 'new', 'b'])).toEqual([1000, 2000, 3000]);
  });

  it('are told apart where somebody gave two rules the same one, or none', () => {
    expect(placeBetween({ names: ['a', 'b'], ordinals: [5, 5] }, ['a', 'b'])).toEqual([2, 5]);
    expect(placeBetween({ names: ['a', 'b'], ordinals: [] }, ['a', 'b'])).toEqual([1000, 2000]);
  });

  it('always rise, one for each rule, and a change of nothing changes none', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const list = fc.uniqueArray(name);
    const ordinals = fc.uniqueArray(fc.nat(20), { minLength: 6, maxLength: 6 }).map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(list, list, ordinals, (names, wanted, numbers) => {
        const before = { names, ordinals: numbers.slice(0, names.length) };
        const after = placeBetween(before, wanted);
        expect(after).toHaveLength(wanted.length);
        expect(after.every((ordinal, index) => index === 0 || ordinal > (after[index - 1] ?? 0))).toBe(true);
        expect(placeBetween({ names: wanted, ordinals: after }, wanted)).toEqual(after);
      }),
    );
  });
});
