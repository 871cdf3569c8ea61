import { configurationError } from '../errors/mcp.ts';
import { deviceGroupDeviceKind } from './cm/device-group-devices.ts';
import { systemGroups } from './cm/system-groups.ts';
import { integer, text, toggle, word } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

const kept = { autoSync: 'enabled' };

/** Device groups: those of a device on its own, and what users add (fact sheet 8.0, 8.16). */
export const deviceGroupKind = defineKind({
  path: 'cm/device-group',
  type: 'device group',
  fields: [
    toggle('asmSync'),
    toggle('autoSync'),
    text('description'),
    word('fullLoadOnSync', ['false', 'true']),
    integer('incrementalConfigSyncSizeMax', 1024),
    toggle('networkFailover'),
    word('saveOnAutoSync', ['false', 'true']),
    word('type', ['sync-only', 'sync-failover']),
  ],
  subs: [deviceGroupDeviceKind],
  stock: systemGroups.map((name) => (name === 'gtm' ? { name } : { name, values: kept })),
  hooks: {
    beforeDelete: (group) => {
      if (systemGroups.includes(group.name)) {
        throw configurationError(`The system device group (${group.fullPath}) cannot be deleted`);
      }
    },
  },
});
