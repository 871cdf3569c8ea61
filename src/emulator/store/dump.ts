import type { KindRegistry } from '../kinds/registry.ts';
import type { ConfigObject } from './object.ts';
import { shownScope } from './scope.ts';
import type { Store } from './store.ts';

/** One object as it is kept: no defaults, no links. */
export interface DumpedObject {
  readonly fullPath: string;
  /** Full path of the parent for items of a sub-collection. */
  readonly parent?: string;
  readonly generation: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** All objects by the path of their collection, in a fixed order: two equal configurations give equal text as JSON. */
export type Dump = Readonly<Record<string, readonly DumpedObject[]>>;

function dumped(object: ConfigObject): DumpedObject {
  // What is no property of the kind, such as the content of a key, is left out.
  const names = Object.keys(object.values)
    .filter((name) => object.kind.byName.has(name))
    .sort();
  return {
    fullPath: object.fullPath,
    ...(object.scope === '' ? {} : { parent: shownScope(object.scope) }),
    generation: object.generation,
    values: Object.fromEntries(names.map((name) => [name, object.values[name]])),
  };
}

/** Everything in a store. */
export function dump(store: Store, kinds: KindRegistry): Dump {
  const all: Record<string, readonly DumpedObject[]> = {};
  for (const kind of kinds.all) {
    const scopes = kinds.parents.has(kind.path) ? [...store.scopes(kind).keys()].sort() : [''];
    all[kind.path] = scopes.flatMap((scope) => [...store.collection(kind, scope).list()].map(dumped));
  }
  return all;
}
