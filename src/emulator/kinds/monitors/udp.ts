import { word } from '../fields/scalars.ts';
import { adaptive, monitorKind, sendReceive } from './monitor-kind.ts';

/** UDP monitors (fact sheet 8.7). */
export const udpMonitorKind = monitorKind({
  name: 'udp',
  root: 'udp',
  fields: [...adaptive, word('debug', ['no', 'yes']), ...sendReceive('default send string')],
});
