import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { PlanDocument, TargetPlanDocument } from '../report/plan-document.ts';
import type { LanePlan } from './plan-lanes.ts';
import { planDifference } from '../report/plan-difference.ts';
import { PLAN_FORMAT, planDocument } from '../report/plan-document.ts';
import { SHORT_FINGERPRINT } from '../report/plan-view.ts';
import { Failure } from './failure.ts';

/** The plan that may be applied, and no other: fingerprints, or the file that `plan --out` wrote. */
export type ShownPlan =
  | { readonly fingerprints: readonly string[] }
  | { readonly document: PlanDocument; readonly file: string };

/** As much of the file as is relied on; the rest is shown in words only. */
const planFile = z.looseObject({
  format: z.literal(PLAN_FORMAT),
  plans: z.array(z.looseObject({ target: z.string(), fingerprint: z.string(), units: z.array(z.looseObject({})) })),
});

/** Reads what `--plan` says. */
export async function readShownPlan(values: readonly string[]): Promise<ShownPlan> {
  if (values.every(isFingerprint)) return { fingerprints: values };
  const [file = '', ...others] = values;
  if (others.length > 0) throw new Failure('--plan: expected fingerprints, or one file that plan --out wrote');
  const parsed = planFile.safeParse(await readJson(file));
  if (!parsed.success) throw new Failure(`--plan: ${file} is no plan of this version; write one with plan --out FILE`);
  return { document: parsed.data as unknown as PlanDocument, file };
}

function isFingerprint(text: string): boolean {
  return /^[0-9a-f]+$/.test(text) && text.length >= SHORT_FINGERPRINT;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const hint = `expected a fingerprint of at least ${SHORT_FINGERPRINT} digits, or a file that plan --out wrote`;
    throw new Failure(`--plan: ${file} cannot be read (${code}); ${hint}`);
  }
}

/** What keeps these plans from being the ones that were shown, in words; empty if they are. */
export function differencesFromShown(shown: ShownPlan, plans: readonly LanePlan[]): readonly string[] {
  return plans.flatMap(({ view }) => {
    const { target, plan } = view;
    if ('fingerprints' in shown) {
      const known = shown.fingerprints.some((fingerprint) => plan.fingerprint.startsWith(fingerprint));
      const now = plan.fingerprint.slice(0, SHORT_FINGERPRINT);
      return known
        ? []
        : [`target ${target}: the plan has the fingerprint ${now} now, not ${shown.fingerprints.join(' or ')}`];
    }
    const before = shown.document.plans.find((one) => one.target === target);
    if (before === undefined) return [`target ${target}: ${shown.file} has no plan for it`];
    return differencesBetween(before, view).map((difference) => `target ${target}: ${difference}`);
  });
}

/** What is different between two plans for one target, in words; empty if they do the same. */
export function differencesBetween(before: TargetPlanDocument, now: LanePlan['view']): readonly string[] {
  const [document] = planDocument([now]).plans;
  return document === undefined ? [] : planDifference(before, document);
}
