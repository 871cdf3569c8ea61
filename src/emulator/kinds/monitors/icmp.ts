import { adaptive, monitorKind } from './monitor-kind.ts';

/** ICMP monitors: address only (fact sheet 8.7). */
export const icmpMonitorKind = monitorKind({ name: 'icmp', root: 'icmp', destination: '*', fields: [...adaptive] });
