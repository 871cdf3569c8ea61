import { inUse, notFound } from '../errors/mcp.ts';
import { targetsOf } from '../store/index-keys.ts';
import type { ConfigObject } from '../store/object.ts';
import type { Session, Touched } from './session.ts';

function typeOf(targetClass: string, session: Session): string {
  if (targetClass === 'profile' || targetClass === 'monitor') {
    return targetClass;
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

function checkParent(object: ConfigObject, session: Session): void {
  const parent = session.device.kinds.parents.get(object.kind.path);
  if (parent !== undefined && session.store.get(parent, object.scope) === undefined) {
    throw notFound(parent.type, object.scope);
  }
}

function checkGone(touched: Touched, session: Session): void {
  if (touched.scope !== '') {
    return;
  }
  const by = session.store.first(`ref:${touched.kind.class}`, touched.fullPath);
  if (by === undefined || session.store.lookup(touched.kind.class, touched.fullPath) !== undefined) {
    return;
  }
  const { kind, fullPath } = touched;
  const gone: ConfigObject = { kind, scope: '', name: fullPath, fullPath, generation: 0, values: {} };
  const target = { type: kind.type, path: fullPath };
  const owner = by.scope === '' ? by.kind : session.device.kinds.parents.get(by.kind.path);
  const referrer = { type: owner?.type ?? by.kind.type, path: by.scope === '' ? by.fullPath : by.scope };
  throw kind.hooks.inUse?.(gone, by) ?? inUse(target, referrer);
}

/**
 * What mcpd checks when it commits, for one object that the unit touched: what is there points at things that exist,
 * and nothing points at what is gone.
 */
export function checkTouched(touched: Touched, session: Session): void {
  const object = session.store.get(touched.kind, touched.fullPath, touched.scope);
  if (object === undefined) {
    checkGone(touched, session);
    return;
  }
  if (object.scope !== '') {
    checkParent(object, session);
  }
  checkReferences(object, session);
  object.kind.hooks.check?.(object, session);
}
