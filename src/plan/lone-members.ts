import type { Snapshot } from './snapshot.ts';
import type { Scope } from './scope.ts';
import type { Contribution } from '../desired/contribution.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Address } from '../ir/address.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { LoneMember } from '../ir/pool-member.ts';
import type { Pool } from '../ir/pool.ts';
import type { FullPath, Ref } from '../ir/ref.ts';
import { printAddress } from '../ir/address.ts';
import { compareText } from '../ir/compare-text.ts';
import { loneMember, poolOfLoneMember } from '../ir/pool-member.ts';
import { nameOf, partitionOf, refOf } from '../ir/ref.ts';
import { markOf } from './mark-of.ts';
import { isUsable } from './node-ledger.ts';
import { MemorySnapshot } from './memory-snapshot.ts';
import { domainOfPartition } from './route-domain.ts';
import { allows } from './scope.ts';

/**
 * The contribution with pools that are left to their owners taken apart: of such a pool its members are wanted, each as an
 * object of its own, and nothing else.
 */
export function membersApart(given: Contribution, scope: Scope | undefined, snapshot: Snapshot): Contribution {
  const pools = scope?.pools;
  if (
    pools === undefined ||
    pools.size === 0 ||
    !given.objects.some(({ kind, path }) => kind === 'pool' && pools.has(path))
  )
    return given;
  const members = new Map<Ref, readonly LoneMember[]>();
  const objects = given.objects.flatMap((object): readonly BigipObject[] => {
    if (object.kind !== 'pool' || !pools.has(object.path)) return [object];
    const items = apart(object, snapshot);
    members.set(refOf('pool', object.path), items);
    return items;
  });
  // Members of a pool that is given together are: who gave one stands on it, in a pool of ours.
  const joins = given.joins?.flatMap((ref) => members.get(ref)?.map(({ kind, path }) => refOf(kind, path)) ?? [ref]);
  return { ...given, objects, ...(joins === undefined ? {} : { joins }) };
}

/** The contribution with what is out of scope left out. Route domains are as the source gives them: no device is known. */
export function contributionInScope(given: Contribution, scope: Scope | undefined): Contribution {
  if (scope === undefined) return given;
  const apart = membersApart(given, scope, NO_DEVICE);
  return { ...apart, objects: apart.objects.filter(({ kind, path }) => allows(scope, refOf(kind, path))) };
}

const NO_DEVICE = new MemorySnapshot();

/** Addresses are named as the device names them: without the default route domain of the pool's partition. */
function apart(pool: Pool, snapshot: Snapshot): readonly LoneMember[] {
  const domain = domainOfPartition(snapshot, partitionOf(pool.path));
  return (pool.members ?? []).map((member) => {
    const { ip, routeDomain } = member.address;
    const address = routeDomain === undefined || routeDomain === domain ? { ip } : { ip, routeDomain };
    return loneMember(pool.path, { ...member, address });
  });
}

/** What of the device is kept when a member is written: its node and what people wrote there. */
export function wantedMember(
  member: LoneMember,
  actual: BigipObject | undefined,
  {
    snapshot,
    partition,
    instance,
  }: { readonly snapshot: Snapshot; readonly partition: string; readonly instance: string },
): LoneMember {
  const { node: _, description: __, mark, origin, ...rest } = member;
  const before = actual?.kind === 'pool-member' ? actual : undefined;
  const node = before === undefined ? heldNode(member, snapshot, partition) : before.node;
  const standing = { ...rest, ...(node === undefined ? {} : { node }) };
  const words = before?.description === undefined ? {} : { description: before.description };
  const owner = snapshot.get(refOf('pool', poolOfLoneMember(member.path)))?.object.mark;
  if (owner?.instance !== instance) return { ...standing, ...words, ...(mark === undefined ? {} : { mark }) };
  // A pool of ours says whose its members are, or each of them who gave it: as when the pool is written as a whole.
  if (before?.mark !== undefined) return { ...standing, ...words, mark: before.mark };
  return origin === undefined ? { ...standing, ...words } : { ...standing, origin };
}

/** A node that has the address under another name, if the pool can use it; undefined: the device makes one, or has it. */
function heldNode({ path, address }: LoneMember, snapshot: Snapshot, partition: string): FullPath | undefined {
  const pool = poolOfLoneMember(path);
  const home = partitionOf(pool);
  const domain = address.routeDomain ?? domainOfPartition(snapshot, home);
  const known: Address =
    domain === domainOfPartition(snapshot, partition) ? { ip: address.ip } : { ip: address.ip, routeDomain: domain };
  const node = snapshot.elsewhere('node', printAddress(known));
  if (node === undefined || !isUsable(node, pool)) return undefined;
  return partitionOf(node) === home && nameOf(node) === printAddress(address) ? undefined : node;
}

/** Most members that are named one by one. */
const NAMED = 5;

/** What a person should know of pools whose members alone are written. */
export function notesOnPools(scope: Scope | undefined, snapshot: Snapshot, instance: string): readonly Diagnostic[] {
  const pools = [...(scope?.pools ?? [])].sort(compareText);
  const notes = pools.flatMap((path) => noteOnOwner(path, snapshot, scope?.ownPools.has(path) === true));
  for (const pool of pools) {
    const members = foreignMembers(pool, snapshot, instance);
    if (members.length > 0) notes.push(noteOnMembers(pool, members.map(nameOf).sort(compareText)));
  }
  return notes;
}

/** In a pool of ours all members are. */
function foreignMembers(pool: FullPath, snapshot: Snapshot, instance: string): readonly FullPath[] {
  const members = [...snapshot.itemsOf(refOf('pool', pool))].flatMap((ref) => snapshot.get(ref)?.object ?? []);
  return members.filter((member) => markOf(member, snapshot)?.instance !== instance).map(({ path }) => path);
}

function noteOnOwner(path: FullPath, snapshot: Snapshot, isOwn: boolean): Diagnostic[] {
  const pool = snapshot.get(refOf('pool', path));
  if (pool === undefined) {
    const maker = isOwn ? 'it is made without --only' : 'its owner makes it';
    const summary = `pool ${path} is not on the device; its members wait until ${maker}`;
    return [{ code: 'pool-missing', severity: 'warning', summary }];
  }
  const { application } = pool;
  if (application === undefined || application.strict) return [];
  const summary = `pool ${path} belongs to the iApp ${application.path}, whose strict updates are off`;
  const detail = 'Its members can be written; whoever deploys the iApp again replaces them by those in its own table.';
  return [{ code: 'iapp-member', severity: 'warning', summary, detail }];
}

function noteOnMembers(pool: FullPath, names: readonly string[]): Diagnostic {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  const which = names.slice(0, NAMED).join(', ') + more;
  const summary = `pool ${pool} has members that are not ours, and that are left as they are: ${which}`;
  return { code: 'foreign-member', severity: 'info', summary };
}
