import type { PolicyAction } from '../../../ir/policy-rule.ts';
import type { Hsts } from './ingress-annotations.ts';
import type { Front, IngressScope } from './ingress-scope.ts';
import { isPolicyAlone } from './codeshare.ts';
import { bodyLimit } from './ingress-deferred.ts';

/** The headers that tell pods of the client (what a client sent under their names would be a lie), and the most that it may send. */
export function requestActions({ annotations, record, options }: IngressScope, front: Front): readonly PolicyAction[] {
  // A policy that a Service attaches leaves them to the HTTP profile of its virtual server.
  const unasked = isPolicyAlone(record, options) ? [] : (['for', 'proto'] as const);
  const wanted = annotations.get('forwarded-headers') ?? unasked;
  const actions: PolicyAction[] = [];
  // The client's address ends in `%1` in a route domain.
  if (wanted.includes('for'))
    actions.push({
      type: 'insert-header',
      name: 'X-Forwarded-For',
      value: 'tcl:[getfield [IP::client_addr] "%" 1]',
    });
  const set = (name: string, value: string) => actions.push({ type: 'replace-header', name, value });
  if (wanted.includes('proto')) set('X-Forwarded-Proto', front.isSecure ? 'https' : 'http');
  if (wanted.includes('host')) set('X-Forwarded-Host', 'tcl:[HTTP::host]');
  if (wanted.includes('port')) set('X-Forwarded-Port', String(front.port));
  const limit = annotations.get('max-body-size');
  if (limit !== undefined && !isPolicyAlone(record, options)) actions.push(bodyLimit(limit));
  return actions;
}

/** Host and path as pods see them. */
export function rewriteActions(
  { annotations }: IngressScope,
  { path, type }: { readonly path: string; readonly type: 'exact' | 'prefix' },
): readonly PolicyAction[] {
  const host = annotations.get('rewrite-host');
  const to = annotations.get('rewrite-path');
  const actions: PolicyAction[] = host === undefined ? [] : [{ type: 'replace-host', value: host }];
  if (to === undefined) return actions;
  const rewritten = type === 'exact' ? to : belowPrefix(path, to);
  return [...actions, { type: 'replace-path', value: rewritten }];
}

/**
 * The prefix `/foo` has two rules: for itself, and for what is below it (`/foo/`), of which the rest is kept. All of `to`
 * is plain (see `plainPath`), and of the prefix only its length goes in, so nothing of them is ever run.
 */
function belowPrefix(path: string, to: string): string {
  if (path !== '/' && !path.endsWith('/')) return to;
  const base = to.endsWith('/') ? to : `${to}/`;
  return `tcl:${base}[string range [HTTP::path] ${path.length} end]`;
}

/** `Strict-Transport-Security`, which counts over HTTPS alone. */
export function responseActions({ annotations }: IngressScope, front: Front): readonly PolicyAction[] {
  const hsts = annotations.get('hsts');
  if (hsts === undefined || !front.isSecure) return [];
  return [{ type: 'replace-header', name: 'Strict-Transport-Security', value: printHsts(hsts), side: 'response' }];
}

function printHsts({ maxAge, includeSubDomains, preload }: Hsts): string {
  return `max-age=${maxAge}${includeSubDomains ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}`;
}
