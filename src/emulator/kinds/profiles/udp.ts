import { profileKind } from './profile-kind.ts';

/** UDP profiles: defaults of 13.1 (fact sheet 8.9). */
export const udpProfileKind = profileKind({
  name: 'udp',
  type: 'UDP Profile',
  root: 'udp',
  defaults: {
    allowNoPayload: 'disabled',
    bufferMaxBytes: 655350,
    bufferMaxPackets: 0,
    datagramLoadBalancing: 'disabled',
    idleTimeout: '60',
    ipDfMode: 'pmtu',
    ipTosToClient: '0',
    ipTtlMode: 'proxy',
    ipTtlV4: 255,
    ipTtlV6: 64,
    linkQosToClient: '0',
    noChecksum: 'disabled',
    proxyMss: 'disabled',
  },
  stock: [{ name: 'udp_decrement_ttl' }, { name: 'udp_gtm_dns' }],
});
