import type { Policy } from '../../../ir/policy.ts';
import type { PolicyRule } from '../../../ir/policy-rule.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Actual } from '../../../plan/snapshot.ts';
import type { Json, RestRequest } from '../request.ts';
import type { Codec, CompileEnv, Written } from './codec.ts';
import type { Ordered } from './ordinals.ts';
import { equalValues } from '../../../ir/equal.ts';
import { nameOf, refOf } from '../../../ir/ref.ts';
import { collectionPath, identityOf, objectPath } from '../names.ts';
import { NONE } from './codec.ts';
import { DESCRIPTION_MARK, encodeMarkedDescription } from './metadata.ts';
import { placeBetween } from './ordinals.ts';
import { encodeAction, encodeCondition } from './policy-words.ts';
import { joinTokens } from './tokens.ts';

/** From so many changed rules on, all are sent in one request. */
const MANY_RULES = 50;

/**
 * `ltm policy`. From 12.1 on what is published cannot be changed; a draft of it can, and takes its place when it is
 * published (facts 8.8). Everything from the draft to its publishing goes in one transaction, so that no draft is left
 * behind whatever happens (docs/decisions/policies.md). A rule is sent if it differs; its place alone is one number.
 */
export const policyCodec: Codec<Policy> = {
  properties: { description: descriptionOf, strategy: strategyOf, rules: rulesOf, mark: descriptionOf },
  requests: (change, env) =>
    change.op === 'delete' ? undefined : [...clearWay(change, env), ...policyRequests(change, env)],
  ordinalsAfter: (change, before) => placeBetween(orderOf(before), namesOf(change.after as Policy)),
};

/** `/P/app/Drafts/web` of `/P/app/web`. */
export function draftOf(path: FullPath): FullPath {
  return path.replace(/\/(?=[^/]+$)/, '/Drafts/');
}

function policyRequests(change: Written, env: CompileEnv<Policy>): readonly RestRequest[] {
  const { ref } = change;
  const after = change.after as Policy;
  const draft = draftOf(after.path);
  const publish = {
    method: 'POST',
    path: collectionPath('policy'),
    body: { command: 'publish', name: draft },
    ref,
  } as const;
  if (change.op === 'create') {
    const body = { ...identityOf(draft), ...descriptionOf(after), ...strategyOf(after), ...rulesOf(after) };
    return [{ method: 'POST', path: collectionPath('policy'), body, ref }, publish];
  }
  const begin = { method: 'PATCH', path: objectPath(after), body: { createDraft: true }, ref } as const;
  return [begin, ...editDraft(change.before as Policy, after, env), publish];
}

/** The requests that make the draft, which is as `before`, what is wanted. */
function editDraft(before: Policy, after: Policy, { snapshot }: CompileEnv<Policy>): readonly RestRequest[] {
  const ref = refOf('policy', after.path);
  const path = objectPath({ kind: 'policy', path: draftOf(after.path) });
  const order = orderOf(snapshot.get(ref));
  const ordinals = placeBetween(order, namesOf(after));
  const rules = editRules({ before, order, path: `${path}/rules` }, after, ordinals);
  const wholeRules = rules.length > MANY_RULES && after.rules.every(isWritable);
  const body = {
    ...(equalValues(descriptionOf(before), descriptionOf(after)) ? {} : descriptionOf(after)),
    ...(equalValues(strategyOf(before), strategyOf(after)) ? {} : strategyOf(after)),
    ...(wholeRules ? { rules: after.rules.map((rule, index) => encodeRule(rule, ordinals[index] ?? 0)) } : {}),
  };
  const own: readonly RestRequest[] = Object.keys(body).length === 0 ? [] : [{ method: 'PATCH', path, body, ref }];
  return wholeRules ? own : [...own, ...rules];
}

/** The rules of a draft before they are edited. */
interface Draft {
  readonly before: Policy;
  readonly order: Ordered;
  /** Of the sub-collection. */
  readonly path: string;
}

