import type { Ref } from '../../ir/ref.ts';
import type { PlanUnit } from '../../plan/plan.ts';
import type { Blame, UnitReport } from '../target.ts';
import type { DeviceContext } from './request.ts';
import type { Job, Work } from './work.ts';
import { descriptorOf } from '../../ir/objects.ts';
import { partitionOf, pathOf, refOf } from '../../ir/ref.ts';
import { needsOfParts } from '../../plan/parts.ts';
import { applyBatch } from './apply-batch.ts';
import { applyDirect } from './apply-direct.ts';
import { compileUnit } from './compile/compile-unit.ts';
import { refusedReport, staleReport } from './reports.ts';

/**
 * Applies units, wave by wave. Those of one request go directly; those of several are packed into transactions, in
 * the order given, up to the batch size. A unit is never split, even if it is larger than a batch.
 */
export async function applyUnits(given: Work, units: readonly PlanUnit[], context: DeviceContext): Promise<void> {
  const refused = new Map<Ref, Blame>();
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const report = (one: UnitReport): void => {
    note(one, byId.get(one.unit), refused);
    given.report(one);
  };
  const work = { ...given, report };
  for (const wave of wavesOf(units)) {
    const pending: Job[] = [];
    let commands = 0;
    for (const unit of inWave(units, wave)) {
      if (isHopeless(given, unit, refused)) continue;
      const job = compileJob(work, unit, context);
      if (job === undefined) continue;
      const size = job.requests.length;
      const alone = size <= 1;
      if (!alone && commands > 0 && commands + size > work.settings.batchSize) {
        await applyBatch(work, pending.splice(0));
        commands = 0;
      }
      if (alone) {
        await applyDirect(work, job);
        continue;
      }
      pending.push(job);
      commands += size;
    }
    await applyBatch(work, pending);
  }
}

/** Units of one wave in the order given, but for the partition: nothing names it, and all that is made goes into it. */
function inWave(units: readonly PlanUnit[], wave: number): readonly PlanUnit[] {
  const chosen = units.filter((unit) => unit.wave === wave);
  return [...chosen.filter(makesPartition), ...chosen.filter((unit) => !makesPartition(unit))];
}

function makesPartition({ changes }: PlanUnit): boolean {
  return changes.some((change) => change.op === 'create' && change.after.kind === 'partition');
}

function wavesOf(units: readonly PlanUnit[]): readonly number[] {
  return [...new Set(units.map(({ wave }) => wave))].sort((a, b) => a - b);
}

/** Remembers what could not be made. */
function note({ state, blame }: UnitReport, unit: PlanUnit | undefined, refused: Map<Ref, Blame>): void {
  if (state !== 'refused' || blame === undefined) return;
  for (const { op, ref } of unit?.changes ?? []) if (op === 'create') refused.set(ref, blame);
}

/**
 * Whether something that the unit needs could not be made before it (its partition, a virtual address of several
 * origins): then it is reported with the same words, and not sent. The device would refuse thousands of them one by one,
 * or bring an address along that is not as it should be. Who is not to blame is planned again instead: what is put together of
 * parts, without the part that needs it, and what belongs to other origins than those that were refused.
 */
function isHopeless(work: Work, unit: PlanUnit, refused: ReadonlyMap<Ref, Blame>): boolean {
  if (refused.size === 0) return false;
  const partitions = new Set(unit.changes.map(({ ref }) => refOf('partition', `/${partitionOf(pathOf(ref))}`)));
  const needed = unit.changes.flatMap((change) => [
    ...partitions,
    ...(change.op === 'delete' ? [] : descriptorOf(change.after.kind).references(change.after)),
  ]);
  const missing = needed.find((ref) => refused.has(ref));
  const blame = missing === undefined ? undefined : refused.get(missing);
  if (missing === undefined || blame === undefined) return false;
  const parts = new Set(unit.changes.flatMap((change) => (change.op === 'delete' ? [] : needsOfParts(change.after))));
  const isOthers = !partitions.has(missing) && unit.origins.some((origin) => !blame.origins.includes(origin));
  const isReplanned = parts.has(missing) || isOthers;
  const why = parts.has(missing) ? 'has a part whose needs were refused' : 'needs something that was refused';
  const report = isReplanned
    ? staleReport(unit, why, blame.message)
    : refusedReport(unit, { status: blame.status, message: blame.message });
  work.report(report);
  return true;
}

/** Undefined if the unit cannot be written and is reported: its fault must not stop the others. */
function compileJob(work: Work, unit: PlanUnit, context: DeviceContext): Job | undefined {
  const unwanted = unwantedPartition(work, unit);
  if (unwanted !== undefined) {
    work.report(refusedReport(unit, { status: 0, message: unwanted }));
    return undefined;
  }
  try {
    return { unit, requests: compileUnit(unit, work.snapshot, context), dropped: new Set() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    work.report(refusedReport(unit, { status: 0, message: `it cannot be put into requests: ${reason}` }));
    return undefined;
  }
}

function unwantedPartition({ settings }: Work, unit: PlanUnit): string | undefined {
  if (settings.createPartition) return undefined;
  const made = unit.changes.find((change) => change.op === 'create' && change.after.kind === 'partition');
  if (made === undefined) return undefined;
  const name = partitionOf(pathOf(made.ref));
  return `partition ${name} is not on the device, and createPartition is off: create it, or turn that on`;
}
