import type { Change } from './plan.ts';
import type { BigipObject } from '../ir/objects.ts';
import { descriptorOf } from '../ir/objects.ts';

/**
 * Handovers: what only one object may hold (a destination: 01070333) goes from one object to another. The device checks
 * each command by itself, in a transaction too, so that who lets go must do so before the other takes.
 */

/** What the device will hold after the change, and did not before. */
export function takenKeys(change: Change): readonly string[] {
  const before = change.op === 'create' ? undefined : exclusiveKey(change.before);
  const after = change.op === 'delete' ? undefined : exclusiveKey(change.after);
  return after === undefined || after === before ? [] : [after];
}

/** What the device held before the change, and will not after it. */
export function releasedKeys(change: Change): readonly string[] {
  const before = change.op === 'create' ? undefined : exclusiveKey(change.before);
  const after = change.op === 'delete' ? undefined : exclusiveKey(change.after);
  return before === undefined || before === after ? [] : [before];
}

/**
 * The changes of one unit, with those that hand something over to another one of it made anew: deleted before anything
 * is taken, so that two can swap. What a person asked to be adopted is never deleted.
 */
export function makeAnew(changes: readonly Change[]): readonly Change[] {
  const taken = new Set(changes.flatMap(takenKeys));
  return changes.flatMap((change): readonly Change[] => {
    if (change.op !== 'update' || change.adopts === true) return [change];
    if (!releasedKeys(change).some((key) => taken.has(key))) return [change];
    const { ref, before, after, origins } = change;
    return [
      { op: 'delete', ref, before, origins },
      { op: 'create', ref, after, origins },
    ];
  });
}

function exclusiveKey(object: BigipObject): string | undefined {
  return descriptorOf(object.kind).exclusive?.(object);
}
