import type { Io, Query } from './client/io.ts';
import type { Json } from './request.ts';

/** How often a collection is read from the start again, because it changed between two pages. */
const ATTEMPTS = 5;

/** One collection to read whole. */
export interface CollectionRead {
  /** From `/mgmt` on. */
  readonly path: string;
  readonly query: Query;
  /** Items asked for in one answer; 1 counts as 2. */
  readonly pageSize: number;
}

/** A collection that cannot be read whole: what was read of it is not used. */
export class IncompleteRead extends Error {
  override readonly name = 'IncompleteRead';
}

/**
 * Reads a collection page by page and gives each item to `take`, whose results are collected; pages are let go of at
 * once. Every page begins with the last item of the one before: if that is not what comes, something was added or
 * removed in between, and the collection is read again from the start. So no item is lost or doubled because of a shift.
 * Works with devices that ignore `$top` (all items at once) and with those that give no `totalItems`.
 * @throws {IncompleteRead} the collection is not there, or does not hold still.
 */
export async function readCollection<T>(
  io: Io,
  read: CollectionRead,
  take: (item: Json) => T | undefined,
): Promise<T[]> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const items = await readOnce(io, read, take);
    if (items !== undefined) return items;
  }
  throw new IncompleteRead(`${read.path} changed while it was read, ${ATTEMPTS} times in a row: try again later`);
}

interface Progress {
  count: number;
  first: string | undefined;
  last: string | undefined;
  total: number | undefined;
}

/** One pass; undefined if the collection changed meanwhile. */
async function readOnce<T>(
  io: Io,
  { path, query, pageSize: wanted }: CollectionRead,
  take: (item: Json) => T | undefined,
): Promise<T[] | undefined> {
  // One item of each page but the first overlaps.
  const pageSize = Math.max(2, wanted);
  const results: T[] = [];
  const progress: Progress = { count: 0, first: undefined, last: undefined, total: undefined };
  for (;;) {
    const skip = Math.max(0, progress.count - 1);
    const page = await io.get(path, { query: { ...query, ...window(pageSize, skip) } });
    if (page === undefined) throw new IncompleteRead(`${path}: the device has no such collection (404)`);
    if (!isCollection(page)) throw new IncompleteRead(`${path}: the device's answer is no collection`);
    const items = newItems(page, progress);
    if (items === undefined) return undefined;
    for (const item of items) {
      const result = take(item);
      if (result !== undefined) results.push(result);
    }
    const asked = progress.count === 0 ? pageSize : pageSize - 1;
    progress.count += items.length;
    progress.last = keyOf(items.at(-1)) ?? progress.last;
    if (isLast(page, progress, { got: items.length, asked })) return results;
  }
}

function window(pageSize: number, skip: number): Query {
  return skip === 0 ? { $top: String(pageSize) } : { $top: String(pageSize), $skip: String(skip) };
}

/** An empty collection has no `items`, but says what it is; anything else must not pass for an empty one. */
function isCollection(page: Json): boolean {
  return Array.isArray(page['items']) || typeof page['kind'] === 'string' || typeof page['selfLink'] === 'string';
}

/** The items of a page without the one that overlaps; undefined if the page does not continue where we were. */
function newItems(page: Json, progress: Progress): readonly Json[] | undefined {
  const items = (Array.isArray(page['items']) ? page['items'] : []) as readonly Json[];
  const total = typeof page['totalItems'] === 'number' ? page['totalItems'] : undefined;
  if (progress.count === 0) {
    progress.total = total;
    progress.first = keyOf(items[0]);
    return items;
  }
  if (isAllAgain(page, items, progress)) return [];
  if (total !== progress.total || keyOf(items[0]) !== progress.last) return undefined;
  return items.slice(1);
}

/** A device that ignores `$top` and `$skip`, and has just as many items as fit a page, gives them all again. */
function isAllAgain(page: Json, items: readonly Json[], { count, first, total }: Progress): boolean {
  const isOpen = total !== undefined || page['nextLink'] !== undefined;
  return !isOpen && count > 1 && items.length === count && keyOf(items[0]) === first;
}

function isLast(page: Json, { count, total }: Progress, { got, asked }: { got: number; asked: number }): boolean {
  if (got === 0 || got > asked) return true;
  if (total !== undefined) return count >= total;
  return page['nextLink'] === undefined && got < asked;
}

function keyOf(item: Json | undefined): string | undefined {
  const key = item?.['fullPath'] ?? item?.['name'];
  return typeof key === 'string' ? key : undefined;
}
