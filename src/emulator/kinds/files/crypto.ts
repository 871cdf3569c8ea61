import { grammarError } from '../../errors/device-error.ts';
import type { Session } from '../../session/session.ts';
import { folderIdentity, nameIn } from '../../verbs/identify.ts';
import { createObject, modifyObject } from '../../verbs/write.ts';
import { readOnly } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';
import { sslCertKind } from './ssl-cert.ts';
import { sslKeyKind } from './ssl-key.ts';

type Body = Readonly<Record<string, unknown>>;

/** The extension that the device appends; one that is there stays. */
function withExtension(name: string, extension: string): string {
  return name.endsWith(extension) ? name : `${name}${extension}`;
}

/** `install`: makes the file object out of a file on the device, or puts a new content into the one that is there. */
function install(kind: Kind, extension: string): (body: Body, session: Session) => void {
  return (body, session) => {
    const source = body['from-local-file'] ?? body['fromLocalFile'];
    if (typeof source !== 'string' || source === '') {
      throw grammarError('one of the following must be specified:\nfrom-editor, from-local-file, from-url');
    }
    const named = { ...body, name: withExtension(nameIn(body), extension) };
    const identity = folderIdentity(named);
    const { passphrase } = body;
    const content = { sourcePath: `file:${source}`, ...(passphrase === undefined ? {} : { passphrase }) };
    const before = session.store.get(kind, identity.fullPath);
    if (before === undefined) {
      createObject(kind, { name: identity.fullPath, ...content }, { session, scope: '' });
    } else {
      modifyObject(before, content, { session, replace: false });
    }
  };
}

/** `sys crypto cert`: installs certificates (fact sheet 8.11). What it installed is under `sys/file/ssl-cert`. */
export const cryptoCertKind = defineKind({
  path: 'sys/crypto/cert',
  type: 'Certificate',
  fixed: true,
  fields: [readOnly('commonName', undefined)],
  commands: { install: install(sslCertKind, '.crt') },
});

/** `sys crypto key`: installs keys. */
export const cryptoKeyKind = defineKind({
  path: 'sys/crypto/key',
  type: 'Key',
  fixed: true,
  fields: [readOnly('keySize', undefined), readOnly('keyType', undefined)],
  commands: { install: install(sslKeyKind, '.key') },
});
