import type { Change, PlanUnit } from './plan.ts';
import { createHash } from 'node:crypto';

/**
 * SHA-256 over what the units would do and what they assume: two plans with the same fingerprint do the same to the same
 * world. Objects are canonical, so their JSON is stable.
 */
export function fingerprintOf(units: readonly PlanUnit[]): string {
  const hash = createHash('sha256');
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
