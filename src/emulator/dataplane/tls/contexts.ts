import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { SecureContext, SecureContextOptions, SecureVersion } from 'node:tls';
import type { ProfileConfig } from '../model.ts';
import { textSetting } from '../settings.ts';

/** Releases of TLS that Node speaks, oldest first, and the option of a profile that turns each off. */
const RELEASES: readonly (readonly [SecureVersion, string])[] = [
  ['TLSv1', 'no-tlsv1'],
  ['TLSv1.1', 'no-tlsv1.1'],
  ['TLSv1.2', 'no-tlsv1.2'],
  ['TLSv1.3', 'no-tlsv1.3'],
];

/** `tmOptions` turned into the oldest and newest release that are left. */
function releases(profile: ProfileConfig): Pick<SecureContextOptions, 'minVersion' | 'maxVersion'> {
  const options = profile.settings['tmOptions'];
  const off = new Set(Array.isArray(options) ? options.map(String) : []);
  const left = RELEASES.filter(([, option]) => !off.has(option)).map(([release]) => release);
  const [minVersion] = left;
  const maxVersion = left.at(-1);
  return minVersion === undefined || maxVersion === undefined ? {} : { minVersion, maxVersion };
}

/**
 * What Node needs to know of an SSL profile. TMOS cipher strings are much like OpenSSL's; one that OpenSSL does not know
 * (`DEFAULT`, `@STRENGTH` forms) is left out.
 */
export function tlsOptions(profile: ProfileConfig): SecureContextOptions {
  const { pairs = [], ca } = profile.tls ?? {};
  const options: SecureContextOptions = {
    ...releases(profile),
    cert: pairs.map(({ cert }) => cert),
    key: pairs.map(({ key }) => key),
    ...(ca === undefined ? {} : { ca }),
  };
  const ciphers = textSetting(profile.settings, 'ciphers');
  return ciphers === undefined || !isKnownCipherList(ciphers) ? options : { ...options, ciphers };
}

/** Whether OpenSSL knows a cipher string, as far as TMOS and it write them alike. */
export function isKnownCipherList(ciphers: string): boolean {
  try {
    return ciphers !== 'DEFAULT' && createSecureContext({ ciphers }) !== undefined;
  } catch {
    return false;
  }
}

const contexts = new WeakMap<ProfileConfig, SecureContext>();

/**
 * The TLS context of an SSL profile, made once for each state of it.
 * @throws {Error} if OpenSSL takes its certificate or key for no good.
 */
export function contextOf(profile: ProfileConfig): SecureContext {
  const context = contexts.get(profile) ?? createSecureContext(tlsOptions(profile));
  contexts.set(profile, context);
  return context;
}

/** Whether a name of a profile or certificate (`*.example.com`: one label) covers what a client asked for. */
function covers(pattern: string, name: string): boolean {
  if (!pattern.startsWith('*.')) return pattern.toLowerCase() === name;
  const dot = name.indexOf('.');
  return dot > 0 && name.slice(dot) === pattern.slice(1).toLowerCase();
}

/** Names of the certificates of a profile, for one without a `serverName` (K: TMOS 14.1 and later). */
function certificateNames({ tls }: ProfileConfig): readonly string[] {
  return (tls?.pairs ?? []).flatMap(({ cert }) => {
    const { subjectAltName = '', subject } = new X509Certificate(cert);
    const alternatives = [...subjectAltName.matchAll(/DNS:([^,\s]+)/g)].map((match) => match[1] ?? '');
    return alternatives.length > 0 ? alternatives : [/CN=([^\n]+)/.exec(subject)?.[1] ?? ''];
  });
}

function namesOf(profile: ProfileConfig): readonly string[] {
  const name = textSetting(profile.settings, 'serverName');
  return name === undefined ? certificateNames(profile) : [name];
}

function isTrue(profile: ProfileConfig, setting: string): boolean {
  return profile.settings[setting] === true || profile.settings[setting] === 'true';
}

/**
 * Which client-ssl profile answers a client: the one that its server name fits, exact names before wildcards; else the
 * default one (`sniDefault`, or the first). Undefined if that one insists on a name that fits (`sniRequire`).
 */
export function profileFor(profiles: readonly ProfileConfig[], serverName: string): ProfileConfig | undefined {
  const name = serverName.toLowerCase();
  const isExact = (profile: ProfileConfig): boolean => namesOf(profile).some((one) => one.toLowerCase() === name);
  const isCovered = (profile: ProfileConfig): boolean => namesOf(profile).some((one) => covers(one, name));
  const fitting = name === '' ? undefined : (profiles.find(isExact) ?? profiles.find(isCovered));
  if (fitting !== undefined) return fitting;
  const byDefault = profiles.find((one) => isTrue(one, 'sniDefault')) ?? profiles[0];
  return byDefault !== undefined && isTrue(byDefault, 'sniRequire') ? undefined : byDefault;
}
