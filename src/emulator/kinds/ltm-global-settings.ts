import { reference } from './fields/references.ts';
import { integer, numberOrWord, readOnly, text, toggle } from './fields/scalars.ts';
import { defineKind, type Kind } from './kind.ts';
import { settingsKind } from './sys/settings.ts';

const evictionPolicyKind = defineKind({
  path: 'ltm/eviction-policy',
  type: 'eviction policy',
  fields: [text('description'), integer('highWater', 95, { max: 100 }), integer('lowWater', 85, { max: 100 })],
  stock: [{ name: 'default-eviction-policy' }],
});

const connectionKind = settingsKind('ltm/global-settings/connection', [
  integer('adaptiveReaperHiwater', 95, { max: 100 }),
  integer('adaptiveReaperLowater', 85, { max: 100 }),
  toggle('autoLastHop', 'enabled'),
  numberOrWord('defaultVsSynChallengeThreshold', 'infinite', { words: ['infinite'], max: 9_999_999 }),
  reference(
    'globalFlowEvictionPolicy',
    { target: 'ltm/eviction-policy' },
    { default: '/Common/default-eviction-policy' },
  ),
  numberOrWord('globalSynChallengeThreshold', '64000', { words: ['infinite'], max: 9_999_999 }),
  readOnly('syncookiesThreshold', 16_384),
  toggle('vlanKeyedConn', 'enabled'),
  toggle('vlanSynCookie', 'enabled'),
]);

/** Settings of traffic as a whole (connection as recorded on 15.1; eviction policies K and in part). */
export const ltmGlobalSettingsKinds: readonly Kind[] = [evictionPolicyKind, connectionKind];
