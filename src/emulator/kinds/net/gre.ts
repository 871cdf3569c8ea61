import { integer, text, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

/** GRE tunnel profiles. No recording: names and defaults from the tmsh reference (K). */
export const greKind = defineKind({
  path: 'net/tunnels/gre',
  type: 'GRE tunnel profile',
  fields: [
    text('appService'),
    text('defaultsFrom', { default: 'none' }),
    text('description'),
    word('encapsulation', ['standard', 'nvgre']),
    word('floodingType', ['none', 'multipoint']),
    integer('port', 0, { max: 65_535 }),
    word('rxCsum', ['disabled', 'enabled']),
    word('txCsum', ['disabled', 'enabled']),
  ],
  stock: [{ name: 'gre' }, { name: 'nvgre', values: { defaultsFrom: '/Common/gre', encapsulation: 'nvgre' } }],
});
