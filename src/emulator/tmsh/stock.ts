import { loadStock } from '../stock/load-stock.ts';
import { sameJson } from '../session/equal.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { scopeBelow } from '../store/scope.ts';
import { Store } from '../store/store.ts';

const stores = new WeakMap<Device, Store>();

/** What an empty box of this release has, for comparisons. */
export function stockOf(device: Device): Store {
  let store = stores.get(device);
  if (store === undefined) {
    const { kinds, hostname, version } = device;
    store = new Store();
    loadStock(
      kinds.all.filter((kind) => !kinds.parents.has(kind.path)),
      store,
      { hostname, version },
    );
    stores.set(device, store);
  }
  return store;
}

function sameItems(object: ConfigObject, store: Store, stock: Store): boolean {
  return object.kind.subs.every((sub) => {
    const scope = scopeBelow(object);
    const items = [...store.collection(sub, scope).list()];
    return items.length === stock.collection(sub, scope).size && items.every((item) => isStock(item, store, stock));
  });
}

/** Whether an object, with all that is below it, is as on an empty box. */
export function isStock(object: ConfigObject, store: Store, stock: Store): boolean {
  const original = stock.get(object.kind, object.fullPath, object.scope);
  return original !== undefined && sameJson(original.values, object.values) && sameItems(object, store, stock);
}
