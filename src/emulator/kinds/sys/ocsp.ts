import { reference } from '../fields/references.ts';
import { integer, numberOrWord, text, toggle, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import { defineKind } from '../kind.ts';
import { fileReference } from '../files/file-reference.ts';

/** OCSP validators of certificates, as recorded on 13.1. */
export const ocspKind = defineKind({
  path: 'sys/crypto/cert-validator/ocsp',
  type: 'OCSP certificate validator',
  fields: [
    integer('cacheErrorTimeout', 3600),
    numberOrWord('cacheTimeout', 'indefinite', { words: ['indefinite'] }),
    integer('clockSkew', 300),
    integer('concurrentConnectionsLimit', 50, { min: 1 }),
    text('description'),
    reference('dnsResolver', { target: 'net/dns-resolver' }),
    reference('proxyServerPool', { target: 'ltm/pool' }),
    text('responderUrl'),
    reference('routeDomain', { target: 'net/route-domain' }),
    word('signHash', ['sha256', 'sha1']),
    fileReference('signerCert', 'sys/file/ssl-cert'),
    fileReference('signerKey', 'sys/file/ssl-key'),
    secret('signerKeyPassphrase'),
    integer('statusAge', 0),
    toggle('strictRespCertCheck', 'enabled'),
    integer('timeout', 8, { min: 1 }),
    fileReference('trustedResponders', 'sys/file/ssl-cert'),
  ],
});
