import type { Principal } from '../auth/users.ts';
import { grammarError } from '../errors/device-error.ts';
import { nothingSpecified, notFound } from '../errors/mcp.ts';
import type { Kind } from '../kinds/kind.ts';
import type { KindRegistry } from '../kinds/registry.ts';
import { refuseOwned } from '../iapps/ownership.ts';
import { restjavadError } from '../errors/restjavad.ts';
import { folderOf, splitFullPath } from '../names/full-path.ts';
import { globPattern } from '../names/glob.ts';
import type { Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { parentPlace, rootOf, shownScope } from '../store/scope.ts';
import type { Store } from '../store/store.ts';
import type { Query } from '../uri/query.ts';
import { resolveTarget, type Target } from '../uri/target.ts';
import { replaceItems } from '../verbs/replace-items.ts';
import { createObject, deleteObject, modifyObject } from '../verbs/write.ts';
import { requireWrite } from './access.ts';

/** A write under `/mgmt/tm`, at once or queued in a transaction. */
export interface Operation {
  readonly method: string;
  /** Decoded segments of the path below `/mgmt/tm`. */
  readonly segments: readonly string[];
  readonly query: Query;
  readonly body: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
}

type ObjectTarget = Extract<Target, { type: 'object' }>;

/** The object that a URI names, also under another spelling of its name. */
export function findObject(
  target: ObjectTarget,
  store: Store,
  alias?: (fullPath: string) => string | undefined,
): ConfigObject | undefined {
  const found = store.get(target.kind, target.fullPath, target.scope);
  if (found !== undefined) {
    return found;
  }
  const other = alias?.(target.fullPath);
  return other === undefined ? undefined : store.get(target.kind, other, target.scope);
}

/** The error for an object that is not there. */
export function missingObject(target: ObjectTarget): Error {
  const { kind, fullPath, scope } = target;
  return (
    kind.hooks.missing?.(fullPath, scope) ??
    notFound(kind.type, kind.hooks.describe?.(scope, splitFullPath(fullPath)) ?? fullPath)
  );
}

function requireObject(named: ObjectTarget, session: Session): ConfigObject {
  const meant = session.device.kinds.byPath.get(named.kind.standsFor ?? '');
  const target = meant === undefined ? named : { ...named, kind: meant };
  const { alias } = target.kind.hooks;
  const bound = alias === undefined ? undefined : (fullPath: string) => alias(fullPath, session);
  const found = findObject(target, session.store, bound);
  if (found === undefined) {
    throw missingObject(target);
  }
  return found;
}

function notAllowed(operation: Operation): Error {
  return restjavadError(405, `Method ${operation.method} is not allowed on /mgmt/tm/${operation.segments.join('/')}`);
}

/** Refuses a write of an object that is not the principal's, or is an application service's; items without a partition of their own are in that of what they are below. */
export function mayWrite(principal: Principal, object: ConfigObject, session: Session): void {
  refuseOwned(object, session);
  let { kind } = object;
  if (object.scope === '' || object.partition !== undefined) {
    requireWrite(principal, object.partition, kind);
    return;
  }
  for (let above = session.device.kinds.parents.get(kind.path); above !== undefined;) {
    kind = above;
    above = session.device.kinds.parents.get(kind.path);
  }
  requireWrite(principal, splitFullPath(rootOf(object.scope)).partition, kind);
}

/** The command that a body asks a collection for. */
function commandOf(kind: Kind, body: Operation['body']): NonNullable<Kind['commands']>[string] | undefined {
  const { command } = body;
  return typeof command === 'string' && Object.hasOwn(kind.commands ?? {}, command)
    ? kind.commands?.[command]
    : undefined;
}

/** The partition of the object that a command names. */
function partitionNamed({ name, partition }: Operation['body']): string | undefined {
  const path = typeof name === 'string' ? name : '';
  return splitFullPath(path, typeof partition === 'string' ? partition : 'Common').partition;
}

/** The answer to a command: what was sent, with a `kind`; undefined when the operation is none. */
export function commandReply(operation: Operation, kinds: KindRegistry): Record<string, unknown> | undefined {
  const kind = operation.method === 'POST' ? kinds.byPath.get(operation.segments.join('/')) : undefined;
  if (kind === undefined || commandOf(kind, operation.body) === undefined) {
    return undefined;
  }
  const label = `tm:${kind.path.replaceAll('/', ':')}:${String(operation.body['command'])}state`;
  const { passphrase: _secret, ...shown } = operation.body;
  return { kind: label, ...shown };
}

/** A flag of the kind given as `options=create-draft`, put into the body. */
function withOptions(kind: Kind, operation: Operation): Operation['body'] {
  const { body, query } = operation;
  const name = (query.options ?? '').replaceAll(/-([a-z])/gv, (_all, letter: string) => letter.toUpperCase());
  return kind.byName.has(name) ? { ...body, [name]: true } : body;
}

/** PUT of a sub-collection, `{items: [...]}` as go-bigip sends it: replaces all of it. */
function replaceCollection(
  operation: Operation,
  target: Extract<Target, { type: 'collection' }>,
  session: Session,
): void {
  const owner = session.device.kinds.parents.get(target.kind.path);
  const place = parentPlace(target.scope);
  const parent = owner === undefined ? undefined : session.store.get(owner, place.fullPath, place.scope);
  if (owner === undefined || target.kind.inline === undefined) {
    throw notAllowed(operation);
  }
  if (parent === undefined) {
    throw notFound(owner.type, shownScope(target.scope));
  }
  mayWrite(operation.principal, parent, session);
  replaceItems(target.kind, operation.body, { session, parent, replace: true });
}

/**
 * DELETE of a collection: the objects in `/Common` that the patterns in `options` name, with `recursive` those of all
 * folders, as `delete ltm pool recursive x*` does. Without a pattern nothing is named (fact sheet 2.5; texts K).
 */
function deleteNamed(
  operation: Operation,
  { kind, scope }: Extract<Target, { type: 'collection' }>,
  session: Session,
): void {
  const words = (operation.query.options ?? '').split(/[\s,]+/v).filter((word) => word !== '');
  const patterns = words.filter((word) => word !== 'recursive').map(globPattern);
  if (patterns.length === 0) {
    throw nothingSpecified();
  }
  const everywhere = words.includes('recursive') || scope !== '' || kind.naming !== 'folder';
  const named = (object: ConfigObject): boolean =>
    patterns.some((pattern) => pattern.test(object.name) || pattern.test(object.fullPath)) &&
    (everywhere || folderOf(object) === '/Common' || patterns.some((pattern) => pattern.test(object.fullPath)));
  for (const object of [...session.store.collection(kind, scope).list()].filter(named)) {
    mayWrite(operation.principal, object, session);
    deleteObject(object, session);
  }
}

function onCollection(
  operation: Operation,
  target: Extract<Target, { type: 'collection' }>,
  session: Session,
): ConfigObject | undefined {
  const { body, principal } = operation;
  if (operation.method !== 'POST') {
    throw notAllowed(operation);
  }
  const { kind, scope } = target;
  const command = commandOf(kind, body);
  if (command !== undefined) {
    requireWrite(principal, partitionNamed(body), kind);
    command(body, session);
    return undefined;
  }
  const owner = session.device.kinds.parents.get(kind.path);
  const place = parentPlace(scope);
  const inPlace = owner === undefined || session.store.get(owner, place.fullPath, place.scope) !== undefined;
  if (owner !== undefined && !session.inTransaction && !inPlace) {
    throw notFound(owner.type, shownScope(scope));
  }
  const object = createObject(kind, body, { session, scope });
  mayWrite(principal, object, session);
  return object;
}

/** Carries out a write; gives the object that it made or changed, nothing for a delete. */
export function applyOperation(operation: Operation, session: Session): ConfigObject | undefined {
  session.principal = operation.principal;
  const target = resolveTarget(operation.segments, session.device.kinds);
  if (target.type === 'collection') {
    if (operation.method === 'DELETE') {
      deleteNamed(operation, target, session);
      return undefined;
    }
    if (operation.method === 'PUT') {
      replaceCollection(operation, target, session);
      return undefined;
    }
    return onCollection(operation, target, session);
  }
  if (target.type === 'example') {
    throw grammarError('"example" is a reserved keyword and must not be used as resource name');
  }
  if (target.type !== 'object') {
    throw notAllowed(operation);
  }
  const object = requireObject(target, session);
  mayWrite(operation.principal, object, session);
  switch (operation.method) {
    case 'PATCH':
    case 'PUT':
      return modifyObject(object, withOptions(object.kind, operation), {
        session,
        replace: operation.method === 'PUT',
      });
    case 'DELETE':
      deleteObject(object, session);
      return undefined;
    default:
      throw notAllowed(operation);
  }
}
