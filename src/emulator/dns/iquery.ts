import { addressesOf, serverDeviceKind } from '../kinds/gtm/server-devices.ts';
import { destinationOf as ltmDestinationOf } from '../kinds/ltm-virtual-destination.ts';
import { parseAddress } from '../names/address.ts';
import type { Device } from '../session/device.ts';
import { virtualAvailability } from '../stats/availability.ts';
import type { ConfigObject } from '../store/object.ts';
import { translatedOf } from './endpoint.ts';

/** What the box of a server says of a virtual server; `unknown`: it has no monitor, or there is no box to ask. */
export type BoxAnswer = 'up' | 'down' | 'unknown';

/** The address that a new box has for its management. */
const managementAddress = '127.0.0.1';

/** The virtual server of this box with the destination of one of `gtm`. */
export function ltmVirtualOf(virtual: ConfigObject, device: Device): ConfigObject | undefined {
  const { host, port } = translatedOf(virtual);
  const address = parseAddress(host, 0);
  const key = address === undefined ? '' : `${address.ip}%${address.routeDomain}`;
  for (const found of device.store.find('virtual-address', key)) {
    for (const user of device.store.find('ref:ltm/virtual-address', found.fullPath)) {
      if (user.kind.path === 'ltm/virtual' && ltmDestinationOf(user.values)?.port === port) {
        return user;
      }
    }
  }
  return undefined;
}

/** Whether a server of `gtm` is this box: one of its addresses is a self IP here, or the one for management. */
function isThisBox(server: ConfigObject, device: Device): boolean {
  const devices = [...device.store.collection(serverDeviceKind, server.fullPath).list()];
  return devices.flatMap(addressesOf).some(({ name, translation }) =>
    [name, translation].some((each) => {
      const address = parseAddress(each, 0);
      const key = address === undefined ? '' : `${address.ip}%${address.routeDomain}`;
      return each === managementAddress || device.store.first('self-address', key) !== undefined;
    }),
  );
}

/**
 * What the monitor `bigip` hears of a virtual server. This box answers for its own; a virtual server that it does not
 * have is down. Other boxes are not asked: what they would say is unknown.
 */
export function askBox(virtual: ConfigObject, server: ConfigObject, device: Device): BoxAnswer {
  const found = ltmVirtualOf(virtual, device);
  if (found === undefined) {
    return isThisBox(server, device) ? 'down' : 'unknown';
  }
  const { state, enabled } = virtualAvailability(found, device);
  if (enabled !== 'enabled' || state === 'offline' || state === 'unavailable') {
    return 'down';
  }
  return state === 'available' ? 'up' : 'unknown';
}
