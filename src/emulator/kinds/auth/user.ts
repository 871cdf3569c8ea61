import { saltFor, sha512Crypt } from '../../auth/sha512-crypt.ts';
import type { User } from '../../auth/users.ts';
import { configurationError, invalidValue, notFound } from '../../errors/mcp.ts';
import type { Session } from '../../session/session.ts';
import type { ConfigObject } from '../../store/object.ts';
import { linkHost, versioned } from '../../view/links.ts';
import type { Field, PrintContext } from '../field.ts';
import { givenItems } from '../fields/items.ts';
import { asText, text, word } from '../fields/scalars.ts';
import { defineKind, type Draft, type StockObject } from '../kind.ts';

/** A role in a partition, or in `all-partitions`. */
export interface PartitionRole {
  readonly name: string;
  readonly role: string;
}

const everywhere = 'all-partitions';
const noAccess: readonly PartitionRole[] = [{ name: everywhere, role: 'no-access' }];

const roles = new Set([
  'acceleration-policy-editor',
  'admin',
  'application-editor',
  'auditor',
  'certificate-manager',
  'firewall-manager',
  'fraud-protection-manager',
  'guest',
  'irule-manager',
  'manager',
  'no-access',
  'operator',
  'resource-admin',
  'user-manager',
  'web-application-security-administrator',
  'web-application-security-editor',
]);

/** The roles of a user, one a partition. */
export function rolesOf(user: ConfigObject): readonly PartitionRole[] {
  const stored = user.values['partitionAccess'];
  return Array.isArray(stored) ? (stored as PartitionRole[]) : noAccess;
}

function readRoles(value: unknown): readonly PartitionRole[] | undefined {
  const items = givenItems(value, 'partition-access').map(({ name, more }) => {
    const role = asText(more['role'] ?? 'no-access', 'role');
    if (!roles.has(role)) {
      throw invalidValue('role', role);
    }
    return { name, role };
  });
  return items.length === 0 ? undefined : items;
}

function printRoles(value: unknown, { device }: PrintContext): unknown {
  const list = Array.isArray(value) ? (value as PartitionRole[]) : [];
  return list.map(({ name, role }) => {
    const link = versioned(`${linkHost}auth/partition/${name}`, device);
    return { name, role, nameReference: { link } };
  });
}

/** Taken from a body and turned into another field before the object is stored. */
function writeOnly(name: string, read: (value: unknown) => unknown): Field {
  return { name, parse: read };
}

function prepare({ values, identity, given }: Draft): void {
  const { password, 'partition-access': access } = values;
  if (typeof password === 'string') {
    values['encryptedPassword'] = sha512Crypt(password, saltFor(identity.name, password));
  }
  if (given.has('partition-access')) {
    values['partitionAccess'] = access;
  }
  delete values['password'];
  delete values['partition-access'];
}

function check(user: ConfigObject, session: Session): void {
  for (const { name } of rolesOf(user)) {
    if (name !== everywhere && session.store.lookup('auth/partition', name) === undefined) {
      throw notFound('partition', name);
    }
  }
}

function stockUser(user: User): StockObject {
  const role = user.role ?? 'admin';
  const partitionAccess = (user.partitions ?? [everywhere]).map((name) => ({ name, role }));
  const encryptedPassword = sha512Crypt(user.password, saltFor(user.name, user.password));
  const description = user.name === 'admin' ? { description: 'Admin User' } : {};
  return { name: user.name, values: { ...description, encryptedPassword, partitionAccess } };
}

/**
 * Users (fact sheet 8.14): their passwords are kept as hashes only, and they can log in. The texts for a partition that
 * is not there, and for deleting `admin`, have no recording (K).
 */
export const userKind = defineKind({
  path: 'auth/user',
  type: 'user',
  naming: 'flat',
  fields: [
    text('description'),
    {
      name: 'encryptedPassword',
      default: '!!',
      parse: (value) => {
        const given = asText(value, 'encrypted-password');
        return given === '' ? undefined : given;
      },
    },
    writeOnly('password', (value) => {
      const given = asText(value, 'password');
      if (given === '') {
        throw invalidValue('password', '');
      }
      return given;
    }),
    writeOnly('partition-access', readRoles),
    { ...word('shell', ['none', 'bash', 'tmsh']), print: (value) => (value === 'none' ? undefined : value) },
    { name: 'partitionAccess', tail: true, default: noAccess, parse: readRoles, print: printRoles },
  ],
  stock: (box) => (box.users ?? []).map(stockUser),
  hooks: {
    prepare,
    check,
    beforeDelete: (user) => {
      if (user.name === 'admin') {
        throw configurationError('The system user (admin) cannot be deleted.');
      }
    },
  },
});
