import { setTimeout as delay } from 'node:timers/promises';
import type { DeviceError } from '../errors/device-error.ts';
import { asyncContextTimeout } from '../errors/html.ts';
import { operationExpired } from '../errors/restjavad.ts';
import type { TimeoutShape } from './fault.ts';
import type { Faults } from './faults.ts';

/** A commit that is answered before it is carried out. */
export interface SlowCommit {
  /** Runs the commit when the fault says so; resolves when it is time to answer. */
  readonly run: (apply: () => void) => Promise<void>;
  readonly shape: TimeoutShape;
  /** Milliseconds until it is carried out. */
  readonly applyAfterMs: number;
}

/** What restjavad answers to an operation that takes longer than it waits (fact sheet 11.1). */
export function expired(
  shape: TimeoutShape | undefined,
  request: { readonly method: string; readonly address: string; readonly body: string },
): DeviceError {
  return shape === 'async-context'
    ? asyncContextTimeout()
    : operationExpired(request.method, request.address, request.body);
}

/** How to answer a commit before it is carried out, when a fault asks for that. */
export function slowCommit(faults: Faults, uri: string): SlowCommit | undefined {
  const fault = faults.take('slow-transaction', 'PATCH', () => uri);
  if (fault === undefined) {
    return undefined;
  }
  const run = async (apply: () => void): Promise<void> => {
    const wait = fault.applyAfterMs ?? 0;
    if (wait === 0) {
      apply();
    } else {
      setTimeout(apply, wait).unref();
    }
    await delay(fault.answerAfterMs ?? 0);
  };
  return { run, shape: fault.shape ?? 'remote-sender', applyAfterMs: fault.applyAfterMs ?? 0 };
}
