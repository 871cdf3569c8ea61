import { headerValues } from '../http/head.ts';
import { hostAndPort, uriParts } from './values.ts';
import type { PolicyView } from './values.ts';

/** Commands that a value may hold; each gives the text of the request or connection. */
const commands: Readonly<Record<string, (view: PolicyView, argument: string) => string | undefined>> = {
  'HTTP::host': ({ request }) => request && headerValues(request, 'host')[0],
  'HTTP::uri': ({ request }) => request?.target,
  'HTTP::path': ({ request }) => request && uriParts(request.target).path,
  'HTTP::query': ({ request }) => request && uriParts(request.target).query,
  'HTTP::method': ({ request }) => request?.method,
  'HTTP::header': ({ request }, name) => request && (headerValues(request, name.toLowerCase())[0] ?? ''),
  'IP::client_addr': ({ client }) => client.address,
  'TCP::client_port': ({ client }) => String(client.port),
  'IP::local_addr': ({ local }) => local.address,
  'TCP::local_port': ({ local }) => String(local.port),
};

/** `getfield $host ":" 1`, the one composed form that redirects are commonly written with. */
const HOST_NAME = /\[\s*getfield\s+\[HTTP::host\]\s+"?:"?\s+1\s*\]/g;

/**
 * A parameter of an action. One that begins with `tcl:` may hold the commands above in brackets; the rest of Tcl is not
 * understood: then the action can't be done.
 * @returns undefined if it holds something that is not understood, or not known yet.
 */
export function expand(text: string, view: PolicyView): string | undefined {
  if (!text.startsWith('tcl:')) return text;
  const host = view.request && hostAndPort(headerValues(view.request, 'host')[0] ?? '').host;
  const source = text.slice('tcl:'.length).replaceAll(HOST_NAME, host ?? '');
  let isKnown = true;
  const result = source.replaceAll(/\[([^[\]]*)\]/g, (_all, inner: string) => {
    const [name = '', ...words] = inner.trim().split(/\s+/);
    const value = commands[name]?.(view, words.join(' ').replace(/^(?:value\s+)?"?([^"]*)"?$/, '$1'));
    isKnown &&= value !== undefined;
    return value ?? '';
  });
  return isKnown ? result : undefined;
}
