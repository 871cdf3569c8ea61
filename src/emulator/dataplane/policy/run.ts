import { actionKey } from './counts.ts';
import type { PolicyCounts, TakenAction } from './counts.ts';
import { rulesToRun } from './match.ts';
import type { PolicyConfig, PolicyRule } from './model.ts';
import type { PolicyView } from './values.ts';

/**
 * When policies are looked at, in the order in which it comes; those of WebSockets only for a handshake. Other events (explicit
 * proxies, classification) never do.
 */
const PHASES = ['clientAccepted', 'sslClientHello', 'request', 'wsRequest', 'response', 'wsResponse'] as const;
export type Phase = (typeof PHASES)[number];

function phaseAt(event: string): number {
  return PHASES.indexOf(event as Phase);
}

const phases = new WeakMap<PolicyRule, { readonly phase: Phase | undefined }>();

/** When all that a rule asks for is known; without conditions, when its first action is due. Undefined: never. */
function phaseOf(rule: PolicyRule): Phase | undefined {
  const known = phases.get(rule) ?? { phase: findPhase(rule) };
  phases.set(rule, known);
  return known.phase;
}

function findPhase({ conditions, actions }: PolicyRule): Phase | undefined {
  const asked = conditions.map(({ event }) => phaseAt(event));
  if (asked.includes(-1)) return undefined;
  if (asked.length > 0) return PHASES[Math.max(...asked)];
  const due = actions.map(({ event }) => phaseAt(event)).filter((phase) => phase >= 0);
  return due.length === 0 ? undefined : PHASES[Math.min(...due)];
}

/** Whether one of the policies has something to do or to judge in a phase. */
export function concerns(policies: readonly PolicyConfig[], phase: Phase): boolean {
  const isDue = (rule: PolicyRule): boolean =>
    phaseOf(rule) === phase || rule.actions.some(({ event }) => event === phase);
  return policies.some(({ rules }) => rules.some(isDue));
}

/**
 * The policies of a virtual server over one connection, or one request and its response. A rule is judged as soon as all
 * that it asks for is known; an action of a later phase waits for that. With `first-match` and `best-match` the first phase
 * in which a rule matches decides (K).
 */
export class PolicyRun {
  readonly #policies: readonly PolicyConfig[];
  readonly #counts: PolicyCounts;
  readonly #decided = new Set<PolicyConfig>();
  #isOn = true;
  #waiting: { readonly phase: number; readonly taken: TakenAction }[] = [];

  constructor(policies: readonly PolicyConfig[], counts: PolicyCounts) {
    this.#policies = policies;
    this.#counts = counts;
  }

  /**
   * The actions that are due in a phase, in the order of their policies and rules. After `ltmPolicy disable` there are no more
   * (K: for the rest of the request).
   */
  due(phase: Phase, view: PolicyView): readonly TakenAction[] {
    const now = PHASES.indexOf(phase);
    if (!this.#isOn) return [];
    for (const policy of this.#policies) this.#judge(policy, phase, view);
    const isDue = (at: number): boolean => at === now || (at < now && PHASES[at]?.startsWith('ws') === false);
    const due = this.#waiting.filter((one) => isDue(one.phase));
    this.#waiting = this.#waiting.filter((one) => !isDue(one.phase));
    this.#isOn = !due.some(({ taken: { action } }) => action.target === 'ltmPolicy');
    return due.map(({ taken }) => taken);
  }

  #judge(policy: PolicyConfig, phase: Phase, view: PolicyView): void {
    const candidates = policy.rules.filter((rule) => phaseOf(rule) === phase);
    if (candidates.length === 0 || this.#decided.has(policy)) return;
    const rules = rulesToRun(policy, candidates, view);
    this.#counts.policy(policy, rules.length > 0);
    if (rules.length > 0 && policy.strategy !== 'all-match') this.#decided.add(policy);
    for (const rule of rules) this.#take(policy, rule);
  }

  #take({ fullPath }: PolicyConfig, rule: PolicyRule): void {
    for (const [place, action] of rule.actions.entries()) {
      const done = (succeeded: boolean): void => this.#counts.action(fullPath, actionKey(rule.name, place), succeeded);
      const phase = phaseAt(action.event);
      if (phase >= 0) this.#waiting.push({ phase, taken: { action, done } });
    }
  }
}
