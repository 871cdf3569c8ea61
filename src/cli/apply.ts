import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ApplyView } from '../report/apply-view.ts';
import type { Lane } from './assemble.ts';
import type { PlanningFlags } from './flags.ts';
import type { LanePlan, LanePlans } from './plan-lanes.ts';
import type { Deps, Session } from './session.ts';
import { applyText } from '../report/apply-text.ts';
import { applyDocument } from '../report/apply-view.ts';
import { planDocument } from '../report/plan-document.ts';
import { planText } from '../report/plan-text.ts';
import { countPlan, plural, SHORT_FINGERPRINT } from '../report/plan-view.ts';
import { applyPlanned } from '../sync/apply-planned.ts';
import { askForYes, canAsk } from './ask.ts';
import { explainError, Failure } from './failure.ts';
import { hasChanges, isTrusted, planLanes, tellFailure } from './plan-lanes.ts';
import { EXIT, paletteFor, printJson, withLanes } from './session.ts';
import { differencesBetween, differencesFromShown, readShownPlan } from './shown-plan.ts';

const NOT_SAVED = 'not-saved';

/** What `fairlead apply` takes. */
export interface ApplyFlags extends PlanningFlags {
  readonly yes?: true;
  readonly plan?: readonly string[];
  /** False: --no-save. */
  readonly save: boolean;
}

/** `fairlead apply`: shows the plan, asks, and does it: that plan, and no other. */
export async function applyVerb(deps: Deps, flags: ApplyFlags): Promise<number> {
  return await withLanes(deps, flags, async (session, lanes) => {
    const shown = flags.plan === undefined ? undefined : await readShownPlan(flags.plan);
    const plans = await planLanes(session, lanes, flags);
    showPlans(session, plans.plans, flags);
    if (shown !== undefined) refuseIf(differencesFromShown(shown, plans.plans));
    if (!hasChanges(plans)) return await applyAll(session, plans, flags);
    if (flags.yes === true) return await applyAll(session, plans, flags);
    await confirm(session, plans.plans);
    return await applyAll(session, await planAgain(session, plans, flags), flags);
  });
}

/** With JSON, standard output is for the result alone. */
function showPlans(session: Session, plans: readonly LanePlan[], flags: ApplyFlags): void {
  const { io } = session;
  const out = flags.output === 'json' ? io.stderr : io.stdout;
  if (flags.output === 'json' && !canAsk(io)) return;
  const palette = paletteFor(out, io, { ...flags, output: 'text' });
  out.write(plans.map(({ view }) => planText(view, palette)).join('\n'));
}

function refuseIf(differences: readonly string[]): void {
  if (differences.length === 0) return;
  const lines = differences.map((difference) => `\n  ${difference}`).join('');
  throw new Failure(`nothing was applied: the plan is not the one that was shown${lines}\n  look at it anew with plan`);
}

async function confirm(session: Session, plans: readonly LanePlan[]): Promise<void> {
  const { io, signal } = session;
  if (!canAsk(io)) {
    throw new Failure('nothing was applied: there is no terminal to ask on; --yes applies without asking');
  }
  const counts = plans.map(({ view }) => countPlan(view.plan));
  const changes = counts.reduce((sum, one) => sum + one.create + one.update + one.delete, 0);
  const these = changes === 1 ? 'this change' : `these ${changes} changes`;
  const yes = await askForYes(`\nApply ${these} to ${plural(plans.length, 'device')}?`, io, signal);
  signal.throwIfAborted();
  if (!yes) throw new Failure('nothing was applied: the answer was not yes');
}

