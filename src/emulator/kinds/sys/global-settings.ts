import { readOnly, text, toggle } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

/** `/sys/global-settings`: the part that clients read (fact sheet 8.14). */
export const globalSettingsKind = defineKind({
  path: 'sys/global-settings',
  type: 'global settings',
  naming: 'singleton',
  fixed: true,
  fields: [
    text('awsApiMaxConcurrency', { default: '1' }),
    text('consoleInactivityTimeout', { default: '0' }),
    text('customAddr', { default: 'none' }),
    text('description'),
    text('failsafeAction', { default: 'go-offline-restart-tm' }),
    text('fileWhitelistPathPrefix', { default: '{/var/local/scf} {/tmp/} {/shared/} {/config/} {/usr/share/aws/}' }),
    toggle('guiAudit'),
    text('guiSecurityBanner', { default: 'enabled' }),
    toggle('guiSetup'),
    text('hostAddrMode', { default: 'management' }),
    text('hostname'),
    toggle('lcdDisplay', 'enabled'),
    toggle('mgmtDhcp', 'enabled'),
    toggle('netReboot'),
    toggle('quietBoot', 'enabled'),
    readOnly('remoteHost', undefined),
  ],
  stock: (box) => [{ name: 'sys/global-settings', values: { hostname: box.hostname } }],
});
