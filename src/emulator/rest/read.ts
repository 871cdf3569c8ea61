import type { Kind } from '../kinds/kind.ts';
import { splitFullPath } from '../names/full-path.ts';
import { Session } from '../session/session.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { parentPlace } from '../store/scope.ts';
import type { Query } from '../uri/query.ts';
import type { Target } from '../uri/target.ts';
import { linkHost, versioned } from '../view/links.ts';
import { collectionUri, renderObject } from '../view/render.ts';
import { mayRead } from './access.ts';
import { findObject, missingObject } from './operation.ts';
import { readPage, type ReadContext } from './page.ts';

type Json = Record<string, unknown>;

function selected(rendered: Json, query: Query): Json {
  const { select } = query;
  if (select === undefined) {
    return rendered;
  }
  return Object.fromEntries(Object.entries(rendered).filter(([name]) => select.includes(name)));
}

/** The partition that a client looks from: the one it filters by, a parent's own, else `Common`. */
function workingPartition(scope: string, query: Query): string {
  if (query.filter?.property === 'partition') {
    return query.filter.value;
  }
  return scope === '' ? 'Common' : (splitFullPath(scope).partition ?? 'Common');
}

/** Refuses a sub-collection of what is not there, or is not for the client. */
export function requireOwner(kind: Kind, scope: string, { device, principal }: ReadContext): void {
  const parent = device.kinds.parents.get(kind.path);
  const place = parentPlace(scope);
  const owner = parent === undefined ? undefined : device.store.get(parent, place.fullPath, place.scope);
  if (parent !== undefined && (owner === undefined || !mayRead(principal, owner))) {
    throw missingObject({ type: 'object', kind: parent, ...place, stats: false });
  }
}

/** GET of a collection (fact sheet 2.3). */
export function readCollection(kind: Kind, scope: string, context: ReadContext): Json {
  const { device, query } = context;
  requireOwner(kind, scope, context);
  const uri = collectionUri(kind, scope, device);
  const { items, fields } = readPage({ kind, scope }, uri, context);
  const options = { device, expand: query.expand, workingPartition: workingPartition(scope, query) };
  const body: Json = { kind: `${kind.label}collectionstate`, selfLink: versioned(uri, device, query.echo), ...fields };
  // An empty collection has no items; a page beyond the last one has none of them (f5_modules reads until then).
  if (items.length > 0 || Object.keys(fields).length > 0) {
    body['items'] = items.map((object) => selected(renderObject(object, options), query));
  }
  return body;
}

/** GET of an object. */
export function readObject(target: Extract<Target, { type: 'object' }>, context: ReadContext): Json {
  const { device, query } = context;
  const object = locate(target, context);
  return selected(renderObject(object, { device, echo: query.echo, expand: query.expand }), query);
}

/** The object of a target, or its error; one in a partition that the client has no part in is not there. */
export function locate(target: Extract<Target, { type: 'object' }>, context: ReadContext): ConfigObject {
  const { device, principal } = context;
  const { alias } = target.kind.hooks;
  const session = new Session(device, false);
  const object = findObject(target, device.store, (fullPath) => alias?.(fullPath, session));
  if (object === undefined || !mayRead(principal, object)) {
    throw missingObject(target);
  }
  return object;
}

/** GET of what stands above collections: links to what is below (fact sheet 2.3). */
export function readOrganizing(path: string, device: Device): Json {
  const label = path === '' ? 'tm' : `tm:${path.replaceAll('/', ':')}`;
  const last = path === '' ? 'tm' : path.slice(path.lastIndexOf('/') + 1);
  const items = (device.kinds.organizing.get(path) ?? []).map((below) => ({
    reference: { link: versioned(`${linkHost}${below}`, device) },
  }));
  const uri = path === '' ? 'https://localhost/mgmt/tm' : `${linkHost}${path}`;
  return { kind: `${label}:${last}collectionstate`, selfLink: versioned(uri, device), items };
}

/** GET of `<collection>/example`: an object with the kind's defaults. */
export function readExample(kind: Kind, device: Device): Json {
  const object: ConfigObject = { kind, scope: '', name: 'example', fullPath: 'example', generation: 0, values: {} };
  const uri = collectionUri(kind, '', device);
  const { fullPath: _path, selfLink: _link, ...rest } = renderObject(object, { device });
  return {
    kind: `${kind.label}collectionstate`,
    selfLink: versioned(`${uri}/example`, device),
    items: [{ ...rest, propertyDescriptions: {} }],
  };
}
