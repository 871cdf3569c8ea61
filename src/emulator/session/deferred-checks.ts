import { inUse, notFound, otherPartition } from '../errors/mcp.ts';
import { indexKeysOf, targetsOf } from '../store/index-keys.ts';
import type { ConfigObject } from '../store/object.ts';
import { parentPlace, rootOf, shownScope } from '../store/scope.ts';
import type { Session, Touched } from './session.ts';

function typeOf(targetClass: string, session: Session): string {
  if (targetClass === 'profile' || targetClass === 'monitor') {
    return targetClass;
  }
  if (targetClass === 'ltm/persistence') {
    return 'profile';
  }
  return session.device.kinds.byPath.get(targetClass)?.type ?? targetClass;
}

function checkReferences(object: ConfigObject, session: Session): void {
  for (const field of object.kind.foreignKeys) {
    const { reference } = field;
    if (reference === undefined) {
      continue;
    }
    for (const target of targetsOf(field, object.values[field.name])) {
      if (session.store.lookup(reference.target, target) === undefined) {
        throw reference.missing?.(object.fullPath, target) ?? notFound(typeOf(reference.target, session), target);
      }
    }
  }
}

function partitionOf(path: string): string | undefined {
  return path.startsWith('/') ? path.split('/', 2)[1] : undefined;
}

/** What an object points at is in its own partition or in `/Common`. */
function checkPartitions(object: ConfigObject, session: Session): void {
  const top = object.scope === '' ? object.fullPath : rootOf(object.scope);
  const own = partitionOf(top);
  if (!object.kind.confined || own === undefined) {
    return;
  }
  for (const [index, target] of indexKeysOf(object)) {
    const there = index.startsWith('ref:') ? partitionOf(target) : undefined;
    if (there !== undefined && there !== own && there !== 'Common' && there !== '') {
      const owner = object.scope === '' ? object.kind : session.device.kinds.parents.get(object.kind.path);
      throw otherPartition(
        { type: owner?.type ?? object.kind.type, path: top },
        { type: typeOf(index.slice('ref:'.length), session), path: target },
      );
    }
  }
}

function checkParent(object: ConfigObject, session: Session): void {
  const parent = session.device.kinds.parents.get(object.kind.path);
  const place = parentPlace(object.scope);
  if (parent !== undefined && session.store.get(parent, place.fullPath, place.scope) === undefined) {
    throw notFound(parent.type, shownScope(object.scope));
  }
}

function checkGone(touched: Touched, session: Session): void {
  if (touched.scope !== '') {
    return;
  }
  const { kind, fullPath } = touched;
  if (session.store.lookup(kind.class, fullPath) !== undefined) {
    return;
  }
  const gone: ConfigObject = { kind, scope: '', name: fullPath, fullPath, generation: 0, values: {} };
  kind.hooks.gone?.(gone, session);
  const by = session.store.first(`ref:${kind.class}`, fullPath);
  if (by === undefined) {
    return;
  }
  const target = { type: kind.type, path: fullPath };
  const owner = by.scope === '' ? by.kind : session.device.kinds.parents.get(by.kind.path);
  const referrer = { type: owner?.type ?? by.kind.type, path: by.scope === '' ? by.fullPath : shownScope(by.scope) };
  throw kind.hooks.inUse?.(gone, by) ?? inUse(target, referrer);
}

/**
 * Foreign keys of one object that the unit touched: what is there points at things that exist, and nothing points at
 * what is gone.
 */
export function checkKeys(touched: Touched, session: Session): void {
  const object = session.store.get(touched.kind, touched.fullPath, touched.scope);
  if (object === undefined) {
    checkGone(touched, session);
    return;
  }
  if (object.scope !== '') {
    checkParent(object, session);
  }
  checkReferences(object, session);
  checkPartitions(object, session);
}
