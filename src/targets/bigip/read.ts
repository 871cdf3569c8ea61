import { setImmediate } from 'node:timers/promises';
import type { Address } from '../../ir/address.ts';
import type { Kind } from '../../ir/objects.ts';
import type { FullPath, Ref } from '../../ir/ref.ts';
import type { HeldElsewhere } from '../../plan/memory-snapshot.ts';
import type { Actual, Snapshot } from '../../plan/snapshot.ts';
import type { Io } from './client/io.ts';
import type { DecodeContext } from './decode/values.ts';
import type { DeviceContext, Json } from './request.ts';
import { printAddress } from '../../ir/address.ts';
import { printNetwork } from '../../ir/network.ts';
import { descriptorOf } from '../../ir/objects.ts';
import { nameOf, partitionOf, refOf } from '../../ir/ref.ts';
import { MemorySnapshot } from '../../plan/memory-snapshot.ts';
import { eachInSteps } from '../../plan/steps.ts';
import { hasModule } from './client/device.ts';
import { RestError } from './client/errors.ts';
import { decodeObject } from './decode/decode-object.ts';
import { decodeRoute } from './decode/net.ts';
import { gtmPath } from './decode/gtm.ts';
import { addressOf, itemPath, normalPath, textOf } from './decode/values.ts';
import type { Scope } from '../../plan/scope.ts';
import { isOfPoolsAlone } from '../../plan/scope.ts';
import { collectionPath, objectPath } from './names.ts';
import { readPools } from './read-pools.ts';
import { IncompleteRead, readCollection } from './read-collection.ts';
import { plainPage, readKind } from './read-kind.ts';

/** What a read of the whole partition needs to know. */
export interface ReadOptions {
  readonly partition: string;
  readonly kinds: readonly Kind[];
  /** Pools and virtual servers in one page: 30 to 100 where they have many members or profiles (facts 11.3). */
  readonly pageSize: number;
  readonly context: DeviceContext;
  readonly signal: AbortSignal;
  /** What may be written: other pools' members are read for it, and what it does not need is not. */
  readonly scope?: Scope | undefined;
}

/** A decoded object under its ref. */
type Entry = readonly [Ref, Actual];

/** Not read along with all others, at the same time: the partition comes before them, and virtual servers need addresses. */
const APART: ReadonlySet<Kind> = new Set(['partition', 'virtual']);

/** What is wrong with a device that is to answer DNS and has not got the module. */
const GTM_NOT_PROVISIONED =
  'the module DNS (gtm) is not provisioned on the device; provision it (System > Resource Provisioning), or remove dns from the target';

/**
 * Reads a partition, its sub-folders among it, and who holds addresses elsewhere on the device. All or nothing: a page
 * that cannot be read fails the whole. Collections are read at the same time; `io` bounds how many requests are out.
 * A partition that does not exist gives a snapshot without `partition:/<name>` and without objects.
 * @throws {IncompleteRead} a collection does not hold still, or is missing. What `io.get` throws.
 */
export async function readSnapshot(io: Io, options: ReadOptions): Promise<Snapshot> {
  const { scope, context } = options;
  if (scope === undefined || scope.pools.size === 0) return readPartition(io, options);
  const pools = readPools(io, scope.pools, context);
  if (!isOfPoolsAlone(scope)) {
    const [snapshot, entries] = await Promise.all([readPartition(io, options), pools]);
    for (const [ref, actual] of entries) snapshot.set(ref, actual);
    return snapshot;
  }
  // Addresses that nodes hold are the device's own; domains are given with each.
  const elsewhere = readElsewhere(io, { ...options, kinds: ['node'] }, { ...context, defaultRouteDomain: 0 });
  const [entries, held] = await Promise.all([pools, elsewhere]);
  options.signal.throwIfAborted();
  return new MemorySnapshot(entries, held);
}

