import type { Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { scopeBelow } from '../store/scope.ts';

/** Takes an object out with all that is below it. */
export function dropWithItems(object: ConfigObject, session: Session): void {
  for (const sub of object.kind.subs) {
    for (const item of session.store.collection(sub, scopeBelow(object)).list()) {
      dropWithItems(item, session);
    }
  }
  session.drop(object);
  object.kind.hooks.removed?.(object, session);
}
