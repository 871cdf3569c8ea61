import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks until the answer is something else than undefined or false, and gives that answer. Fails after `withinMs`
 * (10 s if left out) with what was waited for, and with what `seen` says, or what the last question threw.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  options: { readonly withinMs?: number; readonly seen?: () => unknown; readonly lookEveryMs?: number } = {},
): Promise<T> {
  const { withinMs = 10_000, lookEveryMs = 50, seen } = options;
  const deadline = performance.now() + withinMs;
  let problem: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      problem = undefined;
    } catch (error) {
      problem = error;
    }
    await pause(lookEveryMs);
  }
  const last = seen === undefined ? '' : `; seen last: ${JSON.stringify(seen())}`;
  throw new Error(`waited ${withinMs} ms in vain until ${what}${last}`, { cause: problem });
}
