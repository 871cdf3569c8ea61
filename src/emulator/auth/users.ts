import { createHash, timingSafeEqual } from 'node:crypto';

/** A user of the box. */
export interface User {
  readonly name: string;
  readonly password: string;
  /** `admin`, `resource-admin`, `manager`, `operator`, `guest`, ...; default `admin`. */
  readonly role?: string;
  /** Partitions that the role holds in; default all. */
  readonly partitions?: readonly string[];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Whether a password is the user's; takes the same time for any wrong one. */
export function passwordMatches(user: User, password: string): boolean {
  return timingSafeEqual(digest(user.password), digest(password));
}

/** Who makes a request, once that is known. */
export interface Principal {
  readonly name: string;
  readonly role: string;
  /** Undefined: all partitions. */
  readonly partitions: readonly string[] | undefined;
}

/** The principal of a user. */
export function principalOf(user: User): Principal {
  return { name: user.name, role: user.role ?? 'admin', partitions: user.partitions };
}
