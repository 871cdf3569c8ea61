import { describe, expect, it } from 'vitest';
import { Latency } from './latency.ts';

const relative = { divergence: 50, isRelative: true, limitMs: 200, timespanMs: 10_000 };

/** Answers that took so long, one a second; gives whether each was accepted. */
function judged(times: readonly number[], config = relative, latency = new Latency()): readonly boolean[] {
  return times.map((ms, index) => latency.accepts(ms, index * 1000, config));
}

describe('an adaptive monitor', () => {
  it('refuses the third answer in a row that is slower than the mean by more than the divergence', () => {
    const steady = Array.from({ length: 7 }, () => 10);
    expect(judged([...steady, 20, 20, 20]).indexOf(false)).toBe(9);
    expect(judged([...steady, 20, 20, 10, 20, 20])).not.toContain(false);
    const absolute = { ...relative, divergence: 5, isRelative: false };
    const slower = [100, 100, 100, 100, 100, 100, 100, 110, 110, 110];
    expect([judged(slower).at(-1), judged(slower, absolute).at(-1)]).toEqual([true, false]);
  });

  it('refuses what is beyond its limit, whatever the mean', () => {
    expect(judged([201, 201, 201, 100])).toEqual([true, true, false, true]);
  });

  it('takes the mean of its sampling time span only', () => {
    const growing = [10, 10, 10, 10, 14, 20, 28, 40];
    expect(judged(growing).at(-1)).toBe(false);
    expect(judged(growing, { ...relative, timespanMs: 1500 }).at(-1)).toBe(true);
  });
});
