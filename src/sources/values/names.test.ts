import { describe, expect, it } from 'vitest';
import { NAME_MAX, fitName } from './names.ts';

describe('fitName', () => {
  it('leaves a name that fits as it is', () => {
    expect(fitName('x'.repeat(NAME_MAX))).toBe('x'.repeat(NAME_MAX));
  });

  it('cuts a longer one and keeps those apart that begin alike', () => {
    const [first, second] = ['a', 'b'].map((end) => fitName(`${'x'.repeat(NAME_MAX)}${end}`));
    expect([first?.length, second?.length]).toEqual([NAME_MAX, NAME_MAX]);
    expect(first).not.toBe(second);
  });

  it('never has to cut what an API server accepts', () => {
    const longest = [63, 63, 15].map((length) => 'x'.repeat(length)).join('_');
    expect(`${longest}_v6`.length).toBeLessThan(NAME_MAX);
    expect(`${longest}_gateway-icmp`.length).toBeLessThan(NAME_MAX);
  });
});
