import { memberHealth } from '../kinds/member-status.ts';
import { nodeHealth } from '../kinds/node-status.ts';
import { memberKind } from '../kinds/ltm-pool-members.ts';
import { nodePathOf } from '../kinds/member-node.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { description, type Stats } from './entries.ts';

/** `status.*` of an object (texts: fact sheet 9). */
export interface Availability {
  readonly state: 'available' | 'offline' | 'unknown' | 'unavailable';
  readonly enabled: 'enabled' | 'disabled' | 'disabled-by-parent';
  readonly reason: string;
}

const unknownChildren =
  "The children pool member(s) either don't have service checking enabled, or service check results are not available yet";

function memberEnabled(member: ConfigObject, device: Device): Availability['enabled'] {
  if (textOf(member, 'session') === 'user-disabled' || textOf(member, 'state') === 'user-down') {
    return 'disabled';
  }
  const node = device.store.lookup('ltm/node', nodePathOf(member));
  const off =
    node !== undefined && (textOf(node, 'session') === 'user-disabled' || textOf(node, 'state') === 'user-down');
  return off ? 'disabled-by-parent' : 'enabled';
}

/** Of a pool member. */
export function memberAvailability(member: ConfigObject, device: Device): Availability {
  const enabled = memberEnabled(member, device);
  if (textOf(member, 'state') === 'user-down') {
    return { state: 'offline', enabled, reason: 'Forced down' };
  }
  switch (memberHealth(member, device)) {
    case 'up':
      return { state: 'available', enabled, reason: 'Pool member is available' };
    case 'down':
      return { state: 'offline', enabled, reason: 'Pool member has been marked down by a monitor' };
    case 'checking':
      return { state: 'unknown', enabled, reason: 'Checking' };
    default:
      return { state: 'unknown', enabled, reason: 'Pool member does not have service checking enabled' };
  }
}

/** Of a node; the words of a monitored one are K. */
export function nodeAvailability(node: ConfigObject, device: Device): Omit<Availability, 'enabled'> {
  if (textOf(node, 'state') === 'user-down') {
    return { state: 'offline', reason: 'Forced down' };
  }
  switch (nodeHealth(node, device)) {
    case 'up':
      return { state: 'available', reason: 'Node address is available' };
    case 'down':
      return { state: 'offline', reason: 'Node address has been marked down by a monitor' };
    case 'checking':
      return { state: 'unknown', reason: 'Checking' };
    default:
      return { state: 'unknown', reason: 'Node address does not have service checking enabled' };
  }
}

/** Of a pool, with how many members take new connections. */
export function poolAvailability(
  pool: ConfigObject,
  device: Device,
): Availability & { readonly members: number; readonly up: number; readonly usable: number } {
  const all = [...device.store.collection(memberKind, pool.fullPath).list()].map((member) =>
    memberAvailability(member, device),
  );
  const usable = all.filter((each) => each.enabled === 'enabled' && each.state !== 'offline').length;
  const up = all.filter((each) => each.enabled === 'enabled' && each.state === 'available').length;
  const counts = { members: all.length, up, usable, enabled: 'enabled' as const };
  if (up > 0) {
    return { ...counts, state: 'available', reason: 'The pool is available' };
  }
  if (all.length > 0 && all.every((each) => each.state === 'offline')) {
    return { ...counts, state: 'offline', reason: 'The children pool member(s) are down' };
  }
  if (all.length > 0 && usable === 0) {
    return { ...counts, state: 'unavailable', reason: 'No enabled pool members available' };
  }
  return { ...counts, state: 'unknown', reason: unknownChildren };
}

/** Of a virtual server: that of its pool. */
export function virtualAvailability(virtual: ConfigObject, device: Device): Availability {
  const enabled = virtual.values['enabled'] === 'disabled' ? 'disabled' : 'enabled';
  const pool = device.store.lookup('ltm/pool', textOf(virtual, 'pool') ?? '');
  const of = pool === undefined ? undefined : poolAvailability(pool, device);
  if (of === undefined || of.state === 'unknown') {
    return { state: 'unknown', enabled, reason: unknownChildren };
  }
  return { state: of.state, enabled, reason: of.state === 'available' ? 'The virtual server is available' : of.reason };
}

/** As statistics. */
export function statusStats(availability: Availability): Stats {
  return {
    'status.availabilityState': description(availability.state),
    'status.enabledState': description(availability.enabled),
    'status.statusReason': description(availability.reason),
  };
}
