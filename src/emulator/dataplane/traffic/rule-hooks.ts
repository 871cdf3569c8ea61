import type { RuleConnection } from '../../irules/engine.ts';
import type { RequestHead, ResponseHead } from '../http/head.ts';
import type { OwnReply } from '../http/replies.ts';
import type { Effects } from '../policy/effects.ts';

/** What policies and then rules did. */
export interface Ruled<T> extends Effects<T> {
  readonly reply?: OwnReply | undefined;
}

/**
 * `HTTP_REQUEST`, after the policies. A pool that a rule chose stays chosen for the later requests of the connection, until
 * a rule or a policy chooses another (K).
 * @throws {RuleFailure}
 */
export function onHttpRequest(rules: RuleConnection | undefined, effects: Effects<RequestHead>): Ruled<RequestHead> {
  if (rules === undefined) return effects;
  const { flow } = rules;
  const before = flow.forward;
  Object.assign(flow, { request: effects.head, response: undefined, reply: undefined, forward: undefined });
  flow.requests += 1;
  rules.fire('HTTP_REQUEST');
  const chosen = flow.forward;
  flow.forward = chosen ?? before;
  const forward = chosen ?? effects.forward ?? before;
  return {
    ...effects,
    head: flow.request ?? effects.head,
    reset: effects.reset === true || flow.end !== undefined,
    reply: flow.reply,
    ...(forward === undefined ? {} : { forward }),
  };
}

/**
 * `HTTP_RESPONSE`, after the policies.
 * @throws {RuleFailure}
 */
export function onHttpResponse(rules: RuleConnection | undefined, effects: Effects<ResponseHead>): Ruled<ResponseHead> {
  if (rules === undefined) return effects;
  const { flow } = rules;
  flow.response = effects.head;
  rules.fire('HTTP_RESPONSE');
  return {
    ...effects,
    head: flow.response,
    reset: effects.reset === true || flow.end !== undefined,
    reply: flow.reply,
  };
}
