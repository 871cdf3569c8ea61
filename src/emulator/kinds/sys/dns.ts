import { texts } from '../fields/lists.ts';
import { integer, text } from '../fields/scalars.ts';
import { settingsKind } from './settings.ts';

/** `/sys/dns`: what the device itself asks (fact sheet 8.14; defaults K). */
export const sysDnsKind = settingsKind('sys/dns', [
  text('description'),
  text('include'),
  texts('nameServers'),
  integer('numberOfDots', 0, { max: 15 }),
  texts('search', { default: ['localhost'] }),
]);
