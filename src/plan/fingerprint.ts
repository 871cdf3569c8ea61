import type { Change, PlanUnit } from './plan.ts';
import type { Scope } from './scope.ts';
import type { Steps } from './steps.ts';
import { createHash } from 'node:crypto';
import { atOnce, eachInSteps } from './steps.ts';

/**
 * SHA-256 over what the units would do and what they assume: two plans with the same fingerprint do the same to the same
 * world, within the same scope. Objects are canonical, so their JSON is stable.
 */
export function fingerprintOf(units: readonly PlanUnit[], scope?: Scope): string {
  return atOnce(fingerprinting(units, scope));
}

/** The same in steps. */
export function* fingerprinting(units: readonly PlanUnit[], scope?: Scope): Steps<string> {
  const hash = createHash('sha256');
  if (scope !== undefined) hash.update(`${JSON.stringify(scope.lists)}\n`);
  yield* eachInSteps(units, ({ changes }) => {
    for (const change of changes) hash.update(`${JSON.stringify(essence(change))}\n`);
  });
  return hash.digest('hex');
}

function essence(change: Change): unknown {
  if (change.op === 'create') return [change.op, change.ref, change.after];
  if (change.op === 'delete') return [change.op, change.ref, change.before];
  return [change.op, change.ref, change.before, change.after];
}
