import { deviceGroupDeviceKind } from '../kinds/cm/device-group-devices.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';

/** The group of all devices that trust each other. It is synchronised by itself. */
export const trustGroup = '/Common/device_trust_group';

/** The object of this box among `cm/device`. */
export function selfDevice(device: Device): ConfigObject | undefined {
  const kind = device.kinds.byPath.get('cm/device');
  const all = kind === undefined ? [] : [...device.store.collection(kind).list()];
  return all.find((each) => each.values['selfDevice'] !== 'false');
}

/** Full path of the object of this box. */
export function selfName(device: Device): string {
  return selfDevice(device)?.fullPath ?? '';
}

/** Full paths of the devices of a device group. */
export function membersOf(group: string, device: Device): readonly string[] {
  return [...device.store.collection(deviceGroupDeviceKind, group).list()].map((item) => item.fullPath);
}

/** The device groups that users made and that this box is in. */
export function ownGroups(device: Device): readonly ConfigObject[] {
  const items = [...device.store.find('device-group-member', selfName(device))];
  return items
    .map(({ scope }) => device.store.lookup('cm/device-group', scope))
    .filter((group) => group !== undefined)
    .filter(({ name }) => !['device_trust_group', 'gtm', 'datasync-global-dg'].includes(name));
}

/** The `sync-failover` group of this box: there is one at most. */
export function failoverGroup(device: Device): ConfigObject | undefined {
  return ownGroups(device).find((group) => textOf(group, 'type') === 'sync-failover');
}

/** Traffic groups that float between devices. */
export function trafficGroups(device: Device): readonly ConfigObject[] {
  const kind = device.kinds.byPath.get('cm/traffic-group');
  const all = kind === undefined ? [] : [...device.store.collection(kind).list()];
  return all.filter(({ name }) => name !== 'traffic-group-local-only');
}
