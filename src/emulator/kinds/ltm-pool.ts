import { metadata } from './fields/lists.ts';
import { monitorRule } from './fields/monitor-rule.ts';
import { reference } from './fields/references.ts';
import { appService } from './fields/app-service.ts';
import { integer, numberOrWord, text, toggle, word } from './fields/scalars.ts';
import { defineKind } from './kind.ts';
import { memberKind } from './ltm-pool-members.ts';

/** `loadBalancingMode` (fact sheet 8.2). */
const modes = [
  'round-robin',
  'dynamic-ratio-member',
  'dynamic-ratio-node',
  'fastest-app-response',
  'fastest-node',
  'least-connections-member',
  'least-connections-node',
  'least-sessions',
  'observed-member',
  'observed-node',
  'predictive-member',
  'predictive-node',
  'ratio-least-connections-member',
  'ratio-least-connections-node',
  'ratio-member',
  'ratio-node',
  'ratio-session',
  'weighted-least-connections-member',
  'weighted-least-connections-node',
];

function tos(name: string): ReturnType<typeof numberOrWord> {
  return numberOrWord(name, 'pass-through', { words: ['pass-through', 'mimic'], max: 255 });
}

/** Pools (fact sheet 8.2). */
export const poolKind = defineKind({
  path: 'ltm/pool',
  type: 'Pool',
  fields: [
    word('allowNat', ['yes', 'no']),
    word('allowSnat', ['yes', 'no']),
    appService(),
    text('description'),
    reference('gatewayFailsafeDevice', { target: 'cm/device' }),
    toggle('ignorePersistedWeight'),
    tos('ipTosToClient'),
    tos('ipTosToServer'),
    tos('linkQosToClient'),
    tos('linkQosToServer'),
    word('loadBalancingMode', modes),
    integer('minActiveMembers', 0, { max: 65_535 }),
    integer('minUpMembers', 0, { max: 65_535 }),
    word('minUpMembersAction', ['failover', 'reboot', 'restart-all']),
    toggle('minUpMembersChecking'),
    monitorRule(false),
    integer('queueDepthLimit', 0),
    toggle('queueOnConnectionLimit'),
    integer('queueTimeLimit', 0),
    integer('reselectTries', 0, { max: 65_535 }),
    word('serviceDownAction', ['none', 'drop', 'reselect', 'reset']),
    integer('slowRampTime', 10),
    metadata(),
  ],
  subs: [memberKind],
});
