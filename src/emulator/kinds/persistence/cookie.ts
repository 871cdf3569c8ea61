import { word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import { persistenceKind } from './persistence-kind.ts';

/** Cookie persistence (fact sheet 8.10). */
export const cookiePersistenceKind = persistenceKind({
  name: 'cookie',
  root: 'cookie',
  defaults: {
    alwaysSend: 'disabled',
    cookieName: 'none',
    encryptCookiePoolname: 'disabled',
    expiration: '0',
    hashLength: 0,
    hashOffset: 0,
    httponly: 'enabled',
    method: 'insert',
    secure: 'enabled',
    timeout: '180',
  },
  fields: [word('cookieEncryption', ['disabled', 'preferred', 'required']), secret('cookieEncryptionPassphrase')],
});
