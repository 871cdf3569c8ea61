import type { ConfigObject } from '../../store/object.ts';
import { scopeBelow } from '../../store/scope.ts';
import type { Store } from '../../store/store.ts';
import { actionKind } from './actions.ts';
import { conditionKind } from './conditions.ts';
import { requirementOf } from './grammar.ts';
import { operands } from './operands.ts';
import { policyRuleKind } from './rules.ts';
import { targets } from './targets.ts';

/** What a policy controls, and what it needs of a virtual server; both sorted. */
export interface PolicyNeeds {
  readonly controls: readonly string[];
  readonly requires: readonly string[];
}

interface Gathered {
  readonly controls: Set<string>;
  readonly requires: Set<string>;
}

function add(set: Set<string>, value: string | undefined): void {
  if (value !== undefined) {
    set.add(value);
  }
}

function eventIn(item: ConfigObject, events: readonly string[]): string {
  return events.find((event) => item.values[event] === true) ?? 'request';
}

function addCondition(condition: ConfigObject, into: Gathered): void {
  for (const [type, spec] of Object.entries(operands)) {
    if (condition.values[type] === true) {
      add(into.requires, spec.requires ?? requirementOf(eventIn(condition, spec.events)));
    }
  }
}

function addAction(action: ConfigObject, into: Gathered): void {
  for (const [target, spec] of Object.entries(targets)) {
    if (action.values[target] === true) {
      add(into.controls, spec.controls);
      add(into.requires, requirementOf(eventIn(action, spec.events)));
    }
  }
}

/** Reads them out of the rules of a policy, as the device does from 12.1 (fact sheet 8.8). */
export function needsOf(policy: ConfigObject, store: Store): PolicyNeeds {
  const into: Gathered = { controls: new Set(), requires: new Set() };
  for (const rule of store.collection(policyRuleKind, policy.fullPath).list()) {
    const scope = scopeBelow(rule);
    for (const condition of store.collection(conditionKind, scope).list()) {
      addCondition(condition, into);
    }
    for (const action of store.collection(actionKind, scope).list()) {
      addAction(action, into);
    }
  }
  return { controls: [...into.controls].sort(), requires: [...into.requires].sort() };
}

/** What holds for a policy: what was given with it, else what its rules need. */
export function effectiveNeeds(policy: ConfigObject, store: Store): PolicyNeeds {
  const { controls, requires } = policy.values;
  const found = needsOf(policy, store);
  return {
    controls: Array.isArray(controls) ? controls.map(String) : found.controls,
    requires: Array.isArray(requires) ? requires.map(String) : found.requires,
  };
}
