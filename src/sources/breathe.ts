import { setImmediate } from 'node:timers/promises';
import type { Steps } from '../plan/steps.ts';

/** Milliseconds of work after which others get their turn. */
const TURN_MS = 8;

/** Gives a function to call between steps of a long computation: it yields to the event loop when its turn is over. */
export function breathe(): () => Promise<void> | undefined {
  let until = performance.now() + TURN_MS;
  return () => {
    if (performance.now() < until) return undefined;
    return setImmediate().then(() => {
      until = performance.now() + TURN_MS;
    });
  };
}

/** Drives a computation, with turns for the event loop in between. Rejects if the signal aborts. */
export async function inTurns<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  const pause = breathe();
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    const pausing = pause();
    if (pausing === undefined) continue;
    await pausing;
    signal?.throwIfAborted();
  }
}
