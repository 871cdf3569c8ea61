import type { AdminState, MonitorRule, Pool, PoolMember } from '../../../ir/pool.ts';
import type { Json, RestRequest } from '../request.ts';
import type { Codec, CompileEnv, Update } from './codec.ts';
import { equalValues } from '../../../ir/equal.ts';
import { memberName } from '../../../ir/pool.ts';
import { refOf } from '../../../ir/ref.ts';
import { identityOf, memberPathOf, memberUri, objectPath } from '../names.ts';
import { NONE } from './codec.ts';
import { encodeDescription, encodeMetadata, encodeOwner } from './metadata.ts';

/** What every client sends for the three states (facts 8.1); what a GET shows for `state` may not be sent. */
const ADMIN_STATES: Readonly<Record<AdminState, Json>> = {
  enabled: { session: 'user-enabled', state: 'user-up' },
  disabled: { session: 'user-disabled', state: 'user-up' },
  offline: { session: 'user-disabled', state: 'user-down' },
};

/** The member's own fields. Which node it stands on is its name. */
type MemberField = Exclude<keyof PoolMember, 'address' | 'port' | 'node'>;

/** What a member holds, in a pool of ours and in anybody's. */
export const MEMBER_SETTINGS: {
  readonly [F in Exclude<MemberField, 'origin'>]: (member: Pick<PoolMember, F>) => Json;
} = {
  adminState: ({ adminState }) => ADMIN_STATES[adminState ?? 'enabled'],
  ratio: ({ ratio }) => ({ ratio: ratio ?? 1 }),
  priorityGroup: ({ priorityGroup }) => ({ priorityGroup: priorityGroup ?? 0 }),
  connectionLimit: ({ connectionLimit }) => ({ connectionLimit: connectionLimit ?? 0 }),
};

const MEMBER_PROPERTIES: { readonly [F in MemberField]: (member: PoolMember) => Json } = {
  ...MEMBER_SETTINGS,
  origin: ({ origin }) => ({ description: origin === undefined ? NONE : encodeOwner(origin) }),
};

/** `ltm pool`. The list of members is replaced as a whole; what a member's item leaves out would be reset (facts 4). */
export const poolCodec: Codec<Pool> = {
  properties: {
    description: encodeDescription,
    loadBalancingMode: ({ loadBalancingMode }) => ({ loadBalancingMode: loadBalancingMode ?? 'round-robin' }),
    monitor: ({ monitor }) => ({ monitor: encodeMonitorRule(monitor) }),
    serviceDownAction: ({ serviceDownAction }) => ({ serviceDownAction: serviceDownAction ?? NONE }),
    slowRampTime: ({ slowRampTime }) => ({ slowRampTime: slowRampTime ?? 10 }),
    minActiveMembers: ({ minActiveMembers }) => ({ minActiveMembers: minActiveMembers ?? 0 }),
    members: (pool) => ({ members: (pool.members ?? []).map((member) => encodeMember(pool, member)) }),
    mark: poolMetadata,
    nodeLedger: poolMetadata,
  },
  part: oneMember,
};

function poolMetadata({ mark, nodeLedger }: Pool, { otherMetadata }: CompileEnv<Pool>): Json {
  return encodeMetadata({ mark, nodeLedger, other: otherMetadata });
}

/** `/Common/http and /Common/https`, `min 1 of /Common/http /Common/https`: without braces (ID645289, facts 8.2). */
export function encodeMonitorRule(rule: MonitorRule | undefined): string {
  if (rule === undefined || rule.monitors.length === 0) return NONE;
  if (rule.minimum === undefined) return rule.monitors.join(' and ');
  return `min ${rule.minimum} of ${rule.monitors.join(' ')}`;
}

function encodeMember(pool: Pool, member: PoolMember): Json {
  const body: Record<string, unknown> = { ...identityOf(memberPathOf(pool.path, member)) };
  const { origin: owner, ...always } = MEMBER_PROPERTIES;
  for (const properties of Object.values(always)) Object.assign(body, properties(member));
  if (member.origin !== undefined) Object.assign(body, owner(member));
  return body;
}

/**
 * One call below `/members`, if one member is all that changes. The ledger stands on the pool, so a change of it
 * needs the pool; and a member that moves to another node is another object of the device.
 */
function oneMember({ before, after, fields }: Update): RestRequest | undefined {
  const [item, ...others] = new Set(fields.map(({ field, item }) => (field === 'members' ? item : undefined)));
  if (item === undefined || others.length > 0) return undefined;
  const was = before as Pool;
  const pool = after as Pool;
  if (!equalValues(was.nodeLedger, pool.nodeLedger)) return undefined;
  const old = findMember(was, item);
  const member = findMember(pool, item);
  const ref = refOf('pool', pool.path);
  if (old === undefined) return member === undefined ? undefined : addMember(pool, member);
  if (member === undefined) return { method: 'DELETE', path: memberUri(pool.path, old), ref };
  if (old.node !== member.node) return undefined;
  const body: Record<string, unknown> = {};
  for (const [field, properties] of Object.entries(MEMBER_PROPERTIES)) {
    if (old[field as MemberField] !== member[field as MemberField]) Object.assign(body, properties(member));
  }
  return { method: 'PATCH', path: memberUri(pool.path, member), body, ref };
}

function addMember(pool: Pool, member: PoolMember): RestRequest {
  const path = `${objectPath(pool)}/members`;
  return { method: 'POST', path, body: encodeMember(pool, member), ref: refOf('pool', pool.path) };
}

function findMember(pool: Pool, name: string): PoolMember | undefined {
  return pool.members?.find((member) => memberName(member) === name);
}
