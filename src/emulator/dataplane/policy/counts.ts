import type { ActionCount, PolicyAction, PolicyConfig } from './model.ts';

/** Statistics of a policy: of the whole, and of each action by its rule and place (from 0). */
export interface PolicyCount extends ActionCount {
  readonly actions: ReadonlyMap<string, ActionCount>;
}

interface Tally {
  invoked: number;
  succeeded: number;
}

/** The key of an action in {@link PolicyCount}. */
export function actionKey(rule: string, place: number): string {
  return `${rule}:${place}`;
}

/** Counts what policies do, by full path of the policy, since start. */
export class PolicyCounts {
  readonly #policies = new Map<string, Tally & { readonly actions: Map<string, Tally> }>();

  /** A policy looked at something; `matched`: at least one rule ran. */
  policy({ fullPath }: PolicyConfig, matched: boolean): void {
    const tally = this.#of(fullPath);
    tally.invoked += 1;
    if (matched) tally.succeeded += 1;
  }

  action(policy: string, key: string, succeeded: boolean): void {
    const { actions } = this.#of(policy);
    const tally = actions.get(key) ?? { invoked: 0, succeeded: 0 };
    tally.invoked += 1;
    if (succeeded) tally.succeeded += 1;
    actions.set(key, tally);
  }

  get(fullPath: string): PolicyCount | undefined {
    return this.#policies.get(fullPath);
  }

  #of(fullPath: string): Tally & { readonly actions: Map<string, Tally> } {
    const tally = this.#policies.get(fullPath) ?? { invoked: 0, succeeded: 0, actions: new Map<string, Tally>() };
    this.#policies.set(fullPath, tally);
    return tally;
  }
}

/** An action that is to run, and where its run is counted. */
export interface TakenAction {
  readonly action: PolicyAction;
  /** Tells that it ran, and whether it could do what it says. */
  readonly done: (succeeded: boolean) => void;
}
