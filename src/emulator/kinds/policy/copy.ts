import type { Session } from '../../session/session.ts';
import type { ConfigObject } from '../../store/object.ts';
import { identityPart } from '../../session/session.ts';
import { scopeBelow, type Place } from '../../store/scope.ts';

/** Puts copies of all that is below one object below another. */
export function copyItems(from: ConfigObject, to: Place, session: Session): void {
  for (const kind of from.kind.subs) {
    const scope = scopeBelow(to);
    for (const item of session.store.collection(kind, scopeBelow(from)).list()) {
      const identity = identityPart(item);
      session.save({ kind, scope, identity, values: { ...item.values }, given: new Set(), before: undefined });
      copyItems(item, { scope, fullPath: item.fullPath }, session);
    }
  }
}
