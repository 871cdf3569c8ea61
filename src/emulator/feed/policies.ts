import type {
  PolicyAction,
  PolicyCondition,
  PolicyConfig,
  PolicyOperand,
  PolicyRule,
} from '../dataplane/policy/model.ts';
import { virtualPolicyKind } from '../kinds/ltm-virtual-profiles.ts';
import { actionKind } from '../kinds/policy/actions.ts';
import { conditionKind } from '../kinds/policy/conditions.ts';
import { operators } from '../kinds/policy/grammar.ts';
import { operands } from '../kinds/policy/operands.ts';
import { policyRuleKind } from '../kinds/policy/rules.ts';
import { strategyOperandKind } from '../kinds/policy/strategy.ts';
import { targets } from '../kinds/policy/targets.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { scopeBelow } from '../store/scope.ts';
import { dataGroupConfig } from './rules.ts';

const comparisons = [...new Set(Object.values(operators).flat())];

/** The word of a group that is set: `true`, as the policy grammar keeps them. */
function wordOf({ values }: ConfigObject, names: Iterable<string>): string {
  for (const name of names) {
    if (values[name] === true) {
      return name;
    }
  }
  return '';
}

/** Names of the records of a data-group. */
function recordNames(condition: ConfigObject, device: Device): readonly string[] | undefined {
  const path = textOf(condition, 'datagroup');
  const group = path === undefined ? undefined : device.store.lookup('ltm/data-group', path);
  const records = group === undefined ? [] : dataGroupConfig(group, device).records;
  return path === undefined ? undefined : records.map(({ name }) => name);
}

function operandConfig(item: ConfigObject): PolicyOperand {
  const operand = wordOf(item, Object.keys(operands));
  const spec = operands[operand];
  return {
    operand,
    selector: wordOf(item, Object.keys(spec?.selectors ?? {})),
    event: wordOf(item, spec?.events ?? []),
    operator: wordOf(item, comparisons),
  };
}

function conditionConfig(condition: ConfigObject, device: Device): PolicyCondition {
  const tmName = textOf(condition, 'tmName');
  return {
    ...operandConfig(condition),
    values: recordNames(condition, device) ?? ((condition.values['values'] ?? []) as readonly string[]),
    caseSensitive: condition.values['caseSensitive'] === true,
    not: condition.values['not'] === true,
    missing: condition.values['missing'] === true,
    local: condition.values['local'] === true,
    index: Number(condition.values['index'] ?? 0),
    ...(tmName === undefined ? {} : { tmName }),
  };
}

function actionConfig(action: ConfigObject): PolicyAction {
  const target = wordOf(action, Object.keys(targets));
  const spec = targets[target];
  return {
    target,
    verb: wordOf(action, Object.keys(spec?.verbs ?? {})),
    event: wordOf(action, spec?.events ?? []),
    parameters: action.values,
  };
}

function ordinalOf(rule: ConfigObject): number {
  return Number(rule.values['ordinal'] ?? 0);
}

function ruleConfig(rule: ConfigObject, device: Device): PolicyRule {
  const below = scopeBelow(rule);
  return {
    name: rule.name,
    conditions: [...device.store.collection(conditionKind, below).list()].map((each) => conditionConfig(each, device)),
    actions: [...device.store.collection(actionKind, below).list()].map(actionConfig),
  };
}

/** A strategy of one's own is a `best-match` with its operands, by their numbers. */
function strategyOf(policy: ConfigObject, device: Device): Pick<PolicyConfig, 'strategy' | 'precedence'> {
  const path = textOf(policy, 'strategy') ?? '/Common/first-match';
  const name = path.replace('/Common/', '');
  if (name === 'best-match' || name === 'all-match' || name === 'first-match') {
    return { strategy: name };
  }
  const items = [...device.store.collection(strategyOperandKind, path).list()];
  items.sort((a, b) => Number(a.name) - Number(b.name));
  return { strategy: 'best-match', precedence: items.map(operandConfig) };
}

function policyConfig(policy: ConfigObject, device: Device): PolicyConfig {
  const rules = [...device.store.collection(policyRuleKind, policy.fullPath).list()];
  rules.sort((a, b) => ordinalOf(a) - ordinalOf(b));
  return {
    fullPath: policy.fullPath,
    ...strategyOf(policy, device),
    rules: rules.map((rule) => ruleConfig(rule, device)),
  };
}

/** The policies of a virtual server, in its order. */
export function policiesOf(virtual: ConfigObject, device: Device): readonly PolicyConfig[] {
  const found: PolicyConfig[] = [];
  for (const item of device.store.collection(virtualPolicyKind, virtual.fullPath).list()) {
    const policy = device.store.lookup('ltm/policy', item.fullPath);
    if (policy !== undefined) {
      found.push(policyConfig(policy, device));
    }
  }
  return found;
}
