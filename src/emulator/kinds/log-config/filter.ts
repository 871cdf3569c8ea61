import { reference } from '../fields/references.ts';
import { text, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

/** Filters: which messages of the device go to a publisher (defaults K). */
export const logFilterKind = defineKind({
  path: 'sys/log-config/filter',
  type: 'log config filter',
  fields: [
    text('description'),
    word('level', ['debug', 'info', 'notice', 'warn', 'err', 'crit', 'alert', 'emerg']),
    text('messageId', { default: ':' }),
    reference('publisher', { target: 'sys/log-config/publisher' }),
    text('source', { default: 'all' }),
  ],
});
