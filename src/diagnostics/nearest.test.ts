import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

describe('the nearest known name', () => {
  it('is found for a typing error', () => {
    expect(nearest('Snat', ['snat', 'monitor-send'])).toBe('snat');
    expect(nearest('monitr-send', ['monitor', 'monitor-send'])).toBe('monitor-send');
    expect(nearest('persistance', ['profiles', 'persistence'])).toBe('persistence');
    expect(nearest('instanse', ['instance', 'sources'])).toBe('instance');
    expect(nearest('soruces', ['instance', 'sources'])).toBe('sources');
    expect(nearest('Sources', ['sources'])).toBe('sources');
  });

  it('is not invented for a word unlike all others', () => {
    expect(nearest('colour', ['instance', 'sources'])).toBeUndefined();
  });

  it('counts additions, removals, replacements and swaps as one each', () => {
    expect(editDistance('abc', 'abc')).toBe(0);
    expect(editDistance('abc', 'abcd')).toBe(1);
    expect(editDistance('abc', 'ab')).toBe(1);
    expect(editDistance('abc', 'axc')).toBe(1);
    expect(editDistance('abc', 'acb')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
  });
});
