import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

describe('nearest', () => {
  const names = ['profiles', 'persistence', 'snat', 'monitor', 'monitor-send'];

  it.each([
    ['profile', 'profiles'],
    ['Snat', 'snat'],
    ['monitr-send', 'monitor-send'],
    ['persistance', 'persistence'],
  ])('finds for %s what was meant', (written, meant) => {
    expect(nearest(written, names)).toBe(meant);
  });

  it('does not guess', () => {
    expect(nearest('replicas', names)).toBeUndefined();
    expect(nearest('x', names)).toBeUndefined();
  });
});
