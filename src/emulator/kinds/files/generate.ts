import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { grammarError } from '../../errors/device-error.ts';
import { invalidValue } from '../../errors/mcp.ts';
import { folderIdentity, nameIn } from '../../verbs/identify.ts';
import { createObject } from '../../verbs/write.ts';
import type { Session } from '../../session/session.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';
import { certificateRequest, selfSignedCertificate, type Issue, type Subject } from '../../tls/issue.ts';
import type { Field } from '../field.ts';
import { numberOrWord, text, word } from '../fields/scalars.ts';
import type { Kind } from '../kind.ts';
import { fileMissing } from './errors.ts';
import { sslCertKind } from './ssl-cert.ts';
import { sslKeyKind } from './ssl-key.ts';

type Body = Readonly<Record<string, unknown>>;

const subjectParts = ['country', 'state', 'city', 'organization', 'ou', 'commonName', 'emailAddress'] as const;

/** Who a certificate or a request is for. */
export const subjectFields: readonly Field[] = [
  ...subjectParts.map((part) => text(part)),
  text('subjectAlternativeName'),
  text('challengePassword'),
];

/** Whether a flag of tmsh is given: as a word alone, or as true. */
function isGiven(body: Body, name: string): boolean {
  return [true, 'true', 'yes', ''].includes(body[name] as string | boolean);
}

/** What keys are made of (names as in the tmsh reference, K). */
export const keyFields: readonly Field[] = [
  ...subjectFields,
  text('curveName'),
  { ...text('genCertificate'), shape: 'word' },
  { ...text('genCsr'), shape: 'word' },
  numberOrWord('keySize', '2048'),
  word('keyType', ['rsa-private', 'ec-private'], { default: undefined }),
  numberOrWord('lifetime', '365'),
  text('passphrase'),
  word('securityType', ['normal', 'password'], { default: undefined }),
];

/** The extension that the device appends; one that is there stays. */
export function withExtension(name: string, extension: string): string {
  return name.endsWith(extension) ? name : `${name}${extension}`;
}

function refuseUnknown(kind: Kind, body: Body): void {
  const known = new Set(['name', 'partition', 'subPath', 'command', ...kind.byName.keys()]);
  const unknown = Object.keys(body).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw grammarError(`"${unknown}" unknown property`);
  }
}

/** Reads what a body says, by the fields of its kind. */
function readBody(kind: Kind, body: Body, session: Session): Readonly<Record<string, string | undefined>> {
  refuseUnknown(kind, body);
  const context = session.parseContext(folderIdentity({ ...body, name: nameIn(body) }));
  const given = [...kind.byName].filter(([name]) => name in body);
  return Object.fromEntries(
    given.map(([name, field]) => {
      const value = field.parse?.(body[name], context);
      return [name, typeof value === 'string' ? value : undefined];
    }),
  );
}

