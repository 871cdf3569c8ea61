import type { Address } from './address.ts';
import type { OriginKey } from './origin.ts';
import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';
import { printEndpoint } from './address.ts';
import { refOf } from './ref.ts';

/**
 * What a person may set on a member: `enabled`; `disabled` = no new connections but those that persist
 * (session user-disabled, state user-up); `offline` = none at all (session user-disabled, state user-down).
 */
export type AdminState = 'enabled' | 'disabled' | 'offline';

/** One address and port behind a pool. Its name on the device is `address:port`, or `address.port` for IPv6. */
export interface PoolMember {
  readonly address: Address;
  readonly port: number;
  /**
   * The node that it stands on. Left out: the one in the pool's partition that is named by the address. Given only where
   * the address is already held by somebody else's node; then the member is named after that: `/Common/web1:80`.
   */
  readonly node?: FullPath;
  /** Left out: enabled. */
  readonly adminState?: AdminState;
  /** Left out: 1. */
  readonly ratio?: number;
  /** Left out: 0. */
  readonly priorityGroup?: number;
  /** Left out: 0, no limit. */
  readonly connectionLimit?: number;
  /** Who gave it, in a pool to which several origins give members; it stands in the member's description. */
  readonly origin?: OriginKey;
}

/** Monitors of a pool: all must pass, or at least `minimum` of them. Sorted full paths; none: it is not monitored. */
export interface MonitorRule {
  readonly minimum?: number;
  readonly monitors: readonly FullPath[];
}

/**
 * Which nodes this pool's members brought along. A member's node is created by the device together with the
 * member; so that it can be removed again after any crash, the pool vouches for it in its own metadata, in the
 * same request that changes the members. Kept by the plan, never given by a source, never compared alone.
 */
export interface NodeLedger {
  /** Names of members' nodes that were there before: used, never changed or removed. Sorted. */
  readonly foreign?: readonly string[];
  /** Names of nodes of former members, still to be removed. Sorted. */
  readonly unused?: readonly string[];
}

/** `ltm pool`, with its members. */
export interface Pool {
  readonly kind: 'pool';
  readonly path: FullPath;
  readonly description?: string;
  /** Left out: round-robin. */
  readonly loadBalancingMode?: string;
  readonly monitor?: MonitorRule;
  /** Left out: none. Other values: reset, drop, reselect. */
  readonly serviceDownAction?: string;
  /** Seconds; left out: 10. */
  readonly slowRampTime?: number;
  /** Below so many available members of the highest priority group, the next group serves, too. Left out: 0, all groups serve. */
  readonly minActiveMembers?: number;
  /** Sorted by {@link memberName}. */
  readonly members?: readonly PoolMember[];
  readonly mark?: Mark;
  readonly nodeLedger?: NodeLedger;
}

/** The member's name on the device: `10.0.0.1:80`, `2001:db8::1.80`. */
export function memberName(member: PoolMember): string {
  return printEndpoint(member);
}

/** Modes in which the ratios of members count (facts 8.2); those of nodes are the nodes' own. */
const RATIO_MODES: ReadonlySet<string> = new Set([
  'ratio-member',
  'ratio-session',
  'ratio-least-connections-member',
  'dynamic-ratio-member',
]);

/** Ratios where the mode knows none, and priority groups that are never told apart. */
function idleOf({ members = [], loadBalancingMode = 'round-robin', minActiveMembers = 0 }: Pool): readonly string[] {
  const differs = (of: (member: PoolMember) => number): boolean =>
    members.some((member) => members[0] !== undefined && of(member) !== of(members[0]));
  const hasRatios = !RATIO_MODES.has(loadBalancingMode) && differs(({ ratio = 1 }) => ratio);
  const hasGroups = minActiveMembers === 0 && differs(({ priorityGroup = 0 }) => priorityGroup);
  return [
    ...(hasRatios
      ? [`has members with different ratios, which mode ${loadBalancingMode} does not look at; expected ratio-member`]
      : []),
    ...(hasGroups
      ? [
          'has members in different priority groups, which all serve at once; expected min-active-members (of the Service) or min_active_members (of the table) of at least 1',
        ]
      : []),
  ];
}

/** How pools are read, compared and ordered. Defaults: recorded from 11.5.4 to 14.1, the same in all. */
export const poolDescriptor: Descriptor<Pool> = {
  kind: 'pool',
  noun: 'pool',
  order: 30,
  marked: 'metadata',
  fields: {
    description: { compare: 'value' },
    loadBalancingMode: { compare: 'value', default: 'round-robin' },
    monitor: { compare: 'value', sortItems: ['monitors'], default: { monitors: [] } },
    serviceDownAction: { compare: 'value', default: 'none' },
    slowRampTime: { compare: 'value', default: 10 },
    minActiveMembers: { compare: 'value', default: 0 },
    members: {
      compare: 'keyed',
      key: (item) => memberName(item as PoolMember),
      itemDefaults: { adminState: 'enabled', ratio: 1, priorityGroup: 0, connectionLimit: 0 },
      parts: { owner: (item) => (item as PoolMember).origin },
    },
    mark: { compare: 'value', sortItems: ['origins'] },
    nodeLedger: { compare: 'bookkeeping', sortItems: ['foreign', 'unused'] },
  },
  idle: idleOf,
  references: (pool) => (pool.monitor?.monitors ?? []).map((path) => refOf('monitor', path)),
  mapAddresses: (pool, map) =>
    pool.members === undefined
      ? pool
      : { ...pool, members: pool.members.map((member) => Object.assign({}, member, { address: map(member.address) })) },
};
