import type { ChangeDocument, TargetPlanDocument } from './plan-document.ts';
import { compareText } from '../ir/compare-text.ts';
import { objectName } from './plan-text.ts';

/**
 * What is different between a plan that was shown and the plan of now, one sentence each; empty if they do the same.
 * For the message with which an apply is refused.
 */
export function planDifference(shown: TargetPlanDocument, now: TargetPlanDocument): readonly string[] {
  if (shown.fingerprint === now.fingerprint) return [];
  const [before, after] = [byRef(shown), byRef(now)];
  const sentences = [
    ...[...before]
      .filter(([key]) => !after.has(key))
      .map(([, { ref, op }]) => `${objectName(ref)}: no longer to ${op}`),
    ...[...after].flatMap(([key, change]) => sentence(before.get(key), change)),
  ].toSorted(compareText);
  const fallback = 'the same objects change, and the device has other values than when the plan was shown';
  return sentences.length === 0 ? [fallback] : sentences;
}

/** An object that is replaced stands in a plan twice, as a delete and as a create. */
function byRef(document: TargetPlanDocument): ReadonlyMap<string, ChangeDocument> {
  const changes = document.units.flatMap((unit) => unit.changes);
  return new Map(changes.map((change) => [`${change.ref} ${change.op === 'delete' ? 'delete' : 'write'}`, change]));
}

function sentence(before: ChangeDocument | undefined, now: ChangeDocument): readonly string[] {
  const name = objectName(now.ref);
  if (before === undefined) return [`${name}: now to ${now.op}, which was not shown`];
  if (before.op !== now.op) return [`${name}: now to ${now.op}, was to ${before.op}`];
  const fields = differingFields(before, now);
  return fields.length === 0 ? [] : [`${name}: other values of ${fields.join(', ')}`];
}

function differingFields(before: ChangeDocument, now: ChangeDocument): readonly string[] {
  const print = (change: ChangeDocument): ReadonlyMap<string, string> =>
    new Map(change.fields.map((one) => [one.item ?? one.field, JSON.stringify([one.from, one.to])]));
  const [a, b] = [print(before), print(now)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key)).toSorted();
}
