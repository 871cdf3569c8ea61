import type { TargetFailure } from '../report/plan-document.ts';
import type { PlanView } from '../report/plan-view.ts';
import type { SyncOptions } from '../sync/options.ts';
import type { Prepared } from '../sync/plan-once.ts';
import type { Lane } from './assemble.ts';
import type { PlanningFlags } from './flags.ts';
import type { Session } from './session.ts';
import { printScope } from '../plan/scope.ts';
import { planOnce } from '../sync/plan-once.ts';
import { explainError, prefixError } from './failure.ts';
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
  /** Lanes that could not be planned; why is already on standard error. */
  readonly failed: readonly TargetFailure[];
}

/** Plans each lane in turn. A lane that fails is told and counted; the others go on. */
export async function planLanes(session: Session, lanes: readonly Lane[], flags: PlanningFlags): Promise<LanePlans> {
  const plans: LanePlan[] = [];
  const failed: TargetFailure[] = [];
  for (const lane of lanes) {
    session.progress.step(`reading ${lane.name} and the sources`);
    try {
      plans.push(await planLane(lane, flags, session.signal));
    } catch (error) {
      session.signal.throwIfAborted();
      failed.push(tellFailure(session, lane, error));
    }
  }
  session.progress.clear();
  return { plans, failed };
}

/** Tells on standard error what a lane failed of; standard output is for what came of the others. */
export function tellFailure(session: Session, lane: Lane, error: unknown): TargetFailure {
  session.progress.clear();
  printError(prefixError(`target ${lane.name}`, error), session.io, { ...session.flags, output: 'text' });
  return { target: lane.name, message: explainError(error, false) };
}

async function planLane(lane: Lane, flags: PlanningFlags, signal: AbortSignal): Promise<LanePlan> {
  const prepared = await planOnce({ ...withFlags(lane.options, flags), signal });
  const { plan, diagnostics, desired, outOfScope, complete, stale } = prepared;
  const { scope } = lane.options;
  const scoped = scope === undefined ? {} : { scope: { text: printScope(scope), outside: outOfScope } };
  return { lane, prepared, view: { target: lane.name, plan, diagnostics, desired, complete, stale, ...scoped } };
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
  return failed.length === 0 && plans.every(({ view }) => view.complete);
}
