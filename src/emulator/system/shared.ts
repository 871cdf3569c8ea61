import type { Device } from '../session/device.ts';

type Json = Record<string, unknown>;

/** `/mgmt/shared/identified-devices/config/device-info`. */
export function deviceInfo(device: Device): Json {
  return {
    kind: 'shared:resolver:device-groups:deviceinfostate',
    selfLink: 'https://localhost/mgmt/shared/identified-devices/config/device-info',
    machineId: '00000000-0000-0000-0000-000000000000',
    hostname: device.hostname,
    version: device.version.full,
    product: 'BIG-IP',
    build: device.version.build,
    chassisSerialNumber: '00000000-0000-0000-000000000000',
    platformMarketingName: 'BIG-IP Virtual Edition',
    platform: 'Z100',
    baseMac: '02:00:00:00:00:01',
    cpu: 'virtual',
  };
}

/** `/mgmt/shared/identified-devices`: what is below. */
export function identifiedDevices(): Json {
  const base = 'https://localhost/mgmt/shared/identified-devices';
  return {
    items: [{ reference: { link: `${base}/config/device-info` } }],
    kind: 'shared:identified-devices:identifieddevicescollectionstate',
    selfLink: base,
  };
}

/** `/mgmt/shared/echo` and `/mgmt/shared/echo-query`: the worker is there (shape K). */
export function echo(name: 'echo' | 'echo-query', query: string): Json {
  return {
    stage: 'STARTED',
    ...(query === '' ? {} : { query: Object.fromEntries(new URLSearchParams(query)) }),
    kind: `shared:${name}:echostate`,
    selfLink: `https://localhost/mgmt/shared/${name}`,
  };
}
