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

/** What one certificate says about itself (fact sheet 8.11). */
function factsOf(certificate: X509Certificate): Readonly<Record<string, unknown>> {
  const { size, curve, type } = keyFacts(certificate.publicKey);
  return {
    certificateKeyCurveName: curve,
    certificateKeySize: size,
    expirationDate: Math.floor(Date.parse(certificate.validTo) / 1000),
    expirationString: certificate.validTo,
    fingerprint: `SHA256/${certificate.fingerprint256}`,
    issuer: printName(certificate.issuer),
    keyType: `${type}-public`,
    serialNumber: printSerial(certificate.serialNumber),
    subject: printName(certificate.subject),
    subjectAlternativeName: certificate.subjectAltName,
    version: versionIn(certificate.raw),
  };
}

/** What each certificate of a file says about itself, in their order; throws when there is none that can be read. */
export function bundleFacts(text: string): readonly Readonly<Record<string, unknown>>[] {
  return certificatesIn(text).map(factsOf);
}

/** What a certificate file says about itself: of a bundle, its first certificate, without a serial number. */
export function certificateFacts(text: string): Readonly<Record<string, unknown>> {
  const [first = {}, ...others] = bundleFacts(text);
  return others.length === 0
    ? { ...first, isBundle: 'false' }
    : { ...first, isBundle: 'true', serialNumber: undefined };
}
