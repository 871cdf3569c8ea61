import { setImmediate } from 'node:timers/promises';

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
