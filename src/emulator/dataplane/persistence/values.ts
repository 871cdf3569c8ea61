import { createHash } from 'node:crypto';
import { maskedAddress } from '../addresses.ts';
import { cookieValues } from '../http/cookies.ts';
import type { RequestHead } from '../http/head.ts';
import type { PersistenceConfig, VirtualConfig } from '../model.ts';
import { numberSetting, textSetting } from '../settings.ts';
import type { Settings } from '../settings.ts';

/** What is known of a connection or request that looks for its member. */
export interface PersistenceSubject {
  /** The client's address. */
  readonly client: string;
  readonly request?: RequestHead | undefined;
  /** The first bytes of a connection, a datagram, or the head of a request. */
  readonly bytes?: Buffer | undefined;
  /** The session that a TLS hello on its way through names, in hexadecimal digits. */
  readonly session?: string | undefined;
}

type Reader = (profile: PersistenceConfig, subject: PersistenceSubject, virtual: VirtualConfig) => string | undefined;

const mask = (settings: Settings): string => textSetting(settings, 'mask') ?? 'none';

/** What each type of persistence hangs on; undefined: it has nothing to go by. */
const readers: Readonly<Record<string, Reader>> = {
  'source-addr': ({ settings }, { client }) => maskedAddress(client, mask(settings)),
  'dest-addr': ({ settings }, _subject, { address }) => maskedAddress(address, mask(settings)),
  universal: ({ key }) => key,
  hash: ({ key, settings }, { bytes }) => key ?? digest(hashedPart(settings, bytes)),
  cookie: ({ settings }, { request }) => cookieHash(settings, request),
  ssl: (_profile, { session }) => nonEmpty(session),
  sip: ({ key, settings }, { bytes }) => key ?? sipValue(textSetting(settings, 'sipInfo'), bytes),
  msrdp: (_profile, { bytes }) => rdpCookie('mstshash', bytes),
  host: (_profile, { request }) => nonEmpty(request?.headers.find(({ name }) => name === 'host')?.value.toLowerCase()),
};

/** What a type of persistence hangs on for a client; undefined: it has nothing to go by. */
export function persistedValue(
  profile: PersistenceConfig,
  subject: PersistenceSubject,
  virtual: VirtualConfig,
): string | undefined {
  return readers[profile.type]?.(profile, subject, virtual);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function digest(bytes: Buffer | undefined): string | undefined {
  return bytes === undefined || bytes.length === 0 ? undefined : createHash('md5').update(bytes).digest('hex');
}

/**
 * The bytes that hash persistence looks at: after `hashStartPattern`, up to `hashEndPattern`, from `hashOffset` on, at most
 * `hashLength` (0: all), within `hashBufferLimit` (0: all) (K: the descriptions of the settings).
 */
function hashedPart(settings: Settings, bytes: Buffer | undefined): Buffer | undefined {
  if (bytes === undefined) return undefined;
  const limit = numberSetting(settings, 'hashBufferLimit', 0);
  let part = limit > 0 ? bytes.subarray(0, limit) : bytes;
  const start = textSetting(settings, 'hashStartPattern');
  if (start !== undefined) {
    const at = part.indexOf(start, 0, 'latin1');
    if (at < 0) return undefined;
    part = part.subarray(at + start.length);
  }
  const end = textSetting(settings, 'hashEndPattern');
  const to = end === undefined ? -1 : part.indexOf(end, 0, 'latin1');
  return slice(settings, to < 0 ? part : part.subarray(0, to));
}

function slice(settings: Settings, bytes: Buffer): Buffer {
  const from = numberSetting(settings, 'hashOffset', 0);
  const length = numberSetting(settings, 'hashLength', 0);
  return bytes.subarray(from, length > 0 ? from + length : undefined);
}

/** Of the method `hash`: the part of the server's own cookie that is hashed. */
export function cookieHash(settings: Settings, request: RequestHead | undefined): string | undefined {
  const name = textSetting(settings, 'cookieName');
  if (request === undefined || name === undefined || textSetting(settings, 'method') !== 'hash') return undefined;
  return hashOfCookie(settings, cookieValues(request, name)[0]);
}

/** The same of a cookie that a server sets. */
export function hashOfCookie(settings: Settings, value: string | undefined): string | undefined {
  return digest(value === undefined ? undefined : slice(settings, Buffer.from(value, 'latin1')));
}

const COMPACT: Readonly<Record<string, string>> = { 'call-id': 'i', from: 'f', to: 't', subject: 's' };

/** The value of a header of a SIP message, also by its short name; `Call-ID` unless another is named. */
function sipValue(info: string | undefined, bytes: Buffer | undefined): string | undefined {
  const wanted = (info ?? 'Call-ID').toLowerCase();
  const lines = bytes?.toString('latin1').split('\r\n\r\n', 1)[0]?.split('\r\n').slice(1) ?? [];
  for (const line of lines) {
    const cut = line.indexOf(':');
    const name = line.slice(0, Math.max(cut, 0)).trim().toLowerCase();
    if (name !== '' && (name === wanted || name === COMPACT[wanted])) return nonEmpty(line.slice(cut + 1).trim());
  }
  return undefined;
}

/**
 * `Cookie: mstshash=USER` or `Cookie: msts=TOKEN` in the first message of a remote desktop client (MS-RDPBCGR 2.2.1.1);
 * the token names the member as a persistence cookie does.
 */
export function rdpCookie(name: 'mstshash' | 'msts', bytes: Buffer | undefined): string | undefined {
  const text = bytes?.toString('latin1', 0, 4096) ?? '';
  return nonEmpty(new RegExp(`Cookie: ${name}=([^\\r\\n;]*)`, 'v').exec(text)?.[1]);
}

/** Whether bytes are enough for what profiles look at; more may come. */
export function hasEnough(profiles: readonly PersistenceConfig[], bytes: Buffer): boolean {
  return profiles.every(({ type, settings }) => {
    if (type === 'sip') return bytes.includes('\r\n\r\n');
    if (type === 'msrdp') return bytes.length >= 4 && bytes.length >= bytes.readUInt16BE(2);
    if (type !== 'hash') return true;
    const limit = numberSetting(settings, 'hashBufferLimit', 0);
    const end = textSetting(settings, 'hashEndPattern');
    const length = numberSetting(settings, 'hashOffset', 0) + numberSetting(settings, 'hashLength', 0);
    if (limit > 0 && bytes.length >= limit) return true;
    return end === undefined ? bytes.length >= Math.max(1, length) : bytes.includes(end, 0, 'latin1');
  });
}

/** Profiles that look at the first bytes of a connection. */
export function lookingAtBytes(profiles: readonly PersistenceConfig[]): readonly PersistenceConfig[] {
  return profiles.filter(({ type, key }) => key === undefined && ['hash', 'sip', 'msrdp'].includes(type));
}
