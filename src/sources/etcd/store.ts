/** What etcd holds below a prefix, as one list. */
export interface EtcdList {
  /** Values by the rest of their keys, behind the prefix and its slash. */
  readonly items: ReadonlyMap<string, string>;
  /** Where a watch goes on, opaque. */
  readonly position: string;
}

/** Keys that changed, by the rest of their names; undefined: gone, deleted or expired. */
export type EtcdChanges = ReadonlyMap<string, string | undefined>;

/** What is below a prefix in etcd, whatever the version of the API. */
export interface EtcdStore {
  /** Reads all. Rejects with EtcdError. */
  list(signal: AbortSignal): Promise<EtcdList>;
  /**
   * Changes since a position, as they come; ends when the server ends it. `onOpen`: it stands. Throws EtcdError, `gone`
   * if what happened since is no longer kept.
   */
  watch(
    position: string,
    options: { readonly signal: AbortSignal; readonly onOpen: () => void },
  ): AsyncIterable<EtcdChanges>;
  close(): Promise<void>;
}

/** The rest of a key behind the prefix; undefined: it is not below it. */
export function restOf(prefix: string, full: string): string | undefined {
  return full.startsWith(`${prefix}/`) ? full.slice(prefix.length + 1) : undefined;
}
