import type { RuleConnection } from '../../irules/engine.ts';
import { clear } from '../../irules/flow.ts';
import { BodyReader } from '../http/body.ts';
import type { Passage } from '../http/body.ts';
import type { BodyKind } from '../http/framing.ts';
import { withoutHeader } from '../http/head.ts';
import type { RequestHead, ResponseHead } from '../http/head.ts';
import type { OwnReply } from '../http/replies.ts';
import type { Forward } from '../forward.ts';
import type { Effects } from '../policy/effects.ts';
import type { Wire } from './wire.ts';

/** What policies and then rules did. */
export interface Ruled<T> extends Effects<T> {
  readonly reply?: OwnReply | undefined;
  /** The body, if a rule collected some of it. */
  readonly passage?: Passage | undefined;
}

/** Where a body comes from. */
export interface Incoming {
  readonly wire: Wire;
  readonly body: BodyKind;
  /** The sender waits to be asked for it: does so, before any of it is read. */
  readonly invite?: () => Promise<void>;
}

/** How often rules may look for another member on `LB_FAILED`, for one connection or request (K). */
export const MOST_RESELECTS = 10;

/** Most bytes of a body that are held for rules. */
const MOST_HELD = 16 * 1024 * 1024;

/**
 * `HTTP_REQUEST`, after the policies, and `HTTP_REQUEST_DATA` if a rule collects the body. A pool that a rule chose stays
 * chosen for the later requests of the connection, until a rule or a policy chooses another (K).
 * @throws {RuleFailure}
 */
export async function onHttpRequest(
  rules: RuleConnection | undefined,
  effects: Effects<RequestHead>,
  incoming: Incoming,
): Promise<Ruled<RequestHead>> {
  if (rules === undefined) return effects;
  const { flow } = rules;
  const before = flow.forward;
  Object.assign(flow, { request: effects.head, response: undefined, reply: undefined, forward: undefined });
  clear(flow.body);
  if (flow.requests === 0) flow.lasting = flow.overrides;
  flow.overrides = flow.lasting;
  flow.requests += 1;
  rules.fire('HTTP_REQUEST');
  const passage = await collect(rules, 'HTTP_REQUEST_DATA', incoming);
  const chosen = flow.forward;
  flow.forward = chosen ?? before;
  const forward = chosen ?? effects.forward ?? before;
  return {
    ...effects,
    head: flow.request ?? effects.head,
    reset: effects.reset === true || flow.end !== undefined,
    reply: flow.reply,
    passage,
    ...(forward === undefined ? {} : { forward }),
  };
}

/**
 * `HTTP_REQUEST_SEND` and `HTTP_REQUEST_RELEASE`: the last that rules see of a request, when its member is known. Gives the
 * request as they leave it.
 * @throws {RuleFailure}
 */
export function onRequestSent(rules: RuleConnection | undefined, head: RequestHead): RequestHead {
  if (rules === undefined) return head;
  rules.fire('HTTP_REQUEST_SEND');
  rules.fire('HTTP_REQUEST_RELEASE');
  return rules.flow.request ?? head;
}

/**
 * `HTTP_RESPONSE_RELEASE`: the last that rules see of a response, with what the virtual server has added to it.
 * @throws {RuleFailure}
 */
export function onResponseSent(rules: RuleConnection | undefined, head: ResponseHead): ResponseHead {
  if (rules?.awaits('HTTP_RESPONSE_RELEASE') !== true) return head;
  rules.flow.response = head;
  rules.fire('HTTP_RESPONSE_RELEASE');
  return rules.flow.response;
}

/**
 * `HTTP_RESPONSE`, after the policies, and `HTTP_RESPONSE_DATA` if a rule collects the body.
 * @throws {RuleFailure}
 */
export async function onHttpResponse(
  rules: RuleConnection | undefined,
  effects: Effects<ResponseHead>,
  incoming: Incoming,
): Promise<Ruled<ResponseHead>> {
  if (rules === undefined) return effects;
  const { flow } = rules;
  flow.response = effects.head;
  clear(flow.body);
  rules.fire('HTTP_RESPONSE');
  const passage = await collect(rules, 'HTTP_RESPONSE_DATA', incoming);
  return {
    ...effects,
    head: flow.response,
    reset: effects.reset === true || flow.end !== undefined,
    reply: flow.reply,
    passage,
  };
}

/**
 * Reads as much of a body as rules ask for, and lets them have it; again as long as they ask for more. A body that is not
 * there has no event (K: rules are advised to look at its length first).
 */
async function collect(rules: RuleConnection, event: string, incoming: Incoming): Promise<Passage | undefined> {
  const { flow } = rules;
  const { body } = flow;
  const isOver = (): boolean => flow.reply !== undefined || flow.end !== undefined;
  if (body.wanted === undefined || incoming.body.type === 'none' || isOver()) return undefined;
  if (incoming.invite !== undefined && flow.request !== undefined) {
    flow.request = withoutHeader(flow.request, 'expect');
    await incoming.invite();
  }
  const reader = new BodyReader(incoming.wire, incoming.body);
  let replaced = 0;
  for (let isFirst = true; body.wanted !== undefined && !isOver(); isFirst = false) {
    const came = await fill(reader, body, Math.min(body.wanted, MOST_HELD));
    if (!isFirst && came === 0) break;
    replaced += came;
    body.wanted = undefined;
    rules.fire(event);
  }
  return { payload: body.payload, replaced, reader };
}

/** Reads until so much is held and no more, or the body ends; gives how many bytes came. */
async function fill(reader: BodyReader, held: { payload: Buffer }, wanted: number): Promise<number> {
  const parts = [held.payload];
  let size = held.payload.length;
  while (size < wanted) {
    const bytes = await reader.read();
    if (bytes === undefined) break;
    const taken = bytes.subarray(0, wanted - size);
    reader.unread(bytes.subarray(taken.length));
    parts.push(taken);
    size += taken.length;
  }
  const came = size - held.payload.length;
  held.payload = Buffer.concat(parts);
  return came;
}

/**
 * `LB_FAILED`. Gives where the connection goes now, if a rule chose: anew (`LB::reselect`), or somewhere else. `none`: no
 * rule did, or one answered or ended the connection.
 * @throws {RuleFailure}
 */
export function chosenOnFailure(rules: RuleConnection): Forward | undefined | 'none' {
  const { flow } = rules;
  const before = flow.forward;
  flow.reselect = false;
  rules.fire('LB_FAILED');
  if (flow.reply !== undefined || flow.end !== undefined) return 'none';
  return flow.reselect || flow.forward !== before ? flow.forward : 'none';
}
