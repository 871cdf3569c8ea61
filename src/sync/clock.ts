import { setTimeout as sleep } from 'node:timers/promises';

/** Time, so that tests can have their own. Milliseconds. */
export interface Clock {
  now(): number;
  /** Resolves after this time, or when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, { signal });
    } catch {
      // The signal aborted: the wait is over, which is what the caller asked for.
    }
  },
};
