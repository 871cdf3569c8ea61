import { randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { bits, der, integer, octets, oid, sequence, set, time, utf8, yes } from './der.ts';

/** Who a certificate is for, in the words of `sys crypto`. What is absent is left out of the name. */
export interface Subject {
  readonly country?: string;
  readonly state?: string;
  readonly city?: string;
  readonly organization?: string;
  readonly ou?: string;
  readonly commonName?: string;
  readonly emailAddress?: string;
}

/** What a request or a certificate is made of. */
export interface Issue {
  readonly subject: Subject;
  /** Alternative names: host names and addresses. */
  readonly names?: readonly string[];
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
}

const nul = Buffer.from([0x05, 0x00]);
const printable = (text: string): Buffer => der(0x13, Buffer.from(text, 'latin1'));
const ia5 = (text: string): Buffer => der(0x16, Buffer.from(text, 'latin1'));

/** The parts of a name in the order in which OpenSSL writes them (RFC 5280, X.520). */
const parts: readonly (readonly [keyof Subject, string, (text: string) => Buffer])[] = [
  ['country', '2.5.4.6', printable],
  ['state', '2.5.4.8', utf8],
  ['city', '2.5.4.7', utf8],
  ['organization', '2.5.4.10', utf8],
  ['ou', '2.5.4.11', utf8],
  ['commonName', '2.5.4.3', utf8],
  ['emailAddress', '1.2.840.113549.1.9.1', ia5],
];

function nameOf(subject: Subject): Buffer {
  const given = parts.flatMap(([part, id, write]) => {
    const text = subject[part];
    return text === undefined ? [] : [set(sequence(oid(id), write(text)))];
  });
  return sequence(...given);
}

/** PEM of a DER value. */
export function pem(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/gv) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 0
    ? der(0x82, Buffer.from(name, 'ascii'))
    : der(0x87, Buffer.from(ipaddr.parse(name).toByteArray()));
}

/** An extension of X.509 (RFC 5280 4.1). */
export function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return critical ? sequence(oid(id), yes, octets(value)) : sequence(oid(id), octets(value));
}

/** The extension that holds host names and addresses. */
export function alternativeNames(names: readonly string[]): Buffer {
  return extension('2.5.29.17', false, sequence(...names.map(alternativeName)));
}

/** The algorithm that a key signs with: SHA-256, and what kind of key it is. */
function algorithmOf(key: KeyObject): Buffer {
  return key.asymmetricKeyType === 'ec'
    ? sequence(oid('1.2.840.10045.4.3.2'))
    : sequence(oid('1.2.840.113549.1.1.11'), nul);
}

function signed(content: Buffer, key: KeyObject): Buffer {
  return sequence(content, algorithmOf(key), bits(sign('sha256', content, key)));
}

/** A positive serial number of 16 bytes. */
export function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) % 127) + 1;
  return integer(serial);
}

/** A certificate that its own key signs, valid from `now` (milliseconds) for so many days, as PEM. */
export function selfSignedCertificate(issue: Issue, validity: { readonly now: number; readonly days: number }): string {
  const { subject, names = [], key, publicKey } = issue;
  const name = nameOf(subject);
  const { now, days } = validity;
  const own = names.length === 0 ? [] : [alternativeNames(names)];
  const content = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    serialNumber(),
    algorithmOf(key),
    name,
    sequence(time(new Date(now)), time(new Date(now + days * 86_400_000))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension('2.5.29.19', true, sequence(yes)), ...own)),
  );
  return pem('CERTIFICATE', signed(content, key));
}

/** A request for a certificate (PKCS #10, RFC 2986), as PEM. */
export function certificateRequest(issue: Issue, challengePassword?: string): string {
  const { subject, names = [], key, publicKey } = issue;
  const attributes: Buffer[] = [];
  if (challengePassword !== undefined) {
    attributes.push(sequence(oid('1.2.840.113549.1.9.7'), set(utf8(challengePassword))));
  }
  if (names.length > 0) {
    attributes.push(sequence(oid('1.2.840.113549.1.9.14'), set(sequence(alternativeNames(names)))));
  }
  const content = sequence(
    integer(Buffer.from([0])),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa0, ...attributes),
  );
  return pem('CERTIFICATE REQUEST', signed(content, key));
}
