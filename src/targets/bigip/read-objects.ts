import type { Address } from '../../ir/address.ts';
import type { Kind } from '../../ir/objects.ts';
import type { FullPath, Ref } from '../../ir/ref.ts';
import type { Actual } from '../../plan/snapshot.ts';
import type { Io } from './client/io.ts';
import type { DecodeContext } from './decode/values.ts';
import type { DeviceContext, Json } from './request.ts';
import { MONITOR_TYPES } from '../../ir/monitor.ts';
import { descriptorOf, holderOf } from '../../ir/objects.ts';
import { kindOf, partitionOf, pathOf, refOf } from '../../ir/ref.ts';
import { decodeObject } from './decode/decode-object.ts';
import { textOf } from './decode/values.ts';
import { isAddressName, splitDestination } from './decode/virtual.ts';
import { objectPath } from './names.ts';
import { EXPANDED, homeOf, readKind } from './read-kind.ts';
import { readWithMembers } from './read-pools.ts';

/** From so many objects of a kind on, reading the collection is cheaper than reading them one by one. */
const MANY = 20;

/** Outside `/Common` older devices do not find a single one (500 `arp entry not found`; facts 8.12). */
const LISTED: ReadonlySet<Kind> = new Set(['arp', 'ndp']);

/** Items in one page of a collection that is read for them. */
const PAGE = 100;

/**
 * Reads these objects again. Few of a kind: one GET each; more than 20 of a kind in the partition: its collection; items of
 * other objects with what they are in, once.
 * @returns every ref that was asked for; `undefined` for what is not there.
 * @throws what `io.get` throws: then nothing is known of any of them.
 */
export async function readObjects(
  io: Io,
  refs: Iterable<Ref>,
  context: DeviceContext,
): Promise<Map<Ref, Actual | undefined>> {
  const wanted = new Set(refs);
  const holders = new Set([...wanted].flatMap((ref) => holderOf(ref) ?? []));
  // What items are in is read with them.
  const groups = Map.groupBy(
    [...wanted].filter((ref) => !holders.has(ref)),
    (ref) => kindOf(ref),
  );
  const found = new Map<Ref, Actual | undefined>(Array.from(wanted, (ref) => [ref, undefined]));
  const reads = Array.from(groups, ([kind, group]) => readGroup(io, kind, { paths: group.map(pathOf), context }));
  for (const { object, ...rest } of (await Promise.all(reads)).flat()) {
    const ref = refOf(object.kind, object.path);
    if (wanted.has(ref)) found.set(ref, { object, ...rest });
  }
  return found;
}

interface Group {
  readonly paths: readonly FullPath[];
  readonly context: DeviceContext;
}

async function readGroup(io: Io, kind: Kind, { paths, context }: Group): Promise<readonly Actual[]> {
  const { within } = descriptorOf(kind);
  if (within !== undefined) return readWithMembers(io, new Set(paths.map((path) => pathOf(within(path)))), context);
  const home = homeOf(kind, context.partition);
  const inside = paths.filter((path) => partitionOf(path) === home);
  const many = kind !== 'partition' && (inside.length > MANY || (inside.length > 0 && LISTED.has(kind)));
  const single = many ? paths.filter((path) => partitionOf(path) !== home) : paths;
  const bodies = await Promise.all([
    many ? readKind(io, { kind, partition: context.partition, pageSize: PAGE }, (body) => body) : [],
    ...single.map((path) => readBodies(io, kind, path)),
  ]);
  return decodeBodies(io, kind, { bodies: bodies.flat(), context });
}

/** One object's body, or none. A monitor's type is not in its path, but its name is its own among all types. */
async function readBodies(io: Io, kind: Kind, path: FullPath): Promise<readonly Json[]> {
  const query = EXPANDED.has(kind) ? { expandSubcollections: 'true' } : {};
  const types = kind === 'monitor' ? MONITOR_TYPES : [undefined];
  const places = types.map((type) => objectPath(type === undefined ? { kind, path } : { kind, path, type }));
  const bodies = await Promise.all(places.map((place) => io.get(place, { query })));
  return bodies.filter((body) => body !== undefined);
}

async function decodeBodies(
  io: Io,
  kind: Kind,
  { bodies, context }: { readonly bodies: readonly Json[]; readonly context: DeviceContext },
): Promise<readonly Actual[]> {
  if (kind !== 'virtual') return bodies.map((body) => decodeObject(kind, body, context));
  const virtualAddresses = await readNamedAddresses(io, bodies, context);
  return bodies.map((body) => decodeObject(kind, body, { ...context, virtualAddresses }));
}

/** Virtual addresses with a name of their own: the destination shows the name, the object itself has the address. */
async function readNamedAddresses(
  io: Io,
  virtuals: readonly Json[],
  context: DecodeContext,
): Promise<ReadonlyMap<FullPath, Address>> {
  const destinations = virtuals.map((body) => splitDestination(textOf(body, 'destination') ?? 'any', context)[0]);
  const named = new Set(destinations.filter((path) => !isAddressName(path, context)));
  const addresses = await readObjects(
    io,
    Array.from(named, (path) => refOf('virtual-address', path)),
    context,
  );
  const result = new Map<FullPath, Address>();
  for (const [ref, actual] of addresses) {
    if (actual?.object.kind === 'virtual-address') result.set(pathOf(ref), actual.object.address);
  }
  return result;
}
