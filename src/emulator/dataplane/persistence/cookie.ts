import { cookieValues } from '../http/cookies.ts';
import { headerValues, withHeader } from '../http/head.ts';
import type { ResponseHead } from '../http/head.ts';
import type { VirtualConfig } from '../model.ts';
import type { Member, Pool } from '../pool.ts';
import { isEnabled, profileOf, textSetting } from '../settings.ts';
import type { Settings } from '../settings.ts';
import { openCookie, sealCookie } from './cookie-cipher.ts';
import { cookieName, cookieNames, decodeCookie, encodeCookie } from './cookie-value.ts';
import type { DecodedCookie } from './cookie-value.ts';
import { hashOfCookie, rdpCookie } from './values.ts';
import type { PersistenceSubject } from './values.ts';

/** The name of the empty cookie that servers set for the method `rewrite` (K). */
const BLANK = 'BIGipCookie';

/**
 * The member (full path) that a client brings along: in the persistence cookie of its request (methods `insert`, `rewrite`
 * and `passive`), or in the routing token of its first bytes (msrdp). Undefined if it names none of the pool.
 */
export function memberOfCookie(config: VirtualConfig, pool: Pool, subject: PersistenceSubject): string | undefined {
  const { persistence } = config;
  const decoded = tokens(config, pool, subject).flatMap((text) => decodeCookie(text) ?? []);
  const isAnywhere = ACROSS.some((name) => isEnabled(persistence?.settings, name));
  for (const each of decoded) {
    for (const member of pool.members.values()) {
      const { config: own } = member;
      if (cookieNames(each, own) || (isAnywhere && namesNode(each, own))) return own.fullPath;
    }
  }
  return undefined;
}

const ACROSS = ['matchAcrossServices', 'matchAcrossVirtuals', 'matchAcrossPools'];

function namesNode(decoded: DecodedCookie, member: { address: string; routeDomain: number; port: number }): boolean {
  return cookieNames({ ...decoded, port: member.port }, member);
}

function tokens(config: VirtualConfig, pool: Pool, { request, bytes }: PersistenceSubject): readonly string[] {
  const { persistence } = config;
  if (persistence?.type === 'msrdp') {
    const token = isEnabled(persistence.settings, 'hasSessionDir') ? rdpCookie('msts', bytes) : undefined;
    return token === undefined ? [] : [token];
  }
  if (request === undefined || !usesCookie(config, ['insert', 'rewrite', 'passive'])) return [];
  return cookieValues(request, nameFor(config, pool)).flatMap((text) => readable(text, persistence?.settings) ?? []);
}

/** A cookie in the clear; undefined: it was to be encrypted, or is by another passphrase. */
function readable(text: string, settings: Settings | undefined): string | undefined {
  const mode = textSetting(settings, 'cookieEncryption');
  const passphrase = textSetting(settings, 'cookieEncryptionPassphrase');
  if (passphrase === undefined || (mode !== 'required' && mode !== 'preferred')) return text;
  return openCookie(text, passphrase) ?? (mode === 'preferred' ? text : undefined);
}

function shown(value: string, settings: Settings | undefined): string {
  const mode = textSetting(settings, 'cookieEncryption');
  const passphrase = textSetting(settings, 'cookieEncryptionPassphrase');
  const isSealed = passphrase !== undefined && (mode === 'required' || mode === 'preferred');
  return isSealed ? sealCookie(value, passphrase) : value;
}

/**
 * A response of `member` with the persistence cookie that is due: with `insert` unless the client has it already (or always:
 * `alwaysSend`), with `rewrite` in place of the empty one that the server sets. `Secure` only where clients use TLS.
 * @param now milliseconds since 1970, for `expiration`.
 */
export function withCookie(
  response: ResponseHead,
  config: VirtualConfig,
  { member, known, now }: { readonly member: Member; readonly known: string | undefined; readonly now: number },
): ResponseHead {
  const { persistence } = config;
  const isRewrite = usesCookie(config, ['rewrite']);
  if (!isRewrite && !usesCookie(config, ['insert'])) return response;
  const isKnown = known === member.config.fullPath && !isEnabled(persistence?.settings, 'alwaysSend');
  const cookie = isKnown && !isRewrite ? undefined : cookieFor(config, member, now);
  if (cookie === undefined) return response;
  if (!isRewrite) return withHeader(response, 'Set-Cookie', cookie);
  const headers = response.headers.map((line) =>
    line.name === 'set-cookie' && line.value.startsWith(`${BLANK}=`)
      ? { ...line, value: cookie, raw: `Set-Cookie: ${cookie}` }
      : line,
  );
  return { ...response, headers };
}

function cookieFor(config: VirtualConfig, member: Member, now: number): string | undefined {
  const settings = config.persistence?.settings;
  const value = encodeCookie(member.config);
  if (value === undefined) return undefined;
  const seconds = expirationSeconds(textSetting(settings, 'expiration') ?? '0');
  const parts = [`${nameFor(config, member.pool)}=${shown(value, settings)}`];
  if (seconds > 0) parts.push(`expires=${new Date(now + seconds * 1000).toUTCString()}`);
  parts.push('path=/');
  if (isEnabled(settings, 'httponly')) parts.push('Httponly');
  if (isEnabled(settings, 'secure') && profileOf(config, 'client-ssl') !== undefined) parts.push('Secure');
  return parts.join('; ');
}

/** Of the method `hash`: what the cookie that a server sets is remembered by. */
export function hashSetBy(response: ResponseHead, { persistence }: VirtualConfig): string | undefined {
  const name = textSetting(persistence?.settings, 'cookieName');
  if (persistence?.type !== 'cookie' || textSetting(persistence.settings, 'method') !== 'hash') return undefined;
  const pairs = headerValues(response, 'set-cookie').map((line) => line.split(';', 1)[0] ?? '');
  const own = pairs.find((pair) => pair.startsWith(`${name}=`));
  return hashOfCookie(persistence.settings, own?.slice(own.indexOf('=') + 1));
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
