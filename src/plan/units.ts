import type { Change, PlanUnit, Wave } from './plan.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';
import type { Steps } from './steps.ts';
import { compareText } from '../ir/compare-text.ts';
import { equalValues } from '../ir/equal.ts';
import { descriptorOf } from '../ir/objects.ts';
import { kindOf } from '../ir/ref.ts';
import { orderUnits, referencesOf } from './dependencies.ts';
import { makeAnew, releasedKeys, takenKeys } from './handovers.ts';
import { eachInSteps } from './steps.ts';

/**
 * Groups changes into units: connected components of changed objects of one origin under their references. An object of
 * several origins stands alone, as does what another origin's objects need: one origin's refusal must not hold back
 * another's. Units come in the order of their dependencies, then of their names: the same changes give the same units. In steps.
 */
export function* groupUnits(changes: readonly Change[]): Steps<readonly PlanUnit[]> {
  const parents = new Map<Ref, Ref>(changes.map((change) => [change.ref, change.ref]));
  const byRef = new Map<Ref, Change>(changes.map((change) => [change.ref, change]));
  yield* eachInSteps(changes, (change) => {
    if (standsAlone(change)) return;
    for (const needed of referencesOf(change)) {
      const other = byRef.get(needed);
      if (other === undefined || standsAlone(other) || !equalValues(other.origins, change.origins)) continue;
      join(parents, change.ref, needed);
    }
  });
  for (const joinMore of [joinHandovers, joinCompanions, joinPartners, joinMoves]) {
    joinMore(changes, parents);
    yield;
  }
  const groups = new Map<Ref, Change[]>();
  for (const change of changes) {
    const root = find(parents, change.ref);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [change]);
    else group.push(change);
  }
  yield;
  return yield* orderUnits([...groups.values()], toUnit);
}

/** Within one origin, what lets go of something exclusive and what takes it change together, without a gap. */
function joinHandovers(changes: readonly Change[], parents: Map<Ref, Ref>): void {
  const holders = new Map<string, Change>();
  for (const change of changes) for (const key of releasedKeys(change)) holders.set(key, change);
  for (const change of changes) {
    for (const key of takenKeys(change)) {
      const holder = holders.get(key);
      if (holder !== undefined && equalValues(holder.origins, change.origins)) join(parents, change.ref, holder.ref);
    }
  }
}

/**
 * What belongs to one object, and the object itself, change together however many origins give them: half of a certificate
 * and its key is refused, or fails every handshake.
 */
function joinCompanions(changes: readonly Change[], parents: Map<Ref, Ref>): void {
  const groups = new Map<string, Ref>();
  const keyOf = (ref: Ref, { origins }: Change): string => [ref, ...origins].join(' ');
  for (const change of changes) {
    const owner = descriptorOf(kindOf(change.ref)).companion?.(objectOf(change));
    if (owner === undefined) continue;
    const first = groups.get(keyOf(owner, change));
    if (first === undefined) groups.set(keyOf(owner, change), change.ref);
    else join(parents, change.ref, first);
  }
  for (const change of changes) {
    const first = groups.get(keyOf(change.ref, change));
    if (first !== undefined) join(parents, change.ref, first);
  }
}

/** What counts on another object changes together with it (`joinedWith` of its descriptor), but for deletes that come later. */
function joinPartners(changes: readonly Change[], parents: Map<Ref, Ref>): void {
  for (const change of changes) {
    const { joinedWith, deleteLater } = descriptorOf(kindOf(change.ref));
    const partner = joinedWith?.(objectOf(change));
    const isLater = change.op === 'delete' && deleteLater === true;
    if (partner !== undefined && !isLater && parents.has(partner)) join(parents, change.ref, partner);
  }
}

/** Within one origin, what moves to another endpoint and what leads clients there change together (a DNS answer). */
function joinMoves(changes: readonly Change[], parents: Map<Ref, Ref>): void {
  const movers = new Map<string, Ref>();
  for (const change of changes) {
    if (change.op !== 'update' || change.origins.length !== 1) continue;
    const { endpoint } = descriptorOf(change.after.kind);
    const [from, to] = [endpoint?.(change.before), endpoint?.(change.after)];
    if (from === undefined || from === to) continue;
    const key = [from, to, ...change.origins].join(' ');
    const first = movers.get(key);
    if (first === undefined) movers.set(key, change.ref);
    else join(parents, change.ref, first);
  }
}

function objectOf(change: Change): BigipObject {
  return change.op === 'delete' ? change.before : change.after;
}

function standsAlone(change: Change): boolean {
  const descriptor = descriptorOf(kindOf(change.ref));
  if (change.op === 'delete') return descriptor.deleteLater === true || change.origins.length > 1;
  return change.origins.length !== 1;
}

function toUnit(given: readonly Change[], wave: Wave): PlanUnit {
  const changes = makeAnew(given);
  const made = new Set(changes.flatMap((change) => (change.op === 'create' ? [change.ref] : [])));
  const taken = new Set(changes.flatMap(takenKeys));
  const makesRoom = (change: Change): boolean =>
    made.has(change.ref) || releasedKeys(change).some((key) => taken.has(key));
  const rank = (change: Change): number => rankOf(change, makesRoom);
  const sorted = changes.toSorted((a, b) => rank(a) - rank(b) || compareText(a.ref, b.ref));
  const [first] = sorted;
  const origins = new Set<OriginKey>(changes.flatMap((change) => change.origins));
  return {
    id: first?.ref ?? '',
    wave,
    changes: sorted,
    origins: [...origins].sort(compareText),
  };
}

const DELETES_FROM = 1000;

/**
 * The sending order: creates and updates in dependency order, then deletes in reverse. The delete of an object that is
 * made anew, or that holds what another one takes, stands right before the creates of its kind.
 */
function rankOf(change: Change, makesRoom: (change: Change) => boolean): number {
  const { order } = descriptorOf(kindOf(change.ref));
  if (change.op !== 'delete') return order;
  return makesRoom(change) ? order - 0.5 : DELETES_FROM - order;
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
