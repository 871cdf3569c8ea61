import type { Field } from '../field.ts';
import { integer, text, toggle, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';

/** How a directory is bound to and searched: what `auth ldap` and `auth cert-ldap` begin with (defaults K). */
export const directoryFields: readonly Field[] = [
  text('bindDn'),
  secret('bindPw'),
  integer('bindTimeout', 30),
  toggle('checkHostAttr'),
  toggle('checkRolesGroup'),
  toggle('debug'),
  text('description'),
  text('filter'),
  text('groupDn'),
  text('groupMemberAttribute'),
  integer('idleTimeout', 3600),
  word('ignoreAuthInfoUnavail', ['no', 'yes']),
  toggle('ignoreUnknownUser'),
  text('loginAttribute'),
];