/** Rules that go, then those that change, then those that come. */
function editRules(draft: Draft, after: Policy, ordinals: readonly number[]): readonly RestRequest[] {
  const { path, order } = draft;
  const ref = refOf('policy', after.path);
  const old = new Map(draft.before.rules.map((rule) => [rule.name, rule]));
  const places = new Map(order.names.map((name, index) => [name, order.ordinals[index]]));
  const wanted = new Set(namesOf(after));
  const gone = [...old.keys()].filter((name) => !wanted.has(name));
  const removed = gone.map((name): RestRequest => ({ method: 'DELETE', path: ruleUri(path, name), ref }));
  const changed: RestRequest[] = [];
  const added: RestRequest[] = [];
  for (const [index, rule] of after.rules.entries()) {
    const ordinal = ordinals[index] ?? 0;
    const was = old.get(rule.name);
    if (was === undefined) {
      added.push({ method: 'POST', path, body: encodeRule(rule, ordinal), ref });
      continue;
    }
    const body = ruleDifference(was, rule);
    const moved = places.get(rule.name) === ordinal ? body : { ...body, ordinal };
    if (Object.keys(moved).length === 0) continue;
    changed.push({ method: 'PATCH', path: ruleUri(path, rule.name), body: moved, ref });
  }
  return [...removed, ...changed, ...added];
}

function ruleUri(rules: string, name: string): string {
  return `${rules}/${encodeURIComponent(name)}`;
}

/**
 * A PATCH of a rule replaces its lists as wholes (facts 8.8). What was there is never put into words: it may be something
 * that Fairlead does not write.
 */
function ruleDifference(before: PolicyRule, after: PolicyRule): Json {
  return {
    ...(before.origin === after.origin ? {} : ownerOf(after)),
    ...(equalValues(before.conditions, after.conditions) ? {} : conditionsOf(after)),
    ...(equalValues(before.actions, after.actions) ? {} : actionsOf(after)),
  };
}

function encodeRule(rule: PolicyRule, ordinal: number): Json {
  return { name: rule.name, ...ownerOf(rule), ordinal, ...conditionsOf(rule), ...actionsOf(rule) };
}

function ownerOf({ origin }: PolicyRule): Json {
  return { description: origin === undefined ? NONE : `${DESCRIPTION_MARK}${joinTokens([origin])}` };
}

function conditionsOf({ conditions }: PolicyRule): Json {
  return { conditions: conditions.map((condition, index) => ({ name: String(index), ...encodeCondition(condition) })) };
}

function actionsOf({ actions }: PolicyRule): Json {
  return { actions: actions.map((action, index) => ({ name: String(index), ...encodeAction(action) })) };
}

/** Whether a rule holds nothing but what Fairlead writes. */
function isWritable({ conditions, actions }: PolicyRule): boolean {
  return conditions.every(({ operand }) => operand !== 'other') && actions.every(({ type }) => type !== 'other');
}

function rulesOf({ rules }: Policy): Json {
  const ordinals = placeBetween(
    { names: [], ordinals: [] },
    rules.map(({ name }) => name),
  );
  return { rules: rules.map((rule, index) => encodeRule(rule, ordinals[index] ?? 0)) };
}

function strategyOf({ strategy }: Policy): Json {
  return { strategy: `/Common/${strategy ?? 'first-match'}` };
}

/** The instance, and those origins that no rule tells: with the others, a thousand would not fit. */
function descriptionOf({ description, mark, rules }: Policy): Json {
  const owners = new Set(rules.map(({ origin }) => origin));
  const rest = mark?.origins.filter((origin) => !owners.has(origin)) ?? [];
  return encodeMarkedDescription(description, mark === undefined ? undefined : { ...mark, origins: rest });
}

function namesOf({ rules }: Policy): readonly string[] {
  return rules.map(({ name }) => name);
}

function orderOf(actual: Actual | undefined): Ordered {
  if (actual?.object.kind !== 'policy') return { names: [], ordinals: [] };
  return { names: namesOf(actual.object), ordinals: actual.ordinals ?? [] };
}

/**
 * A draft that is there already stands in the way (01020066). One with our mark, left by a crash or begun by hand, is
 * removed; somebody else's is not touched.
 * @throws {Error} the draft is somebody else's.
 */
function clearWay(change: Written, { snapshot }: CompileEnv<Policy>): readonly RestRequest[] {
  const path = draftOf(change.after.path);
  const draft = snapshot.get(refOf('policy', path))?.object;
  if (draft === undefined) return [];
  if (draft.mark === undefined || draft.mark.instance !== change.after.mark?.instance) {
    throw new Error(
      `draft ${path} is not ours and stands in the way of policy ${nameOf(change.after.path)}: publish or delete it`,
    );
  }
  // Optional: the plan deletes it, too, for nobody wants it, and may have come first.
  return [{ method: 'DELETE', path: objectPath({ kind: 'policy', path }), ref: change.ref, optional: true }];
}
