import { texts } from '../fields/lists.ts';
import { text } from '../fields/scalars.ts';
import { settingsKind } from './settings.ts';

/** `/sys/ntp`, as recorded on 12.1. */
export const sysNtpKind = settingsKind('sys/ntp', [
  text('description'),
  text('include'),
  texts('servers'),
  text('timezone', { default: 'America/Los_Angeles' }),
]);
