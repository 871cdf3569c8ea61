import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ProfileConfig } from '../model.ts';
import type { ProfileCounts } from '../profile-counts.ts';

const PROTOCOLS: Readonly<Record<string, string>> = {
  TLSv1: 'tlsv1',
  'TLSv1.1': 'tlsv1_1',
  'TLSv1.2': 'tlsv1_2',
  'TLSv1.3': 'tlsv1_3',
};

/** Parts of a cipher suite's name, and what they are counted as. Suites of TLS 1.3 do not name a key exchange. */
const CIPHERS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/AES\w*(GCM|CCM)/, 'aesGcmBulk'],
  [/AES\w*CBC/, 'aesBulk'],
  [/CAMELLIA/, 'camelliaBulk'],
  [/CHACHA20/, 'chacha20Poly1305Bulk'],
  [/3DES|DES_/, 'desBulk'],
  [/ECDHE_RSA/, 'ecdheRsaKeyxchg'],
  [/ECDHE_ECDSA/, 'ecdheEcdsaKeyxchg'],
  [/_DHE_RSA/, 'edhRsaKeyxchg'],
  [/^TLS_RSA_WITH/, 'rsaKeyxchg'],
  [/SHA(\d*)$/, 'shaDigest'],
];

/** What a TLS connection is counted by. */
export interface SecureConnection {
  readonly profile: ProfileConfig | undefined;
  readonly secure: TLSSocket;
  /** The connection that it is in; undefined if TLS made that itself. */
  readonly outside?: Socket;
  /** The other side's certificate was asked for. */
  readonly asksForCertificate: boolean;
}

/** A handshake has succeeded: counts it, and the connection until it ends (statistics of client-ssl and server-ssl). */
export function countSecure(counts: ProfileCounts, connection: SecureConnection): void {
  const { profile, secure, outside, asksForCertificate } = connection;
  const add = (name: string, by?: number): void => counts.add(profile, `common.${name}`, by);
  counts.open(profile, 'common.curConns', 'common.maxConns');
  counts.open(profile, 'common.curNativeConns', 'common.maxNativeConns');
  add('totNativeConns');
  add('nonHwAcceleratedConns');
  const protocol = PROTOCOLS[secure.getProtocol() ?? ''];
  if (protocol !== undefined) add(`protocolUses.${protocol}`);
  const suite = secure.getCipher()?.standardName ?? '';
  for (const [pattern, name] of CIPHERS) if (pattern.test(suite)) add(`cipherUses.${name}`);
  if (secure.isSessionReused()) add('sessCacheHits');
  if (asksForCertificate) add(certificateOf(secure));
  secure.once('close', () => {
    add('curConns', -1);
    add('curNativeConns', -1);
    add('decryptedBytesIn', secure.bytesRead);
    add('decryptedBytesOut', secure.bytesWritten);
    add('encryptedBytesIn', outside?.bytesRead ?? 0);
    add('encryptedBytesOut', outside?.bytesWritten ?? 0);
  });
}

function certificateOf(secure: TLSSocket): string {
  const hasOne = Object.keys(secure.getPeerCertificate() ?? {}).length > 0;
  if (!hasOne) return 'peercertNone';
  return secure.authorized ? 'peercertValid' : 'peercertInvalid';
}

/** A handshake has failed. */
export function countFailure(counts: ProfileCounts, profile: ProfileConfig | undefined): void {
  counts.add(profile, 'common.handshakeFailures');
}
