import type { Principal } from '../auth/users.ts';
import { folderMissing } from '../errors/mcp.ts';
import type { Kind } from '../kinds/kind.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import type { Filter, Query } from '../uri/query.ts';
import { renderObject } from '../view/render.ts';
import { maySee } from './access.ts';

/** What a read needs besides its target. */
export interface ReadContext {
  readonly device: Device;
  readonly query: Query;
  readonly principal: Principal;
}

/** The objects of one page, and the fields that say which page it is. */
export interface Page {
  readonly items: readonly ConfigObject[];
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Paging fields of a reply; none when the query does not page (fact sheet 2.6). */
function paging(uri: string, total: number, query: Query): Page['fields'] {
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

/** Which partitions a read is about: those that the client sees, or the one that it filters by. */
function partitionsFor({ device, query, principal }: ReadContext): (partition: string) => boolean {
  const { filter } = query;
  if (filter?.property !== 'partition') {
    return (partition) => maySee(principal, partition === '' ? undefined : partition);
  }
  if (device.store.lookup('auth/partition', filter.value) === undefined) {
    throw folderMissing(`/${filter.value}`);
  }
  // What prints no partition, such as a user, is in Common all the same (f5_modules looks for users there).
  return (partition) => (partition || 'Common') === filter.value && maySee(principal, partition || undefined);
}

function matches(object: ConfigObject, filter: Filter, device: Device): boolean {
  const value = renderObject(object, { device })[filter.property];
  return (typeof value === 'string' ? value : JSON.stringify(value)) === filter.value;
}

/**
 * The objects of a collection that a query asks for, page by page. A page costs what it holds, not what the collection
 * holds, unless the query filters by something else than the partition.
 */
export function readPage(of: { readonly kind: Kind; readonly scope: string }, uri: string, context: ReadContext): Page {
  const { device, query } = context;
  const { filter, skip, top } = query;
  const collection = device.store.collection(of.kind, of.scope);
  const wanted = partitionsFor(context);
  const end = top === undefined ? Infinity : skip + top;
  if (filter === undefined || filter.property === 'partition') {
    const { items, total } = collection.slice(wanted, skip, end);
    return { items, fields: paging(uri, total, query) };
  }
  const all = collection.slice(wanted, 0, Infinity).items.filter((object) => matches(object, filter, device));
  return { items: all.slice(skip, end), fields: paging(uri, all.length, query) };
}
