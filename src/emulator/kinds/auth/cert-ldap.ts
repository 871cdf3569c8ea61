import { texts } from '../fields/lists.ts';
import { integer, text, toggle, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';
import { directoryFields } from './directory-fields.ts';

/** `auth cert-ldap`: logins by a client certificate that a directory knows (defaults K). */
export const certLdapKind = defineKind({
  path: 'auth/cert-ldap',
  type: 'Cert-LDAP configuration',
  fields: [
    ...directoryFields,
    text('loginFilter'),
    text('loginName'),
    integer('port', 389, { min: 1, max: 65_535 }),
    word('scope', ['sub', 'base', 'one']),
    text('searchBaseDn'),
    integer('searchTimeout', 30),
    texts('servers'),
    word('ssl', ['disabled', 'enabled', 'start-tls']),
    text('sslCaCertFile'),
    toggle('sslCheckPeer'),
    text('sslCiphers'),
    text('sslClientCert'),
    text('sslClientKey'),
    text('sslCnameField', { default: 'san-other' }),
    text('sslCnameOtheroid'),
    toggle('sso'),
    text('userTemplate'),
    integer('version', 3),
    toggle('warnings', 'enabled'),
  ],
});
