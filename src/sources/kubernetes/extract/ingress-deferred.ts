import type { PolicyAction, PolicyCondition, PolicyRule } from '../../../ir/policy-rule.ts';
import type { IngressScope } from './ingress-scope.ts';
import { isPolicyAlone } from './codeshare.ts';
import { frontPorts } from './ingress-wish.ts';

/** The variables by which a policy tells the iRule of the front what to do (see ingress-irule-text.ts). */
function variable(name: 'labels' | 'answer' | 'port' | 'body' | 'saved', value: number): PolicyAction {
  return { type: 'set-variable', name: `fairlead_${name}`, value };
}

/** An answer of the device itself; where a policy stands alone, and no iRule beside it, the connection is reset. */
export function answerWith({ record, options }: IngressScope, status: number): PolicyAction {
  return isPolicyAlone(record, options) ? { type: 'reset' } : variable('answer', status);
}

/** The most bytes that the body of a request may have. */
export function bodyLimit(bytes: number): PolicyAction {
  return variable('body', bytes);
}

/** The last rule of a front: what no rule of any Ingress matches. All Ingresses give it. */
export const UNMATCHED: PolicyRule = { name: 'unmatched', conditions: [], actions: [variable('answer', 404)] };

/**
 * A rule of a wildcard, of which the policy knows only how hosts end: the iRule does what cannot be undone, if the host has the
 * right number of labels. What is rewritten is kept, to be put back if it has not.
 */
export function deferred(rule: PolicyRule, { record, options }: IngressScope): PolicyRule {
  const labels = labelsOf(rule.conditions);
  if (labels === undefined || isPolicyAlone(record, options)) return rule;
  const { https } = frontPorts(record, options);
  const rewrites = rule.actions.some(({ type }) => type === 'replace-host' || type === 'replace-path');
  const actions = rule.actions.flatMap((action): readonly PolicyAction[] => {
    if (action.type === 'reset') return [variable('answer', 0)];
    if (action.type !== 'redirect') return [action];
    return [variable('answer', action.code ?? 302), variable('port', https ?? 443)];
  });
  return { ...rule, actions: [...(rewrites ? SAVE : []), ...actions, variable('labels', labels)] };
}

const SAVE: readonly PolicyAction[] = [
  { type: 'replace-header', name: 'X-Fairlead-Host', value: 'tcl:[HTTP::host]' },
  { type: 'replace-header', name: 'X-Fairlead-Path', value: 'tcl:[HTTP::path]' },
  variable('saved', 1),
];

/** How many labels the hosts of a wildcard have: `*.example.com` three. */
function labelsOf(conditions: readonly PolicyCondition[]): number | undefined {
  const host = conditions.find(({ operand }) => operand === 'http-host');
  if (host === undefined || !('match' in host) || host.match !== 'ends-with') return undefined;
  return host.values?.[0]?.split('.').length;
}
