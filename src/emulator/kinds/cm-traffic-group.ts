import { configurationError } from '../errors/mcp.ts';
import { references } from './fields/references.ts';
import { integer, readOnly, text, word } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

/** Traffic groups: the two of an empty box, and what users add (fact sheet 8.16). */
export const trafficGroupKind = defineKind({
  path: 'cm/traffic-group',
  type: 'traffic group',
  fields: [
    word('autoFailbackEnabled', ['false', 'true']),
    integer('autoFailbackTime', 60),
    text('description'),
    word('failoverMethod', ['ha-order', 'ha-score'], { since: '13.0' }),
    text('haGroup'),
    integer('haLoadFactor', 1),
    readOnly('isFloating', 'true'),
    text('mac', { default: 'none' }),
    readOnly('monitor', {}, { since: '13.0' }),
    readOnly('unitId', 1),
    references('haOrder', { target: 'cm/device' }),
  ],
  stock: [
    { name: 'traffic-group-1' },
    { name: 'traffic-group-local-only', values: { isFloating: 'false', unitId: 0 } },
  ],
  hooks: {
    // What is in no named group is in one of these two (text K).
    beforeDelete: ({ name, fullPath }) => {
      if (name === 'traffic-group-1' || name === 'traffic-group-local-only') {
        throw configurationError(`The traffic group (${fullPath}) cannot be deleted`);
      }
    },
  },
});
