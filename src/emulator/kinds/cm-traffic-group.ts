import { integer, readOnly, text, word } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

/** Traffic groups: the two of an empty box (fact sheet 8.16). */
export const trafficGroupKind = defineKind({
  path: 'cm/traffic-group',
  type: 'traffic group',
  fields: [
    word('autoFailbackEnabled', ['false', 'true']),
    integer('autoFailbackTime', 60),
    text('description'),
    word('failoverMethod', ['ha-order', 'ha-score']),
    integer('haLoadFactor', 1),
    readOnly('isFloating', 'true'),
    text('mac', { default: 'none' }),
    readOnly('monitor', {}),
    readOnly('unitId', 1),
  ],
  stock: [
    { name: 'traffic-group-1' },
    { name: 'traffic-group-local-only', values: { isFloating: 'false', unitId: 0 } },
  ],
});
