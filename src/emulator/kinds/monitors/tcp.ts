import { integer } from '../fields/scalars.ts';
import { adaptive, monitorKind, sendReceive } from './monitor-kind.ts';

/** TCP monitors (fact sheet 8.7). */
export const tcpMonitorKind = monitorKind({
  name: 'tcp',
  root: 'tcp',
  fields: [...adaptive, integer('ipDscp', 0, { max: 63 }), ...sendReceive(undefined)],
});
