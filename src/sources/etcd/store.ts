import type { KeyChanges, KeyList, KeyStore } from '../watching/key-feed.ts';

/** Values by the rest of their keys, behind the prefix and its slash. */
export type EtcdList = KeyList<string>;

/** Keys that changed, by the rest of their names; undefined: gone, deleted or expired. */
export type EtcdChanges = KeyChanges<string>;

/** What is below a prefix in etcd, whatever the version of the API. Rejects with EtcdError, `gone` if what happened since a position is no longer kept. */
export type EtcdStore = KeyStore<string>;

/** The rest of a key behind the prefix; undefined: it is not below it, or only says that the prefix is there. */
export function restOf(prefix: string, full: string): string | undefined {
  return full.startsWith(`${prefix}/`) && full.length > prefix.length + 1 ? full.slice(prefix.length + 1) : undefined;
}
