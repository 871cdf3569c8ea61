import type { VirtualConfig } from '../model.ts';
import { cookieName, cookieNames, decodeCookie, encodeCookie } from '../persistence-cookie.ts';
import type { Member, Pool } from '../pool.ts';
import { isEnabled, profileOf, textSetting } from '../settings.ts';
import { headerValues } from './head.ts';
import type { RequestHead } from './head.ts';

/**
 * The member (full path) that the request's persistence cookie names; undefined without cookie persistence, cookie,
 * or such a member. The methods `insert` and `passive` are read; `hash` and `rewrite` are not modelled.
 */
export function memberOfCookie(config: VirtualConfig, pool: Pool, request: RequestHead): string | undefined {
  if (!usesCookie(config, ['insert', 'passive'])) return undefined;
  const prefix = `${nameFor(config, pool)}=`;
  const pairs = headerValues(request, 'cookie').flatMap((value) => value.split(';').map((one) => one.trim()));
  for (const pair of pairs.filter((one) => one.startsWith(prefix))) {
    const decoded = decodeCookie(pair.slice(prefix.length));
    if (decoded === undefined) continue;
    for (const member of pool.members.values()) {
      if (cookieNames(decoded, member.config)) return member.config.fullPath;
    }
  }
  return undefined;
}

/**
 * The value of the `Set-Cookie` header for a response of `member`; undefined if none is due: the client has the right
 * cookie already (unless `alwaysSend`), or the method is not `insert`. `Secure` is set only where clients use TLS.
 */
export function cookieFor(config: VirtualConfig, member: Member, known: string | undefined): string | undefined {
  if (!usesCookie(config, ['insert'])) return undefined;
  const settings = config.persistence?.settings;
  if (known === member.config.fullPath && !isEnabled(settings, 'alwaysSend')) return undefined;
  const value = encodeCookie(member.config);
  if (value === undefined) return undefined;
  const seconds = expirationSeconds(textSetting(settings, 'expiration') ?? '0');
  const parts = [`${nameFor(config, member.pool)}=${value}`];
  if (seconds > 0) parts.push(`expires=${new Date(Date.now() + seconds * 1000).toUTCString()}`);
  parts.push('path=/');
  if (isEnabled(settings, 'httponly')) parts.push('Httponly');
  if (isEnabled(settings, 'secure') && profileOf(config, 'client-ssl') !== undefined) parts.push('Secure');
  return parts.join('; ');
}

function usesCookie(config: VirtualConfig, methods: readonly string[]): boolean {
  const method = textSetting(config.persistence?.settings, 'method') ?? 'insert';
  return config.persistence?.type === 'cookie' && methods.includes(method);
}

function nameFor(config: VirtualConfig, pool: Pool): string {
  return textSetting(config.persistence?.settings, 'cookieName') ?? cookieName(pool.config.fullPath);
}

/** `3600`, or days, hours, minutes and seconds from the right: `1:0:0:0`. */
function expirationSeconds(text: string): number {
  const factors = [1, 60, 3600, 86_400];
  const parts = text.split(':').reverse().map(Number);
  const seconds = parts.reduce((sum, part, index) => sum + part * (factors[index] ?? 0), 0);
  return Number.isFinite(seconds) ? seconds : 0;
}
