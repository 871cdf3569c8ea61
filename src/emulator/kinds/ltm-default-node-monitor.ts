import { monitorRule } from './fields/monitor-rule.ts';
import { settingsKind } from './sys/settings.ts';

/** The monitor of nodes that name none: none on an empty box (K). */
export const defaultNodeMonitorKind = settingsKind('ltm/default-node-monitor', [
  { ...monitorRule(false), name: 'rule', default: 'none' },
]);
