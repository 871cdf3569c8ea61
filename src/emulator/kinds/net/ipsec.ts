import type { Field } from '../field.ts';
import { reference } from '../fields/references.ts';
import { integer, text, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import { texts } from '../fields/lists.ts';
import { defineKind, type Kind } from '../kind.ts';

const groups = ['modp1024', 'modp768', 'modp1536', 'modp2048', 'modp3072', 'modp4096', 'modp6144', 'modp8192'];
const identifiers = ['address', 'asn1dn', 'fqdn', 'keyid-tag', 'user-fqdn', 'override'];

const ikePeerKind = defineKind({
  path: 'net/ipsec/ike-peer',
  type: 'IKE peer',
  fields: [
    text('caCertFile'),
    text('crlFile'),
    text('description'),
    integer('dpdDelay', 30),
    word('generatePolicy', ['off', 'on', 'unique']),
    integer('lifetime', 1440, { min: 1 }),
    word('mode', ['main', 'aggressive']),
    text('myCertFile'),
    text('myCertKeyFile'),
    word('myIdType', identifiers),
    text('myIdValue'),
    word('natTraversal', ['off', 'force', 'on']),
    word('passive', ['false', 'true']),
    word('peersCertType', ['none', 'certfile']),
    word('peersIdType', identifiers),
    text('peersIdValue'),
    word('phase1AuthMethod', ['rsa-signature', 'pre-shared-key', 'dss', 'ecdsa-256', 'ecdsa-384', 'ecdsa-521']),
    word('phase1EncryptAlgorithm', ['3des', 'aes128', 'aes192', 'aes256', 'blowfish', 'camellia', 'cast128', 'des']),
    word('phase1HashAlgorithm', ['sha256', 'md5', 'sha1', 'sha384', 'sha512']),
    word('phase1PerfectForwardSecrecy', [...groups, 'ecp256', 'ecp384', 'ecp521']),
    secret('presharedKeyEncrypted'),
    word('prf', ['sha256', 'sha1', 'sha384', 'sha512']),
    word('proposalCheck', ['obey', 'claim', 'exact', 'strict']),
    text('remoteAddress', { default: 'any6' }),
    integer('replayWindowSize', 64),
    word('state', ['enabled', 'disabled']),
    texts('trafficSelector'),
    word('verifyCert', ['false', 'true']),
    texts('version', { default: ['v1'] }),
  ],
  stock: [{ name: 'anonymous', values: { state: 'disabled', passive: 'true' } }],
});

const algorithms: readonly Field[] = [
  word('ikePhase2AuthAlgorithm', [
    'aes-gcm128',
    'aes-gcm192',
    'aes-gcm256',
    'aes-gmac128',
    'aes-gmac192',
    'aes-gmac256',
    'sha1',
    'sha256',
    'sha384',
    'sha512',
  ]),
  word('ikePhase2EncryptAlgorithm', [
    'aes-gcm128',
    '3des',
    'aes128',
    'aes192',
    'aes256',
    'aes-gcm192',
    'aes-gcm256',
    'aes-gmac128',
    'aes-gmac192',
    'aes-gmac256',
    'null',
  ]),
  integer('ikePhase2Lifetime', 1440),
  integer('ikePhase2LifetimeKilobytes', 0),
  word('ikePhase2PerfectForwardSecrecy', ['none', ...groups], { default: 'modp1024' }),
];

const ipsecPolicyKind = defineKind({
  path: 'net/ipsec/ipsec-policy',
  type: 'IPsec policy',
  fields: [
    text('description'),
    ...algorithms,
    word('ipcomp', ['none', 'null', 'deflate']),
    word('mode', ['transport', 'interface', 'isession', 'tunnel']),
    word('protocol', ['esp', 'ah']),
    text('tunnelLocalAddress', { default: 'any6' }),
    text('tunnelRemoteAddress', { default: 'any6' }),
  ],
  stock: [
    { name: 'default-ipsec-policy' },
    { name: 'default-ipsec-policy-interface', values: { mode: 'interface' } },
    { name: 'default-ipsec-policy-isession', values: { mode: 'isession' } },
  ],
});

const trafficSelectorKind = defineKind({
  path: 'net/ipsec/traffic-selector',
  type: 'traffic selector',
  fields: [
    word('action', ['protect', 'bypass', 'discard']),
    text('description'),
    text('destinationAddress', { default: 'any6' }),
    integer('destinationPort', 0, { max: 65_535 }),
    word('direction', ['both', 'in', 'out']),
    integer('ipProtocol', 255, { max: 255 }),
    reference('ipsecPolicy', { target: 'net/ipsec/ipsec-policy' }),
    integer('order', 0),
    text('sourceAddress', { default: 'any6' }),
    integer('sourcePort', 0, { max: 65_535 }),
  ],
});

/** IPsec: peers, policies and what they apply to (defaults K). No tunnel is set up. */
export const ipsecKinds: readonly Kind[] = [ikePeerKind, ipsecPolicyKind, trafficSelectorKind];
