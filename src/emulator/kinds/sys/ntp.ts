import { defineKind } from '../kind.ts';
import { texts } from '../fields/lists.ts';
import { text, word } from '../fields/scalars.ts';
import { settingsKind } from './settings.ts';

/** `/sys/ntp`, as recorded on 12.1. */
export const sysNtpKind = settingsKind('sys/ntp', [
  text('description'),
  text('include'),
  texts('servers'),
  text('timezone', { default: 'America/Los_Angeles' }),
]);

/** Who may ask the time server of the box, and for what (defaults K). */
export const ntpRestrictKind = defineKind({
  path: 'sys/ntp/restrict',
  type: 'NTP restriction',
  naming: 'flat',
  fields: [
    text('address', { default: 'default' }),
    text('defaultEntry', { default: 'disabled' }),
    text('description'),
    word('ignore', ['disabled', 'enabled']),
    word('kod', ['disabled', 'enabled']),
    text('mask', { default: 'any' }),
    word('noModify', ['disabled', 'enabled']),
    word('noPeer', ['disabled', 'enabled']),
    word('noQuery', ['disabled', 'enabled']),
    word('noServe', ['disabled', 'enabled']),
    word('noTrap', ['disabled', 'enabled']),
    word('noTrust', ['disabled', 'enabled']),
    word('nonNtpPort', ['disabled', 'enabled']),
    word('version', ['disabled', 'enabled']),
  ],
});
