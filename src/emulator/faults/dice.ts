/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export type Dice = () => number;

/** Dice that start at a seed. */
export function diceFrom(seed: number): Dice {
  let state = Math.trunc(seed) >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number with a given median, log-normally distributed: `sigma` 0 is the median itself. */
export function logNormal(median: number, sigma: number, dice: Dice): number {
  const radius = Math.sqrt(-2 * Math.log(1 - dice()));
  return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * dice()));
}
