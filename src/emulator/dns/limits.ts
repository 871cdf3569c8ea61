import { serverVirtualKind } from '../kinds/gtm/server-virtuals.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { ltmVirtualOf } from './iquery.ts';

/** Connections that the virtual server of this box with the same destination has now; 0 for those of other boxes. */
export function connectionsOf(virtual: ConfigObject, device: Device): number {
  const found = ltmVirtualOf(virtual, device);
  return found === undefined ? 0 : device.connections(found.fullPath);
}

/** Whether an object has reached its `limitMaxConnections`; `connections` is asked only when there is a limit. */
export function isFull(owner: ConfigObject, connections: () => number): boolean {
  const limit = Number(owner.values['limitMaxConnections'] ?? 0);
  return owner.values['limitMaxConnectionsStatus'] === 'enabled' && limit > 0 && connections() >= limit;
}

/** The same of a server: over all of its virtual servers. */
export function isServerFull(server: ConfigObject, device: Device): boolean {
  return isFull(server, () => {
    const virtuals = [...device.store.collection(serverVirtualKind, server.fullPath).list()];
    return virtuals.reduce((sum, virtual) => sum + connectionsOf(virtual, device), 0);
  });
}