/** While the person read, the world went on: what was shown must still be what is to do. */
async function planAgain(session: Session, before: LanePlans, flags: ApplyFlags): Promise<LanePlans> {
  const lanes = before.plans.map(({ lane }) => lane);
  const now = await planLanes(session, lanes, flags);
  const documents = planDocument(before.plans.map(({ view }) => view)).plans;
  const differences = now.plans.flatMap(({ view }) => {
    const shown = documents.find(({ target }) => target === view.target);
    return shown === undefined ? [] : differencesBetween(shown, view).map((text) => `target ${view.target}: ${text}`);
  });
  if (differences.length > 0) showPlans(session, now.plans, flags);
  refuseIf(differences);
  return { plans: now.plans, failed: [...before.failed, ...now.failed] };
}

async function applyAll(session: Session, plans: LanePlans, flags: ApplyFlags): Promise<number> {
  const results: ApplyView[] = [];
  const failed = [...plans.failed];
  let refused = !isTrusted(plans);
  for (const plan of plans.plans) {
    try {
      const result = await applyLane(session, plan, flags);
      results.push(result);
      refused ||= result.reports.some(({ state }) => state !== 'done');
      refused ||= result.diagnostics.some(({ code }) => code === NOT_SAVED);
    } catch (error) {
      session.signal.throwIfAborted();
      failed.push(tellFailure(session, plan.lane, error));
    }
  }
  if (flags.output === 'json') printJson(applyDocument(results, failed), session.io);
  return refused || failed.length > 0 ? EXIT.error : EXIT.ok;
}

async function applyLane(session: Session, { lane, prepared }: LanePlan, flags: ApplyFlags): Promise<ApplyView> {
  const { io, palette, progress, signal } = session;
  const { plan } = prepared;
  progress.step(`applying ${plan.fingerprint.slice(0, SHORT_FINGERPRINT)} to ${lane.name}`);
  const onProgress = (done: number, total: number): void => progress.count(done, total);
  const idle = plan.units.length === 0;
  // Nothing was shown, so nothing is written to the device; owners of origins are told how things stand all the same.
  const applied = idle
    ? await prepared.reconciler.apply(plan, { signal })
    : await applyPlanned(prepared, { signal, onProgress, save: false });
  const wrote = applied.reports.some(({ state }) => state === 'done' || state === 'unknown');
  const saved = wrote && flags.save ? await saveLane(lane, signal) : NOT_ASKED;
  progress.clear();
  const view = {
    target: lane.name,
    fingerprint: plan.fingerprint,
    ...applied,
    diagnostics: [...applied.diagnostics, ...saved.diagnostics],
    requests: applied.requests + saved.requests,
  };
  if (flags.output !== 'json' && (!idle || applied.diagnostics.length > 0))
    io.stdout.write(`\n${applyText(view, palette)}`);
  return view;
}

interface Saved {
  readonly requests: number;
  readonly diagnostics: readonly Diagnostic[];
}

const NOT_ASKED: Saved = { requests: 0, diagnostics: [] };

/** Saves on the device. If that fails, what was applied is in force all the same, and is told; so is what to do. */
async function saveLane({ name, options }: Lane, signal: AbortSignal): Promise<Saved> {
  if (options.save === false) return { requests: 0, diagnostics: [leftUnsaved(name)] };
  const before = options.target.counters.requests;
  const diagnostics: Diagnostic[] = [];
  try {
    await options.target.save({ signal });
  } catch (error) {
    signal.throwIfAborted();
    const summary = `target ${name}: what was applied is in force, but not saved: it is lost when the device restarts`;
    const detail = `${explainError(error, false)}\nSave it there (save sys config), or give the user the right to.`;
    diagnostics.push({ code: NOT_SAVED, severity: 'error', summary, detail });
  }
  return { requests: options.target.counters.requests - before, diagnostics };
}

/** The target is not to be told to save: that would save what others did, too. */
function leftUnsaved(name: string): Diagnostic {
  const summary = `target ${name}: what was applied is in force, and not saved: it is lost if the device restarts before somebody saves`;
  const detail = 'With `only` or `save: false` nothing is saved; `save: true` of the target asks for it.';
  return { code: 'save-off', severity: 'info', summary, detail };
}