async function readPartition(io: Io, options: ReadOptions): Promise<Snapshot> {
  const { partition, kinds, pageSize, signal } = options;
  const found = await io.get(objectPath({ kind: 'partition', path: `/${partition}` }));
  if (found === undefined) await expectCommon(io);
  const owner = found === undefined ? undefined : decodeObject('partition', found, options.context);
  const context: DecodeContext = { ...options.context, ...domainOf(owner), share: createSharing() };
  const exists = owner !== undefined;
  const obstacle = kinds.some(isOfGtm) ? await obstacleToGtm(io) : GTM_NOT_ASKED_FOR;
  const lacksGtm = obstacle !== undefined;
  const firstKinds = kinds
    .filter((kind) => descriptorOf(kind).within === undefined)
    .filter((kind) => (isOfGtm(kind) ? !lacksGtm && (exists || inCommon(kind)) : exists && !APART.has(kind)));
  const [elsewhere, ...first] = await Promise.all([
    readElsewhere(io, lacksGtm ? { ...options, kinds: kinds.filter((kind) => !isOfGtm(kind)) } : options, context),
    ...firstKinds.map((kind) => readKind(io, { kind, partition, pageSize }, decodeAs(kind, context))),
  ]);
  signal.throwIfAborted();
  const objects = first.flat();
  const virtualAddresses = namedAddresses(objects, elsewhere);
  if (exists && kinds.includes('virtual')) {
    const decode = decodeAs('virtual', { ...context, virtualAddresses });
    objects.push(...(await readKind(io, { kind: 'virtual', partition, pageSize }, decode)));
  }
  if (owner !== undefined && kinds.includes('partition')) objects.push([refOf('partition', owner.object.path), owner]);
  const snapshot = new MemorySnapshot([], elsewhere, new Map(lacksGtm ? [['gtm', obstacle]] : []));
  // Ten thousand Services are a hundred thousand objects: others get their turn in between.
  for (const _ of eachInSteps(objects, ([ref, actual]) => snapshot.set(ref, actual))) await setImmediate();
  signal.throwIfAborted();
  return snapshot;
}

/** Nothing of it was read, so that nobody knows what is there. */
const GTM_NOT_ASKED_FOR = 'the target has no section dns, and without it the module DNS (gtm) is left alone; add one';

/** Why the module is left alone, and all else goes on; undefined: it can be read. */
async function obstacleToGtm(io: Io): Promise<string | undefined> {
  try {
    if (!(await hasModule(io, 'gtm'))) return GTM_NOT_PROVISIONED;
    await io.get(collectionPath('gtm-server'), { query: { $top: '1' } });
    return undefined;
  } catch (error) {
    if (!(error instanceof RestError) || ![401, 403].includes(error.status)) throw error;
    return `the user may not read the module DNS (gtm): ${error.message}`;
  }
}

function inCommon(kind: Kind): boolean {
  return descriptorOf(kind).inCommon === true;
}

function isOfGtm(kind: Kind): boolean {
  return descriptorOf(kind).module === 'gtm';
}

/** Right after a start the device calls everything missing for a while: that is no empty partition. */
async function expectCommon(io: Io): Promise<void> {
  const common = await io.get(objectPath({ kind: 'partition', path: '/Common' }));
  if (common === undefined) throw new IncompleteRead('the device does not even know partition Common: it is not ready');
}

function domainOf(owner: Actual | undefined): { readonly defaultRouteDomain?: number } {
  if (owner?.object.kind !== 'partition') return {};
  return { defaultRouteDomain: owner.object.defaultRouteDomain ?? 0 };
}

function decodeAs(kind: Kind, context: DecodeContext): (body: Json) => Entry {
  return (body) => {
    const actual = decodeObject(kind, body, context);
    return [refOf(kind, actual.object.path), actual];
  };
}

/**
 * Who holds which address outside the partition, or inside under another name than the address: the device takes an
 * address once per route domain (0107003b, 0107176c), and answers a host from one wide IP. A narrow read of their
 * collections.
 */
async function readElsewhere(io: Io, options: ReadOptions, context: DecodeContext): Promise<HeldElsewhere[]> {
  const { kinds, pageSize, partition } = options;
  const wanted = (['node', 'virtual-address'] as const).filter((kind) => kinds.includes(kind));
  const query = { $select: 'fullPath,address,partition' };
  const lists = await Promise.all(
    wanted.map((kind) =>
      readCollection(io, { path: collectionPath(kind), query, pageSize: plainPage(pageSize) }, (item) =>
        heldBy(kind, item, { ...context, partition }),
      ),
    ),
  );
  const routes = kinds.includes('route') ? readRoutesElsewhere(io, options, context) : [];
  const names = kinds.filter((kind) => descriptorOf(kind).uniqueName === true);
  const named = await Promise.all(names.map((kind) => readNames(io, kind, { pageSize, context: options.context })));
  return [...lists, ...named, await routes].flat();
}

