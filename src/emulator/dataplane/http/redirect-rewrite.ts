import { isIP } from 'node:net';
import type { VirtualConfig } from '../model.ts';
import type { Settings } from '../settings.ts';
import { textSetting } from '../settings.ts';
import { headerValues, withHeader, withoutHeader } from './head.ts';
import type { RequestHead, ResponseHead } from './head.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 305, 307]);

/**
 * The response with its `Location` as the http profile's `redirectRewrite` wants it: `all` sends every `http:` redirect
 * to `https:`, `matching` those to the very address that was asked for (but for a slash at its end), and `nodes` puts the
 * virtual server's address and `https:` for an IP address as host (K: the descriptions of the profile's settings).
 */
export function rewriteRedirect(
  response: ResponseHead,
  request: RequestHead,
  { settings, virtual }: { readonly settings: Settings | undefined; readonly virtual: VirtualConfig },
): ResponseHead {
  const mode = textSetting(settings, 'redirectRewrite');
  const [location] = headerValues(response, 'location');
  if (mode === undefined || location === undefined || !REDIRECTS.has(response.status)) return response;
  const [, host, rest] = /^http:\/\/([^/?#]*)(.*)$/i.exec(location) ?? [];
  if (host === undefined || rest === undefined || !wanted(mode, { host, rest }, request)) return response;
  const shown = mode === 'nodes' ? printHost(virtual.address) : host;
  return withHeader(withoutHeader(response, 'location'), 'Location', `https://${shown}${rest}`);
}

function wanted(mode: string, to: { readonly host: string; readonly rest: string }, request: RequestHead): boolean {
  if (mode === 'all') return true;
  if (mode === 'nodes') return isIP(to.host.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '')) !== 0;
  const [asked = ''] = headerValues(request, 'host');
  return mode === 'matching' && to.host === asked && bare(to.rest) === bare(request.target);
}

function bare(path: string): string {
  return path.replace(/\/$/, '');
}

function printHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
