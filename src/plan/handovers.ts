import type { Change, PlanUnit, Wave } from './plan.ts';
import type { BigipObject } from '../ir/objects.ts';
import { compareText } from '../ir/canonical.ts';
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

/**
 * Puts those who let go before those who take: `wave` 1, in the order of the chain. Units that go round in a circle (two
 * Services that swap addresses) cannot be put in order: `merge` makes one of them.
 */
export function orderHandovers(
  units: readonly PlanUnit[],
  merge: (units: readonly PlanUnit[]) => PlanUnit,
): readonly PlanUnit[] {
  const handovers = handoversOf(units);
  const circles = circlesOf(handovers);
  if (circles.length > 0) {
    const merged = new Set(circles.flat());
    return orderHandovers([...units.filter((unit) => !merged.has(unit)), ...circles.map(merge)], merge);
  }
  const depths = depthsOf(handovers);
  const depth = (unit: PlanUnit): number => depths.get(unit) ?? 0;
  const giving = new Set(handovers.map(([giver]) => giver));
  const places = units.map((unit) => {
    const wave = waveAfter(unit, { gives: giving.has(unit), takes: depth(unit) > 0 });
    return { unit: wave === unit.wave ? unit : { ...unit, wave }, depth: depth(unit) };
  });
  return places
    .sort((a, b) => a.unit.wave - b.unit.wave || a.depth - b.depth || compareText(a.unit.id, b.unit.id))
    .map(({ unit }) => unit);
}

/** Who lets go, and who takes it from there. */
type Handover = readonly [giver: PlanUnit, taker: PlanUnit];

function exclusiveKey(object: BigipObject): string | undefined {
  return descriptorOf(object.kind).exclusive?.(object);
}

function waveAfter({ wave }: PlanUnit, { gives, takes }: { readonly gives: boolean; readonly takes: boolean }): Wave {
  if (gives) return 1;
  return takes && wave < 2 ? 2 : wave;
}

function handoversOf(units: readonly PlanUnit[]): readonly Handover[] {
  const takers = new Map<string, PlanUnit>();
  for (const unit of units) for (const key of unit.changes.flatMap(takenKeys)) takers.set(key, unit);
  if (takers.size === 0) return [];
  return units.flatMap((unit) =>
    unit.changes.flatMap(releasedKeys).flatMap((key): Handover[] => {
      const taker = takers.get(key);
      return taker === undefined || taker === unit ? [] : [[unit, taker]];
    }),
  );
}

/** Units on circles; circles that hang together are one. */
function circlesOf(handovers: readonly Handover[]): readonly (readonly PlanUnit[])[] {
  let left = handovers;
  for (let before = -1; before !== left.length;) {
    before = left.length;
    const givers = new Set(left.map(([giver]) => giver));
    const takers = new Set(left.map(([, taker]) => taker));
    left = left.filter(([giver, taker]) => takers.has(giver) && givers.has(taker));
  }
  const circles = new Map<PlanUnit, PlanUnit[]>();
  for (const [giver, taker] of left) {
    const one = circles.get(giver) ?? [giver];
    const two = circles.get(taker) ?? [taker];
    if (one !== two) one.push(...two);
    for (const unit of one) circles.set(unit, one);
  }
  return [...new Set(circles.values())];
}

/** How many hand over before it. There are no circles any more, so that this ends. */
function depthsOf(handovers: readonly Handover[]): ReadonlyMap<PlanUnit, number> {
  const depths = new Map<PlanUnit, number>();
  for (let changed = true; changed;) {
    changed = false;
    for (const [giver, taker] of handovers) {
      const depth = (depths.get(giver) ?? 0) + 1;
      if (depth <= (depths.get(taker) ?? 0)) continue;
      depths.set(taker, depth);
      changed = true;
    }
  }
  return depths;
}