/** Networks that static routes of other partitions lead to: the device takes a network once (01070330). */
async function readRoutesElsewhere(
  io: Io,
  { pageSize, partition }: ReadOptions,
  context: DecodeContext,
): Promise<HeldElsewhere[]> {
  const read = {
    path: collectionPath('route'),
    query: { $select: 'fullPath,name,partition,network' },
    pageSize: plainPage(pageSize),
  };
  return readCollection(io, read, (item) => {
    const path = itemPath(item, context);
    if (path === undefined || partitionOf(path) === partition) return undefined;
    const { network } = decodeRoute(normalPath(path, context), item, context);
    const isPlain = textOf(item, 'network')?.includes('%') !== true && context.defaultRouteDomain !== 0;
    const address = isPlain ? { ...network.address, routeDomain: 0 } : network.address;
    return { kind: 'route', path, address: printNetwork({ ...network, address }) };
  });
}

/** Names that are unique on the device and stand in other partitions. */
async function readNames(
  io: Io,
  kind: Kind,
  { pageSize, context }: { readonly pageSize: number; readonly context: DecodeContext },
): Promise<HeldElsewhere[]> {
  const read = {
    path: collectionPath(kind),
    query: { $select: 'fullPath,name,partition' },
    pageSize: plainPage(pageSize),
  };
  return readCollection(io, read, (item) => {
    const path = gtmPath(kind, item, context);
    if (path === undefined || partitionOf(path) === context.partition) return undefined;
    return { kind, path, address: nameOf(path) };
  });
}

function heldBy(kind: 'node' | 'virtual-address', item: Json, context: DecodeContext): HeldElsewhere | undefined {
  const fullPath = itemPath(item, context);
  const text = textOf(item, 'address');
  // Most of them: our own, named by the address.
  if (fullPath === `/${context.partition}/${text}`) return undefined;
  const address = text === undefined ? undefined : absoluteAddress(text, context);
  if (fullPath === undefined || address === undefined) return undefined;
  const path = normalPath(fullPath, context);
  const name = nameOf(path);
  if (name.startsWith('_auto_') || address.ip === '0.0.0.0' || address.ip === '::') return undefined;
  const printed = printAddress(address);
  const isUsual = partitionOf(path) === context.partition && name === printed;
  return isUsual ? undefined : { kind, path, address: printed };
}

/**
 * Without a partition filter addresses are printed with `%n` of their route domain, and without it in domain 0 (facts
 * 2.5); in our terms an address without one is in the partition's default domain.
 */
function absoluteAddress(text: string, context: DecodeContext): Address | undefined {
  const address = addressOf(text, context);
  if (address === undefined || text.includes('%') || context.defaultRouteDomain === 0) return address;
  return { ...address, routeDomain: 0 };
}

/** Addresses of virtual addresses by path, where the name does not say it. */
function namedAddresses(
  objects: readonly Entry[],
  elsewhere: readonly HeldElsewhere[],
): ReadonlyMap<FullPath, Address> {
  const addresses = new Map<FullPath, Address>();
  const context = { version: [], defaultRouteDomain: 0, partition: '' };
  for (const { kind, path, address } of elsewhere) {
    const parsed = kind === 'virtual-address' && nameOf(path) !== address ? addressOf(address, context) : undefined;
    if (parsed !== undefined) addresses.set(path, parsed);
  }
  for (const [, { object }] of objects) {
    if (object.kind !== 'virtual-address' || nameOf(object.path) === printAddress(object.address)) continue;
    addresses.set(object.path, object.address);
  }
  return addresses;
}

/** Gives the first copy of every text that it is asked for. One per read: it goes when the read is done. */
function createSharing(): (text: string) => string {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, text);
    return text;
  };
}
