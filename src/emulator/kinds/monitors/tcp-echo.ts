import { adaptive, monitorKind } from './monitor-kind.ts';

/** TCP echo monitors. */
export const tcpEchoMonitorKind = monitorKind({
  name: 'tcp-echo',
  root: 'tcp_echo',
  destination: '*',
  fields: [...adaptive],
});
