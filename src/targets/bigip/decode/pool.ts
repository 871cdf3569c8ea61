import type { AdminState, MonitorRule, Pool, PoolMember } from '../../../ir/pool.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Json } from '../request.ts';
import type { DecodeContext } from './values.ts';
import { printAddress } from '../../../ir/address.ts';
import { nameOf, partitionOf } from '../../../ir/ref.ts';
import { decodeOwner } from './metadata.ts';
import { decodeDescription } from './text.ts';
import { absolute, addressOf, itemPath, itemsOf, normalPath, numberOf, splitPort, textOf } from './values.ts';

/** Reads `ltm pool`, with its members if the sub-collection was expanded. */
export function decodePool(path: FullPath, body: Json, context: DecodeContext): Pool {
  const monitor = decodeMonitorRule(textOf(body, 'monitor') ?? '', context);
  const loadBalancingMode = textOf(body, 'loadBalancingMode');
  const serviceDownAction = textOf(body, 'serviceDownAction');
  const slowRampTime = numberOf(body, 'slowRampTime');
  const minActiveMembers = numberOf(body, 'minActiveMembers');
  return {
    kind: 'pool',
    path,
    ...decodeDescription(body),
    ...(loadBalancingMode === undefined ? {} : { loadBalancingMode }),
    ...(monitor === undefined ? {} : { monitor }),
    ...(serviceDownAction === undefined ? {} : { serviceDownAction }),
    ...(slowRampTime === undefined ? {} : { slowRampTime }),
    ...(minActiveMembers === undefined ? {} : { minActiveMembers }),
    members: itemsOf(body, 'membersReference').flatMap((item) => decodeMember(path, item, context)),
  };
}

/**
 * Reads a monitor string: `/Common/http ` (with a trailing blank), `/Common/http and /Common/https `,
 * `min 1 of { /Common/http /Common/tcp }`; undefined for `none`, `default` and nothing (facts 8.2).
 */
export function decodeMonitorRule(text: string, context: DecodeContext): MonitorRule | undefined {
  const [prefix = '', minimum] = /^\s*min\s+(\d+)\s+of\s/.exec(text) ?? [];
  const names = text
    .slice(prefix.length)
    .split(/[\s{}]+/)
    .filter((word) => word !== '' && word !== 'and');
  const monitors = names.map((name) => absolute(name, context)).filter((name) => nameOf(name) !== 'none');
  if (monitors.length === 0 || (monitors.length === 1 && names[0] === 'default')) return undefined;
  return minimum === undefined ? { monitors } : { minimum: Number(minimum), monitors };
}

/** One member; none for those that the device made itself from a name (FQDN): they are read-only (facts 8.1). */
function decodeMember(pool: FullPath, item: Json, context: DecodeContext): readonly PoolMember[] {
  const member = isFromName(item, context) ? undefined : readMember(pool, item, context);
  if (member === undefined) return [];
  const origin = decodeOwner(item);
  return [origin === undefined ? member : { ...member, origin }];
}

/** Whether the device made a member itself, from a name that resolves to its address. */
export function isFromName(item: Json, context: DecodeContext): boolean {
  return textOf(item, 'ephemeral') === 'true' || nameOf(itemPath(item, context) ?? '').startsWith('_auto_');
}

/** A member of this pool as its item shows it, but for whose it is; undefined if it has no address, or no port. */
export function readMember(pool: FullPath, item: Json, context: DecodeContext): PoolMember | undefined {
  const place = splitPort(itemPath(item, context) ?? '');
  if (place === undefined) return undefined;
  // 11.5.4 may leave the address out; the node's name has it then.
  const address = addressOf(textOf(item, 'address') ?? nameOf(place.path), context);
  if (address === undefined) return undefined;
  const node = normalPath(place.path, context);
  const usual = `/${partitionOf(pool)}/${printAddress(address)}`;
  const ratio = numberOf(item, 'ratio');
  const priorityGroup = numberOf(item, 'priorityGroup');
  const connectionLimit = numberOf(item, 'connectionLimit');
  return {
    address,
    port: place.port,
    ...(node === usual ? {} : { node }),
    adminState: decodeAdminState(textOf(item, 'session'), textOf(item, 'state')),
    ...(ratio === undefined ? {} : { ratio }),
    ...(priorityGroup === undefined ? {} : { priorityGroup }),
    ...(connectionLimit === undefined ? {} : { connectionLimit }),
  };
}

/**
 * What a person set, out of what a GET shows: `session` mixes it with health (`monitor-enabled`), `state` shows it only
 * as `user-down` (otherwise up, down, checking, unchecked, fqdn-…: health). A forced-down member is offline whatever its
 * session says (recorded: `user-enabled` with `user-down`, 12.1.1).
 */
function decodeAdminState(session: string | undefined, state: string | undefined): AdminState {
  if (state === 'user-down') return 'offline';
  return session === 'user-disabled' ? 'disabled' : 'enabled';
}
