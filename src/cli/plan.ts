import { writeFile } from 'node:fs/promises';
import type { Lane } from './assemble.ts';
import type { PlanningFlags } from './flags.ts';
import type { LanePlan, LanePlans } from './plan-lanes.ts';
import type { Deps, Session } from './session.ts';
import { type PlanDocument, planDocument } from '../report/plan-document.ts';
import { planMarkdown } from '../report/plan-markdown.ts';
import { planText } from '../report/plan-text.ts';
import { summaryLine } from '../report/plan-view.ts';
import { Failure } from './failure.ts';
import { hasChanges, isTrusted, planLanes } from './plan-lanes.ts';
import { EXIT, printJson, withLanes } from './session.ts';

/** The languages of `--show`. */
export const SHOW_LANGUAGES = ['rest', 'tmsh'] as const;

/** What `fairlead plan` takes. */
export interface PlanFlags extends PlanningFlags {
  readonly exitCode?: true;
  readonly show?: string;
  readonly out?: string;
}

/** `fairlead plan`: shows what apply would do, and changes nothing. */
export async function planVerb(deps: Deps, flags: PlanFlags): Promise<number> {
  return await withLanes(deps, flags, async (session, lanes) => {
    if (flags.show !== undefined) requireLanguage(flags.show, lanes);
    const plans = await planLanes(session, lanes, flags);
    printPlans(session, plans, flags);
    if (flags.out !== undefined) await writePlans(flags.out, plans);
    return exitCodeOf(plans, flags);
  });
}

function requireLanguage(language: string, lanes: readonly Lane[]): void {
  for (const { name, options } of lanes) {
    const { languages } = options.target.capabilities;
    if (!languages.includes(language)) {
      throw new Failure(`--show ${language}: target ${name} has only ${languages.join(', ')}`);
    }
  }
}

/** A gate must not open because something could not be read: then it is an error, whatever else there is to do. */
function exitCodeOf(plans: LanePlans, flags: PlanFlags): number {
  if (!isTrusted(plans)) return EXIT.error;
  return flags.exitCode === true && hasChanges(plans) ? EXIT.changes : EXIT.ok;
}

function printPlans(session: Session, lanePlans: LanePlans, flags: PlanFlags): void {
  const { io, palette } = session;
  const { plans } = lanePlans;
  const views = plans.map(({ view }) => view);
  if (flags.output === 'json') {
    printJson(withRendered(lanePlans, flags.show), io);
  } else if (flags.show !== undefined) {
    for (const plan of plans) {
      io.stdout.write(`${render(plan, flags.show).trimEnd()}\n`);
      io.stderr.write(`${plan.view.target}: ${summaryLine(plan.view)}\n`);
    }
  } else {
    const texts = views.map((view) => (flags.output === 'markdown' ? planMarkdown(view) : planText(view, palette)));
    io.stdout.write(texts.join('\n'));
  }
}

function render({ lane, prepared }: LanePlan, language: string): string {
  return lane.options.target.render(prepared.plan.units, language, prepared.snapshot);
}

function documentOf({ plans, failed }: LanePlans): PlanDocument {
  return planDocument(
    plans.map(({ view }) => view),
    failed,
  );
}

function withRendered(lanePlans: LanePlans, language: string | undefined): unknown {
  const document = documentOf(lanePlans);
  if (language === undefined) return document;
  const rendered = lanePlans.plans.map((plan) => ({
    target: plan.view.target,
    language,
    text: render(plan, language),
  }));
  return { ...document, rendered };
}

async function writePlans(path: string, plans: LanePlans): Promise<void> {
  const document = documentOf(plans);
  try {
    await writeFile(path, `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    throw new Failure(`--out: ${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}
