import { invalidValue, nothingSpecified, notFound } from '../errors/mcp.ts';
import { qualify } from '../names/full-path.ts';
import { selfName, trafficGroups } from '../pair/members.ts';
import type { Device } from '../session/device.ts';
import { commandIn } from './commands.ts';
import type { SystemResource } from './system-resource.ts';

/** `active`, `standby` or `forced-offline`: a box on its own is never standby. */
export function failoverState(device: Device): string {
  return device.pair?.failoverState(selfName(device)) ?? 'active';
}

function isOn(value: unknown): boolean {
  return value === true || value === 'true' || value === '';
}

function trafficGroupIn(body: Readonly<Record<string, unknown>>, device: Device): string | undefined {
  const { trafficGroup } = body;
  if (trafficGroup === undefined) {
    return undefined;
  }
  const path = typeof trafficGroup === 'string' ? qualify(trafficGroup, '/Common') : '';
  if (path === '') {
    throw invalidValue('traffic-group', trafficGroup);
  }
  if (device.store.lookup('cm/traffic-group', path) === undefined) {
    throw notFound('traffic group', path);
  }
  return path;
}

function deviceIn({ device: name }: Readonly<Record<string, unknown>>, device: Device): string | undefined {
  const path = typeof name === 'string' && name !== '' ? qualify(name, '/Common') : undefined;
  if (path !== undefined && device.store.lookup('cm/device', path) === undefined) {
    throw notFound('device', path);
  }
  return path;
}

/**
 * `POST /sys/failover` (fact sheet 5.1): `offline`, `online`, or `standby` of all or of one traffic group, to the next
 * device or to the one that is named. Where nobody else can be active it is active again at once.
 */
export const failoverResource: SystemResource = {
  path: 'sys/failover',
  run: async (body, device) => {
    commandIn(body, ['run']);
    const trafficGroup = trafficGroupIn(body, device);
    const to = deviceIn(body, device);
    const wanted = ['offline', 'online', 'standby'].filter((word) => isOn(body[word]));
    const [action] = wanted;
    if (action === undefined || wanted.length > 1) {
      throw nothingSpecified();
    }
    const all = trafficGroups(device).map(({ fullPath }) => fullPath);
    await (action === 'standby'
      ? device.pair?.standby(trafficGroup === undefined ? all : [trafficGroup], to)
      : device.pair?.setOffline(action === 'offline'));
    return { kind: 'tm:sys:failover:runstate', ...body };
  },
};

/** `/tm/shared/bigip-failover-state` (K): what the failover daemon told last. */
export const failoverStateResource: SystemResource = {
  path: 'shared/bigip-failover-state',
  get: (device) => ({
    kind: 'tm:shared:bigip-failover-state:bigipfailoverstate',
    selfLink: 'https://localhost/mgmt/tm/shared/bigip-failover-state',
    failoverState: failoverState(device),
    isEnabled: true,
  }),
};
