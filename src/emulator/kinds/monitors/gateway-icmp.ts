import { adaptive, monitorKind } from './monitor-kind.ts';

/** Gateway ICMP monitors (fact sheet 8.7). */
export const gatewayIcmpMonitorKind = monitorKind({
  name: 'gateway-icmp',
  root: 'gateway_icmp',
  destination: '*:*',
  fields: [...adaptive],
});
