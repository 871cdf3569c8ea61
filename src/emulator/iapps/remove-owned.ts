import { requireWrite } from '../rest/access.ts';
import type { Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { deleteObject } from '../verbs/write.ts';

/**
 * Deletes objects of an application service, what points at others first. Throws when whoever asked may not write
 * one of them, as when they name it.
 */
export function removeOwned(objects: readonly ConfigObject[], session: Session): void {
  const { kinds } = session.device;
  const sorted = objects.toSorted((a, b) => kinds.all.indexOf(b.kind) - kinds.all.indexOf(a.kind));
  for (const object of sorted) {
    const now = session.store.get(object.kind, object.fullPath, object.scope);
    if (now === undefined) {
      continue;
    }
    if (session.principal !== undefined && now.scope === '') {
      requireWrite(session.principal, now.partition, now.kind);
    }
    deleteObject(now, session);
  }
}
