import { integer, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

const modules = [
  'afm',
  'am',
  'apm',
  'asm',
  'avr',
  'cgnat',
  'dos',
  'fps',
  'gtm',
  'ilx',
  'lc',
  'ltm',
  'pem',
  'sslo',
  'swg',
  'urldb',
];

/** Provisioning levels: `ltm` and what the user asked for nominal, the rest none (fact sheet 8.0). */
export const provisionKind = defineKind({
  path: 'sys/provision',
  type: 'module',
  naming: 'flat',
  fixed: true,
  fields: [
    integer('cpuRatio', 0),
    integer('diskRatio', 0),
    word('level', ['none', 'minimum', 'nominal', 'dedicated', 'custom']),
    integer('memoryRatio', 0),
  ],
  stock: (box) =>
    modules.map((name) =>
      name === 'ltm' || box.modules?.includes(name) === true ? { name, values: { level: 'nominal' } } : { name },
    ),
});
