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

/** Puts what the BIG-IP target tells into the log. */
export function logBigipEvent({ event, ...fields }: BigipEvent, log: Logger): void {
  const [level, words] = LINES[event];
  const rounded = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'number' ? Math.round(value) : value,
  ]);
  log[level]({ event, ...Object.fromEntries(rounded) }, words);
}
