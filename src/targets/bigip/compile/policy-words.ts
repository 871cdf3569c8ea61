import type { PolicyAction, PolicyCondition } from '../../../ir/policy-rule.ts';
import type { Json } from '../request.ts';

/** Every word of tmsh's grammar is a property that is `true` (facts 8.8): `starts-with` is `startsWith: true`. */
export function camelCase(word: string): string {
  return word.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A condition's properties but its name. The request side and the selector are named, so that no default is meant. */
export function encodeCondition(condition: PolicyCondition): Json {
  if (condition.operand === 'other') throw new Error(`a condition that Fairlead cannot write: ${condition.words}`);
  if (condition.operand === 'tcp') {
    const { values, not } = condition;
    return { tcp: true, request: true, address: true, matches: true, ...negated(not), values };
  }
  const { operand, match, values, caseInsensitive, not } = condition;
  return {
    [camelCase(operand)]: true,
    [operand === 'ssl-extension' ? 'sslClientHello' : 'request']: true,
    [selectorOf(condition)]: true,
    [camelCase(match)]: true,
    ...negated(not),
    ...('name' in condition ? { tmName: condition.name } : {}),
    ...(caseInsensitive === true ? { caseInsensitive: true } : { caseSensitive: true }),
    ...(values === undefined ? {} : { values }),
  };
}

function negated(not: true | undefined): Json {
  return not === true ? { not: true } : {};
}

const SELECTORS = ['host', 'path', 'queryParameter', 'serverName'] as const;

function selectorOf(condition: PolicyCondition): string {
  return SELECTORS.find((selector) => selector in condition) ?? 'all';
}

/** An action's properties but its name. */
export function encodeAction(action: PolicyAction): Json {
  switch (action.type) {
    case 'forward': {
      const event = action.event === 'ssl-client-hello' ? { sslClientHello: true } : { request: true };
      return { forward: true, ...event, select: true, pool: action.pool };
    }
    case 'reset':
      return { forward: true, request: true, reset: true };
    case 'redirect': {
      const code = action.code === undefined ? {} : { code: action.code };
      return { httpReply: true, request: true, redirect: true, location: action.location, ...code };
    }
    case 'insert-header':
    case 'replace-header':
      return { ...headerOf(action), tmName: action.name, value: action.value };
    case 'remove-header':
      return { ...headerOf(action), tmName: action.name };
    case 'replace-host':
      return { httpHost: true, request: true, replace: true, value: action.value };
    case 'replace-uri':
      return { httpUri: true, request: true, replace: true, value: action.value };
    case 'replace-path':
      return { httpUri: true, request: true, replace: true, path: action.value };
    case 'set-variable':
      return { tcl: true, request: true, setVariable: true, tmName: action.name, expression: String(action.value) };
    default:
      throw new Error(`an action that Fairlead cannot write: ${action.words}`);
  }
}

function headerOf({ type, side }: { readonly type: string; readonly side?: 'response' }): Json {
  return { httpHeader: true, [side ?? 'request']: true, [type.replace('-header', '')]: true };
}