function subjectIn(read: Readonly<Record<string, string | undefined>>): Subject {
  const given = subjectParts.map((part) => [part, read[part]] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

/** `DNS:www.example.com, IP:10.0.0.1`: names and addresses. */
function namesIn(given: string | undefined): readonly string[] {
  const names = (given ?? '').split(',').map((each) => each.trim());
  return names.filter((each) => each !== '').map((each) => each.replace(/^(?:DNS|IP(?: Address)?):/v, ''));
}

function issueOf(read: Readonly<Record<string, string | undefined>>, key: KeyObject): Issue {
  const subject = subjectIn(read);
  if (subject.commonName === undefined) {
    throw grammarError('"common-name" must be specified');
  }
  return { subject, names: namesIn(read['subjectAlternativeName']), key, publicKey: createPublicKey(key) };
}

const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

function makeKey(read: Readonly<Record<string, string | undefined>>): KeyObject {
  const { keyType = 'rsa-private', keySize = '2048', curveName = 'prime256v1' } = read;
  if (keyType === 'ec-private') {
    const namedCurve = curves[curveName];
    if (namedCurve === undefined) {
      throw invalidValue('curve-name', curveName);
    }
    return generateKeyPairSync('ec', { namedCurve }).privateKey;
  }
  if (!['1024', '2048', '3072', '4096'].includes(keySize)) {
    throw invalidValue('key-size', keySize);
  }
  return generateKeyPairSync('rsa', { modulusLength: Number(keySize) }).privateKey;
}

/** Makes a file object out of a content that the device has made. Throws the errors of the kind of file, `01020066` too. */
export function storeFile(
  kind: Kind,
  fullPath: string,
  made: { readonly content: string; readonly passphrase?: string | undefined; readonly session: Session },
): ConfigObject {
  const { content, passphrase, session } = made;
  const path = `/config/ssl/${kind === sslKeyKind ? 'ssl.key' : 'ssl.crt'}${fullPath}`;
  const { files } = session.device;
  files.restore(path, Buffer.from(content));
  try {
    const given = passphrase === undefined ? {} : { passphrase };
    return createObject(kind, { name: fullPath, sourcePath: `file:${path}`, ...given }, { session, scope: '' });
  } finally {
    files.remove(path);
  }
}

function days(read: Readonly<Record<string, string | undefined>>): number {
  const number = Number(read['lifetime'] ?? 365);
  if (!Number.isInteger(number) || number < 1 || number > 36_500) {
    throw invalidValue('lifetime', read['lifetime']);
  }
  return number;
}

/** Where requests for certificates are on a device. */
export function requestPath(name: string): string {
  return `/config/ssl/ssl.csr/${name.slice(name.lastIndexOf('/') + 1)}`;
}

/** `create sys crypto key`: a new key, with `gen-certificate` a certificate that it signs, with `gen-csr` a request. */
export function createKey(kind: Kind, body: Body, session: Session): ConfigObject {
  const read = readBody(kind, body, session);
  const identity = folderIdentity({ ...body, name: nameIn(body) });
  const base = identity.fullPath.replace(/\.key$/v, '');
  const key = makeKey(read);
  const { passphrase, challengePassword } = read;
  const protection = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const content = String(key.export({ type: 'pkcs8', format: 'pem', ...protection }));
  const stored = storeFile(sslKeyKind, withExtension(base, '.key'), { content, passphrase, session });
  if (isGiven(body, 'genCertificate')) {
    const validity = { now: session.device.clock.now(), days: days(read) };
    const certificate = selfSignedCertificate(issueOf(read, key), validity);
    storeFile(sslCertKind, withExtension(base, '.crt'), { content: certificate, session });
  }
  if (isGiven(body, 'genCsr')) {
    const request = certificateRequest(issueOf(read, key), challengePassword);
    session.device.files.put(requestPath(base), Buffer.from(request));
  }
  return stored;
}

/** The key that a certificate or a request is made with. Throws `0107134a` when it is not there, or has no content. */
export function keyNamed(name: string | undefined, session: Session): KeyObject {
  if (name === undefined) {
    throw grammarError('"key" must be specified');
  }
  const file =
    session.store.get(sslKeyKind, session.resolve(sslKeyKind.path, name, '/Common')) ??
    session.store.get(sslKeyKind, session.resolve(sslKeyKind.path, `${name}.key`, '/Common'));
  const content = file === undefined ? undefined : textOf(file, 'content');
  if (content === undefined) {
    throw fileMissing(name);
  }
  return createPrivateKey(content);
}

/** `create sys crypto cert`: a certificate for a key that is there, signed by it. */
export function createCertificate(kind: Kind, body: Body, session: Session): ConfigObject {
  const read = readBody(kind, body, session);
  const identity = folderIdentity({ ...body, name: nameIn(body) });
  const issue = issueOf(read, keyNamed(read['key'], session));
  const content = selfSignedCertificate(issue, { now: session.device.clock.now(), days: days(read) });
  return storeFile(sslCertKind, withExtension(identity.fullPath, '.crt'), { content, session });
}

/** The text of a request for a certificate, for the subject that the values of an object name. */
export function requestFor(values: Readonly<Record<string, unknown>>, session: Session): string {
  const read = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  );
  return certificateRequest(issueOf(read, keyNamed(read['key'], session)), read['challengePassword']);
}
