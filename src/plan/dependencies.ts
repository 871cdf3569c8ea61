import type { Change, PlanUnit, Wave } from './plan.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { Ref } from '../ir/ref.ts';
import type { Steps } from './steps.ts';
import { compareText } from '../ir/compare-text.ts';
import { descriptorOf, holderOf } from '../ir/objects.ts';
import { releasedKeys, takenKeys } from './handovers.ts';
import { layersOf } from './layers.ts';
import { eachInSteps, mapInSteps } from './steps.ts';

/** Changes that go together, not yet in order. */
type Group = readonly Change[];

/** Who must come first, and who after. */
type Edge = readonly [before: Group, after: Group];

/**
 * Puts groups in the order of their dependencies: what is made comes before what refers to it, what lets go of a reference
 * before the delete, what lets go of something exclusive before what takes it (the device checks each command by itself, in
 * a transaction too). Groups that go round in a circle are first taken apart (deletes go by themselves), and what still
 * goes round (two Services that swap addresses) is made one. In steps.
 */
export function* orderUnits(
  groups: readonly Group[],
  toUnit: (changes: Group, wave: Wave) => PlanUnit,
): Steps<readonly PlanUnit[]> {
  const { groups: acyclic, edges } = yield* withoutCircles(groups);
  yield;
  const waves = layeredWaves(acyclic, edges);
  yield;
  const units = yield* mapInSteps(acyclic, (group) => toUnit(group, waves.get(group) ?? 0));
  return units.sort((a, b) => a.wave - b.wave || compareText(a.id, b.id));
}

/** The objects that a change needs, before or after it. */
export function referencesOf(change: Change): readonly Ref[] {
  return [...needsBefore(change), ...needsAfter(change)];
}

function needsBefore(change: Change): readonly Ref[] {
  return change.op === 'create' ? [] : referencesOfObject(change.before);
}

function needsAfter(change: Change): readonly Ref[] {
  return change.op === 'delete' ? [] : referencesOfObject(change.after);
}

function referencesOfObject(object: BigipObject): readonly Ref[] {
  const { references, follows } = descriptorOf(object.kind);
  return follows === undefined ? references(object) : [...references(object), ...follows(object)];
}

interface Graph {
  readonly groups: readonly Group[];
  readonly edges: readonly Edge[];
}

function* withoutCircles(groups: readonly Group[]): Steps<Graph> {
  const edges = yield* edgesOf(groups);
  const circles = circlesOf(edges);
  if (circles.length === 0) return { groups, edges };
  const onCircles = new Set(circles.flat());
  const others = groups.filter((group) => !onCircles.has(group));
  const apart = [...onCircles].flatMap(takeApart);
  if (apart.length > onCircles.size) return yield* withoutCircles([...others, ...apart]);
  return yield* withoutCircles([...others, ...circles.map((circle) => circle.flat())]);
}

/** Deletes by themselves; a delete that makes room for something in the same group stays. */
function takeApart(group: Group): readonly Group[] {
  const made = new Set(group.flatMap((change) => (change.op === 'create' ? [change.ref] : [])));
  const taken = new Set(group.flatMap(takenKeys));
  const makesRoom = (change: Change): boolean =>
    made.has(change.ref) || releasedKeys(change).some((key) => taken.has(key));
  const deletes = group.filter((change) => change.op === 'delete' && !makesRoom(change));
  const rest = group.filter((change) => !deletes.includes(change));
  return deletes.length === 0 || rest.length === 0 ? [group] : [rest, deletes];
}

function* edgesOf(groups: readonly Group[]): Steps<readonly Edge[]> {
  const makers = new Map<Ref, Group>();
  const removers = new Map<Ref, Group>();
  const takers = new Map<string, Group>();
  const fillers = new Map<Ref | undefined, Group>();
  yield* eachInSteps(groups, (group) => {
    for (const change of group) {
      if (change.op === 'create') makers.set(change.ref, group);
      if (change.op === 'create') fillers.set(holderOf(change.ref), group);
      if (change.op === 'delete') removers.set(change.ref, group);
      for (const key of takenKeys(change)) takers.set(key, group);
    }
  });
  const edges: Edge[] = [];
  const add = (before: Group | undefined, after: Group | undefined): void => {
    if (before !== undefined && after !== undefined && before !== after) edges.push([before, after]);
  };
  yield* eachInSteps(groups, (group) => {
    for (const change of group) {
      for (const needed of needsAfter(change)) add(makers.get(needed), group);
      for (const needed of needsBefore(change)) add(group, removers.get(needed));
      for (const key of releasedKeys(change)) add(group, takers.get(key));
      // Items come before others go: what is filled anew is never empty. All that come to it have the same wave.
      const holder = change.op === 'delete' ? holderOf(change.ref) : undefined;
      if (holder !== undefined) add(fillers.get(holder), group);
    }
  });
  return edges;
}

/** Groups on circles (or between two); those that hang together are one circle. */
function circlesOf(edges: readonly Edge[]): readonly (readonly Group[])[] {
  let left = edges;
  for (let before = -1; before !== left.length;) {
    before = left.length;
    const firsts = new Set(left.map(([first]) => first));
    const seconds = new Set(left.map(([, second]) => second));
    left = left.filter(([first, second]) => seconds.has(first) && firsts.has(second));
  }
  const circles = new Map<Group, Group[]>();
  for (const [first, second] of left) {
    const one = circles.get(first) ?? [first];
    const two = circles.get(second) ?? [second];
    if (one !== two) one.push(...two);
    for (const group of one) circles.set(group, one);
  }
  return [...new Set(circles.values())];
}

/** Layer by layer (see {@link layersOf}): the first wave of one comes after the last of the one before. */
function layeredWaves(groups: readonly Group[], edges: readonly Edge[]): ReadonlyMap<Group, Wave> {
  const layers = layersOf(groups, edges);
  if (layers.length === 1) return wavesOf(edges);
  const waves = new Map<Group, Wave>();
  let from = 0;
  for (const layer of layers) {
    const members = new Set(layer);
    const inside = wavesOf(edges.filter(([before, after]) => members.has(before) && members.has(after)));
    let next = from;
    for (const group of layer) {
      const wave = from + (inside.get(group) ?? 0);
      waves.set(group, wave);
      next = Math.max(next, wave + 1);
    }
    from = next;
  }
  return waves;
}

/** The length of the longest way to a group. There are no circles any more, so that this ends. */
function wavesOf(edges: readonly Edge[]): ReadonlyMap<Group, Wave> {
  const waves = new Map<Group, Wave>();
  for (let changed = true; changed;) {
    changed = false;
    for (const [first, second] of edges) {
      const wave = (waves.get(first) ?? 0) + 1;
      if (wave <= (waves.get(second) ?? 0)) continue;
      waves.set(second, wave);
      changed = true;
    }
  }
  return waves;
}
