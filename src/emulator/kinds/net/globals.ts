import { flags } from '../fields/flags.ts';
import { texts } from '../fields/lists.ts';
import { integer, text, toggle, word } from '../fields/scalars.ts';
import type { Kind } from '../kind.ts';
import { settingsKind } from '../sys/settings.ts';

/** Settings of the network as a whole (lldp, multicast and stp recorded on 13.1; the others K). */
export const netGlobalsKinds: readonly Kind[] = [
  settingsKind('net/lldp-globals', [
    text('description'),
    flags(['disabled', 'enabled'], { default: 'disabled' }),
    integer('maxNeighborsPerPort', 10, { max: 65_535 }),
    integer('reinitDelay', 2, { max: 65_535 }),
    integer('txDelay', 2, { max: 65_535 }),
    integer('txHold', 4, { max: 65_535 }),
    integer('txInterval', 30, { max: 65_535 }),
  ]),
  settingsKind('net/multicast-globals', [
    integer('maxPendingPackets', 16, { max: 255 }),
    integer('maxPendingRoutes', 256),
    toggle('rateLimit', 'enabled'),
    integer('routeLookupTimeout', 2),
  ]),
  settingsKind('net/stp-globals', [
    text('configName'),
    integer('configRevision', 0, { max: 65_535 }),
    text('description'),
    integer('fwdDelay', 15, { min: 4, max: 30 }),
    integer('helloTime', 2, { min: 1, max: 10 }),
    integer('maxAge', 20, { min: 6, max: 40 }),
    integer('maxHops', 20, { min: 1, max: 255 }),
    word('mode', ['passthru', 'disabled', 'mstp', 'rstp', 'stp']),
    integer('transmitHold', 6, { min: 1, max: 10 }),
  ]),
  settingsKind('net/dag-globals', [
    integer('dagIpv6PrefixLen', 128, { max: 128 }),
    text('description'),
    word('icmpHash', ['icmp', 'ipicmp']),
    word('roundRobinMode', ['global', 'local']),
  ]),
  settingsKind('net/self-allow', [
    texts('defaults', {
      default: [
        'igmp:0',
        'ospf:0',
        'pim:0',
        'tcp:161',
        'tcp:22',
        'tcp:4353',
        'tcp:443',
        'tcp:53',
        'udp:1026',
        'udp:161',
        'udp:4353',
        'udp:520',
        'udp:53',
      ],
    }),
  ]),
];
