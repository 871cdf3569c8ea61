import type { Mark } from '../../src/ir/mark.ts';
import type { BigipObject } from '../../src/ir/objects.ts';
import type { Ref } from '../../src/ir/ref.ts';
import type { Change, PlanUnit } from '../../src/plan/plan.ts';
import { canonical } from '../../src/ir/canonical.ts';
import { refOf } from '../../src/ir/ref.ts';
import { diffBookkeeping, diffObjects } from '../../src/plan/diff.ts';

/** The origin that the suite's objects come from, unless a test says otherwise. */
export const ORIGIN = 'contract:Service/default/web';

/** The mark of the instance that the suite plays. */
export const MARK: Mark = { instance: 'contract', origins: [ORIGIN] };

export function refOfObject(object: BigipObject): Ref {
  return refOf(object.kind, object.path);
}

export function create(object: BigipObject, origin = ORIGIN): Change {
  return { op: 'create', ref: refOfObject(object), after: canonical(object), origins: [origin] };
}

export function remove(object: BigipObject, optional = false): Change {
  const change = { op: 'delete', ref: refOfObject(object), before: canonical(object), origins: [ORIGIN] } as const;
  return optional ? { ...change, optional: true } : change;
}

/** An update with the fields that the plan would name. */
export function update(before: BigipObject, after: BigipObject, origin = ORIGIN): Change {
  const [from, to] = [canonical(before), canonical(after)];
  const fields = [...diffObjects(from, to), ...diffBookkeeping(from, to)];
  return { op: 'update', ref: refOfObject(after), before: from, after: to, fields, origins: [origin] };
}

/** A unit of these changes, in wave 1, with the origins of its changes. */
export function unit(...changes: readonly Change[]): PlanUnit {
  const origins = [...new Set(changes.flatMap((change) => change.origins))];
  return { id: changes[0]?.ref ?? 'nothing', wave: 1, changes, origins };
}
