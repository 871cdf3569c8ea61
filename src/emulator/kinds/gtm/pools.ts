import { mcpError } from '../../errors/device-error.ts';
import { address } from '../fields/addresses.ts';
import type { Field } from '../field.ts';
import { metadata } from '../fields/lists.ts';
import { appService } from '../fields/app-service.ts';
import { integer, readOnly, text, toggle, word } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';
import { enabledFlags, gtmMonitorRule, trafficLimits } from './fields.ts';
import { poolMemberKind, type RecordType } from './members.ts';

const modes = [
  'round-robin',
  'completion-rate',
  'cpu',
  'drop-packet',
  'fewest-hops',
  'fallback-ip',
  'global-availability',
  'kilobytes-per-second',
  'least-connections',
  'lowest-round-trip-time',
  'none',
  'packet-rate',
  'quality-of-service',
  'ratio',
  'return-to-dns',
  'static-persistence',
  'topology',
  'virtual-server-capacity',
  'virtual-server-score',
];

const weights: readonly (readonly [string, number])[] = [
  ['qosHitRatio', 5],
  ['qosHops', 0],
  ['qosKilobytesSecond', 3],
  ['qosLcs', 30],
  ['qosPacketRate', 1],
  ['qosRtt', 50],
  ['qosTopology', 0],
  ['qosVsCapacity', 0],
  ['qosVsScore', 0],
];

/** What pools of addresses have and pools of names have not. */
function addressFields(type: RecordType): readonly Field[] {
  if (type !== 'a' && type !== 'aaaa') {
    return [];
  }
  // f5_modules sends the names of old releases along; devices take them and do not keep them (C).
  const old = ['fallbackIpv4', 'fallbackIpv6'].map((name) => readOnly(name, undefined));
  return [
    address('fallbackIp', { default: type === 'a' ? 'any' : 'any6' }),
    ...old,
    ...trafficLimits(),
    gtmMonitorRule(true),
  ];
}

function poolKind(type: RecordType): Kind {
  return defineKind({
    path: `gtm/pool/${type}`,
    type: 'pool',
    fields: [
      word('alternateMode', modes),
      appService(),
      text('description'),
      toggle('dynamicRatio'),
      enabledFlags(),
      word('fallbackMode', modes, { default: 'return-to-dns' }),
      word('loadBalancingMode', modes),
      toggle('manualResume'),
      integer('maxAnswersReturned', 1, { min: 1, max: 500 }),
      ...weights.map(([name, initial]) => integer(name, initial)),
      integer('ttl', 30),
      toggle('verifyMemberAvailability', 'enabled'),
      ...addressFields(type),
      metadata(),
    ],
    subs: [poolMemberKind(type)],
    hooks: {
      inUse: (pool) => mcpError(`0107070b:7: Wideip pool (${pool.fullPath}) is referenced by one or more wideips`),
    },
  });
}

/** Pools by type of record (fact sheet 8.13). */
export const gtmPoolKinds: readonly Kind[] = (['a', 'aaaa', 'cname', 'mx', 'naptr', 'srv'] as const).map(poolKind);
