import { grammarError, mcpError } from '../errors/device-error.ts';
import { alreadyExists } from '../errors/mcp.ts';
import type { Draft, Kind } from '../kinds/kind.ts';
import { folderOf, type Identity } from '../names/full-path.ts';
import { identityPart, type Session } from '../session/session.ts';
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
  draft.kind.hooks.prepare?.(draft, session);
  const object = session.save(draft);
  for (const [sub, items] of parsed.inline) {
    replaceItems(sub, items, { session, parent: object, replace });
  }
  draft.kind.hooks.stored?.(object, draft.before, session);
  return session.store.get(object.kind, object.fullPath, object.scope) ?? object;
}

/** POST on a collection: a new object. Grammar first, then the name, then what mcpd says. */
export function createObject(
  kind: Kind,
  body: Body,
  options: { readonly session: Session; readonly scope: string },
): ConfigObject {
  const { session, scope } = options;
  refuseFixed(kind, 'create');
  const identity = identify(kind, body, options);
  if (scope === '' && kind.naming === 'folder' && kind.path !== 'sys/folder') {
    session.requireFolder(folderOf(identity));
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
