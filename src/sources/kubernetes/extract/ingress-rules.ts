import type { PolicyAction, PolicyCondition, PolicyRule } from '../../../ir/policy-rule.ts';
import type { IngressPath } from '../model-ingress.ts';
import type { BackendAt } from './ingress-backend.ts';
import type { Cidr } from './ip-range.ts';
import type { Front, IngressScope } from './ingress-scope.ts';
import { poolOfBackend } from './ingress-backend.ts';
import { isPolicyAlone } from './codeshare.ts';
import { UNMATCHED, answerWith, deferred } from './ingress-deferred.ts';
import { responseActions, requestActions, rewriteActions } from './ingress-actions.ts';
import { pathOnWire, prefixOf } from './ingress-paths.ts';
import { redirectRules } from './ingress-redirect.ts';
import { hostConditions, ruleName } from './ingress-rule-parts.ts';
import { ipText } from './ip-range.ts';
import { originOf } from './names.ts';

/** What a rule of a policy is made of, before it has a name. */
interface Draft {
  readonly host: string;
  readonly path: string;
  readonly type: 'exact' | 'prefix';
  readonly conditions: readonly PolicyCondition[];
  /** Left out: there is none. */
  readonly at: BackendAt | undefined;
}

/**
 * The rules that an Ingress gives to the policy of a front. Their names follow from host, path and type alone: two
 * Ingresses that give the same one are in conflict, and the oldest has it. Their order follows from their conditions
 * (ir/policy-order.ts).
 */
export function rulesOf(scope: IngressScope, front: Front): readonly PolicyRule[] {
  const { record, options } = scope;
  const own = routesOf(scope, front).map((rule) => deferred(rule, scope));
  const origin = originOf(record, options);
  return [...own, ...(isPolicyAlone(record, options) ? [] : [UNMATCHED])].map(({ name, conditions, actions }) => {
    return { name, origin, conditions, actions };
  });
}

/** Those of the rules that hold for any host, as they are before anything of them is left to the front's iRule. */
export function rulesWithoutHost(scope: IngressScope, front: Front): readonly PolicyRule[] {
  return routesOf(scope, front).filter(({ conditions }) => !conditions.some(({ operand }) => operand === 'http-host'));
}

function routesOf(scope: IngressScope, front: Front): readonly PolicyRule[] {
  const redirects = front.isSecure ? { rules: [], covers: () => false } : redirectRules(scope);
  const drafts = draftsOf(scope).filter(({ host }) => !redirects.covers(host));
  const rules = drafts.flatMap((draft) => routeRules(scope, front, draft));
  return guarded(scope, distinct([...rules, ...redirects.rules]));
}

/** Two paths of one Ingress may say the same: then the first counts, as it does for the Ingress API. */
function distinct(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const byName = new Map<string, PolicyRule>();
  for (const rule of rules) if (!byName.has(rule.name)) byName.set(rule.name, rule);
  return [...byName.values()];
}

function draftsOf({ record, problems }: IngressScope): readonly Draft[] {
  const { defaultBackend } = record;
  const fallback = defaultBackend === undefined ? undefined : { backend: defaultBackend, field: 'spec.defaultBackend' };
  const drafts = record.rules.flatMap(({ host, paths }, index): readonly Draft[] => {
    const conditions = hostConditions(host);
    if (paths.length === 0 && fallback === undefined) {
      problems.add({
        code: 'rule-without-backend',
        text: `spec.rules[${index}] has no paths, and the Ingress no defaultBackend; expected one of them`,
        field: `spec.rules[${index}]`,
      });
    }
    if (paths.length === 0) return [{ host, path: '/', type: 'prefix', conditions, at: fallback }];
    return paths.flatMap((path, number) => {
      const field = `spec.rules[${index}].http.paths[${number}].backend`;
      return draftsOfPath({ host, path, conditions, at: { backend: path.backend, field } });
    });
  });
  return fallback === undefined
    ? drafts
    : [...drafts, { host: '', path: '/', type: 'prefix', conditions: [], at: fallback }];
}

/**
 * Exact paths are compared as they are. A prefix is one of path elements: the path itself, and all below it, which are two
 * rules. ImplementationSpecific is taken for Prefix.
 */
function draftsOfPath(of: {
  readonly host: string;
  readonly path: IngressPath;
  readonly conditions: readonly PolicyCondition[];
  readonly at: BackendAt;
}): readonly Draft[] {
  const { host, conditions, at } = of;
  const { path, pathType } = of.path;
  const draft = (type: Draft['type'], of: string, more: readonly PolicyCondition[]): Draft => {
    return { host, path: of, type, conditions: [...conditions, ...more], at };
  };
  if (pathType === 'Exact') return [draft('exact', pathOnWire(path), [pathCondition('equals', pathOnWire(path))])];
  const prefix = prefixOf(path);
  if (prefix === '') return [draft('prefix', '/', [])];
  return [
    draft('prefix', prefix, [pathCondition('equals', prefix)]),
    draft('prefix', `${prefix}/`, [pathCondition('starts-with', `${prefix}/`)]),
  ];
}

function pathCondition(match: 'equals' | 'starts-with', path: string): PolicyCondition {
  return { operand: 'http-uri', path: true, match, values: [path] };
}

function routeRules(scope: IngressScope, front: Front, draft: Draft): readonly PolicyRule[] {
  const pool = draft.at === undefined ? undefined : poolOfBackend(scope, front, draft.at);
  const name = ruleName(draft.host, draft.path, draft.type);
  if (pool === undefined) return [{ name, conditions: draft.conditions, actions: [answerWith(scope, 503)] }];
  const actions: readonly PolicyAction[] = [
    { type: 'forward', pool },
    ...requestActions(scope, front),
    ...rewriteActions(scope, draft),
    ...responseActions(scope, front),
  ];
  return [{ name, conditions: draft.conditions, actions }];
}

/** Clients of other networks than those that the Ingress names are reset: they must not come to a wider rule. */
function guarded({ annotations }: IngressScope, rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const ranges = annotations.get('source-ranges');
  if (ranges === undefined) return rules;
  const from = { operand: 'tcp', address: true, values: ranges.map(printCidr) } as const;
  return rules.flatMap((rule): readonly PolicyRule[] => [
    { ...rule, conditions: [...rule.conditions, from] },
    {
      name: `${rule.name}_others`,
      conditions: [...rule.conditions, { ...from, not: true }],
      actions: [{ type: 'reset' }],
    },
  ]);
}

function printCidr({ low, family, prefix }: Cidr): string {
  return `${ipText(low, family)}/${prefix}`;
}
