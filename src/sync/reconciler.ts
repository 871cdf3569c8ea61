import type { ApplyOptions } from './apply-units.ts';
import type { Applied, Planned, SyncOptions, WorkCounters } from './options.ts';
import type { CellKey, Contribution } from '../desired/contribution.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';
import type { PlanOptions, PlanResult } from '../plan/build-plan.ts';
import type { Plan, Withheld } from '../plan/plan.ts';
import type { Steps } from '../plan/steps.ts';
import type { Snapshot } from '../plan/snapshot.ts';
import type { OriginOutcome, Source, SourceResult } from '../sources/source.ts';
import type { UnitReport } from '../targets/target.ts';
import { equalValues } from '../ir/equal.ts';
import { DesiredState } from '../desired/desired-state.ts';
import { descriptorOf } from '../ir/objects.ts';
import { parseOrigin } from '../ir/origin.ts';
import { kindOf } from '../ir/ref.ts';
import { PlanDraft } from '../plan/build-plan.ts';
import { membersApart, notesOnPools } from '../plan/lone-members.ts';
import { MemorySnapshot } from '../plan/memory-snapshot.ts';
import { planNodeRemoval } from '../plan/node-removal.ts';
import { Relation } from '../plan/relation.ts';
import { notesOnNames } from '../plan/scope-notes.ts';
import { allows } from '../plan/scope.ts';
import { atOnce, eachInSteps } from '../plan/steps.ts';
import { breathe, inTurns } from '../sources/breathe.ts';
import { applyUnits } from './apply-units.ts';
import { countOfSource, knownAddresses } from './marks.ts';
import { outcomeOf } from './outcomes.ts';
import { ReachBook } from './reach-book.ts';

/** So many cells are extracted without a break. */
const AT_ONCE = 200;

/**
 * One device and its sources, kept in step. Holds the desired state and the snapshot; every method does one stage. Both
 * the single run and the continuous one are made of these.
 */
export class Reconciler {
  readonly options: SyncOptions;
  readonly desired = new DesiredState();
  /** What is withheld now, by ref; kept so that an origin's state does not depend on what was planned last. */
  readonly #withheld = new Map<Ref, Withheld>();
  readonly #conflicts = new Map<Ref, readonly Diagnostic[]>();
  /** What is not there -> the objects that it keeps back, wholly or in part. */
  readonly #waiting = new Relation<Ref, Ref>();
  /** The same, from the other side. */
  readonly #waitsFor = new Map<Ref, readonly Ref[]>();
  /** Planned, and not yet confirmed by the device: whose they are is not told that all is well. */
  readonly #open = new Set<Ref>();
  readonly #incomplete = new Set<string>();
  /** Sources that gave nothing at all, although the device has objects of theirs. */
  readonly #empty = new Set<string>();
  readonly #names: ReadonlySet<string>;
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #touched = new Set<OriginKey>();
  #sourceDiagnostics: readonly Diagnostic[] = [];
  readonly #reach = new ReachBook();
  #snapshot: Snapshot = new MemorySnapshot();
  #diffs = 0;

