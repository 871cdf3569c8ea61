import type { BigipObject } from '../../ir/objects.ts';
import type { Ref } from '../../ir/ref.ts';
import type { PlanUnit } from '../../plan/plan.ts';
import type { Actual, Snapshot } from '../../plan/snapshot.ts';
import { canonical } from '../../ir/canonical.ts';
import { goingWith } from '../../ir/objects.ts';
import { refOf } from '../../ir/ref.ts';
import { nodesBroughtAlong } from '../../plan/node-ledger.ts';
import { codecOf } from './compile/codecs.ts';

/**
 * The objects after a write that the device confirmed. The answer to a write leaves out sub-collections (a pool's
 * members, a virtual server's profiles) and a commit answers with no objects at all, so what was written is taken;
 * the next full read tells if the device made something else of it.
 * @param dropped optional changes that were left out in the end.
 */
export function actualAfter(
  unit: PlanUnit,
  snapshot: Snapshot,
  dropped: ReadonlySet<Ref>,
): ReadonlyMap<Ref, Actual | undefined> {
  const result = new Map<Ref, Actual | undefined>();
  for (const change of unit.changes) {
    if (change.op === 'delete') {
      const gone = dropped.has(change.ref) ? [] : goingWith(change.ref);
      for (const ref of gone) result.set(ref, undefined);
      continue;
    }
    const before = snapshot.get(change.ref);
    const other = before?.otherMetadata;
    const object = canonical(change.after);
    const ordinals = codecOf(object.kind).ordinalsAfter?.(change, before);
    result.set(change.ref, {
      object,
      ...(other === undefined ? {} : { otherMetadata: other }),
      ...(ordinals === undefined ? {} : { ordinals }),
    });
    addNodes(object, snapshot, result);
  }
  return result;
}

/**
 * The nodes that are there because of members: those that the device made of itself, and those that were there. The latter
 * are told too, for a unit before this one may have removed a node that this one's members brought along again.
 */
function addNodes(object: BigipObject, snapshot: Snapshot, result: Map<Ref, Actual | undefined>): void {
  for (const node of nodesBroughtAlong(object)) {
    const ref = refOf(node.kind, node.path);
    if (!result.has(ref)) result.set(ref, snapshot.get(ref) ?? { object: node });
  }
}
