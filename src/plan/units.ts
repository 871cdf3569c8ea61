import type { Change, PlanUnit } from './plan.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';
import { compareText } from '../ir/canonical.ts';
import { descriptorOf } from '../ir/objects.ts';
import { kindOf } from '../ir/ref.ts';

/**
 * Groups changes into units: connected components of changed objects under their references. An object of several
 * origins stands alone, before those that need it and, when deleted, after them: one origin's refusal must not hold
 * back another's. Sorted by wave and name, so that the same changes give the same units.
 */
export function groupUnits(changes: readonly Change[]): readonly PlanUnit[] {
  const parents = new Map<Ref, Ref>(changes.map((change) => [change.ref, change.ref]));
  const alone = new Set(changes.filter(standsAlone).map((change) => change.ref));
  for (const change of changes) {
    if (alone.has(change.ref)) continue;
    for (const needed of referencesOf(change)) {
      if (parents.has(needed) && !alone.has(needed)) join(parents, change.ref, needed);
    }
  }
  const groups = new Map<Ref, Change[]>();
  for (const change of changes) {
    const root = find(parents, change.ref);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [change]);
    else group.push(change);
  }
  return [...groups.values()].map((group) => toUnit(group)).sort((a, b) => a.wave - b.wave || compareText(a.id, b.id));
}

function standsAlone(change: Change): boolean {
  const descriptor = descriptorOf(kindOf(change.ref));
  if (change.op === 'delete') return descriptor.deleteLater === true || change.origins.length > 1;
  return change.origins.length !== 1;
}

function referencesOf(change: Change): readonly Ref[] {
  const references = (object: BigipObject): readonly Ref[] => descriptorOf(object.kind).references(object);
  if (change.op === 'create') return references(change.after);
  if (change.op === 'delete') return references(change.before);
  return [...references(change.before), ...references(change.after)];
}

function toUnit(changes: readonly Change[]): PlanUnit {
  const made = new Set(changes.flatMap((change) => (change.op === 'create' ? [change.ref] : [])));
  const rank = (change: Change): number => rankOf(change, made);
  const sorted = changes.toSorted((a, b) => rank(a) - rank(b) || compareText(a.ref, b.ref));
  const [first] = sorted;
  const origins = new Set<OriginKey>(changes.flatMap((change) => change.origins));
  return {
    id: first?.ref ?? '',
    wave: waveOf(sorted),
    changes: sorted,
    origins: [...origins].sort(compareText),
  };
}

function waveOf(changes: readonly Change[]): 0 | 1 | 2 {
  const [only] = changes;
  if (changes.length !== 1 || only === undefined || !standsAlone(only)) return 1;
  return only.op === 'delete' ? 2 : 0;
}

const DELETES_FROM = 1000;

/**
 * The sending order: creates and updates in dependency order, then deletes in reverse. The delete of an object that is
 * made anew stands right before its create.
 */
function rankOf(change: Change, made: ReadonlySet<Ref>): number {
  const { order } = descriptorOf(kindOf(change.ref));
  if (change.op !== 'delete') return order;
  return made.has(change.ref) ? order - 0.5 : DELETES_FROM - order;
}

function find(parents: Map<Ref, Ref>, ref: Ref): Ref {
  let root = ref;
  for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) root = next;
  parents.set(ref, root);
  return root;
}

function join(parents: Map<Ref, Ref>, a: Ref, b: Ref): void {
  parents.set(find(parents, a), find(parents, b));
}
