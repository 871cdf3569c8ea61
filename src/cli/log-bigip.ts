import type { Logger } from 'pino';
import type { BigipEvent } from '../targets/bigip/client/events.ts';

const LEVELS = {
  login: 'debug',
  'token-extended': 'debug',
  waiting: 'warn',
  'address-changed': 'warn',
  'batch-refused': 'info',
  'unknown-outcome': 'warn',
  resolved: 'info',
  saved: 'debug',
} as const satisfies Record<BigipEvent['event'], 'debug' | 'info' | 'warn'>;

/** Puts what the BIG-IP target tells into the log. */
export function logBigipEvent({ event, ...fields }: BigipEvent, log: Logger): void {
  log[LEVELS[event]](fields, event);
}
