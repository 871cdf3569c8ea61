import type { Session } from '../../session/session.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';
import { fieldsFrom } from '../fields/from-defaults.ts';
import { text, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

const blocked = [
  ...['3dns', 'bin', 'core', 'datasync', 'em', 'GeoIP', 'images', 'lib', 'lib64', 'log', 'lost+found', 'mgmt', 'nfb']
    .concat(['ssh', 'statsd', 'tmstat', 'vadc'])
    .map((name) => `{/shared/${name}/}`),
  ...['aaa', 'big3d', 'bigip', 'filestore', 'gtm', 'httpd'].map((name) => `{/config/${name}/}`),
  '{/config/ntp.conf}',
  '{/config/rndc.key}',
  '{/config/ssh/}',
  '{/config/ssl/}',
].join(' ');

const welcome =
  'Welcome to the BIG-IP Configuration Utility.\n\nLog in with your username and password using the fields on the left.';

/** The device of this box is called so too. */
function nameDevice(settings: ConfigObject, session: Session): void {
  const kind = session.device.kinds.byPath.get('cm/device');
  const devices = kind === undefined ? [] : [...session.store.collection(kind).list()];
  const own = devices.find((each) => each.values['selfDevice'] !== 'false');
  const hostname = textOf(settings, 'hostname');
  if (own !== undefined && hostname !== undefined) {
    session.change(own, { hostname });
  }
}

/** `/sys/global-settings`, as recorded on 13.0 (fact sheet 8.14). */
export const globalSettingsKind = defineKind({
  path: 'sys/global-settings',
  type: 'global settings',
  naming: 'singleton',
  fixed: true,
  fields: fieldsFrom(
    {
      awsApiMaxConcurrency: 1,
      consoleInactivityTimeout: 0,
      customAddr: 'none',
      failsafeAction: 'go-offline-restart-tm',
      fileBlacklistPathPrefix: blocked,
      fileBlacklistReadOnlyPathPrefix: '{/etc/shadow}',
      fileLocalPathPrefix: '{/shared/} {/tmp/}',
      fileWhitelistPathPrefix: '{/var/local/scf} {/tmp/} {/shared/} {/config/} {/usr/share/aws/}',
      guiSecurityBanner: 'enabled',
      guiSecurityBannerText: welcome,
      guiSetup: 'disabled',
      lcdDisplay: 'enabled',
      ledLocator: 'disabled',
      mgmtDhcp: 'enabled',
      netReboot: 'disabled',
      passwordPrompt: 'Password',
      quietBoot: 'enabled',
      usernamePrompt: 'Username',
    },
    [
      text('description'),
      word('guiAudit', ['disabled', 'enabled'], { since: '14.1' }),
      word('hostAddrMode', ['management', 'state-mirror', 'custom']),
      text('hostname'),
      text('remoteHost'),
    ],
  ),
  stock: (box) => [{ name: 'sys/global-settings', values: { hostname: box.hostname } }],
  hooks: {
    stored: (settings, before, session) => {
      if (before !== undefined && textOf(before, 'hostname') !== textOf(settings, 'hostname')) {
        nameDevice(settings, session);
      }
    },
  },
});
