import type { Kind } from '../../ir/objects.ts';
import type { Io } from './client/io.ts';
import type { Json } from './request.ts';
import { MONITOR_TYPES } from '../../ir/monitor.ts';
import { descriptorOf } from '../../ir/objects.ts';
import { isDevicesOwn, itemsOf } from './decode/values.ts';
import { collectionPath } from './names.ts';
import { readCollection } from './read-collection.ts';

/** Kinds whose sub-collections come along, which costs one request instead of one per object. */
export const EXPANDED: ReadonlySet<Kind> = new Set([
  'pool',
  'policy',
  'virtual',
  'fdb',
  'gtm-virtual-server',
  'gtm-pool-a',
  'gtm-pool-aaaa',
  'gtm-pool-cname',
]);

/** The partition that objects of a kind are in. */
export function homeOf(kind: Kind, partition: string): string {
  return descriptorOf(kind).inCommon === true ? 'Common' : partition;
}

/** What a page holds of objects without sub-collections: so many times as much costs the device no more time. */
export function plainPage(pageSize: number): number {
  return pageSize * 10;
}

/** Which objects to read. */
export interface KindRead {
  readonly kind: Kind;
  readonly partition: string;
  /** Of objects with sub-collections; see {@link plainPage} for others. */
  readonly pageSize: number;
}

/**
 * Reads all objects of a kind in a partition and its sub-folders, each given to `take` as soon as its page is there.
 * Monitors: of the types that Fairlead knows, one collection each; virtual servers of servers: those of all servers. What the device made by itself is left out.
 */
export async function readKind<T>(
  io: Io,
  { kind, partition: owned, pageSize }: KindRead,
  take: (body: Json) => T,
): Promise<T[]> {
  const partition = homeOf(kind, owned);
  const query = {
    $filter: `partition eq ${partition}`,
    ...(EXPANDED.has(kind) ? { expandSubcollections: 'true' } : {}),
  };
  const size = EXPANDED.has(kind) ? pageSize : plainPage(pageSize);
  const types = kind === 'monitor' ? MONITOR_TYPES : [undefined];
  const takeOwn = (body: Json): T | undefined => {
    // The partition is checked too: a device that ignores the filter must not make others' objects look like ours.
    const isOther = body['partition'] !== undefined && body['partition'] !== partition;
    return isOther || isDevicesOwn(body) ? undefined : take(body);
  };
  if (kind === 'gtm-virtual-server') {
    const read = { path: collectionPath(kind), query, pageSize: size };
    const takeAll = (server: Json): T[] => itemsOf(server, 'virtualServersReference').map(take);
    return (await readCollection(io, read, takeAll)).flat();
  }
  const reads = types.map((type) =>
    readCollection(io, { path: collectionPath(kind, type), query, pageSize: size }, takeOwn),
  );
  return (await Promise.all(reads)).flat();
}
