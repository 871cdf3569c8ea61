import { createPublicKey } from 'node:crypto';
import { grammarError, mcpError } from '../../errors/device-error.ts';
import type { Session } from '../../session/session.ts';
import { folderIdentity, nameIn } from '../../verbs/identify.ts';
import { createObject, modifyObject } from '../../verbs/write.ts';
import { numberOrWord, readOnly, text } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';
import { readPkcs12, type Pkcs12 } from '../../tls/pkcs12.ts';
import { keyFacts } from './certificate.ts';
import { sourceMissing, unreadable } from './errors.ts';
import {
  createCertificate,
  createKey,
  keyFields,
  keyNamed,
  requestFor,
  requestPath,
  storeFile,
  subjectFields,
  withExtension,
} from './generate.ts';
import { sslCertKind } from './ssl-cert.ts';
import { sslKeyKind } from './ssl-key.ts';

type Body = Readonly<Record<string, unknown>>;

/** Where `install` takes the content from: a file of the device by its path, or by a URL of it. */
function sourceOf(body: Body): string {
  const local = body['from-local-file'] ?? body['fromLocalFile'];
  const url = body['from-url'] ?? body['fromUrl'];
  if (typeof local === 'string' && local !== '') {
    return `file:${local}`;
  }
  if (typeof url !== 'string' || url === '') {
    throw grammarError('one of the following must be specified:\nfrom-editor, from-local-file, from-url');
  }
  if (!url.startsWith('file:')) {
    // Nothing is fetched from elsewhere: the text of a device that does not reach the server (K).
    throw mcpError(`01070712:3: Failed: unable to download (${url})`);
  }
  return url;
}

/** `install`: makes the file object out of a file on the device, or puts a new content into the one that is there. */
function install(kind: Kind, extension: string): (body: Body, session: Session) => void {
  return (body, session) => {
    const sourcePath = sourceOf(body);
    const named = { ...body, name: withExtension(nameIn(body), extension) };
    const identity = folderIdentity(named);
    const { passphrase } = body;
    const content = { sourcePath, ...(passphrase === undefined ? {} : { passphrase }) };
    const before = session.store.get(kind, identity.fullPath);
    if (before === undefined) {
      createObject(kind, { name: identity.fullPath, ...content }, { session, scope: '' });
    } else {
      modifyObject(before, content, { session, replace: false });
    }
  };
}

/**
 * `sys crypto cert`: installs certificates, and makes them for a key (fact sheet 8.11). Both are under `sys/file/ssl-cert`.
 */
export const cryptoCertKind: Kind = defineKind({
  path: 'sys/crypto/cert',
  type: 'Certificate',
  standsFor: sslCertKind.path,
  fields: [...subjectFields, text('key'), numberOrWord('lifetime', '365')],
  makes: (body, session) => createCertificate(cryptoCertKind, body, session),
  commands: { install: install(sslCertKind, '.crt') },
});

/** `sys crypto key`: installs keys, and makes new ones. */
export const cryptoKeyKind: Kind = defineKind({
  path: 'sys/crypto/key',
  type: 'Key',
  standsFor: sslKeyKind.path,
  fields: keyFields,
  makes: (body, session) => createKey(cryptoKeyKind, body, session),
  commands: { install: install(sslKeyKind, '.key') },
});

/** `install` of an archive: its key becomes `NAME.key`, its certificates become `NAME.crt`, the one of the key first. */
function installArchive(body: Body, session: Session): void {
  const path = sourceOf(body).replace(/^file:\/*/v, '/');
  const content = session.device.files.read(path);
  if (content === undefined) {
    throw sourceMissing(path);
  }
  const { passphrase = '' } = body;
  let archive: Pkcs12;
  try {
    archive = readPkcs12(content, String(passphrase));
  } catch {
    throw unreadable('private key', path);
  }
  const { fullPath } = folderIdentity({ ...body, name: nameIn(body) });
  storeFile(sslKeyKind, withExtension(fullPath, '.key'), { content: archive.key, session });
  storeFile(sslCertKind, withExtension(fullPath, '.crt'), { content: archive.certificates.join(''), session });
}

/** `sys crypto pkcs12`: takes archives apart (names as in the tmsh reference, K). */
export const cryptoArchiveKind = defineKind({
  path: 'sys/crypto/pkcs12',
  type: 'PKCS12 archive',
  naming: 'flat',
  fixed: true,
  fields: [],
  commands: { install: installArchive },
});

/** `sys crypto csr`: requests for certificates, recorded on 14.1; the text of one is under `/config/ssl/ssl.csr`. */
export const cryptoCsrKind = defineKind({
  path: 'sys/crypto/csr',
  type: 'Certificate Signing Request',
  naming: 'flat',
  fields: [...subjectFields, text('key'), readOnly('apiRawValues', undefined)],
  hooks: {
    prepare: ({ values, before, identity }, session) => {
      const request = requestFor(values, session);
      session.device.files.put(requestPath(identity.fullPath), Buffer.from(request));
      // It is in the request, and nowhere else.
      values['challengePassword'] = undefined;
      if (before === undefined) {
        const key = keyNamed(typeof values['key'] === 'string' ? values['key'] : undefined, session);
        const { size, type } = keyFacts(createPublicKey(key));
        values['apiRawValues'] = { keySize: String(size), publicKeyType: type.toUpperCase() };
      }
    },
    removed: ({ fullPath }, { device }) => {
      device.files.remove(requestPath(fullPath));
    },
    decorate: (rendered) => {
      const { key: _key, ...shown } = rendered;
      return shown;
    },
  },
});
