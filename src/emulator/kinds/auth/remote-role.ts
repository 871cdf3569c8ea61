import { invalidValue } from '../../errors/mcp.ts';
import type { Field } from '../field.ts';
import { asText, integer, text, toggle } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';
import { linkHost, versioned } from '../../view/links.ts';
import { settingsKind } from '../sys/settings.ts';
import { namedByPath } from '../named-by-path.ts';

const roles = [
  'acceleration-policy-editor',
  'admin',
  'application-editor',
  'auditor',
  'certificate-manager',
  'firewall-manager',
  'guest',
  'irule-manager',
  'manager',
  'no-access',
  'operator',
  'resource-admin',
  'user-manager',
  'web-application-security-administrator',
  'web-application-security-editor',
];

/** A role by its name with or without hyphens, or a variable of the directory (`%F5-LTM-User-Role`). */
function role(): Field {
  const known = new Set(roles.flatMap((name) => [name, name.replaceAll('-', '')]));
  return {
    name: 'role',
    default: 'no-access',
    parse: (value) => {
      const given = asText(value, 'role');
      if (!known.has(given) && !given.startsWith('%')) {
        throw invalidValue('role', value);
      }
      return given;
    },
  };
}

/** `/auth/remote-role`: what holds the roles (K). */
export const remoteRoleSettingsKind = settingsKind('auth/remote-role', [text('description')], {
  label: 'remote role',
  hooks: {
    decorate: (rendered, _settings, { device }) => {
      const link = versioned(`${linkHost}auth/remote-role/role-info`, device);
      return { ...rendered, roleInfoReference: { link, isSubcollection: true } };
    },
  },
});

/** Roles of users that come from a directory, as recorded on 13.1. The lowest `lineOrder` that fits decides. */
export const remoteRoleKind = defineKind({
  path: 'auth/remote-role/role-info',
  type: 'remote role',
  naming: 'flat',
  noGeneration: true,
  fields: [
    text('attribute'),
    text('console', { default: 'disable' }),
    toggle('deny'),
    text('description'),
    integer('lineOrder', undefined, { min: 1 }),
    role(),
    text('userPartition', { default: 'Common' }),
  ],
  hooks: namedByPath,
});
