import { monitorKind } from './monitor-kind.ts';

/** TCP half-open monitors: no payload (fact sheet 8.7). */
export const tcpHalfOpenMonitorKind = monitorKind({ name: 'tcp-half-open', root: 'tcp_half_open' });
