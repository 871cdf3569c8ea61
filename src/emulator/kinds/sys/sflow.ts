import { integer, text, word } from '../fields/scalars.ts';
import type { Field } from '../field.ts';
import { defineKind, type Kind } from '../kind.ts';
import { settingsKind } from './settings.ts';

const poll = integer('pollInterval', 10);
const sample = integer('samplingRate', 1024);

/** Global settings of what is sampled: how often, and one packet or request out of how many. */
const settings: Readonly<Record<string, readonly Field[]>> = {
  http: [poll, sample],
  interface: [poll],
  system: [poll],
  vlan: [poll, integer('samplingRate', 2048)],
};

/** sFlow: settings, and who gets the samples (defaults K). Nothing is sampled. */
export const sflowKinds: readonly Kind[] = [
  ...Object.entries(settings).map(([name, fields]) =>
    settingsKind(`sys/sflow/global-settings/${name}`, [text('description'), ...fields]),
  ),
  defineKind({
    path: 'sys/sflow/receiver',
    type: 'sFlow receiver',
    fields: [
      text('address'),
      text('description'),
      integer('maxDatagramSize', 1400),
      integer('port', 6343, { min: 1, max: 65_535 }),
      word('state', ['disabled', 'enabled']),
    ],
  }),
];
