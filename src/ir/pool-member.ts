import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { PoolMember } from './pool.ts';
import type { FullPath } from './ref.ts';
import { memberName } from './pool.ts';
import { refOf } from './ref.ts';

/**
 * One member as an object of its own: an item of its pool's sub-collection, written and removed alone, so that the pool
 * and its other members stay as they are. Of somebody else's pool, or of ours where its members alone are asked for; else
 * members are part of their pool. Path: `<pool>/members/<name>`, as below `/mgmt/tm/ltm/pool`.
 */
export interface LoneMember extends PoolMember {
  readonly kind: 'pool-member';
  readonly path: FullPath;
  /** What a person wrote there. Kept, never given. */
  readonly description?: string;
  readonly mark?: Mark;
}

const BELOW = '/members/';

/** The path of a member as an object of its own: `/Common/web/members/10.0.0.1:80`. */
export function loneMemberPath(pool: FullPath, name: string): FullPath {
  return `${pool}${BELOW}${name}`;
}

/** The pool in the path of a member. Names of members hold no slash, so that a folder `members` does no harm. */
export function poolOfLoneMember(path: FullPath): FullPath {
  return path.slice(0, path.lastIndexOf(BELOW));
}

/** A member of a pool as an object of its own. */
export function loneMember(pool: FullPath, member: PoolMember): LoneMember {
  const { origin: _, ...fields } = member;
  return { kind: 'pool-member', path: loneMemberPath(pool, memberName(member)), ...fields };
}

/** How members that are objects of their own are read, compared and ordered. They carry no `metadata`. */
export const loneMemberDescriptor: Descriptor<LoneMember> = {
  kind: 'pool-member',
  noun: 'pool member',
  order: 31,
  marked: 'description',
  shared: true,
  within: (path) => refOf('pool', poolOfLoneMember(path)),
  fields: {
    description: { compare: 'bookkeeping' },
    address: { compare: 'value', immutable: true },
    port: { compare: 'value', immutable: true },
    node: { compare: 'value', immutable: true },
    adminState: { compare: 'value', default: 'enabled' },
    ratio: { compare: 'value', default: 1 },
    priorityGroup: { compare: 'value', default: 0 },
    connectionLimit: { compare: 'value', default: 0 },
    mark: { compare: 'value', sortItems: ['origins'] },
    origin: { compare: 'value' },
  },
  references: ({ path }) => [refOf('pool', poolOfLoneMember(path))],
};
