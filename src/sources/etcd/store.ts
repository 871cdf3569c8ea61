/** What flannel keeps in etcd, as one list. */
export interface EtcdList {
  /** Subnets by the last part of their key: `10.244.1.0-24`. */
  readonly items: ReadonlyMap<string, string>;
  /** The value of the key `config`. */
  readonly config: string | undefined;
  /** Where a watch goes on, opaque. */
  readonly position: string;
}

/** One thing that changed: a subnet (undefined: it is gone, deleted or expired), or the configuration. */
export type EtcdChange =
  | { readonly key: string; readonly value: string | undefined }
  | { readonly config: string | undefined };

/** Flannel's part of etcd, whatever the version of the API. */
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
  ): AsyncIterable<readonly EtcdChange[]>;
  close(): Promise<void>;
}

/** What a key below the prefix is: a subnet, the configuration, or nothing of ours. */
export function changeOfKey(prefix: string, full: string, value: string | undefined): EtcdChange | undefined {
  if (full === `${prefix}/config`) return { config: value };
  const subnets = `${prefix}/subnets/`;
  return full.startsWith(subnets) ? { key: full.slice(subnets.length), value } : undefined;
}
