import { createPrivateKey, type KeyObject } from 'node:crypto';
import { secret } from '../fields/secret.ts';
import { readOnly } from '../fields/scalars.ts';
import { defineKind, type Draft } from '../kind.ts';
import { checkUsers } from '../profiles/cert-key-chain.ts';
import { keyFacts } from './certificate.ts';
import { fileInUse, unreadable } from './errors.ts';
import { fileFields, takeContent } from './file-fields.ts';

/** The passphrase of a body, to open the key with; it is stored encrypted only. */
function openWith(content: string, draft: Draft): KeyObject {
  const { plainPassphrase } = draft.values;
  try {
    return createPrivateKey({
      key: content,
      ...(typeof plainPassphrase === 'string' ? { passphrase: plainPassphrase } : {}),
    });
  } catch {
    throw unreadable('private key', String(draft.values['sourcePath']).replace('file://', ''));
  }
}

/** `passphrase`: printed as the master key encrypts it. */
const passphrase = secret('passphrase');

/** Key files (fact sheet 8.11). */
export const sslKeyKind = defineKind({
  path: 'sys/file/ssl-key',
  type: 'Certificate Key File',
  fields: [
    ...fileFields(33_184),
    readOnly('curveName', 'none'),
    readOnly('keySize', undefined),
    readOnly('keyType', undefined),
    {
      ...passphrase,
      parse: (value, context) => {
        const stored = passphrase.parse?.(value, context);
        return stored === undefined ? undefined : { stored, plain: typeof value === 'string' ? value : '' };
      },
    },
    readOnly('securityType', 'normal'),
  ],
  stock: [
    {
      name: 'default.key',
      values: {
        createTime: '2020-01-23T01:10:20Z',
        createdBy: 'root',
        keySize: 2048,
        keyType: 'rsa-private',
        lastUpdateTime: '2020-01-23T01:10:20Z',
        systemPath: '/config/ssl/ssl.key/default.key',
        updatedBy: 'root',
      },
    },
  ],
  hooks: {
    prepare: (draft, session) => {
      const given = draft.values['passphrase'];
      if (typeof given === 'object' && given !== null) {
        const { stored, plain } = given as { stored: string; plain: string };
        Object.assign(draft.values, { passphrase: stored, plainPassphrase: plain });
      }
      const content = takeContent(draft, session);
      if (content !== undefined) {
        const key = openWith(content, draft);
        const { size, curve, type } = keyFacts(key);
        const isOpen = !/ENCRYPTED/v.test(content);
        Object.assign(draft.values, {
          content: String(key.export({ type: 'pkcs8', format: 'pem' })),
          curveName: curve,
          keySize: size,
          keyType: `${type}-private`,
          securityType: isOpen ? 'normal' : 'password',
        });
      }
      draft.values['plainPassphrase'] = undefined;
    },
    check: checkUsers,
    inUse: (file) => fileInUse(file.fullPath),
  },
});
