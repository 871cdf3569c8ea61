import type { BigipObject } from '../../ir/objects.ts';
import type { Pool } from '../../ir/pool.ts';
import type { Ref } from '../../ir/ref.ts';
import type { PlanUnit } from '../../plan/plan.ts';
import type { Actual, Snapshot } from '../../plan/snapshot.ts';
import { canonical } from '../../ir/canonical.ts';
import { equalValues } from '../../ir/equal.ts';
import { partitionOf, refOf } from '../../ir/ref.ts';
import { nodePathOf } from './names.ts';

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
      if (!dropped.has(change.ref)) result.set(change.ref, undefined);
      continue;
    }
    const other = snapshot.get(change.ref)?.otherMetadata;
    const object = canonicalOnce(change.after);
    result.set(change.ref, { object, ...(other === undefined ? {} : { otherMetadata: other }) });
    if (object.kind === 'pool') addNodes(object, snapshot, result);
  }
  return result;
}

/** The object itself if it is canonical already, as plans give it: ten thousand copies would weigh. */
function canonicalOnce(object: BigipObject): BigipObject {
  const form = canonical(object);
  return equalValues(form, object) ? object : form;
}

/** The device makes the nodes of new members by itself, in the pool's partition, named by their address. */
function addNodes(pool: Pool, snapshot: Snapshot, result: Map<Ref, Actual | undefined>): void {
  const partition = partitionOf(pool.path);
  for (const member of pool.members ?? []) {
    const path = nodePathOf(pool.path, member);
    const ref = refOf('node', path);
    if (partitionOf(path) !== partition || snapshot.get(ref) !== undefined || result.has(ref)) continue;
    result.set(ref, { object: { kind: 'node', path, address: member.address } });
  }
}
