import { text, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import { monitorKind } from './monitor-kind.ts';

/** LDAP monitors: search a directory (defaults K). */
export const ldapMonitorKind = monitorKind({
  name: 'ldap',
  root: 'ldap',
  pace: [10, 31],
  opaque: true,
  fields: [
    text('base'),
    word('chaseReferrals', ['yes', 'no']),
    word('debug', ['no', 'yes']),
    text('filter'),
    word('mandatoryAttributes', ['no', 'yes']),
    secret('password'),
    word('security', ['none', 'ssl', 'tls'], { aliases: { '': 'none' } }),
    text('username'),
  ],
});
