import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { SecretRecord } from '../model-ingress.ts';
import type { Identity } from '../records.ts';
import type { Fields } from './fields.ts';
import { intern } from './intern.ts';

/** The type of Secrets that are read; all others are left alone. */
export const TLS_SECRET = 'kubernetes.io/tls';

/** Keeps bytes and gives the checksum that they are found under. */
export type KeepBytes = (bytes: Buffer) => string;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * Cuts a Secret of type kubernetes.io/tls: its bytes go to `keep`, the record holds their checksums. Nothing of what the
 * Secret holds stands in a problem: they name the field, and what is wrong with it.
 */
export function cutSecret(object: Fields, identity: Identity, keep: KeepBytes): SecretRecord {
  const metadata = object.child('metadata');
  const chain = certificatesOf(object);
  const key = keyOf(object);
  const [first] = chain;
  if (first !== undefined && key !== undefined && !first.certificate.checkPrivateKey(key.key)) {
    fault(object, 'tls.key', { found: 'the key of another certificate', expected: 'the key of the first certificate' });
  }
  const isGood = object.problems.length === 0 && first !== undefined && key !== undefined;
  const others = chain.slice(1).map(({ pem }) => `${pem}\n`);
  return {
    kind: 'Secret',
    namespace: intern(identity.namespace),
    name: identity.name,
    uid: metadata.string('uid') ?? '',
    creationTimestamp: metadata.string('creationTimestamp') ?? '',
    certificate: isGood ? keep(Buffer.from(`${first.pem}\n`)) : '',
    key: isGood ? keep(Buffer.from(key.pem)) : '',
    ...(isGood && others.length > 0 ? { chain: keep(Buffer.from(others.join(''))) } : {}),
    notBefore: timeOf(first?.certificate.validFrom),
    notAfter: timeOf(first?.certificate.validTo),
  };
}

interface Parsed {
  readonly pem: string;
  readonly certificate: X509Certificate;
}

function certificatesOf(object: Fields): readonly Parsed[] {
  const expected = 'a certificate in PEM, those of its authorities after it';
  const text = textOf(object, 'tls.crt', expected);
  if (text === undefined) return [];
  const pems = text.match(CERTIFICATE) ?? [];
  if (pems.length === 0) fault(object, 'tls.crt', { found: 'no certificate', expected });
  return pems.flatMap((pem, index) => {
    try {
      return [{ pem, certificate: new X509Certificate(pem) }];
    } catch {
      fault(object, 'tls.crt', { found: `a certificate that cannot be read (number ${index + 1})`, expected });
      return [];
    }
  });
}

function keyOf(object: Fields): { readonly pem: string; readonly key: KeyObject } | undefined {
  const expected = 'a private key in PEM without a passphrase';
  const text = textOf(object, 'tls.key', expected);
  if (text === undefined) return undefined;
  try {
    return { pem: text.endsWith('\n') ? text : `${text}\n`, key: createPrivateKey(text) };
  } catch {
    const isLocked = text.includes('ENCRYPTED');
    fault(object, 'tls.key', { found: isLocked ? 'a key with a passphrase' : 'no key that can be read', expected });
    return undefined;
  }
}

/** The text of one entry: of `data` (base64), or of `stringData`, which is the stronger one. */
function textOf(object: Fields, name: string, expected: string): string | undefined {
  const plain = entryOf(object.raw('stringData'), name);
  const encoded = entryOf(object.raw('data'), name);
  const value = plain ?? encoded;
  if (typeof value !== 'string' || value === '') {
    fault(object, name, { found: value === undefined || value === '' ? 'nothing' : 'no text', expected });
    return undefined;
  }
  if (plain !== undefined) return value;
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)) {
    fault(object, name, { found: 'something that is no base64', expected });
    return undefined;
  }
  return Buffer.from(value, 'base64').toString('utf8');
}

// Not by `Fields.child`: what stands there in place of a map would be shown.
function entryOf(map: unknown, name: string): unknown {
  const isMap = typeof map === 'object' && map !== null && Object.hasOwn(map, name);
  return isMap ? ((map as Readonly<Record<string, unknown>>)[name] ?? undefined) : undefined;
}

function fault(object: Fields, name: string, said: { readonly found: string; readonly expected: string }): void {
  object.fault(['data', name], said.found, said.expected);
}

/** X509 prints `Jan  1 00:00:00 2026 GMT`. */
function timeOf(text: string | undefined): string {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}
