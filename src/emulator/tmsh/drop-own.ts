import type { Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { scopeBelow } from '../store/scope.ts';
import { dropWithItems } from '../verbs/drop-items.ts';
import { isStock, stockOf } from './stock.ts';

/** Takes out what is below an object. */
export function dropItems(object: ConfigObject, session: Session): void {
  for (const sub of object.kind.subs) {
    [...session.store.collection(sub, scopeBelow(object)).list()].forEach((item) => dropWithItems(item, session));
  }
}

/**
 * Takes out what is not stock and puts stock back as it was, without asking the rules of the single objects: the unit
 * of work checks the whole. Kinds whose stock is that of the box (users, provisioned modules, the device) stay.
 */
export function dropOwn(session: Session): void {
  const { store, device } = session;
  const stock = stockOf(device);
  for (const kind of device.kinds.all.filter(({ path }) => !device.kinds.parents.has(path)).toReversed()) {
    if (typeof kind.stock === 'function') {
      continue;
    }
    for (const object of Array.from(store.collection(kind).list())) {
      const now = store.get(kind, object.fullPath);
      const original = stock.get(kind, object.fullPath);
      if (now === undefined || isStock(now, store, stock)) {
        continue;
      }
      if (kind.fixed === true) {
        dropItems(now, session);
      } else if (original === undefined) {
        dropWithItems(now, session);
      } else {
        session.save({
          kind,
          scope: '',
          identity: original,
          values: { ...original.values },
          given: new Set(),
          before: now,
        });
      }
    }
  }
}
