import type { Change, PlanUnit } from './plan.ts';
import type { Scope } from './scope.ts';
import { createHash } from 'node:crypto';

/**
 * SHA-256 over what the units would do and what they assume: two plans with the same fingerprint do the same to the same
 * world, within the same scope. Objects are canonical, so their JSON is stable.
 */
export function fingerprintOf(units: readonly PlanUnit[], scope?: Scope): string {
  const hash = createHash('sha256');
  if (scope !== undefined) hash.update(`${JSON.stringify(scope.lists)}\n`);
  for (const unit of units) {
    for (const change of unit.changes) hash.update(`${JSON.stringify(essence(change))}\n`);
  }
  return hash.digest('hex');
}

function essence(change: Change): unknown {
  if (change.op === 'create') return [change.op, change.ref, change.after];
  if (change.op === 'delete') return [change.op, change.ref, change.before];
  return [change.op, change.ref, change.before, change.after];
}
