/** A user of the box. */
export interface User {
  readonly name: string;
  readonly password: string;
  /** `admin`, `resource-admin`, `manager`, `operator`, `guest`, ...; default `admin`. */
  readonly role?: string;
  /** Partitions that the role holds in; default all. */
  readonly partitions?: readonly string[];
}

/** Who makes a request, once that is known. */
export interface Principal {
  readonly name: string;
  readonly role: string;
  /** Undefined: all partitions. */
  readonly partitions: readonly string[] | undefined;
}
