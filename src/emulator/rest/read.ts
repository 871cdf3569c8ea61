import type { Principal } from '../auth/users.ts';
import { folderMissing } from '../errors/mcp.ts';
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
import { maySee } from './access.ts';
import { findObject, missingObject } from './operation.ts';

/** What a read needs besides its target. */
export interface ReadContext {
  readonly device: Device;
  readonly query: Query;
  readonly principal: Principal;
}

type Json = Record<string, unknown>;

function selected(rendered: Json, query: Query): Json {
  const { select } = query;
  if (select === undefined) {
    return rendered;
  }
  return Object.fromEntries(Object.entries(rendered).filter(([name]) => select.includes(name)));
}

/** Objects that a collection's query asks for, before paging. */
export function filtered(kind: Kind, scope: string, context: ReadContext): readonly ConfigObject[] {
  const { device, query, principal } = context;
  const { filter } = query;
  const collection = device.store.collection(kind, scope);
  let partition: string | undefined;
  if (filter?.property === 'partition') {
    partition = filter.value;
    if (device.store.lookup('auth/partition', partition) === undefined) {
      throw folderMissing(`/${partition}`);
    }
  }
  const objects = [...collection.list(partition)].filter((object) => maySee(principal, object.partition));
  if (filter === undefined || filter.property === 'partition') {
    return objects;
  }
  return objects.filter((object) => {
    const value = renderObject(object, { device })[filter.property];
    return (typeof value === 'string' ? value : JSON.stringify(value)) === filter.value;
  });
}

/** The partition that a client looks from: the one it filters by, a parent's own, else `Common`. */
function workingPartition(scope: string, query: Query): string {
  if (query.filter?.property === 'partition') {
    return query.filter.value;
  }
  return scope === '' ? 'Common' : (splitFullPath(scope).partition ?? 'Common');
}

function paging(uri: string, total: number, query: Query): Json {
  const { top, skip } = query;
  if (top === undefined || top === 0) {
    return skip === 0 ? {} : { totalItems: total };
  }
  const count = Math.max(0, Math.min(top, total - skip));
  const fields = {
    currentItemCount: count,
    itemsPerPage: top,
    pageIndex: Math.floor(skip / top) + 1,
    startIndex: skip + 1,
    totalItems: total,
    totalPages: Math.ceil(total / top),
  };
  if (skip + count >= total) {
    return fields;
  }
  const echo = query.echo === '' ? '' : `${query.echo}&`;
  return { ...fields, nextLink: `${uri}?${echo}%24top=${top}&%24skip=${skip + top}` };
}

/** A page of a list, and the fields that say which. */
export function page<T>(
  uri: string,
  all: readonly T[],
  query: Query,
): { readonly items: readonly T[]; readonly fields: Json } {
  const end = query.top === undefined ? undefined : query.skip + query.top;
  return { items: all.slice(query.skip, end), fields: paging(uri, all.length, query) };
}

/** GET of a collection (fact sheet 2.3). */
export function readCollection(kind: Kind, scope: string, context: ReadContext): Json {
  const { device, query } = context;
  const parent = device.kinds.parents.get(kind.path);
  const place = parentPlace(scope);
  if (parent !== undefined && device.store.get(parent, place.fullPath, place.scope) === undefined) {
    throw missingObject({ type: 'object', kind: parent, ...place, stats: false });
  }
  const uri = collectionUri(kind, scope, device);
  const { items, fields } = page(uri, filtered(kind, scope, context), query);
  const options = { device, expand: query.expand, workingPartition: workingPartition(scope, query) };
  const body: Json = { kind: `${kind.label}collectionstate`, selfLink: versioned(uri, device, query.echo), ...fields };
  if (items.length > 0) {
    body['items'] = items.map((object) => selected(renderObject(object, options), query));
  }
  return body;
}

/** GET of an object. */
export function readObject(target: Extract<Target, { type: 'object' }>, context: ReadContext): Json {
  const { device, query, principal } = context;
  const object = locate(target, device);
  if (!maySee(principal, object.partition)) {
    throw missingObject(target);
  }
  return selected(renderObject(object, { device, echo: query.echo, expand: query.expand }), query);
}

/** The object of a target, or its error. */
export function locate(target: Extract<Target, { type: 'object' }>, device: Device): ConfigObject {
  const { alias } = target.kind.hooks;
  const session = new Session(device, false);
  const object = findObject(target, device.store, (fullPath) => alias?.(fullPath, session));
  if (object === undefined) {
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
