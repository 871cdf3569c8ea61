import { X509Certificate, type KeyObject } from 'node:crypto';

const blocks = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/gv;

/** The certificates of a PEM text, or the one of a DER file given as text; throws when there is none that can be read. */
export function certificatesIn(text: string): readonly X509Certificate[] {
  const found = text.match(blocks) ?? [];
  if (found.length === 0) {
    throw new Error('no certificate');
  }
  return found.map((block) => new X509Certificate(block));
}

/** `CN=a,O=b,C=c`, the most specific first (recorded). */
function printName(name: string | undefined): string {
  return (name ?? '').split('\n').toReversed().join(',');
}

/** Decimal while it fits in 8 bytes, else hex pairs with colons, as OpenSSL prints it. */
function printSerial(hex: string): string {
  return hex.length <= 16 ? String(BigInt(`0x${hex}`)) : (hex.toLowerCase().match(/../gv) ?? []).join(':');
}

/** The version field of a certificate: a TBSCertificate that starts with `[0]` says it, else it is 1. */
function versionIn(raw: Buffer): number {
  const start = raw.indexOf(Buffer.from([0xa0, 0x03, 0x02, 0x01]));
  return start > 0 && start < 16 ? (raw[start + 4] ?? 0) + 1 : 1;
}

/** Size and curve of a key, as the device prints them. */
export function keyFacts(key: KeyObject): { readonly size: number; readonly curve: string; readonly type: string } {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const sizes: Readonly<Record<string, number>> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };
  return {
    size: modulusLength ?? sizes[namedCurve ?? ''] ?? 0,
    curve: namedCurve ?? 'none',
    type: (key.asymmetricKeyType ?? 'rsa').replace(/^rsa-pss$/v, 'rsa'),
  };
}

/** What a certificate file says about itself: of a bundle, its first certificate (fact sheet 8.11). */
export function certificateFacts(text: string): Readonly<Record<string, unknown>> {
  const all = certificatesIn(text);
  const [first] = all;
  if (first === undefined) {
    throw new Error('no certificate');
  }
  const { size, curve, type } = keyFacts(first.publicKey);
  return {
    certificateKeyCurveName: curve,
    certificateKeySize: size,
    expirationDate: Math.floor(Date.parse(first.validTo) / 1000),
    expirationString: first.validTo,
    fingerprint: `SHA256/${first.fingerprint256}`,
    isBundle: all.length > 1 ? 'true' : 'false',
    issuer: printName(first.issuer),
    keyType: `${type}-public`,
    serialNumber: all.length > 1 ? undefined : printSerial(first.serialNumber),
    subject: printName(first.subject),
    subjectAlternativeName: first.subjectAltName,
    version: versionIn(first.raw),
  };
}
