import type { Field } from '../field.ts';
import { integer, numberOrWord, text, word } from '../fields/scalars.ts';
import type { Kind } from '../kind.ts';
import { monitorKind } from './monitor-kind.ts';
import { userDefined } from './user-defined.ts';

const common: readonly Field[] = [
  userDefined(),
  text('community', { default: 'public' }),
  integer('interval', 10, { min: 1, max: 86_400 }),
  integer('timeUntilUp', 0),
  integer('timeout', 30, { min: 1, max: 86_400 }),
  word('version', ['v1', 'v2c']),
];

/** Monitors that read a member's load by SNMP, as recorded on 13.0. They have no destination: it is the node's. */
export const snmpDcaMonitorKinds: readonly Kind[] = [
  monitorKind({
    name: 'snmp-dca',
    root: 'snmp_dca',
    passive: true,
    fields: [
      ...common,
      word('agentType', ['UCD', 'GENERIC', 'OTHER', 'WIN2000']),
      text('cpuCoefficient', { default: '1.5' }),
      numberOrWord('cpuThreshold', '80', { max: 100 }),
      text('diskCoefficient', { default: '2.0' }),
      numberOrWord('diskThreshold', '90', { max: 100 }),
      text('memoryCoefficient', { default: '1.0' }),
      numberOrWord('memoryThreshold', '70', { max: 100 }),
    ],
  }),
  monitorKind({ name: 'snmp-dca-base', root: 'snmp_dca_base', passive: true, fields: common }),
];
