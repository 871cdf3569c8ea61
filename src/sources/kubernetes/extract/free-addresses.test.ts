import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FreeAddresses } from './free-addresses.ts';

const range = (low: number, high: number) => ({ family: 'IPv4' as const, low: BigInt(low), high: BigInt(high) });

describe('FreeAddresses', () => {
  it('always finds the lowest that is free, as a scan would', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('lowest', 'take', 'give'), fc.integer({ min: 0, max: 30 })), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const taken = new Set<bigint>();
        const free = new FreeAddresses([range(10, 15), range(3, 6), range(20, 22)], (value) => taken.has(value));
        const inside = [3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 20, 21, 22].map(BigInt);
        for (const [step, number] of all) {
          const value = step === 'lowest' ? free.lowest() : BigInt(number);
          if (step === 'give' && value !== undefined && taken.delete(value)) free.giveBack(value);
          if (step !== 'give' && value !== undefined) taken.add(value);
          expect(free.lowest()).toBe(inside.find((one) => !taken.has(one)));
        }
      }),
    );
  });

  it('knows what is inside, and how many', () => {
    const free = new FreeAddresses([range(10, 15), range(3, 6)], () => false);
    expect([2, 3, 6, 7, 10, 15, 16].map((value) => free.contains(BigInt(value)))).toEqual([
      false,
      true,
      true,
      false,
      true,
      true,
      false,
    ]);
    expect(free.size).toBe(10n);
  });

  it('looks at each address a constant number of times, however many there are and come and go', () => {
    let looks = 0;
    const taken = new Set<bigint>();
    const free = new FreeAddresses([range(0, 2 ** 24)], (value) => {
      looks += 1;
      return taken.has(value);
    });
    const take = () => {
      const value = free.lowest() ?? 0n;
      taken.add(value);
      return value;
    };
    for (let index = 0; index < 10_000; index += 1) take();
    expect(looks).toBeLessThanOrEqual(20_000);
    looks = 0;
    for (let index = 0; index < 1000; index += 1) {
      const back = BigInt((index * 7919) % 10_000);
      if (taken.delete(back)) free.giveBack(back);
      expect(take()).toBe(back);
    }
    expect(looks).toBeLessThanOrEqual(3000);
  });
});
