import type { Plan, Refusal, Result } from './client.ts';
import type { Run } from './run.ts';

/** One planned operation and what is to be said of it. */
export interface Verdict {
  readonly operation: string;
  readonly outcome: 'passed' | 'failed' | 'refused';
  /** Of a failure what went wrong, of a refusal why it is right. */
  readonly reason: string;
  /** The refusal that allowed it. */
  readonly allowed?: Refusal;
}

/** The verdicts on one class of resources. */
export interface Judged {
  readonly plan: Plan;
  readonly verdicts: readonly Verdict[];
}

/** A refusal as it was told. */
interface Told {
  readonly client: string;
  readonly resource: string;
  readonly operation: string;
  readonly reason: string;
}

function isWhole(pattern: RegExp, text: string): boolean {
  return new RegExp(`^(?:${pattern.source})$`, 'v').test(text);
}

function allows(refusal: Refusal, told: Told): boolean {
  const { client, resource, operation, reason } = refusal;
  const same = client === told.client && isWhole(resource, told.resource) && isWhole(operation, told.operation);
  return same && reason.test(told.reason);
}

function verdict(told: Result, client: string, refusals: readonly Refusal[]): Verdict {
  const { resource, operation, outcome, reason = '' } = told;
  if (outcome !== 'refused') return { operation, outcome, reason };
  const allowed = refusals.find((each) => allows(each, { client, resource, operation, reason }));
  if (allowed === undefined) return { operation, outcome: 'failed', reason: `refused, and not listed: ${reason}` };
  return { operation, outcome, reason: allowed.because, allowed };
}

/** The one result of an operation; none and several are failures. */
function resultOf(run: Run, { resource }: Plan, operation: string): Result {
  const results = run.results.filter((each) => each.resource === resource && each.operation === operation);
  const [result] = results;
  if (result !== undefined && results.length === 1) return result;
  const reason = result === undefined ? 'planned, and nothing was told of it' : 'told more than once';
  return { resource, operation, outcome: 'failed', reason };
}

/** What is to be said of each class of resources: each planned operation passed, was refused rightly, or failed. */
export function judge(run: Run, refusals: readonly Refusal[]): readonly Judged[] {
  return run.plans.map((plan) => ({
    plan,
    verdicts: plan.operations.map((operation) => verdict(resultOf(run, plan, operation), run.client.name, refusals)),
  }));
}

/** Results of operations that nobody planned. */
export function unplanned(run: Run): readonly string[] {
  const planned = new Set(run.plans.flatMap((plan) => plan.operations.map((name) => `${plan.resource} ${name}`)));
  return run.results.map((each) => `${each.resource} ${each.operation}`).filter((name) => !planned.has(name));
}
