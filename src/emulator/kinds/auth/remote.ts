import type { Field } from '../field.ts';
import { texts } from '../fields/lists.ts';
import { references } from '../fields/references.ts';
import { integer, text, toggle, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import { defineKind, type Kind } from '../kind.ts';
import { directoryFields } from './directory-fields.ts';
import { settingsKind } from '../sys/settings.ts';

/** A password that the recordings show as it was given. */
const shared = (name: string): Field => text(name);

/** `auth radius`: the configuration of RADIUS logins, as recorded on 15.1. */
const radiusKind = defineKind({
  path: 'auth/radius',
  type: 'RADIUS configuration',
  fields: [
    toggle('accountingBug'),
    text('clientId'),
    toggle('debug'),
    text('description'),
    integer('retries', 3),
    word(
      'serviceType',
      [
        'authenticate-only',
        'administrative',
        'call-check',
        'callback-administrative',
        'callback-framed',
        'callback-login',
        'callback-nas-prompt',
        'default',
        'framed',
        'login',
        'nas-prompt',
        'outbound',
      ],
      { default: 'authenticate-only' },
    ),
    references('servers', { target: 'auth/radius-server' }),
  ],
});

/** `auth radius-server`, as recorded on 15.1. */
const radiusServerKind = defineKind({
  path: 'auth/radius-server',
  type: 'RADIUS server',
  fields: [
    text('description'),
    integer('port', 1812, { min: 1, max: 65_535 }),
    secret('secret'),
    text('server'),
    integer('timeout', 3, { min: 1 }),
  ],
});

/** `auth tacacs`, as recorded on 13.1. */
const tacacsKind = defineKind({
  path: 'auth/tacacs',
  type: 'TACACS+ configuration',
  fields: [
    word('accounting', ['send-to-first-server', 'send-to-all-servers']),
    word('authentication', ['use-first-server', 'use-all-servers']),
    toggle('debug'),
    text('description'),
    toggle('encryption', 'enabled'),
    text('protocol'),
    shared('secret'),
    texts('servers'),
    text('service'),
    integer('timeout', 10, { min: 1 }),
  ],
});

/** `auth ldap` (defaults K). */
const ldapKind = defineKind({
  path: 'auth/ldap',
  type: 'LDAP configuration',
  fields: [
    ...directoryFields,
    integer('port', 389, { min: 1, max: 65_535 }),
    word('referrals', ['yes', 'no'], { default: 'yes', since: '13.1' }),
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
    text('userTemplate'),
    integer('version', 3),
    toggle('warnings', 'enabled'),
  ],
});

/** Where logins are checked: `auth source` (defaults K). */
const sourceKind = settingsKind('auth/source', [
  word('fallback', ['false', 'true']),
  word('type', ['local', 'active-directory', 'cert-ldap', 'ldap', 'radius', 'tacacs']),
]);

/** What users of a remote directory may do when no role is found: `auth remote-user` (defaults K). */
const remoteUserKind = settingsKind('auth/remote-user', [
  text('defaultPartition', { default: 'all' }),
  text('defaultRole', { default: 'no-access' }),
  text('description'),
  word('remoteConsoleAccess', ['disabled', 'tmsh']),
]);

/** What passwords have to be: `auth password-policy` (defaults K). */
const passwordPolicyKind = settingsKind('auth/password-policy', [
  text('description'),
  integer('expirationWarning', 7),
  integer('lockoutDuration', 0, { since: '15.1' }),
  integer('maxDuration', 99_999),
  integer('maxLoginFailures', 0),
  integer('minDuration', 0),
  integer('minimumLength', 6, { max: 255 }),
  integer('passwordMemory', 0, { max: 127 }),
  toggle('policyEnforcement', 'enabled'),
  integer('requiredLowercase', 0, { max: 127 }),
  integer('requiredNumeric', 0, { max: 127 }),
  integer('requiredSpecial', 0, { max: 127 }),
  integer('requiredUppercase', 0, { max: 127 }),
]);

/** Everything about who may log in, besides users and partitions. */
export const remoteAuthKinds: readonly Kind[] = [
  radiusServerKind,
  radiusKind,
  tacacsKind,
  ldapKind,
  sourceKind,
  remoteUserKind,
  passwordPolicyKind,
];
