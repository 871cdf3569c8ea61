import { pointers } from './fields/items.ts';
import { text, word } from './fields/scalars.ts';
import { defineKind, type Kind } from './kind.ts';

const target = 'ltm/cipher/rule';

const cipherRuleKind = defineKind({
  path: target,
  type: 'cipher rule',
  fields: [
    text('cipher', { default: 'DEFAULT' }),
    text('description'),
    text('dhGroups', { default: 'DEFAULT', since: '14.0' }),
    text('signatureAlgorithms', { default: 'DEFAULT', since: '14.0' }),
  ],
  stock: [
    { name: 'f5-default', values: { cipher: 'DEFAULT' } },
    { name: 'f5-secure', values: { cipher: 'ECDHE:RSA:!SSLV3:!RC4:!EXP:!DES:!3DES' } },
    { name: 'f5-aes', values: { cipher: 'AES' } },
    { name: 'f5-ecc', values: { cipher: 'ECDHE:ECDHE_ECDSA' } },
  ],
});

const cipherGroupKind = defineKind({
  path: 'ltm/cipher/group',
  type: 'cipher group',
  fields: [
    text('description'),
    word('ordering', ['default', 'speed', 'strength', 'fips', 'hardware']),
    pointers('allow', { target }),
    pointers('exclude', { target }),
    pointers('require', { target }),
  ],
  stock: ['f5-default', 'f5-secure', 'f5-aes', 'f5-ecc'].map((name) => ({
    name,
    values: { allow: [{ fullPath: `/Common/${name}` }] },
  })),
});

/** Cipher rules and groups, from 13.0 (K). */
export const cipherKinds: readonly Kind[] = [cipherRuleKind, cipherGroupKind];
