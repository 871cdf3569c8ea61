import type { PlanContext } from './decide.ts';
import type { Change, Plan, PlanUnit, Withheld } from './plan.ts';
import type { DeleteLimit } from './safety.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FullPath, Ref } from '../ir/ref.ts';
import { compareText } from '../ir/compare-text.ts';
import { partitionOf, pathOf, refOf } from '../ir/ref.ts';
import { decide } from './decide.ts';
import { fingerprinting } from './fingerprint.ts';
import { isBareNode, nodesLeftBehind } from './node-ledger.ts';
import { markOf } from './mark-of.ts';
import { limitDeletes } from './safety.ts';
import { allows } from './scope.ts';
import type { Steps } from './steps.ts';
import { atOnce } from './steps.ts';
import { groupUnits } from './units.ts';

/** What a plan is made for. */
export interface PlanOptions extends PlanContext {
  /** Left out: deletes are not limited (a person allowed them). */
  readonly limit?: DeleteLimit;
}

/** A plan, and what was noticed on the way. */
export interface PlanResult {
  readonly plan: Plan;
  readonly conflicts: readonly Diagnostic[];
  /** The same, by the object that is wanted twice. */
  readonly conflictsOf: ReadonlyMap<Ref, readonly Diagnostic[]>;
  /** What is not there and keeps an object, or a part of it, back: by that object. */
  readonly waitsFor: ReadonlyMap<Ref, readonly Ref[]>;
  /** Refs compared with the snapshot. */
  readonly diffs: number;
}

/**
 * Plans for these refs, or for all that is wanted or there. The caller may hand over the work in slices: decisions are
 * independent of each other, only {@link finishPlan} looks at them together.
 */
export function buildPlan(refs: Iterable<Ref>, options: PlanOptions): PlanResult {
  const draft = new PlanDraft(options);
  for (const ref of refs) draft.add(ref);
  return atOnce(draft.finish());
}

/** A plan in the making: refs are added one by one, so that a full pass can yield to the event loop in between. */
export class PlanDraft {
  readonly #options: PlanOptions;
  readonly #changes: Change[] = [];
  readonly #withheld: Withheld[] = [];
  readonly #conflicts = new Map<Ref, readonly Diagnostic[]>();
  readonly #waitsFor = new Map<Ref, readonly Ref[]>();
  #diffs = 0;

  constructor(options: PlanOptions) {
    this.#options = options;
  }

  /** Decides about one ref, if it is in scope. Each ref once. */
  add(ref: Ref): void {
    if (!allows(this.#options.scope, ref)) return;
    const decision = decide(ref, this.#options);
    this.#diffs += 1;
    this.#changes.push(...decision.changes);
    if (decision.conflicts.length > 0) this.#conflicts.set(ref, decision.conflicts);
    if (decision.waitsFor !== undefined) this.#waitsFor.set(ref, decision.waitsFor);
    if (decision.withheld !== undefined) this.#withheld.push(decision.withheld);
  }

  /** Safety, nodes, partition, units, fingerprint; in steps. */
  *finish(): Steps<PlanResult> {
    const { limit, scope } = this.#options;
    const safe =
      limit === undefined
        ? { changes: this.#changes, withheld: [] }
        : limitDeletes(this.#changes, limit, {
            objects: () => ownedInScope(this.#options),
            itemsOf: (holder) => ownedItems(holder, this.#options),
          });
    const changes = safe.changes.toSorted((a, b) => compareText(a.ref, b.ref));
    yield;
    const grouped = yield* groupUnits(changes);
    const units = withNodes([...partitionUnit(changes, this.#options), ...grouped], this.#options);
    yield;
    const withheld = [...this.#withheld, ...safe.withheld].sort((a, b) => compareText(a.ref, b.ref));
    const conflicts = [...this.#conflicts.values()]
      .flat()
      .sort((a, b) => compareText(`${a.origin} ${a.summary}`, `${b.origin} ${b.summary}`));
    const plan = { units, withheld, fingerprint: yield* fingerprinting(units, scope) };
    return { plan, conflicts, conflictsOf: this.#conflicts, waitsFor: this.#waitsFor, diffs: this.#diffs };
  }
}

/** How many objects of this instance are in scope. Without one the snapshot has counted them. */
function ownedInScope({ snapshot, instance, scope }: PlanOptions): number {
  if (scope === undefined) return snapshot.ownedBy(instance);
  let owned = 0;
  for (const ref of snapshot.refs()) {
    const object = allows(scope, ref) ? snapshot.get(ref)?.object : undefined;
    if (object !== undefined && markOf(object, snapshot)?.instance === instance) owned += 1;
  }
  return owned;
}

/** How many items of an object are ours. */
function ownedItems(holder: Ref, { snapshot, instance }: PlanOptions): number {
  const items = [...snapshot.itemsOf(holder)].map((ref) => snapshot.get(ref)?.object);
  return items.filter((item) => item !== undefined && markOf(item, snapshot)?.instance === instance).length;
}

/** The partition is made before the transaction that fills it, and only when there is something to fill it with. */
function partitionUnit(changes: readonly Change[], { partition, snapshot, instance }: PlanOptions): PlanUnit[] {
  const path = `/${partition}`;
  const ref = refOf('partition', path);
  const needed = changes.some((change) => change.op === 'create' && partitionOf(pathOf(change.ref)) === partition);
  if (!needed || partition === 'Common' || snapshot.get(ref) !== undefined) return [];
  const description = `Made by Fairlead, instance ${instance}`;
  const after = { kind: 'partition', path, description, mark: { instance, origins: [] } } as const;
  return [{ id: ref, wave: 0, changes: [{ op: 'create', ref, after, origins: [] }], origins: [] }];
}

/** Adds the nodes that leave with their last pool to the unit that deletes it: one transaction, no orphan. */
function withNodes(units: readonly PlanUnit[], { snapshot, scope }: PlanOptions): readonly PlanUnit[] {
  const leaving = new Set<FullPath>();
  return units.map((unit) => {
    const pools = unit.changes.flatMap((change) =>
      change.op === 'delete' && change.before.kind === 'pool' ? [change.before] : [],
    );
    if (pools.length === 0) return unit;
    for (const pool of pools) leaving.add(pool.path);
    const nodes = pools
      .flatMap((pool) => nodesLeftBehind(pool, leaving, snapshot))
      .filter((node) => allows(scope, refOf('node', node)));
    return { ...unit, changes: [...unit.changes, ...nodeDeletes(nodes, unit, snapshot)] };
  });
}

function nodeDeletes(nodes: readonly FullPath[], unit: PlanUnit, snapshot: PlanOptions['snapshot']): readonly Change[] {
  return [...new Set(nodes)].sort(compareText).flatMap((path): readonly Change[] => {
    const ref = refOf('node', path);
    const before = snapshot.get(ref)?.object;
    if (before === undefined || !isBareNode(path, snapshot)) return [];
    return [{ op: 'delete', ref, before, origins: unit.origins, optional: true }];
  });
}
