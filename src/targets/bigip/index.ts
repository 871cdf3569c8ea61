import type { Target } from '../target.ts';
import type { BigipOptions } from './client/options.ts';
import { BigipTarget } from './bigip-target.ts';
import { settle } from './client/options.ts';

export type { BigipEvent } from './client/events.ts';
export type { BigipOptions, ExpectedServer } from './client/options.ts';

/**
 * A BIG-IP (TMOS 12.1 or later) that is written to by iControl REST. Nothing is sent before the first call.
 * @throws {Error} an address that is none, or that would send the password in clear text over a network.
 */
export function createBigipTarget(options: BigipOptions): Target {
  return new BigipTarget(settle(options));
}
