import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { rootOf } from '../store/scope.ts';
import { failoverGroup, trustGroup } from './members.ts';

/** Kinds whose objects belong to one box: hardware, its name, its modules (K). */
const local = new Set([
  'net/interface',
  'net/trunk',
  'net/vlan',
  'net/fdb/vlan',
  'sys/ha-group',
  'sys/db',
  'sys/global-settings',
  'sys/provision',
]);

/** What the trust domain shares. */
const ofTrust = new Set(['cm/device', 'cm/device-group', 'cm/traffic-group']);

/** Device groups that each box has for itself. */
const ofBox = new Set(['/Common/gtm', '/Common/datasync-global-dg']);

function above(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/**
 * The device group of a folder: its own, or that of the folder above. `/` has the `sync-failover` group of the box when
 * nothing else is set (K). A folder that does not inherit and has none is not synchronised.
 */
function groupOfFolder(path: string, device: Device): string | undefined {
  for (let at = path; ; at = above(at)) {
    const folder = device.store.lookup('sys/folder', at);
    const own = folder === undefined ? undefined : textOf(folder, 'deviceGroup');
    if (own !== undefined) {
      return own === 'none' ? undefined : own;
    }
    if (folder?.values['inheritedDevicegroup'] === 'false') {
      return undefined;
    }
    if (at === '/') {
      return failoverGroup(device)?.fullPath;
    }
  }
}

function folderFor(path: string, kind: ConfigObject['kind']): string {
  if (kind.path === 'sys/folder') {
    return path;
  }
  if (kind.path === 'auth/partition') {
    return `/${path}`;
  }
  return kind.naming === 'folder' ? above(path) : '/';
}

/** The device group that synchronises an object, or an item by what it is below; undefined for what stays on its box. */
export function groupOf(object: ConfigObject, device: Device): string | undefined {
  let { kind } = object;
  for (let parent = device.kinds.parents.get(kind.path); parent !== undefined;) {
    kind = parent;
    parent = device.kinds.parents.get(kind.path);
  }
  const path = object.scope === '' ? object.fullPath : rootOf(object.scope);
  if (ofTrust.has(kind.path)) {
    return ofBox.has(path) ? undefined : trustGroup;
  }
  const fixedSelf = kind.path === 'net/self' && object.values['floating'] !== 'enabled';
  if (local.has(kind.path) || kind.path.startsWith('gtm/') || fixedSelf) {
    return undefined;
  }
  return groupOfFolder(folderFor(path, kind), device);
}
