/** A certificate with its key, both PEM; intermediate certificates follow the certificate. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/** What the files of an SSL profile hold. */
export interface TlsMaterial {
  /** One a kind of key; empty on a server-ssl profile that shows no certificate. */
  readonly pairs: readonly TlsPair[];
  /** PEM of the authorities that certificates of the peer are checked against (`caFile`). */
  readonly ca?: string;
}
