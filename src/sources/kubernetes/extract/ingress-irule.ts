import type { IRule, IRuleSection } from '../../../ir/irule.ts';
import type { PolicyAction, PolicyCondition, PolicyRule } from '../../../ir/policy-rule.ts';
import type { Front, IngressScope } from './ingress-scope.ts';
import { ingressKeys } from '../model-ingress.ts';
import { FRONT_SECTIONS } from './ingress-irule-text.ts';
import { rulesWithoutHost } from './ingress-rules.ts';
import { frontPorts } from './ingress-wish.ts';
import { frontPath } from './names.ts';

/**
 * The iRule of a front. Each of its Ingresses gives what is the same for all, so that none depends on another; without a
 * description, so that it does not change when one comes. Where a wildcard is in use, those with rules without a host give
 * these once more in Tcl: hosts with more labels than the wildcard stands for are theirs, and the policy has no rule for them.
 */
export function frontRule(scope: IngressScope, front: Front): IRule {
  const isNeeded = scope.read(ingressKeys.wildcards(front.name)) === true;
  const table = isNeeded ? rulesWithoutHost(scope, front).map((rule) => sectionOf(scope, rule)) : [];
  return { kind: 'irule', path: frontPath(front.name, scope.options), sections: [...FRONT_SECTIONS, ...table] };
}

const LONGEST = 99_999;

/** The order of sections is that of the policy's rules: the longest path first, exact ones before prefixes. */
function sectionOf(scope: IngressScope, rule: PolicyRule): IRuleSection {
  const { conditions, actions, name } = rule;
  const path = conditions.find(isPath);
  const length = path?.values?.[0]?.length ?? 0;
  const rank = path === undefined ? 2 : path.match === 'equals' ? 0 : 1;
  const others = conditions.length - (path === undefined ? 0 : 1);
  const place = `${String(LONGEST - length).padStart(5, '0')} ${rank} ${9 - others}`;
  const test = conditions.map(testOf).join(' && ');
  const { https } = frontPorts(scope.record, scope.options);
  const commands = [...actions.flatMap((action) => commandOf(action, https)), 'break'].map((line) => `        ${line}`);
  return { name: `50 ${place} ${name}`, text: [`      if { ${test || 1} } {`, ...commands, '      }'].join('\n') };
}

type PathCondition = Extract<PolicyCondition, { readonly path: true }>;

function isPath(condition: PolicyCondition): condition is PathCondition {
  return condition.operand === 'http-uri' && 'path' in condition;
}

/** A condition of a rule without a host, as a Tcl expression: the path, and where clients come from. */
function testOf(condition: PolicyCondition): string {
  if (condition.operand === 'tcp') {
    const client = '[getfield [IP::client_addr] "%" 1]';
    const anyOf = condition.values.map((network) => `[IP::addr ${client} equals ${network}]`).join(' || ');
    return condition.not === true ? `!(${anyOf})` : `(${anyOf})`;
  }
  if (!isPath(condition)) throw new Error(`a condition that no rule without a host has: ${condition.operand}`);
  const value = quoted(condition.values?.[0] ?? '');
  return condition.match === 'equals' ? `$fairlead_path eq ${value}` : `$fairlead_path starts_with ${value}`;
}

/**
 * What an action is in Tcl. Headers for pods are not among them: those that the wildcard's rule has set are on the request.
 */
function commandOf(action: PolicyAction, https: number | undefined): readonly string[] {
  switch (action.type) {
    case 'forward':
      return [`pool ${action.pool}`];
    case 'set-variable':
      return [`set ${action.name} ${action.value}`];
    case 'reset':
      return ['set fairlead_answer 0'];
    case 'redirect':
      return [`set fairlead_answer ${action.code ?? 302}`, `set fairlead_port ${https ?? 443}`];
    case 'replace-host':
      return [`HTTP::host ${quoted(action.value)}`];
    case 'replace-path':
      // Plain, or an expression of ours around what is plain (see ingress-actions.ts).
      return [`HTTP::path "${action.value.replace(/^tcl:/, '')}"`];
    case 'replace-header':
      return action.side === 'response' ? [`set fairlead_hsts ${quoted(action.value)}`] : [];
    default:
      return [];
  }
}

/**
 * A word of Tcl that means nothing but itself, and has no brace that would count. What is not ASCII, or could be taken for a
 * tag (facts 3.7), stands as a code point.
 */
function quoted(text: string): string {
  const safe = text.replaceAll(/[\\"$[\]{}]/g, String.raw`\$&`);
  // oxlint-disable-next-line no-control-regex -- what is no printable ASCII is what it looks for
  return `"${safe.replaceAll(/[^\u0020-\u007E]|[<>]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}
