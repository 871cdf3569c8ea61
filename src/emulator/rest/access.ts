import type { Principal } from '../auth/users.ts';
import { mcpError } from '../errors/device-error.ts';
import type { Kind } from '../kinds/kind.ts';
import type { ConfigObject } from '../store/object.ts';
import { rootOf } from '../store/scope.ts';

/** Roles that may write configuration objects in their partitions. */
const writers = new Set(['admin', 'resource-admin', 'manager', 'application-editor']);
/** Roles that may write outside partitions (partitions, users, system), and what is of the network or of a pair in one. */
const administrators = new Set(['admin', 'resource-admin']);

/** Whether a principal sees a partition: its own, `Common`, and what is in none. */
export function maySee(principal: Principal, partition: string | undefined): boolean {
  return (
    principal.partitions === undefined ||
    partition === undefined ||
    partition === 'Common' ||
    principal.partitions.includes(partition)
  );
}

/** Whether a principal sees an object; items of a sub-collection go with what they belong to. */
export function mayRead(principal: Principal, object: ConfigObject): boolean {
  const [, owner] = rootOf(object.scope).split('/');
  return maySee(principal, object.partition) && maySee(principal, owner);
}

/** Refuses a write outside the principal's role and partitions (text K, fact sheet 1.5). */
export function requireWrite(principal: Principal, partition: string | undefined, kind: Kind): void {
  const { name, role, partitions } = principal;
  const inFolder = kind.naming === 'folder' && partition !== undefined;
  const allowed = inFolder
    ? (kind.restricted ? administrators : writers).has(role) &&
      (partitions === undefined || partitions.includes(partition))
    : administrators.has(role) && partitions === undefined;
  if (!allowed) {
    const where = partition === undefined ? '' : ` in partition ${partition}`;
    throw mcpError(`01070822:3: Access Denied: User (${name}) may not write ${kind.type} objects${where}`, 403);
  }
}
