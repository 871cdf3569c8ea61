import type { Field } from '../field.ts';
import { texts } from '../fields/lists.ts';
import { integer, text, toggle, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import { defineKind, type Draft, type Hooks, type Kind } from '../kind.ts';
import { namedByPath } from '../named-by-path.ts';
import { linkHost, versioned } from '../../view/links.ts';
import { settingsKind } from './settings.ts';

/** A list below `sys snmp` (recorded on 13.0). */
function snmpListKind(name: string, fields: readonly Field[], hooks: Hooks = {}): Kind {
  return defineKind({
    path: `sys/snmp/${name}`,
    type: `SNMP ${name}`,
    naming: 'flat',
    noGeneration: true,
    fields,
    hooks: { ...namedByPath, ...hooks },
  });
}

/** What SNMP v3 needs. Passwords are given as such and kept, and shown, under another name. */
const authentication: readonly Field[] = [
  secret('authPassword'),
  secret('authPasswordEncrypted'),
  word('authProtocol', ['none', 'md5', 'sha'], { default: undefined }),
  secret('privacyPassword'),
  secret('privacyPasswordEncrypted'),
  word('privacyProtocol', ['none', 'aes', 'des'], { default: undefined }),
  word('securityLevel', ['no-auth-no-privacy', 'auth-no-privacy', 'auth-privacy'], { default: undefined }),
];

function seal({ values }: Draft): void {
  for (const name of ['authPassword', 'privacyPassword']) {
    if (values[name] !== undefined) {
      values[`${name}Encrypted`] = values[name];
      delete values[name];
    }
  }
}

/** Communities of SNMP v1 and v2c. */
export const snmpCommunityKind = snmpListKind('communities', [
  word('access', ['ro', 'rw']),
  text('communityName'),
  text('description'),
  toggle('ipv6'),
  text('oidSubset'),
  text('source'),
]);

/** Users of SNMP v3. */
export const snmpUserKind = snmpListKind(
  'users',
  [word('access', ['ro', 'rw']), text('description'), text('oidSubset'), text('username'), ...authentication],
  { prepare: seal },
);

/** Where traps go. */
export const snmpTrapKind = snmpListKind(
  'traps',
  [
    text('community'),
    text('description'),
    text('host'),
    // `mgmt` since 12.1, as f5_modules sends it; `default` and `management` before (C).
    word('network', ['default', 'mgmt', 'management', 'other'], { default: undefined }),
    integer('port', 162, { min: 1, max: 65_535 }),
    text('securityName'),
    word('version', ['2c', '1', '3']),
    ...authentication,
  ],
  { prepare: seal },
);

const lists: Readonly<Record<string, string>> = {
  communitiesReference: 'communities',
  trapsReference: 'traps',
  usersReference: 'users',
};

/** `/sys/snmp` (defaults K). */
export const sysSnmpKind = settingsKind(
  'sys/snmp',
  [
    toggle('agentTrap', 'enabled'),
    texts('allowedAddresses', { default: ['127.0.0.0/8'] }),
    toggle('authTrap'),
    toggle('bigipTraps', 'enabled'),
    text('description'),
    text('include'),
    text('sysContact', { default: 'Customer Name <admin@customer.com>' }),
    text('sysLocation', { default: 'Network Closet 1' }),
    integer('sysServices', 78),
    text('trapCommunity'),
    text('trapSource'),
  ],
  {
    label: 'SNMP',
    hooks: {
      decorate: (rendered, _settings, { device }) => {
        const references = Object.entries(lists).map(([name, path]) => {
          const link = versioned(`${linkHost}sys/snmp/${path}`, device);
          return [name, { link, isSubcollection: true }] as const;
        });
        return { ...rendered, ...Object.fromEntries(references) };
      },
    },
  },
);
