import { textOf, type ConfigObject } from '../store/object.ts';
import type { Device } from '../session/device.ts';
import { noMonitor } from './fields/monitor-rule.ts';
import type { MemberHealth } from '../dataplane/model.ts';
import { nodePathOf } from './member-node.ts';
import { nodeMonitor } from './node-status.ts';

/** The monitor rule in force for a member: its own, else its pool's; undefined when neither has one. */
export function memberMonitor(
  member: ConfigObject,
  device: Device,
): { readonly rule: string; readonly own: boolean } | undefined {
  const own = textOf(member, 'monitor');
  if (own === noMonitor) {
    return undefined;
  }
  if (own !== undefined && own !== 'default') {
    return { rule: own, own: true };
  }
  const pool = device.store.lookup('ltm/pool', member.scope);
  const rule = pool === undefined ? undefined : textOf(pool, 'monitor');
  return rule === undefined ? undefined : { rule, own: false };
}

/** What its monitors and those of its node found: `unchecked` without any. */
export function memberHealth(member: ConfigObject, device: Device): MemberHealth {
  const node = device.store.lookup('ltm/node', nodePathOf(member));
  const isWatched =
    memberMonitor(member, device) !== undefined || (node !== undefined && nodeMonitor(node, device) !== undefined);
  return isWatched ? device.health(member.scope, member.fullPath) : 'unchecked';
}

/** The `state` that a GET shows. */
export function memberState(member: ConfigObject, device: Device): string {
  return textOf(member, 'state') === 'user-down' ? 'user-down' : memberHealth(member, device);
}

/** The `session` that a GET shows: `monitor-enabled` when it is monitored and the user did not switch it off. */
export function memberSession(member: ConfigObject, device: Device): string {
  if (textOf(member, 'session') === 'user-disabled') {
    return 'user-disabled';
  }
  const monitored = memberMonitor(member, device) !== undefined && textOf(member, 'state') !== 'user-down';
  return monitored ? 'monitor-enabled' : 'user-enabled';
}
