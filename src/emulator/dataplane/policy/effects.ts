import type { Forward } from '../forward.ts';
import type { Overrides, SourceTranslation } from '../overrides.ts';
import type { Head, RequestHead, ResponseHead } from '../http/head.ts';
import { headerValues, withHeader, withoutHeader, withTarget } from '../http/head.ts';
import type { TakenAction } from './counts.ts';
import { expand } from './expand.ts';
import type { PolicyAction } from './model.ts';
import { persistenceOf } from './persist.ts';
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

/** Where, and from which address; a VLAN, a next hop or a clone pool are not modelled. */
function forward<T>(effects: Effects<T>, action: PolicyAction, view: PolicyView): Effects<T> | undefined {
  if (action.verb === 'reset') return { ...effects, reset: true };
  const to = destination(action, view);
  const snat = translation(action, view);
  if (to === undefined && snat === undefined) return undefined;
  return {
    ...effects,
    ...(to === undefined ? {} : { forward: to }),
    ...(snat === undefined ? {} : { overrides: { ...effects.overrides, snat } }),
  };
}

function destination(action: PolicyAction, view: PolicyView): Forward | undefined {
  const pool = parameter(action, 'pool', view);
  if (pool !== undefined) return { to: 'pool', pool };
  const virtual = parameter(action, 'virtual', view);
  if (virtual !== undefined) return { to: 'virtual', virtual };
  const node = parameter(action, 'node', view);
  if (node === undefined) return undefined;
  const address = node.slice(node.lastIndexOf('/') + 1);
  return { to: 'node', address, port: Number(action.parameters['port'] ?? 0) };
}

/** `snat` is `automap`, `none` or an address; `none` is a word of its own here. */
function translation(action: PolicyAction, view: PolicyView): SourceTranslation | undefined {
  const pool = parameter(action, 'snatpool', view);
  if (pool !== undefined) return { type: 'snat', pool };
  if (action.parameters['snat'] === 'none') return { type: 'none' };
  const snat = parameter(action, 'snat', view);
  if (snat === undefined) return undefined;
  return snat === 'automap' ? { type: 'automap' } : { type: 'snat', address: snat };
}

function persist<T>(effects: Effects<T>, action: PolicyAction, view: PolicyView): Effects<T> | undefined {
  const persistence = persistenceOf(action, (name) => {
    const value = action.parameters[name];
    return typeof value === 'number' ? (value === 0 ? undefined : String(value)) : parameter(action, name, view);
  });
  return persistence === undefined ? undefined : { ...effects, overrides: { ...effects.overrides, persistence } };
}

function log<T>(effects: Effects<T>, action: PolicyAction, view: PolicyView): Effects<T> | undefined {
  const message = parameter(action, 'message', view);
  if (message === undefined || view.log === undefined) return undefined;
  view.log(message);
  return effects;
}

/** A variable for the iRules of the connection, and for later values of its policies. */
function setVariable<T>(effects: Effects<T>, action: PolicyAction, view: PolicyView): Effects<T> | undefined {
  const name = parameter(action, 'tmName', view);
  const value = parameter(action, 'expression', view);
  if (name === undefined || value === undefined || view.setVariable === undefined) return undefined;
  view.setVariable(name, value);
  return effects;
}

function switchServerSsl<T>(effects: Effects<T>, { verb }: PolicyAction): Effects<T> {
  return { ...effects, overrides: { ...effects.overrides, serverSsl: verb === 'enable' } };
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

/** Of every phase. `ltmPolicy disable` is {@link PolicyRun}'s. */
function common<T>(): Readonly<Record<string, Effect<T>>> {
  return {
    forward,
    shutdown: (effects) => ({ ...effects, reset: true }),
    log,
    httpReply: redirect,
    ltmPolicy: (effects) => effects,
    persist,
    serverSsl: switchServerSsl,
    tcl: setVariable,
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
