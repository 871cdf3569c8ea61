import type { Logger } from 'pino';
import type { BigipEvent } from '../targets/bigip/client/events.ts';

/** Level and words of each event. */
const LINES = {
  login: ['debug', 'logged in'],
  'token-extended': ['debug', 'login extended'],
  waiting: ['warn', 'waiting for the device'],
  'address-changed': ['warn', 'another unit answers now'],
  'batch-refused': ['info', 'the device refused a batch'],
  'unknown-outcome': ['warn', 'no answer to a write; reading what became of it'],
  resolved: ['info', 'what became of a write is known'],
  saved: ['debug', 'the device saved its configuration'],
} as const satisfies Record<BigipEvent['event'], readonly ['debug' | 'info' | 'warn', string]>;

/**
 * Puts what the BIG-IP target tells into the log. Who waits is told for how long: until `patienceMs` have passed, the
 * `timeouts.restart` of the config.
 */
export function logBigipEvent(told: BigipEvent, log: Logger, patienceMs: number): void {
  const { event, ...fields } = told;
  const [level, plain] = LINES[event];
  const words = event === 'waiting' ? `${plain}, at most ${patienceMs / 1000} s (timeouts.restart)` : plain;
  const rounded = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'number' ? Math.round(value) : value,
  ]);
  log[level]({ event, ...Object.fromEntries(rounded) }, words);
}
