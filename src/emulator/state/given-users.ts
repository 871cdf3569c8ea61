import { userKind } from '../kinds/auth/user.ts';
import type { ConfigObject } from '../store/object.ts';
import type { Store } from '../store/store.ts';

/** Hashes of passwords, by the names of their users. */
export type Hashes = Readonly<Record<string, unknown>>;

/** The hashes of the passwords that the users of an emulator were given at its start. */
export function givenHashes(store: Store): Hashes {
  const users = [...store.collection(userKind).list()];
  return Object.fromEntries(users.map(({ name, values }) => [name, values['encryptedPassword']]));
}

/**
 * The users whose password, as given at this start, is another than `before`, at the last start: with the new one. So a
 * password that a client changed lasts, and one that was changed in the password file comes into force.
 */
export function withNewPassword(store: Store, given: Hashes, before: Hashes): readonly ConfigObject[] {
  return Object.entries(given).flatMap(([name, encryptedPassword]) => {
    const user = store.get(userKind, name);
    const isNew = before[name] !== encryptedPassword && user?.values['encryptedPassword'] !== encryptedPassword;
    return user === undefined || !isNew ? [] : [{ ...user, values: { ...user.values, encryptedPassword } }];
  });
}
