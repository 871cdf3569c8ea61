import type { PlanView } from '../report/plan-view.ts';
import type { SyncOptions } from '../sync/options.ts';
import type { Prepared } from '../sync/plan-once.ts';
import type { Lane } from './assemble.ts';
import type { PlanningFlags } from './flags.ts';
import type { Session } from './session.ts';
import { planOnce } from '../sync/plan-once.ts';
import { prefixError } from './failure.ts';
import { adoptionOf } from './flags.ts';
import { printError } from './session.ts';

/** The plan of one lane, ready to be applied. */
export interface LanePlan {
  readonly lane: Lane;
  readonly prepared: Prepared;
  readonly view: PlanView;
}

/** Plans of all lanes that could be planned. */
export interface LanePlans {
  readonly plans: readonly LanePlan[];
  /** True if a lane could not be planned; why is already printed. */
  readonly failed: boolean;
}

/** Plans each lane in turn. A lane that fails is told and counted; the others go on. */
export async function planLanes(session: Session, lanes: readonly Lane[], flags: PlanningFlags): Promise<LanePlans> {
  const plans: LanePlan[] = [];
  let failed = false;
  for (const lane of lanes) {
    session.progress.step(`reading ${lane.name} and the sources`);
    try {
      plans.push(await planLane(lane, flags, session.signal));
    } catch (error) {
      session.signal.throwIfAborted();
      session.progress.clear();
      printError(prefixError(`target ${lane.name}`, error), session.io, flags);
      failed = true;
    }
  }
  session.progress.clear();
  return { plans, failed };
}

async function planLane(lane: Lane, flags: PlanningFlags, signal: AbortSignal): Promise<LanePlan> {
  const prepared = await planOnce({ ...withFlags(lane.options, flags), signal });
  const { plan, diagnostics, desired, complete } = prepared;
  return { lane, prepared, view: { target: lane.name, plan, diagnostics, desired, complete } };
}

/** Flags come before the config. */
function withFlags(options: SyncOptions, { adopt, allowDeletes }: PlanningFlags): SyncOptions {
  const adoption = adoptionOf(adopt);
  return {
    ...options,
    ...(adoption === undefined ? {} : { adopt: adoption }),
    ...(allowDeletes === true ? { allowDeletes } : {}),
  };
}

/** True if any plan has something to do. */
export function hasChanges({ plans }: LanePlans): boolean {
  return plans.some(({ view }) => view.plan.units.length > 0);
}

/** True if every lane was planned, from complete sources. */
export function isTrusted({ plans, failed }: LanePlans): boolean {
  return !failed && plans.every(({ view }) => view.complete);
}
