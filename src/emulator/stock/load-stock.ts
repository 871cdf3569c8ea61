import type { Box, Kind, StockObject } from '../kinds/kind.ts';
import { identityOf, type Identity } from '../names/full-path.ts';
import type { Store } from '../store/store.ts';

function identityFor(kind: Kind, object: StockObject): Identity {
  if (kind.naming !== 'folder') {
    return { name: object.name, fullPath: object.name };
  }
  if (kind.path === 'sys/folder') {
    return { name: object.name, fullPath: object.name === '/' ? '/' : `/${object.name}` };
  }
  return identityOf(object.partition ?? 'Common', undefined, object.name);
}

/** Puts what an empty box has into a store: generation 1, monitors 0. */
export function loadStock(kinds: readonly Kind[], store: Store, box: Box): void {
  for (const kind of kinds) {
    const stock = typeof kind.stock === 'function' ? kind.stock(box) : (kind.stock ?? []);
    for (const object of stock) {
      const generation = kind.noGeneration === true ? 0 : 1;
      const scope = object.scope ?? '';
      store.put({ kind, scope, ...identityFor(kind, object), generation, values: object.values ?? {} });
    }
    loadStock(kind.subs, store, box);
  }
}
