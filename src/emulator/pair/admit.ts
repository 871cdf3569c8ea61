import { configurationError } from '../errors/mcp.ts';
import { deviceGroupDeviceKind } from '../kinds/cm/device-group-devices.ts';
import { identityOf } from '../names/full-path.ts';
import type { Device } from '../session/device.ts';
import { runUnit } from '../session/session.ts';
import { selfName, trustGroup } from './members.ts';

/** A device as it is entered into the configuration of another one. */
export interface Admitted {
  /** Full path or name. */
  readonly name: string;
  readonly hostname?: string;
  readonly managementIp: string;
  readonly version: string;
  readonly build: string;
}

/** Throws when a device of this name is known already. */
export function requireUnknown(name: string, device: Device): void {
  const identity = identityOf('Common', undefined, name.replace(/^\/Common\//v, ''));
  if (device.store.lookup('cm/device', identity.fullPath) !== undefined) {
    throw configurationError(`Device (${name}) is already in the trust domain`);
  }
}

/** Enters a device as one of the trust group. */
export function admit({ name, hostname, ...facts }: Admitted, device: Device): void {
  const kind = device.kinds.byPath.get('cm/device');
  if (kind === undefined) {
    return;
  }
  const identity = identityOf('Common', undefined, name.replace(/^\/Common\//v, ''));
  const { managementIp, version, build } = facts;
  runUnit(device, { transaction: false }, (session) => {
    const own = { hostname: hostname ?? identity.name, managementIp, version, build };
    session.createAlong(kind, identity, { ...own, selfDevice: 'false', failoverState: 'standby' });
    const item = { kind: deviceGroupDeviceKind, scope: trustGroup, identity, values: {} };
    session.save({ ...item, given: new Set(), before: undefined });
  });
}

/** Takes a device out of all groups and forgets it. */
export function expel(path: string, device: Device): void {
  runUnit(device, { transaction: false }, (session) => {
    const items = [...session.store.find('device-group-member', path)];
    items.forEach((item) => session.drop(item));
    const found = session.store.lookup('cm/device', path);
    if (found !== undefined) {
      session.drop(found);
    }
  });
}

/** Forgets all other devices and the groups that were shared with them: the device is on its own again. */
export function standAlone(device: Device): void {
  const own = selfName(device);
  const kind = device.kinds.byPath.get('cm/device');
  const all = kind === undefined ? [] : [...device.store.collection(kind).list()];
  all.filter(({ fullPath }) => fullPath !== own).forEach(({ fullPath }) => expel(fullPath, device));
}
