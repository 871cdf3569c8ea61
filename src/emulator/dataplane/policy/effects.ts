import type { Forward } from '../forward.ts';
import type { Overrides } from '../overrides.ts';
import type { Head, RequestHead, ResponseHead } from '../http/head.ts';
import { headerValues, withHeader, withoutHeader, withTarget } from '../http/head.ts';
import type { TakenAction } from './counts.ts';
import { expand } from './expand.ts';
import type { PolicyAction } from './model.ts';
import { uriParts } from './values.ts';
import type { PolicyView } from './values.ts';

/** What the actions of one phase do. */
export interface Effects<T> {
  readonly head: T;
  readonly forward?: Forward;
  readonly overrides?: Overrides;
  readonly redirect?: { readonly location: string; readonly code: number };
  /** The connection is reset. */
  readonly reset?: boolean;
}

/** An action on what is there; undefined: it can't be done. */
type Effect<T> = (effects: Effects<T>, action: PolicyAction, view: PolicyView) => Effects<T> | undefined;

function parameter({ parameters }: PolicyAction, name: string, view: PolicyView): string | undefined {
  const value = parameters[name];
  return typeof value === 'string' && value !== '' && value !== 'none' ? expand(value, view) : undefined;
}

function edited<T extends Head>(
  effects: Effects<T>,
  { verb }: PolicyAction,
  header: { readonly name: string | undefined; readonly value: string | undefined },
): Effects<T> | undefined {
  const { name, value } = header;
  if (name === undefined) return undefined;
  const { head } = effects;
  if (verb === 'remove') return { ...effects, head: withoutHeader(head, name) };
  if (value === undefined) return undefined;
  return { ...effects, head: withHeader(verb === 'replace' ? withoutHeader(head, name) : head, name, value) };
}

function editHeader<T extends Head>(
  effects: Effects<T>,
  action: PolicyAction,
  view: PolicyView,
): Effects<T> | undefined {
  const value = parameter(action, 'value', view);
  return edited(effects, action, { name: parameter(action, 'tmName', view), value });
}

/** Redirects are answered by the device itself: `code`, or 302. */
function redirect<T>(effects: Effects<T>, action: PolicyAction, view: PolicyView): Effects<T> | undefined {
  const location = parameter(action, 'location', view);
  if (location === undefined) return undefined;
  return { ...effects, redirect: { location, code: Number(action.parameters['code'] ?? 0) || 302 } };
}

function forward<T>(effects: Effects<T>, action: PolicyAction, view: PolicyView): Effects<T> | undefined {
  if (action.verb === 'reset') return { ...effects, reset: true };
  const pool = parameter(action, 'pool', view);
  if (pool !== undefined) return { ...effects, forward: { to: 'pool', pool } };
  const node = parameter(action, 'node', view);
  if (node === undefined) return undefined;
  const address = node.slice(node.lastIndexOf('/') + 1);
  return { ...effects, forward: { to: 'node', address, port: Number(action.parameters['port'] ?? 0) } };
}

function editUri(
  effects: Effects<RequestHead>,
  action: PolicyAction,
  view: PolicyView,
): Effects<RequestHead> | undefined {
  const { head } = effects;
  const { path, query } = uriParts(head.target);
  const whole = parameter(action, 'value', view);
  const newPath = parameter(action, 'path', view);
  const newQuery = parameter(action, 'queryString', view);
  if (whole === undefined && newPath === undefined && newQuery === undefined) return undefined;
  const tail = newQuery ?? query;
  return { ...effects, head: withTarget(head, whole ?? `${newPath ?? path}${tail === '' ? '' : `?${tail}`}`) };
}

/** The `Cookie` header with a cookie more, or without one. */
function editCookie(
  effects: Effects<RequestHead>,
  action: PolicyAction,
  view: PolicyView,
): Effects<RequestHead> | undefined {
  const name = parameter(action, 'tmName', view);
  if (name === undefined) return undefined;
  const { head } = effects;
  const others = headerValues(head, 'cookie')
    .flatMap((line) => line.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && (action.verb === 'insert' || !pair.startsWith(`${name}=`)));
  const pairs = action.verb === 'insert' ? [...others, `${name}=${parameter(action, 'value', view) ?? ''}`] : others;
  const bare = withoutHeader(head, 'cookie');
  return { ...effects, head: pairs.length === 0 ? bare : withHeader(bare, 'Cookie', pairs.join('; ')) };
}

function editSetCookie(
  effects: Effects<ResponseHead>,
  action: PolicyAction,
  view: PolicyView,
): Effects<ResponseHead> | undefined {
  const name = parameter(action, 'tmName', view);
  if (name === undefined) return undefined;
  const { head } = effects;
  if (action.verb === 'remove') {
    const isIt = (line: { name: string; value: string }): boolean =>
      line.name === 'set-cookie' && line.value.startsWith(`${name}=`);
    return { ...effects, head: { ...head, headers: head.headers.filter((line) => !isIt(line)) } };
  }
  const domain = parameter(action, 'domain', view);
  const path = parameter(action, 'path', view);
  const parts = [
    `${name}=${parameter(action, 'value', view) ?? ''}`,
    ...(domain === undefined ? [] : [`domain=${domain}`]),
    ...(path === undefined ? [] : [`path=${path}`]),
  ];
  return { ...effects, head: withHeader(head, 'Set-Cookie', parts.join('; ')) };
}

/** Of every phase. Writing to the log has nowhere to go, and counts as done. */
function common<T>(): Readonly<Record<string, Effect<T>>> {
  return {
    forward,
    shutdown: (effects) => ({ ...effects, reset: true }),
    log: (effects) => effects,
    httpReply: redirect,
  };
}

const onRequest: Readonly<Record<string, Effect<RequestHead>>> = {
  ...common(),
  httpHeader: editHeader,
  httpUri: editUri,
  httpCookie: editCookie,
  httpHost: (effects, action, view) =>
    edited(effects, { ...action, verb: 'replace' }, { name: 'Host', value: parameter(action, 'value', view) }),
  httpReferer: (effects, action, view) =>
    edited(effects, action, { name: 'Referer', value: parameter(action, 'value', view) }),
};

const onResponse: Readonly<Record<string, Effect<ResponseHead>>> = {
  ...common(),
  httpHeader: editHeader,
  httpSetCookie: editSetCookie,
};

function carryOut<T>(
  taken: readonly TakenAction[],
  begin: Effects<T>,
  how: { readonly effects: Readonly<Record<string, Effect<T>>>; readonly view: PolicyView },
): Effects<T> {
  let effects = begin;
  for (const { action, done } of taken) {
    const next = how.effects[action.target]?.(effects, action, how.view);
    done(next !== undefined);
    effects = next ?? effects;
  }
  return effects;
}

/** What actions do to a request. Actions that are not modelled are counted as not succeeded, and do nothing. */
export function requestEffects(
  taken: readonly TakenAction[],
  head: RequestHead,
  view: PolicyView,
): Effects<RequestHead> {
  return carryOut(taken, { head }, { effects: onRequest, view });
}

/** What actions do to a response. */
export function responseEffects(
  taken: readonly TakenAction[],
  head: ResponseHead,
  view: PolicyView,
): Effects<ResponseHead> {
  return carryOut(taken, { head }, { effects: onResponse, view });
}

/** What actions do to a connection of which no request is known. */
export function connectionEffects(taken: readonly TakenAction[], view: PolicyView): Effects<undefined> {
  return carryOut<undefined>(taken, { head: undefined }, { effects: common(), view });
}
