import type { PolicyAction, PolicyCondition, PolicyRule } from '../ir/policy-rule.ts';

/**
 * A rule in a few words: `shop: host shop.example.com, path starts-with /cart/ -> forward /k/cart`. One name alone (a change
 * of the order shows names) is that name.
 */
export function printRule(rule: PolicyRule | string): string {
  if (typeof rule === 'string') return rule;
  const conditions = rule.conditions.map(printCondition).join(', ');
  const actions = rule.actions.map(printAction).join(', ');
  return `${rule.name}: ${conditions === '' ? 'always' : conditions} -> ${actions === '' ? 'nothing' : actions}`;
}

function printCondition(condition: PolicyCondition): string {
  if (condition.operand === 'other') return condition.words;
  const values = (condition.values ?? []).join(' or ');
  if (condition.operand === 'tcp') return `client ${condition.not === true ? 'not ' : ''}in ${values}`;
  const { match, not, caseInsensitive } = condition;
  const words = [
    subjectOf(condition),
    not === true ? 'not' : '',
    match === 'equals' ? '' : match,
    values,
    caseInsensitive === true ? '(any case)' : '',
  ];
  return words.filter((word) => word !== '').join(' ');
}

function subjectOf(condition: PolicyCondition): string {
  if ('host' in condition) return 'host';
  if ('path' in condition) return 'path';
  if ('serverName' in condition) return 'TLS server name';
  const name = 'name' in condition ? ` ${condition.name}` : '';
  if ('queryParameter' in condition) return `query parameter${name}`;
  return `${condition.operand.replace('http-', '')}${name}`;
}

function printAction(action: PolicyAction): string {
  switch (action.type) {
    case 'forward':
      return `forward ${action.pool}${action.event === undefined ? '' : ' (at the TLS hello)'}`;
    case 'redirect':
      return `redirect ${action.code ?? 302} ${action.location}`;
    case 'reset':
      return 'reset';
    case 'insert-header':
    case 'replace-header':
      return `${action.type} ${action.name}: ${action.value}${action.side === undefined ? '' : ' (response)'}`;
    case 'remove-header':
      return `remove-header ${action.name}${action.side === undefined ? '' : ' (response)'}`;
    case 'replace-host':
    case 'replace-uri':
    case 'replace-path':
      return `${action.type} ${action.value}`;
    case 'set-variable':
      return `${action.type} ${action.name} ${action.value}`;
    default:
      return action.words;
  }
}
