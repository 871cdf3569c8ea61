import { word } from '../fields/scalars.ts';
import type { Kind } from '../kind.ts';
import { profileKind } from './profile-kind.ts';

/** Profiles of messages that are passed on: Diameter and DHCP (defaults K, and in part). */
export const messageProfileKinds: readonly Kind[] = [
  profileKind({
    name: 'diameter',
    type: 'Diameter Profile',
    root: 'diameter',
    defaults: {
      connectionPrime: 'disabled',
      destinationRealm: 'none',
      handshakeTimeout: 10,
      hostIpRewrite: 'enabled',
      maxRetransmitAttempts: 1,
      maxWatchdogFailure: 10,
      originHostToClient: 'none',
      originHostToServer: 'none',
      originRealmToClient: 'none',
      originRealmToServer: 'none',
      overwriteDestinationHost: 'enabled',
      parentAvp: 'none',
      persistAvp: 'none',
      resetOnTimeout: 'enabled',
      retransmitTimeout: 10,
      subscriberAware: 'disabled',
      watchdogTimeout: 0,
    },
  }),
  profileKind({
    name: 'dhcpv4',
    type: 'DHCPv4 Profile',
    root: 'dhcpv4',
    defaults: { defaultLeaseTime: 86_400, idleTimeout: 60, maxHops: 4, ttlDecValue: 'by-1', ttlValue: 0 },
    fields: [word('mode', ['relay', 'forwarding'])],
    stock: [{ name: 'dhcpv4_fwd', values: { mode: 'forwarding' } }],
  }),
  profileKind({
    name: 'dhcpv6',
    type: 'DHCPv6 Profile',
    root: 'dhcpv6',
    defaults: { defaultLeaseTime: 86_400, idleTimeout: 60 },
    fields: [word('mode', ['relay', 'forwarding'])],
    stock: [{ name: 'dhcpv6_fwd', values: { mode: 'forwarding' } }],
  }),
];
