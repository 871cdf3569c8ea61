import { text, word } from '../fields/scalars.ts';
import { adaptive, monitorKind } from './monitor-kind.ts';

/** DNS monitors: ask for a name, and look at the answer (defaults K). */
export const dnsMonitorKind = monitorKind({
  name: 'dns',
  root: 'dns',
  fields: [
    word('acceptRcode', ['no-error', 'anything']),
    ...adaptive,
    word('answerContains', ['query-type', 'any-type', 'anything']),
    text('qname'),
    word('qtype', ['a', 'aaaa']),
    text('recv'),
    word('reverse', ['disabled', 'enabled']),
  ],
});
