import { actionKey } from '../dataplane/policy/counts.ts';
import { actionKind } from '../kinds/policy/actions.ts';
import { policyRuleKind } from '../kinds/policy/rules.ts';
import { targets } from '../kinds/policy/targets.ts';
import { tmshName } from '../kinds/field.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { scopeBelow } from '../store/scope.ts';
import { objectUri } from '../view/links.ts';
import { description, value, type Stats } from './entries.ts';
import type { StatsSource } from './stats-source.ts';

function nested(entries: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { nestedStats: { entries } };
}

/** Target and verb of an action, as tmsh spells them. */
function wordsOf(action: ConfigObject): { readonly target: string; readonly verb: string } {
  for (const [target, { verbs }] of Object.entries(targets)) {
    if (action.values[target] === true) {
      const verb = Object.keys(verbs).find((each) => action.values[each] === true) ?? '';
      return { target: tmshName(target), verb: tmshName(verb) };
    }
  }
  return { target: '', verb: '' };
}

/** Statistics of a policy and each of its actions (recorded at 14.1). */
export function policyStats(policy: ConfigObject, device: Device, source: StatsSource): Stats {
  const counts = source.policy(policy.fullPath);
  const uri = `${objectUri(policy, device)}/actions`;
  const actions: Record<string, unknown> = {};
  for (const rule of device.store.collection(policyRuleKind, policy.fullPath).list()) {
    let id = 0;
    for (const action of device.store.collection(actionKind, scopeBelow(rule)).list()) {
      const count = counts?.actions.get(actionKey(rule.name, id));
      id += 1;
      const { target, verb } = wordsOf(action);
      actions[`${uri}/${rule.name}:${id}/stats`] = nested({
        action: description(verb),
        actionId: value(id),
        invoked: value(count?.invoked ?? 0),
        ruleName: description(rule.name),
        succeeded: value(count?.succeeded ?? 0),
        tmTarget: description(target),
      });
    }
  }
  return {
    invoked: value(counts?.invoked ?? 0),
    policyName: description(policy.fullPath),
    succeeded: value(counts?.succeeded ?? 0),
    vsName: description('N/A'),
    ...(Object.keys(actions).length === 0 ? {} : { [`${uri}/stats`]: nested(actions) }),
  };
}
