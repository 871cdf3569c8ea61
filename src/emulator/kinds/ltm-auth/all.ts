import type { Field } from '../field.ts';
import { texts } from '../fields/lists.ts';
import { reference, references } from '../fields/references.ts';
import { appService } from '../fields/app-service.ts';
import { integer, text, toggle, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import { defineKind, type Kind, type KindSpec, type StockObject } from '../kind.ts';

/** Servers and configurations that `ltm auth profile` points at. */
const configurationClass = 'ltm/auth/configuration';

function spec(name: string, type: string, fields: readonly Field[]): KindSpec {
  return { path: `ltm/auth/${name}`, type, fields: [appService(), text('description'), ...fields] };
}

function authKind(name: string, type: string, fields: readonly Field[]): Kind {
  return defineKind(spec(name, type, fields));
}

function configuration(name: string, type: string, fields: readonly Field[]): Kind {
  return defineKind({ ...spec(name, type, fields), class: configurationClass });
}

const search: readonly Field[] = [text('bindDn'), secret('bindPw'), integer('searchTimeout', 30)];

const types = ['ldap', 'radius', 'ssl_cc_ldap', 'ssl_crldp', 'ssl_ocsp', 'tacacs', 'krbdelegate'] as const;
const iRules: Readonly<Record<(typeof types)[number], string>> = {
  ldap: '_sys_auth_ldap',
  radius: '_sys_auth_radius',
  ssl_cc_ldap: '_sys_auth_ssl_cc_ldap',
  ssl_crldp: '_sys_auth_ssl_crldp',
  ssl_ocsp: '_sys_auth_ssl_ocsp',
  tacacs: '_sys_auth_tacacs',
  krbdelegate: '_sys_auth_krbdelegate',
};

const roots: readonly StockObject[] = types.map((name) => ({
  name,
  values: { type: name.replaceAll('_', '-'), rule: `/Common/${iRules[name]}` },
}));

/** Profiles: which configuration checks the users of a virtual server, by which iRule. */
const profileKind = defineKind({
  path: 'ltm/auth/profile',
  type: 'authentication profile',
  class: 'ltm/auth/profile',
  inherits: true,
  fields: [
    appService(),
    reference('configuration', { target: configurationClass }, { default: 'none' }),
    text('cookieKey'),
    text('cookieName'),
    text('credentialSource', { default: 'http-basic-auth' }),
    reference('defaultsFrom', { target: 'ltm/auth/profile' }),
    text('description'),
    toggle('enabled', 'enabled'),
    text('fileName'),
    integer('idleTimeout', 300),
    text('rule'),
    text('type', { default: 'none' }),
  ],
  stock: roots,
});

/** Everything of `ltm auth`: remote authentication for traffic (defaults K, as in the tmsh reference, unchecked). */
export const ltmAuthKinds: readonly Kind[] = [
  authKind('crldp-server', 'CRLDP server', [
    toggle('allowLocal'),
    text('baseDn'),
    text('host'),
    integer('port', 389, { min: 1, max: 65_535 }),
    word('reverseDn', ['disabled', 'enabled']),
  ]),
  authKind('ocsp-responder', 'OCSP responder', [
    toggle('allowCerts', 'enabled'),
    text('caFile'),
    text('caPath'),
    word('certIdDigest', ['sha1', 'md5']),
    toggle('chain', 'enabled'),
    toggle('checkCerts', 'enabled'),
    toggle('explicit', 'enabled'),
    toggle('ignoreAia'),
    toggle('intern', 'enabled'),
    toggle('nonce', 'enabled'),
    word('signDigest', ['sha1', 'md5']),
    text('signKey'),
    text('signer'),
    integer('statusAge', 0),
    toggle('trustOther'),
    text('url'),
    text('vaFile'),
    integer('validityPeriod', 300),
    toggle('verify', 'enabled'),
    toggle('verifyCert', 'enabled'),
    text('verifyOther'),
    toggle('verifySig', 'enabled'),
  ]),
  authKind('radius-server', 'RADIUS server', [
    integer('port', 1812, { min: 1, max: 65_535 }),
    secret('secret'),
    text('server'),
    integer('timeout', 3),
  ]),
  configuration('kerberos-delegation', 'Kerberos delegation', [
    text('clientPrincipal'),
    toggle('debugLogging'),
    text('protocolTransition', { default: 'disabled' }),
    text('serverPrincipal'),
  ]),
  configuration('ldap', 'LDAP configuration', [
    ...search,
    integer('bindTimeout', 30),
    toggle('checkHostAttr'),
    toggle('debug'),
    text('filter'),
    text('groupDn'),
    text('groupMemberAttribute'),
    integer('idleTimeout', 3600),
    word('ignoreAuthInfoUnavail', ['no', 'yes']),
    toggle('ignoreUnknownUser'),
    text('loginAttribute'),
    integer('port', 389, { min: 1, max: 65_535 }),
    word('scope', ['sub', 'base', 'one']),
    text('searchBaseDn'),
    texts('servers'),
    toggle('ssl'),
    text('sslCaCertFile'),
    toggle('sslCheckPeer'),
    text('sslCiphers'),
    text('sslClientCert'),
    text('sslClientKey'),
    text('userTemplate'),
    integer('version', 3),
    toggle('warnings', 'enabled'),
  ]),
  configuration('radius', 'RADIUS configuration', [
    toggle('accountingBug'),
    text('clientId'),
    toggle('debug'),
    integer('retries', 3),
    references('servers', { target: 'ltm/auth/radius-server' }),
  ]),
  configuration('ssl-cc-ldap', 'SSL client certificate LDAP configuration', [
    text('adminDn'),
    secret('adminPassword'),
    text('cacheSize', { default: '20000' }),
    integer('cacheTimeout', 300),
    text('certmapBase'),
    text('certmapKey'),
    toggle('certmapUserSerial'),
    text('groupBase'),
    text('groupKey'),
    text('groupMemberKey'),
    text('roleKey'),
    word('searchType', ['user', 'cert', 'certmap']),
    toggle('secure'),
    texts('servers'),
    text('userBase'),
    text('userClass'),
    text('userKey'),
    texts('validGroups'),
    texts('validRoles'),
  ]),
  configuration('ssl-crldp', 'SSL CRLDP configuration', [
    integer('cacheTimeout', 86_400),
    integer('connectionTimeout', 15),
    references('servers', { target: 'ltm/auth/crldp-server' }),
    integer('updateInterval', 0),
    toggle('useIssuer'),
  ]),
  configuration('ssl-ocsp', 'SSL OCSP configuration', [
    references('responders', { target: 'ltm/auth/ocsp-responder' }),
  ]),
  configuration('tacacs', 'TACACS+ configuration', [
    word('accounting', ['send-to-first-server', 'send-to-all-servers']),
    word('authentication', ['use-first-server', 'use-all-servers']),
    toggle('debug'),
    toggle('encryption', 'enabled'),
    text('protocol'),
    secret('secret'),
    texts('servers'),
    text('service'),
  ]),
  profileKind,
];
