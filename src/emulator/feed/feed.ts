import type { DataPlane } from '../dataplane/model.ts';
import { poolKind } from '../kinds/ltm-pool.ts';
import { virtualKind } from '../kinds/ltm-virtual.ts';
import type { Device } from '../session/device.ts';
import type { JournalEntry, Store } from '../store/store.ts';
import type { ConfigObject } from '../store/object.ts';
import { monitorConfig, poolConfig, virtualConfig } from './translate.ts';

/** What the data plane has to be told again. */
interface Affected {
  readonly monitors: Set<string>;
  readonly pools: Set<string>;
  readonly virtuals: Set<string>;
}

/** Virtual servers that use an object, directly or through one that defaults from it. */
function usersOf(targetClass: string, path: string, store: Store): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const open = [path];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const by of store.find(`ref:${targetClass}`, at)) {
      if (by.kind.class !== targetClass) {
        found.push(by.scope === '' ? by.fullPath : by.scope);
      } else if (!seen.has(by.fullPath)) {
        seen.add(by.fullPath);
        open.push(by.fullPath);
      }
    }
  }
  return found;
}

function addMonitor(path: string, into: Affected, store: Store): void {
  if (into.monitors.has(path)) {
    return;
  }
  into.monitors.add(path);
  for (const by of store.find('ref:monitor', path)) {
    if (by.kind.class === 'monitor') {
      addMonitor(by.fullPath, into, store);
    }
  }
}

function note(entry: JournalEntry, into: Affected, store: Store): void {
  const { kind, fullPath, scope } = entry;
  if (kind.class === 'monitor') {
    addMonitor(fullPath, into, store);
  } else if (kind.class === 'profile' || kind.class === 'ltm/persistence') {
    usersOf(kind.class, fullPath, store).forEach((each) => into.virtuals.add(each));
  } else if (kind.path === 'ltm/pool') {
    into.pools.add(fullPath);
  } else if (kind.path === 'ltm/pool/members') {
    into.pools.add(scope);
  } else if (kind.path === 'ltm/node') {
    [...store.find('ref:ltm/node', fullPath)].forEach((member) => into.pools.add(member.scope));
  } else if (kind.path === 'ltm/virtual') {
    into.virtuals.add(fullPath);
  } else if (kind.path.startsWith('ltm/virtual/')) {
    into.virtuals.add(scope);
  } else if (kind.path === 'ltm/virtual-address') {
    [...store.find('ref:ltm/virtual-address', fullPath)].forEach((each) => into.virtuals.add(each.fullPath));
  }
}

function configOf<T>(
  object: ConfigObject | undefined,
  translate: (object: ConfigObject, device: Device) => T,
  device: Device,
): T | undefined {
  return object === undefined ? undefined : translate(object, device);
}

/** Tells the data plane what a commit changed: monitors, then pools, then virtual servers. */
export function feedChanges(changes: readonly JournalEntry[], device: Device, plane: DataPlane): void {
  const { store } = device;
  const affected: Affected = { monitors: new Set(), pools: new Set(), virtuals: new Set() };
  for (const entry of changes) {
    note(entry, affected, store);
  }
  for (const path of affected.monitors) {
    plane.setMonitor(path, configOf(store.lookup('monitor', path), monitorConfig, device));
  }
  for (const path of affected.pools) {
    plane.setPool(path, configOf(store.get(poolKind, path), poolConfig, device));
  }
  for (const path of affected.virtuals) {
    plane.setVirtual(path, configOf(store.get(virtualKind, path), virtualConfig, device));
  }
}

/** Tells the data plane the monitors of an empty box. */
export function feedStock(device: Device, plane: DataPlane): void {
  for (const kind of device.kinds.byClass.get('monitor') ?? []) {
    for (const monitor of device.store.collection(kind).list()) {
      plane.setMonitor(monitor.fullPath, monitorConfig(monitor, device));
    }
  }
}
