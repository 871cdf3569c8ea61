import { grammarError, mcpError } from '../errors/device-error.ts';
import { alreadyExists } from '../errors/mcp.ts';
import type { Draft, Kind } from '../kinds/kind.ts';
import { markOwner } from '../iapps/ownership.ts';
import { folderOf, type Identity } from '../names/full-path.ts';
import { identityPart, placeOf, type Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { dropWithItems } from './drop-items.ts';
import { identify } from './identify.ts';
import { parseBody, type Body, type ParsedBody } from './parse-body.ts';
import { replaceItems } from './replace-items.ts';

function refuseFixed(kind: Kind, verb: string): void {
  if (kind.fixed === true) {
    throw grammarError(`"${verb}" is not supported for ${kind.path.replaceAll('/', ' ')}`);
  }
}

function refuseTaken(kind: Kind, identity: Identity, context: { session: Session; scope: string }): void {
  const { session, scope } = context;
  const { fullPath, partition = 'Common' } = identity;
  const shown = kind.hooks.describe?.(scope, identity) ?? fullPath;
  if (session.store.get(kind, fullPath, scope) !== undefined) {
    throw alreadyExists(kind.type, shown, partition);
  }
  if (scope === '' && kind.class === 'profile' && session.store.lookup('profile', fullPath) !== undefined) {
    throw mcpError(`01070293:3: The profile name (${fullPath}) is already assigned to another profile.`);
  }
  if (scope === '' && session.store.lookup(kind.class, fullPath) !== undefined) {
    throw alreadyExists(kind.type, shown, partition);
  }
}

function store(draft: Draft, parsed: ParsedBody, options: { session: Session; replace: boolean }): ConfigObject {
  const { session, replace } = options;
  markOwner(draft, session);
  draft.kind.hooks.prepare?.(draft, session);
  const object = session.save(draft);
  for (const [sub, items] of parsed.inline) {
    replaceItems(sub, items, { session, parent: object, replace });
  }
  draft.kind.hooks.stored?.(object, draft.before, session);
  return session.store.get(object.kind, object.fullPath, object.scope) ?? object;
}

/** What an earlier run of the template that runs now made here, and this run did not yet. */
function madeBefore(
  kind: Kind,
  { fullPath }: Identity,
  { session, scope }: { readonly session: Session; readonly scope: string },
): ConfigObject | undefined {
  const { application, device } = session;
  if (
    application === undefined ||
    scope !== '' ||
    application.made.has(placeOf({ kind, scope, fullPath }, device.kinds))
  ) {
    return undefined;
  }
  const found = session.store.get(kind, fullPath, scope);
  return found?.values['appService'] === application.service ? found : undefined;
}

/** A template that runs again makes its objects as if they were not there: what it does not say goes back to default. */
function makeAgain(before: ConfigObject, body: Body, session: Session): ConfigObject {
  const { kind, scope } = before;
  const identity = identityPart(before);
  const parsed = parseBody(kind, body, { before, replace: true, again: true, context: session.parseContext(identity) });
  const inline = new Map([...kind.subs.map((sub) => [sub, []] as const), ...parsed.inline]);
  const draft: Draft = { kind, scope, identity, values: parsed.values, given: parsed.given, before };
  return store(draft, { ...parsed, inline }, { session, replace: true });
}

/** POST on a collection: a new object. Grammar first, then the name, then what mcpd says. */
export function createObject(
  kind: Kind,
  body: Body,
  options: { readonly session: Session; readonly scope: string },
): ConfigObject {
  const { session, scope } = options;
  if (kind.makes !== undefined) {
    return kind.makes(body, session);
  }
  refuseFixed(kind, 'create');
  const identity = identify(kind, body, options);
  if (scope === '' && kind.naming === 'folder' && kind.path !== 'sys/folder') {
    const folder = folderOf(identity);
    session.requireFolder(kind.ownFolder === true ? folder.slice(0, folder.lastIndexOf('/')) : folder);
  }
  const before = madeBefore(kind, identity, options);
  if (before !== undefined) {
    return makeAgain(before, body, session);
  }
  const parsed = parseBody(kind, body, { replace: false, context: session.parseContext(identity) });
  refuseTaken(kind, identity, options);
  const draft: Draft = { kind, scope, identity, values: parsed.values, given: parsed.given, before: undefined };
  return store(draft, parsed, { session, replace: false });
}

/** PATCH, or with `replace` PUT, of an object. */
export function modifyObject(
  before: ConfigObject,
  body: Body,
  options: { readonly session: Session; readonly replace: boolean },
): ConfigObject {
  const { session, replace } = options;
  const { kind, scope } = before;
  const identity = identityPart(before);
  const parsed = parseBody(kind, body, { before, replace, context: session.parseContext(identity) });
  const draft: Draft = { kind, scope, identity, values: parsed.values, given: parsed.given, before };
  return store(draft, parsed, options);
}

/** DELETE of an object, with its sub-collections. */
export function deleteObject(object: ConfigObject, session: Session): void {
  refuseFixed(object.kind, 'delete');
  object.kind.hooks.beforeDelete?.(object, session);
  dropWithItems(object, session);
}