  constructor(options: SyncOptions) {
    this.options = options;
    this.#names = new Set(options.sources.map(({ name }) => name));
    this.#ranks = new Map(options.sources.map(({ name, precedence = 0 }) => [name, precedence]));
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  get counters(): WorkCounters {
    const extractions = this.options.sources.reduce((sum, source) => sum + source.counters.extractions, 0);
    const { requests } = this.options.target.counters;
    return { extractions, merges: this.desired.merges, diffs: this.#diffs, requests };
  }

  /** Whether every source vouches for what it lacks. */
  get complete(): boolean {
    return this.#incompleteNow().size === 0;
  }

  /** Reads the device. Rejects with TargetUnavailable. */
  async readDevice(signal: AbortSignal): Promise<void> {
    this.#snapshot = await this.options.target.read({ signal });
  }

  /** Reads all sources; a cell that a complete source no longer has is gone. Gives the refs touched. */
  async readSources(signal: AbortSignal): Promise<ReadonlySet<Ref>> {
    const known = knownAddresses(this.#snapshot, this.options.instance);
    const refs = new Set<Ref>();
    const diagnostics: Diagnostic[] = [];
    for (const source of this.options.sources) {
      const result = await source.read({ signal, known });
      diagnostics.push(...result.diagnostics);
      if (result.complete) this.#incomplete.delete(source.name);
      else this.#incomplete.add(source.name);
      diagnostics.push(...this.#suspect(source, result));
      const seen = new Set(result.contributions.map((contribution) => contribution.cell));
      const gone = result.complete
        ? [...this.desired.cellsOfSource(source.name)].filter((cell) => !seen.has(cell))
        : [];
      for (const ref of await this.#takeAll(result.contributions, gone)) refs.add(ref);
    }
    this.#sourceDiagnostics = diagnostics;
    return refs;
  }

  /** Looks whether the device has learned the routes that it is to have; after the sources. Gives who is not reached. */
  async readRoutes(signal: AbortSignal): Promise<readonly Diagnostic[]> {
    await this.#reach.read(this.options.target, signal);
    return this.#reach.problems;
  }

  /**
   * Extracts these cells of a source again and takes what they give. Gives the refs touched. Few cells are taken as they
   * are at one moment; many (the status of every Service was written) part by part, with turns for the event loop.
   */
  async takeChanges(source: Source, cells: ReadonlySet<CellKey>): Promise<ReadonlySet<Ref>> {
    const refs = new Set<Ref>();
    const pause = breathe();
    const all = [...cells];
    for (let from = 0; from < all.length; from += AT_ONCE) {
      for (const ref of this.#takeSome(source, all.slice(from, from + AT_ONCE))) refs.add(ref);
      await pause();
    }
    return refs;
  }

  #takeSome(source: Source, cells: readonly CellKey[]): ReadonlySet<Ref> {
    const refs = new Set<Ref>();
    const contributions = source.extract?.(cells) ?? [];
    if (contributions.length > 0) this.#empty.delete(source.name);
    for (const contribution of contributions) for (const ref of this.#take(contribution)) refs.add(ref);
    const seen = new Set(contributions.map((contribution) => contribution.cell));
    for (const cell of cells) if (!seen.has(cell)) for (const ref of this.#drop(cell)) refs.add(ref);
    return refs;
  }

  /** Lets what the device refused be tried again, all of it if no cells are named. Gives the refs touched. */
  release(cells?: Iterable<CellKey>): ReadonlySet<Ref> {
    const refs = this.desired.release(cells);
    for (const ref of refs) this.#touchClaimants(ref);
    return refs;
  }

  /** Plans for these refs, and for what waited for one of them. */
  plan(refs: Iterable<Ref>): PlanResult {
    const draft = new PlanDraft(this.#planOptions());
    const planned = new Set(refs);
    // What is added here is gone through, too.
    for (const ref of planned) for (const waiting of this.#waiting.of(ref)) planned.add(waiting);
    for (const ref of planned) draft.add(ref);
    return atOnce(this.#remember(planned, draft));
  }

  /** Plans for all that is wanted or there, yielding to the event loop. */
  async planAll(): Promise<PlanResult> {
    const draft = new PlanDraft(this.#planOptions());
    const refs = new Set(this.desired.refs());
    // What comes and goes by itself (nodes) is never planned by itself.
    for (const ref of this.#snapshot.refs()) if (descriptorOf(kindOf(ref)).implicit !== true) refs.add(ref);
    const pause = breathe();
    for (const ref of refs) {
      draft.add(ref);
      await pause();
    }
    return inTurns(this.#remember(refs, draft));
  }

  /** Everything about a plan that a person wants to see. */
  describe({ plan, conflicts }: PlanResult): Planned {
    const origins = [...this.desired.origins()].sort();
    const cells = origins.flatMap((origin) => this.desired.diagnosticsOf(origin));
    const { scope, instance } = this.options;
    const wanted = [...this.desired.refs()];
    const names = scope === undefined ? [] : notesOnNames(scope, [...wanted, ...this.#snapshot.refs()]);
    const notes = [...names, ...notesOnPools(scope, this.#snapshot, instance)];
    const diagnostics = [...this.#sourceDiagnostics, ...cells, ...conflicts, ...notes, ...this.#reach.problems];
    const desired = wanted.filter((ref) => allows(scope, ref)).length;
    const outOfScope = wanted.length - desired;
    return {
      plan,
      snapshot: this.#snapshot,
      diagnostics,
      desired,
      outOfScope,
      complete: this.complete,
      stale: [...this.#incompleteNow()].sort(),
    };
  }

  /** Applies a plan, isolating what the device refuses; then tells the sources what became of their origins. */
  async apply(plan: Plan, options: ApplyOptions): Promise<Applied> {
    const { target } = this.options;
    const before = target.counters;
    const done = await applyUnits(this, plan.units, options);
    const outcomes = await this.#outcomes();
    const told = await this.#tell(outcomes);
    const after = target.counters;
    return {
      reports: done.reports,
      outcomes,
      diagnostics: [...done.diagnostics, ...told],
      requests: after.requests - before.requests,
      writes: after.writes - before.writes,
    };
  }

  /** Removes nodes that nobody uses any more, some at a time: call it until nothing is done. */
  async cleanNodes(options: ApplyOptions): Promise<readonly UnitReport[]> {
    const { instance, scope } = this.options;
    const units = planNodeRemoval({ snapshot: this.#snapshot, instance, scope });
    return units.length === 0 ? [] : (await applyUnits(this, units, options)).reports;
  }

  /** The refs that are planned, and that the device has not confirmed. */
  get open(): ReadonlySet<Ref> {
    return new Set(this.#open);
  }

  /** The device confirmed what was planned for these refs, or it is left undone on purpose. */
  settled(refs: Iterable<Ref>): void {
    for (const ref of refs) this.#open.delete(ref);
  }

  async #takeAll(contributions: readonly Contribution[], gone: readonly CellKey[]): Promise<ReadonlySet<Ref>> {
    const refs = new Set<Ref>();
    const pause = breathe();
    for (const contribution of contributions) {
      for (const ref of this.#take(contribution)) refs.add(ref);
      await pause();
    }
    for (const cell of gone) for (const ref of this.#drop(cell)) refs.add(ref);
    return refs;
  }

  #take(given: Contribution): Iterable<Ref> {
    const contribution = membersApart(given, this.options.scope, this.#snapshot);
    this.#touched.add(contribution.origin);
    this.#reach.take(contribution);
    const { origin } = contribution;
    const isKept = this.desired.holdOf(origin) !== undefined || this.desired.isPartial(origin);
    const refs = this.desired.update(contribution);
    return isKept ? [...refs, ...this.#ownedBy(origin)] : refs;
  }

  #drop(cell: CellKey): Iterable<Ref> {
    this.#reach.drop(cell);
    const origin = this.desired.originOf(cell);
    if (origin === undefined) return [];
    this.#touched.add(origin);
    return [...this.desired.remove(cell), ...this.#ownedBy(origin)];
  }

  /** What the device has of an origin, and the items of that, which carry no mark of their own. */
  #ownedBy(origin: OriginKey): readonly Ref[] {
    const refs = [...this.#snapshot.refsOfOrigin(origin)];
    return [...refs, ...refs.flatMap((ref) => Array.from(this.#snapshot.itemsOf(ref)))];
  }

  #planOptions(): PlanOptions {
    const { instance, partition, scope, threshold, allowDeletes, adopt, keepMemberState } = this.options;
    return {
      instance,
      partition,
      ...(scope === undefined ? {} : { scope }),
      desired: this.desired,
      snapshot: this.#snapshot,
      incomplete: this.#incompleteNow(),
      rankOf: (origin) => this.#ranks.get(parseOrigin(origin).source) ?? 0,
      ...(allowDeletes === true ? {} : { limit: threshold, sources: this.#names }),
      ...(adopt === undefined ? {} : { adopt }),
      ...(keepMemberState === undefined ? {} : { keepMemberState }),
    };
  }

  #incompleteNow(): ReadonlySet<string> {
    const names = new Set(this.#incomplete);
    for (const { name, complete } of this.options.sources) {
      if (complete === false) names.add(name);
      if (complete === true) names.delete(name);
    }
    for (const name of this.#empty) names.add(name);
    return names;
  }

  /**
   * A source that is read whole and gives nothing may be the wrong one, or not there yet (a mount, a new cluster). What
   * the device has of it stays until a person says that it may go, or something comes.
   */
  #suspect({ name }: Source, { contributions, complete }: SourceResult): readonly Diagnostic[] {
    this.#empty.delete(name);
    if (!complete || contributions.length > 0 || this.options.allowDeletes === true) return [];
    const objects = countOfSource(this.#snapshot, { instance: this.options.instance, source: name });
    if (objects === 0) return [];
    this.#empty.add(name);
    const summary = `source ${name} is empty, and the device has ${objects} objects of it: nothing of it is deleted`;
    const detail = 'Check the source; if they shall go, allow it with --allow-deletes.';
    return [{ code: 'source-empty', severity: 'warning', summary, detail }];
  }

  *#remember(planned: ReadonlySet<Ref>, draft: PlanDraft): Steps<PlanResult> {
    const result = yield* draft.finish();
    this.#diffs += result.diffs;
    const withheld = new Map(result.plan.withheld.map((one) => [one.ref, one]));
    yield* eachInSteps(planned, (ref) => {
      this.#open.delete(ref);
      this.#waitFor(ref, result.waitsFor.get(ref));
      // What stands in the way came or went: its owners are told so.
      const changed = replace(this.#conflicts, ref, result.conflictsOf.get(ref));
      if (replace(this.#withheld, ref, withheld.get(ref)) || changed) this.#touchClaimants(ref);
    });
    yield* eachInSteps(result.plan.units, (unit) => {
      for (const origin of unit.origins) this.#touched.add(origin);
      for (const { ref } of unit.changes) this.#open.add(ref);
    });
    return result;
  }

  #waitFor(ref: Ref, needs: readonly Ref[] | undefined): void {
    for (const needed of this.#waitsFor.get(ref) ?? []) this.#waiting.remove(needed, ref);
    for (const needed of needs ?? []) this.#waiting.add(needed, ref);
    if (needs === undefined) this.#waitsFor.delete(ref);
    else this.#waitsFor.set(ref, needs);
  }

  #touchClaimants(ref: Ref): void {
    for (const cell of this.desired.claimants(ref)) {
      const origin = this.desired.originOf(cell);
      if (origin !== undefined) this.#touched.add(origin);
    }
  }

  async #outcomes(): Promise<readonly OriginOutcome[]> {
    const outcomes: OriginOutcome[] = [];
    const pause = breathe();
    for (const origin of [...this.#touched].sort()) {
      await pause();
      const refs = this.desired.refsOf(origin);
      const left = this.desired.cellsOf(origin).size === 0 ? this.#snapshot.refsOfOrigin(origin) : [];
      if ([...refs, ...left].some((ref) => this.#open.has(ref))) continue;
      // Its deletes wait for a person: it still serves.
      if ([...left].some((ref) => this.#withheld.get(ref)?.reason === 'threshold')) continue;
      this.#touched.delete(origin);
      const withheld = [...refs].flatMap((ref) => this.#withheld.get(ref) ?? []);
      const conflicts = [...refs].flatMap((ref) => this.#conflicts.get(ref) ?? []);
      const own = conflicts.filter((conflict) => conflict.origin === origin);
      const outcome = outcomeOf({ origin, desired: this.desired, withheld, conflicts: own });
      // Nobody can say that all of it is there, or gone, if a part of it is not looked at.
      const isWhole = [...refs, ...left].every((ref) => allows(this.options.scope, ref));
      if (isWhole || outcome.state === 'refused') outcomes.push(outcome);
    }
    return outcomes;
  }

  async #tell(outcomes: readonly OriginOutcome[]): Promise<readonly Diagnostic[]> {
    if (outcomes.length === 0) return [];
    const told = await Promise.all(
      this.options.sources.map(async (source) => {
        const own = outcomes.filter((outcome) => outcome.origin.startsWith(`${source.name}:`));
        return own.length === 0 ? [] : ((await source.settle?.(own)) ?? []);
      }),
    );
    return told.flat();
  }
}

/** Sets or removes an entry; tells whether that changed anything. */
function replace<V>(map: Map<Ref, V>, ref: Ref, value: V | undefined): boolean {
  const before = map.get(ref);
  if (value !== undefined) map.set(ref, value);
  else if (before !== undefined) map.delete(ref);
  return !equalValues(before, value);
}
