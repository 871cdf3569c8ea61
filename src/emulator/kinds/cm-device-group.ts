import { integer, text, toggle, word } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

const kept = { autoSync: 'enabled' };

/** Device groups: those of a device on its own (fact sheet 8.0, 8.16). */
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
  stock: [{ name: 'device_trust_group', values: kept }, { name: 'gtm' }, { name: 'datasync-global-dg', values: kept }],
});
