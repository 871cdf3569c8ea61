import type { Reconciler } from './reconciler.ts';
import type { CellKey } from '../desired/contribution.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Ref } from '../ir/ref.ts';
import type { PlanUnit } from '../plan/plan.ts';
import type { Blame, UnitReport } from '../targets/target.ts';
import { holderOf } from '../ir/objects.ts';
import { describeOrigin } from '../ir/origin.ts';
import { nameObject } from '../plan/explain.ts';
import { breathe } from '../sources/breathe.ts';
import { Suspects, isOfParts, originsToBlame } from './suspects.ts';

/** How to apply. */
export interface ApplyOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What applying came to. */
export interface UnitsApplied {
  readonly reports: readonly UnitReport[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A device that changes under our hands is read again this often before the drift interval takes over. */
const STALE_ROUNDS = 3;

/**
 * Applies units until nothing is left to do: what the device refuses is quarantined and the rest of its unit planned
 * again; what turned out stale is read and planned again. Of several origins of one object, those to blame are found by
 * trying them in parts. Ends: each round quarantines a cell, tries a smaller group, or counts as stale.
 */
export async function applyUnits(
  reconciler: Reconciler,
  planned: readonly PlanUnit[],
  options: ApplyOptions,
): Promise<UnitsApplied> {
  const reports: UnitReport[] = [];
  const diagnostics: Diagnostic[] = [];
  const suspects = new Suspects();
  let units = planned;
  let trial: readonly CellKey[] | undefined;
  let stale = 0;
  while (units.length > 0 || trial !== undefined) {
    const round = await applyRound({ reconciler, suspects }, units, options);
    reports.push(...round.reports);
    diagnostics.push(...round.diagnostics);
    reconciler.settled(round.settled);
    stale += round.stale.size > 0 ? 1 : 0;
    const again = new Set(stale > STALE_ROUNDS ? round.again : [...round.again, ...round.stale]);
    trial = suspects.next();
    for (const ref of trial === undefined ? [] : reconciler.release(trial)) again.add(ref);
    units = again.size === 0 ? [] : reconciler.plan(again).plan.units;
  }
  return { reports, diagnostics };
}

interface Round {
  readonly reports: readonly UnitReport[];
  readonly diagnostics: Diagnostic[];
  readonly settled: Set<Ref>;
  readonly again: Set<Ref>;
  readonly stale: Set<Ref>;
}

interface Court {
  readonly reconciler: Reconciler;
  readonly suspects: Suspects;
}

async function applyRound(court: Court, units: readonly PlanUnit[], options: ApplyOptions): Promise<Round> {
  const { reconciler } = court;
  const reports = await sendInOrder(reconciler, units, options);
  const round: Round = {
    reports,
    diagnostics: [],
    settled: new Set(),
    again: new Set(),
    stale: new Set(),
  };
  const byId = new Map(reports.map((report) => [report.unit, report]));
  const pause = breathe();
  for (const unit of units) {
    const report = byId.get(unit.id);
    if (report !== undefined) digest(court, { unit, report, round });
    await pause();
  }
  if (round.stale.size > 0) {
    // What an item is in may be what went.
    const holders = [...round.stale].flatMap((ref) => holderOf(ref) ?? []);
    const refs = [...new Set([...round.stale, ...holders])];
    const found = await reconciler.options.target.readSome({ refs, signal: options.signal });
    for (const [ref, actual] of found) reconciler.snapshot.set(ref, actual);
  }
  return round;
}

/** What everything else needs (the partition) goes first; without it, nothing else is tried. */
async function sendInOrder(
  { options: { target }, snapshot }: Reconciler,
  units: readonly PlanUnit[],
  options: ApplyOptions,
): Promise<readonly UnitReport[]> {
  const needed = units.filter((unit) => unit.wave === 0 && unit.origins.length === 0);
  const isNeeded = new Set(needed);
  const rest = units.filter((unit) => !isNeeded.has(unit));
  const first = needed.length === 0 ? [] : await target.apply({ units: needed, snapshot, ...options });
  if (first.some((report) => report.state !== 'done') || rest.length === 0) return first;
  return [...first, ...(await target.apply({ units: rest, snapshot, ...options }))];
}

function digest(
  { reconciler, suspects }: Court,
  { unit, report, round }: { unit: PlanUnit; report: UnitReport; round: Round },
): void {
  const refs = unit.changes.map((change) => change.ref);
  // The refusal itself is told below, with its origin.
  round.diagnostics.push(
    ...report.diagnostics.filter(({ code }) => report.blame === undefined || code !== 'device-refused'),
  );
  if (report.state === 'done') {
    for (const [ref, actual] of report.actual) reconciler.snapshot.set(ref, actual);
    for (const ref of refs) round.settled.add(ref);
    return;
  }
  if (report.state !== 'refused') {
    for (const ref of refs) round.stale.add(ref);
    return;
  }
  // With nobody (new) to hold, the same would be refused again: it stays open until the next full pass.
  if (hold({ reconciler, suspects }, { unit, report, round })) for (const ref of refs) round.again.add(ref);
}

/** Holds the cells to blame for a refusal; tells whether there was anybody (new) to hold. */
function hold(
  { reconciler, suspects }: Court,
  { unit, report, round }: { unit: PlanUnit; report: UnitReport; round: Round },
): boolean {
  const { desired } = reconciler;
  const given = report.blame ?? { origins: unit.origins, status: 0, message: 'refused without a word' };
  const origins = originsToBlame(unit, given);
  const cells = suspects.narrow(cellsToBlame(reconciler, unit, { ...given, origins: [...origins] }));
  const blamed = [...new Set([...cells].flatMap((cell) => desired.originOf(cell) ?? []))].sort();
  const refusal = refusalOf(unit, blamed.length === 0 ? given : { ...given, origins: blamed });
  // Who of several is to blame for a part is not known yet: it is told when it is.
  const isOpen = isOfParts(unit, given) && suspects.accuse(cells, desired);
  if (!isOpen) round.diagnostics.push(refusal);
  let held = false;
  for (const cell of cells) {
    if (desired.quarantine(cell, ownRefusal(reconciler, cell, refusal)).size > 0) held = true;
  }
  return held;
}

/**
 * The cells that gave the refused object, and those whose new objects were to come with it. Their neighbours go on: a
 * refused virtual server does not keep its pool from following the pods.
 */
function cellsToBlame({ desired }: Reconciler, unit: PlanUnit, blame: Blame): ReadonlySet<CellKey> {
  const guilty = new Set(blame.origins);
  const cells = new Set<CellKey>();
  const collect = (ref: Ref): void => {
    for (const cell of desired.claimants(ref)) if (guilty.has(desired.originOf(cell) ?? '')) cells.add(cell);
  };
  if (blame.ref !== undefined) collect(blame.ref);
  if (cells.size > 0) {
    for (const change of unit.changes) if (change.op === 'create') collect(change.ref);
  } else {
    for (const change of unit.changes) collect(change.ref);
  }
  return cells;
}

function refusalOf(unit: PlanUnit, blame: Blame): Diagnostic {
  const ref = blame.ref ?? unit.changes[0]?.ref;
  const what = ref === undefined ? unit.id : nameObject(ref);
  const origin = blame.origins[0];
  return {
    code: 'device-refused',
    severity: 'error',
    summary: `The device refused ${what}${origin === undefined ? '' : ` of ${describeOrigin(origin)}`}: ${blame.message}`,
    detail: `HTTP ${blame.status}. It is tried again when something that it is made of changes.`,
    ...(origin === undefined ? {} : { origin }),
  };
}

function ownRefusal({ desired }: Reconciler, cell: CellKey, refusal: Diagnostic): Diagnostic {
  const origin = desired.originOf(cell);
  return origin === undefined ? refusal : { ...refusal, origin };
}
