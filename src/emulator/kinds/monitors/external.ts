import { reference } from '../fields/references.ts';
import { text } from '../fields/scalars.ts';
import { monitorKind } from './monitor-kind.ts';
import { userDefined } from './user-defined.ts';

/** Monitors that run a program of `sys/file/external-monitor` (defaults K). */
export const externalMonitorKind = monitorKind({
  name: 'external',
  root: 'external',
  opaque: true,
  fields: [userDefined(), text('args'), reference('run', { target: 'sys/file/external-monitor' })],
});
