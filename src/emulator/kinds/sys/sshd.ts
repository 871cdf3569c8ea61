import { texts } from '../fields/lists.ts';
import { integer, text, toggle, word } from '../fields/scalars.ts';
import { settingsKind } from './settings.ts';

/** `/sys/sshd` (defaults K). */
export const sysSshdKind = settingsKind('sys/sshd', [
  texts('allow', { default: ['ALL'] }),
  toggle('banner'),
  text('bannerText'),
  text('description'),
  text('fipsCipherVersion', { default: '0', since: '12.1' }),
  integer('inactivityTimeout', 0),
  text('include'),
  word('logLevel', ['info', 'debug', 'debug1', 'debug2', 'debug3', 'error', 'fatal', 'quiet', 'verbose']),
  toggle('login', 'enabled'),
  integer('port', 22, { min: 1, max: 65_535 }),
]);
