import { configurationError, invalidValue } from '../errors/mcp.ts';
import { references } from './fields/references.ts';
import { asText, integer, readOnly, text, word } from './fields/scalars.ts';
import { readMac } from './net/mac.ts';
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
    { ...text('haGroup'), reference: { target: 'sys/ha-group', noTwin: true } },
    integer('haLoadFactor', 1),
    readOnly('isFloating', 'true'),
    {
      name: 'mac',
      default: 'none',
      parse: (value) => {
        const given = value === null ? '' : asText(value, 'mac');
        if (given === '' || given === 'none') {
          return undefined;
        }
        const mac = readMac(given);
        if (mac === undefined) {
          throw invalidValue('mac', value);
        }
        return mac;
      },
    },
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
