import { integer, numberOrWord } from '../fields/scalars.ts';
import { monitorKind } from './monitor-kind.ts';

/** Inband monitors: they watch traffic. No recording: names and defaults as in the tmsh reference, unchecked (K). */
export const inbandMonitorKind = monitorKind({
  name: 'inband',
  root: 'inband',
  passive: true,
  fields: [
    numberOrWord('failureInterval', '30'),
    integer('failures', 3),
    integer('responseTime', 10),
    numberOrWord('retryTime', '300'),
  ],
});
