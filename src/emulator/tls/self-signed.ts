import { generateKeyPairSync, sign } from 'node:crypto';
import type { CertificatePair } from '../options.ts';
import { bits, der, integer, oid, sequence, set, time, utf8, yes } from './der.ts';
import { alternativeNames, extension, pem, serialNumber } from './issue.ts';

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

function extensions(names: readonly string[]): Buffer {
  return der(
    0xa3,
    sequence(
      extension('2.5.29.19', true, sequence(yes)),
      extension('2.5.29.15', true, der(0x03, Buffer.from([2, 0x84]))),
      extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
      alternativeNames(names),
    ),
  );
}

/**
 * A self-signed P-256 certificate for the given host names and addresses, valid from an hour before `now` for a year. It
 * is its own authority, so that a client trusts it by taking it as CA file.
 */
export function selfSigned(names: readonly string[], now: number): CertificatePair {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = sequence(set(sequence(oid('2.5.4.3'), utf8(names[0] ?? 'localhost'))));
  const validity = sequence(time(new Date(now - 3_600_000)), time(new Date(now + 365 * 86_400_000)));
  const toSign = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    serialNumber(),
    ecdsaWithSha256,
    subject,
    validity,
    subject,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    extensions(names),
  );
  const signature = sign('sha256', toSign, keys.privateKey);
  const certificate = sequence(toSign, ecdsaWithSha256, bits(signature));
  return {
    cert: pem('CERTIFICATE', certificate),
    key: String(keys.privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}

/** The names that a certificate for a listen address should carry. */
export function namesFor(host: string, hostname: string): readonly string[] {
  const any = host === '0.0.0.0' || host === '::';
  const names = ['localhost', hostname, '127.0.0.1', '::1', ...(any ? [] : [host])];
  return [...new Set(names)];
}
