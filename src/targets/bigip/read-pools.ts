import type { FullPath, Ref } from '../../ir/ref.ts';
import type { Actual, Application } from '../../plan/snapshot.ts';
import type { Io } from './client/io.ts';
import type { DeviceContext, Json } from './request.ts';
import { partitionOf, refOf } from '../../ir/ref.ts';
import { decodeObject } from './decode/decode-object.ts';
import { loneMemberPathOf } from './decode/pool-member.ts';
import { isFromName } from './decode/pool.ts';
import { itemsOf, pathIn, textOf } from './decode/values.ts';
import { objectPath, servicePath } from './names.ts';

type Entry = readonly [Ref, Actual];

/**
 * Reads pools whose members are written one by one: each with its partition (whose route domain its addresses are in),
 * its members as objects of their own, and the iApp that it belongs to. A pool that is not there gives nothing.
 */
export async function readPools(io: Io, paths: Iterable<FullPath>, context: DeviceContext): Promise<Entry[]> {
  const pools = [...paths];
  const names = [...new Set(pools.map(partitionOf))];
  const partitions = new Map(
    await Promise.all(names.map(async (name) => [name, await readPartition(io, name, context)] as const)),
  );
  const entries = await Promise.all(pools.map((path) => readPool(io, path, domainIn(partitions, path, context))));
  const owners = [...partitions.values()].flatMap((actual): Entry[] =>
    actual === undefined ? [] : [[refOf('partition', actual.object.path), actual]],
  );
  return [...owners, ...entries.flat()];
}

async function readPartition(io: Io, name: string, context: DeviceContext): Promise<Actual | undefined> {
  const body = await io.get(objectPath({ kind: 'partition', path: `/${name}` }));
  return body === undefined ? undefined : decodeObject('partition', body, context);
}

/** The context in which the addresses of a pool's members are read: route domains go by the pool's own partition. */
function domainIn(
  partitions: ReadonlyMap<string, Actual | undefined>,
  path: FullPath,
  context: DeviceContext,
): DeviceContext {
  const partition = partitions.get(partitionOf(path))?.object;
  const domain = partition?.kind === 'partition' ? (partition.defaultRouteDomain ?? 0) : 0;
  return { ...context, partition: partitionOf(path), defaultRouteDomain: domain };
}

async function readPool(io: Io, path: FullPath, context: DeviceContext): Promise<readonly Entry[]> {
  const body = await io.get(objectPath({ kind: 'pool', path }), { query: { expandSubcollections: 'true' } });
  if (body === undefined) return [];
  const application = await readApplication(io, body, context);
  const pool = { ...decodeObject('pool', body, context), ...(application === undefined ? {} : { application }) };
  return [[refOf('pool', path), pool], ...membersIn(body, context)];
}

/** The members of a pool's body, but for those that the device made itself, and those that it cannot place. */
function membersIn(pool: Json, context: DeviceContext): readonly Entry[] {
  const items = itemsOf(pool, 'membersReference').filter(
    (item) => !isFromName(item, context) && loneMemberPathOf(item, context) !== undefined,
  );
  return items.map((item) => {
    const actual = decodeObject('pool-member', item, context);
    return [refOf('pool-member', actual.object.path), actual];
  });
}

/** Reads pools and their members again, each pool once. Those that are not there are left out. */
export async function readWithMembers(
  io: Io,
  pools: ReadonlySet<FullPath>,
  context: DeviceContext,
): Promise<readonly Actual[]> {
  const entries = await readPools(io, pools, context);
  return entries.map(([, actual]) => actual);
}

async function readApplication(io: Io, pool: Json, context: DeviceContext): Promise<Application | undefined> {
  const path = pathIn(pool, 'appService', context);
  if (path === undefined) return undefined;
  const body = await io.get(servicePath(path), { query: { $select: 'strictUpdates' } });
  // One that is gone guards nothing; one that says nothing is as a new one is.
  return { path, strict: body !== undefined && textOf(body, 'strictUpdates') !== 'disabled' };
}
