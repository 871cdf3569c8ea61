import { mcpError } from '../errors/device-error.ts';
import type { Draft } from '../kinds/kind.ts';
import { folderOf, splitFullPath } from '../names/full-path.ts';
import { placeOf, type Session } from '../session/session.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { rootOf } from '../store/scope.ts';

const service = 'sys/application/service';

/** The service whose folder a folder is, or is below; undefined when it is none's. */
function ownerOfFolder(folder: string, session: Session): ConfigObject | undefined {
  const parts = folder.split('/');
  for (let end = parts.length; end > 1; end -= 1) {
    const last = parts[end - 1] ?? '';
    if (last.endsWith('.app')) {
      return session.store.lookup(service, `${parts.slice(0, end).join('/')}/${last.slice(0, -'.app'.length)}`);
    }
  }
  return undefined;
}

/** The object that stands for an item: what it is below. */
function whole(object: ConfigObject, session: Session): ConfigObject | undefined {
  if (object.scope === '') {
    return object;
  }
  const [path = ''] = placeOf(object, session.device.kinds).split(' ');
  const kind = session.device.kinds.byPath.get(path);
  return kind === undefined ? undefined : session.store.get(kind, rootOf(object.scope));
}

/** The application service that an object belongs to, by its mark or its folder. */
function ownerOf(object: ConfigObject, session: Session): ConfigObject | undefined {
  const top = whole(object, session);
  if (top === undefined || top.kind.path === service) {
    return undefined;
  }
  const marked = textOf(top, 'appService');
  return marked === undefined
    ? ownerOfFolder(top.kind.path === 'sys/folder' ? top.fullPath : folderOf(top), session)
    : session.store.lookup(service, marked);
}

/**
 * Refuses a write of an object that belongs to an application service with strict updates, unless the service's own
 * template makes it (fact sheet 8.15; the code is K).
 */
export function refuseOwned(object: ConfigObject, session: Session): void {
  const owner = session.loading ? undefined : ownerOf(object, session);
  if (owner === undefined || owner.fullPath === session.application?.service) {
    return;
  }
  if (textOf(owner, 'strictUpdates') !== 'disabled') {
    throw mcpError('010715bc:3: The application service must be updated using an application management interface.');
  }
}

/** What an item is marked with at first: what it is below is. */
function markOfParent(draft: Draft, session: Session): string | undefined {
  const [path = ''] = placeOf({ ...draft, fullPath: draft.identity.fullPath }, session.device.kinds).split(' ');
  const top = session.store.get(session.device.kinds.byPath.get(path) ?? draft.kind, rootOf(draft.scope));
  return top === undefined ? undefined : textOf(top, 'appService');
}

/**
 * Marks what a template makes, unless it says otherwise, and keeps what is in the folder of a service the service's
 * (K).
 */
export function markOwner(draft: Draft, session: Session): void {
  const { kind, scope, identity, values, given, before } = draft;
  if (session.loading || !kind.byName.has('appService') || kind.path === 'sys/application/template') {
    return;
  }
  const isItem = scope !== '';
  const running = session.application?.service;
  const isMade = before === undefined || (running !== undefined && before.values['appService'] === running);
  if (isMade && !given.has('appService')) {
    values['appService'] ??= isItem ? markOfParent(draft, session) : running;
  }
  const owner = ownerOfFolder(folderOf(isItem ? splitFullPath(rootOf(scope)) : identity), session);
  const mark = values['appService'];
  if (owner !== undefined && mark !== owner.fullPath) {
    throw mcpError(
      `010715bd:3: The parent folder is owned by application service (${owner.fullPath}), the object ownership cannot be changed to (${typeof mark === 'string' ? mark : ''}).`,
    );
  }
}
