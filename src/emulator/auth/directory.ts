import { timingSafeEqual } from 'node:crypto';
import { rolesOf } from '../kinds/auth/user.ts';
import type { Store } from '../store/store.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { sha512Crypt } from './sha512-crypt.ts';
import type { Principal } from './users.ts';

/** Who is known, and by what. */
export interface Directory {
  /** The principal of a user who may log in; undefined for anyone else. */
  find(name: string): Principal | undefined;
  /** The principal of a name and password; undefined when they do not belong together. */
  check(name: string, password: string): Principal | undefined;
}

function principal(user: ConfigObject): Principal | undefined {
  const roles = rolesOf(user).filter(({ role }) => role !== 'no-access');
  const [first] = roles;
  if (first === undefined) {
    return undefined;
  }
  const general = roles.find(({ name }) => name === 'all-partitions');
  return general === undefined
    ? { name: user.name, role: first.role, partitions: roles.map(({ name }) => name) }
    : { name: user.name, role: general.role, partitions: undefined };
}

function matches(user: ConfigObject, password: string): boolean {
  const hash = textOf(user, 'encryptedPassword') ?? '';
  const salt = /^\$6\$(?<salt>[^$]{1,16})\$/v.exec(hash)?.groups?.['salt'];
  if (salt === undefined) {
    return false;
  }
  const made = Buffer.from(sha512Crypt(password, salt));
  const kept = Buffer.from(hash);
  return made.length === kept.length && timingSafeEqual(made, kept);
}

/** The users of the configuration: those that the emulator started with, and those made since. */
export function directoryOf(store: Store): Directory {
  const user = (name: string): ConfigObject | undefined => store.lookup('auth/user', name);
  return {
    find: (name) => {
      const found = user(name);
      return found === undefined ? undefined : principal(found);
    },
    check: (name, password) => {
      const found = user(name);
      return found === undefined || !matches(found, password) ? undefined : principal(found);
    },
  };
}
