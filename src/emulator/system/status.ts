import type { Device } from '../session/device.ts';
import { failoverState } from './failover.ts';
import { statusPage, type SystemResource } from './system-resource.ts';

type Json = Record<string, unknown>;

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

/** Pages with a list of details, whose keys are spelt in camel case (fact sheet 8.16). */
function detailed(
  name: string,
  camel: string,
  content: { color: string; mode?: string; status: string; summary: string; details: string; device: Device },
): Json {
  const { color, mode, status, summary, details, device } = content;
  const base = `https://localhost/mgmt/tm/cm/${camel}/0/details`;
  const line = { nestedStats: { entries: { details: { description: details } } } };
  return {
    kind: `tm:cm:${name}:${name}stats`,
    selfLink: `https://localhost/mgmt/tm/cm/${name}?ver=${device.version.full}`,
    entries: {
      [`https://localhost/mgmt/tm/cm/${name}/0`]: {
        nestedStats: {
          entries: {
            color: { description: color },
            [base]: { nestedStats: { entries: { [`${base}/0`]: line } } },
            ...(mode === undefined ? {} : { mode: { description: mode } }),
            status: { description: status },
            summary: { description: summary },
          },
        },
      },
    },
  };
}

/** `/cm/sync-status` of a device on its own. */
export const syncStatusResource: SystemResource = {
  path: 'cm/sync-status',
  get: (device) => {
    const details = 'Optional action: Add a device to the trust domain';
    return detailed('sync-status', 'syncStatus', {
      color: 'green',
      mode: 'standalone',
      status: 'Standalone',
      summary: ' ',
      details,
      device,
    });
  },
};

/** `/cm/failover-status` of a device on its own. */
export const failoverStatusResource: SystemResource = {
  path: 'cm/failover-status',
  get: (device) => {
    const state = failoverState(device);
    const isActive = state === 'active';
    return detailed('failover-status', 'failoverStatus', {
      color: isActive ? 'green' : 'gray',
      status: state.toUpperCase().replaceAll('-', ' '),
      summary: isActive ? '1/1 active' : '0/1 active',
      details: isActive ? 'active for /Common/traffic-group-1' : `${state} for /Common/traffic-group-1`,
      device,
    });
  },
};
