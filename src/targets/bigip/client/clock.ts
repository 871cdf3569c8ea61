import { setTimeout as delay } from 'node:timers/promises';

/** Time, as the client sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds, never going back; the zero point means nothing. */
  now(): number;
  /** Resolves after `ms`. @throws the signal's reason when it is aborted first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own clock, unmoved by changes of the time of day. */
export const systemClock: Clock = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};
