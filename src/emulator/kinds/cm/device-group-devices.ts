import { configurationError, notFound } from '../../errors/mcp.ts';
import type { Session } from '../../session/session.ts';
import type { ConfigObject } from '../../store/object.ts';
import { defineKind } from '../kind.ts';
import { systemGroups } from './system-groups.ts';

function isFailover(group: ConfigObject | undefined): boolean {
  return group?.values['type'] === 'sync-failover';
}

/** A member is a device that is known; it is in one `sync-failover` group (texts K). */
function check(item: ConfigObject, session: Session): void {
  const { fullPath, scope } = item;
  if (session.store.lookup('cm/device', fullPath) === undefined) {
    throw notFound('device', fullPath);
  }
  if (!isFailover(session.store.lookup('cm/device-group', scope))) {
    return;
  }
  for (const other of session.store.find('device-group-member', fullPath)) {
    if (other.scope !== scope && isFailover(session.store.lookup('cm/device-group', other.scope))) {
      throw configurationError(`Device (${fullPath}) is already in the sync-failover device group (${other.scope})`);
    }
  }
}

/** The devices of a device group (fact sheet 8.16). The groups of a new box hold the box itself. */
export const deviceGroupDeviceKind = defineKind({
  path: 'cm/device-group/devices',
  type: 'device group member',
  inline: 'devices',
  fields: [],
  stock: ({ hostname }) => systemGroups.map((group) => ({ name: hostname, scope: `/Common/${group}` })),
  hooks: {
    check,
    indexes: (item) => [['device-group-member', item.fullPath]],
  },
});
