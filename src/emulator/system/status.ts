import { statusPage, type SystemResource } from './system-resource.ts';

/** `/sys/version` (fact sheet 8.17). */
export const versionResource: SystemResource = {
  path: 'sys/version',
  get: (device) =>
    statusPage(
      'sys/version',
      {
        Build: device.version.build,
        Date: 'Tue Mar 13 20:10:42 PDT 2018',
        Edition: 'Final',
        Product: 'BIG-IP',
        Title: 'Main Package',
        Version: device.version.full,
      },
      device,
    ),
};

/** `/sys/ready`, from 13.1. */
export const readyResource: SystemResource = {
  path: 'sys/ready',
  since: '13.1',
  get: (device) => statusPage('sys/ready', { configReady: 'yes', licenseReady: 'yes', provisionReady: 'yes' }, device),
};

/** `/sys/available`: answers when the configuration side serves. */
export const availableResource: SystemResource = { path: 'sys/available', get: () => ({}) };

/** `/sys/clock`. */
export const clockResource: SystemResource = {
  path: 'sys/clock',
  get: (device) => {
    const fullDate = new Date(device.clock.now()).toISOString().replace(/\.\d+/v, '');
    return statusPage('sys/clock', { fullDate }, device);
  },
};

/** `/cli/version`, which go-bigip asks for. */
export const cliVersionResource: SystemResource = {
  path: 'cli/version',
  get: (device) => {
    const { full } = device.version;
    return statusPage('cli/version', { active: full, latest: full, supported: full }, device);
  },
};
