import type { Change } from './plan.ts';
import type { FieldSpec } from '../ir/descriptor.ts';
import { descriptorOf } from '../ir/objects.ts';
import { kindOf } from '../ir/ref.ts';

type Group = readonly Change[];

/**
 * Groups in layers, each of which comes after the one before: what carries the traffic of others and is made or
 * changed, by kind; everything else; what carried traffic and is let go of. No reference says that a pool member needs the record
 * of its node: it is there before the member is enabled, and stays until the member is gone.
 * @param edges who must come first, and who after: what lets go of something that the first layer takes belongs there, too.
 */
export function layersOf(
  groups: readonly Group[],
  edges: readonly (readonly [before: Group, after: Group])[],
): readonly (readonly Group[])[] {
  const underlay = new Set(groups.filter((group) => group.every(isUnderlay)));
  if (underlay.size === 0) return [groups];
  const first = new Set([...underlay].filter((group) => !group.every(onlyLetsGo)));
  for (let before = -1; before !== first.size;) {
    before = first.size;
    for (const [one, two] of edges) if (first.has(two) && underlay.has(one)) first.add(one);
  }
  return [
    ...byKind(groups.filter((group) => first.has(group))),
    groups.filter((group) => !underlay.has(group)),
    ...byKind(groups.filter((group) => underlay.has(group) && !first.has(group))).toReversed(),
  ];
}

/** In the order of their kinds: a route may lead to an address that is reached through a tunnel, and does not say so. */
function byKind(groups: readonly Group[]): readonly (readonly Group[])[] {
  const orderOf = (group: Group): number => Math.min(...group.map(({ ref }) => descriptorOf(kindOf(ref)).order));
  const layers = Map.groupBy(groups, orderOf);
  return [...layers].sort(([a], [b]) => a - b).map(([, layer]) => layer);
}

function isUnderlay({ ref }: Change): boolean {
  return descriptorOf(kindOf(ref)).underlay === true;
}

/** Deletes, and updates that take items away and nothing else. */
function onlyLetsGo(change: Change): boolean {
  if (change.op !== 'update') return change.op === 'delete';
  const specs = descriptorOf(change.after.kind).fields as Readonly<Record<string, FieldSpec>>;
  return change.fields.every(
    ({ field, item, to }) => specs[field]?.compare === 'bookkeeping' || (item !== undefined && to === undefined),
  );
}
