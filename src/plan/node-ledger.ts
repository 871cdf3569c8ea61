import type { Snapshot } from './snapshot.ts';
import type { Node } from '../ir/node.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { NodeLedger, Pool, PoolMember } from '../ir/pool.ts';
import type { FullPath } from '../ir/ref.ts';
import { printAddress } from '../ir/address.ts';
import { compareText } from '../ir/compare-text.ts';
import { nameOf, partitionOf, refOf } from '../ir/ref.ts';
import { nodesOfPool } from './memory-snapshot.ts';

/**
 * Nodes and who brought them along. The device makes a node together with its first member and keeps it when the last
 * one goes, so somebody has to remember which nodes are ours to remove. A pool that carries our mark vouches for the
 * nodes of its members, but for those that its ledger calls foreign; and for the nodes that its ledger calls unused.
 * All of it is written in the same request as the members, so a crash at any point leaves nothing unaccounted for.
 */

/** Whether a node is there because a pool of this instance brought it along. */
export function isOurNode(node: FullPath, snapshot: Snapshot, instance: string): boolean {
  const vouches = (path: FullPath): boolean => {
    const pool = poolAt(path, snapshot);
    return pool?.mark?.instance === instance && pool.nodeLedger?.foreign?.includes(nameOf(node)) !== true;
  };
  for (const pool of snapshot.poolsOfNode(node)) if (vouches(pool)) return true;
  for (const pool of snapshot.poolsByUnusedNode(node)) if (vouches(pool)) return true;
  return false;
}

/** The pool with its members standing on nodes that exist elsewhere, and with its ledger brought up to date. */
export function withLedger(pool: Pool, before: Pool | undefined, context: LedgerContext): Pool {
  const { snapshot, instance } = context;
  const nodes = ownNodes(pool);
  const foreign = new Set([...nodes].filter((node) => isForeignNode(node, before, { snapshot, instance })));
  const unused = new Set(before?.mark?.instance === instance ? unusedAfter(before, nodes) : []);
  const ledger: NodeLedger = {
    ...(foreign.size > 0 ? { foreign: names(foreign) } : {}),
    ...(unused.size > 0 ? { unused: names(unused) } : {}),
  };
  const { nodeLedger: _, ...rest } = pool;
  return Object.keys(ledger).length === 0 ? rest : { ...rest, nodeLedger: ledger };
}

/** What the ledger needs to know. */
export interface LedgerContext {
  readonly snapshot: Snapshot;
  readonly instance: string;
}

/** Objects of `/Common` and of its own partition can be used by an object; those of other partitions cannot. */
export function isUsable(path: FullPath, by: FullPath): boolean {
  const partition = partitionOf(path);
  return partition === 'Common' || partition === partitionOf(by);
}

/** Members whose address a node of another name holds already (0107003b) stand on that node, if it can be used. */
export function standOnHeldNodes(pool: Pool, snapshot: Snapshot): Pool {
  const held = (member: PoolMember): FullPath | undefined => {
    const node = snapshot.elsewhere('node', printAddress(member.address));
    return node !== undefined && isUsable(node, pool.path) ? node : undefined;
  };
  if (pool.members?.some((member) => held(member) !== undefined) !== true) return pool;
  return {
    ...pool,
    members: pool.members.map((member) => {
      const node = held(member);
      return node === undefined ? member : { ...member, node };
    }),
  };
}

/** The nodes that go with a deleted pool: it vouches for them, and no pool but the given ones uses them. */
export function nodesLeftBehind(pool: Pool, leaving: ReadonlySet<FullPath>, snapshot: Snapshot): readonly FullPath[] {
  const partition = partitionOf(pool.path);
  const foreign = new Set(pool.nodeLedger?.foreign);
  const unused = (pool.nodeLedger?.unused ?? []).map((name) => `/${partition}/${name}`);
  return [...new Set([...ownNodes(pool), ...unused])]
    .filter((node) => !foreign.has(nameOf(node)) && snapshot.get(refOf('node', node)) !== undefined)
    .filter((node) => [...snapshot.poolsOfNode(node)].every((user) => leaving.has(user)))
    .sort(compareText);
}

/** A node that somebody dressed up is not ours any more: it carries a description, a mark or foreign metadata. */
export function isBareNode(node: FullPath, snapshot: Snapshot): boolean {
  const actual = snapshot.get(refOf('node', node));
  if (actual === undefined || actual.object.kind !== 'node') return false;
  const { description, mark, address } = actual.object;
  const dressed = description !== undefined || mark !== undefined || (actual.otherMetadata?.length ?? 0) > 0;
  return !dressed && printAddress(address) === nameOf(node);
}

/** The nodes that the device makes of itself when it gets this object. */
export function nodesBroughtAlong(object: BigipObject): readonly Node[] {
  if (object.kind !== 'pool' && object.kind !== 'pool-member') return [];
  const partition = partitionOf(object.path);
  const members = object.kind === 'pool' ? (object.members ?? []) : [object];
  return members
    .filter(({ node }) => node === undefined)
    .map(({ address }) => ({ kind: 'node', path: `/${partition}/${printAddress(address)}`, address }));
}

function isForeignNode(node: FullPath, before: Pool | undefined, { snapshot, instance }: LedgerContext): boolean {
  const known = before?.mark?.instance === instance && ownNodes(before).has(node);
  if (known) return before.nodeLedger?.foreign?.includes(nameOf(node)) === true;
  return snapshot.get(refOf('node', node)) !== undefined && !isOurNode(node, snapshot, instance);
}

function unusedAfter(before: Pool, nodes: ReadonlySet<FullPath>): readonly FullPath[] {
  const partition = partitionOf(before.path);
  const foreign = new Set(before.nodeLedger?.foreign);
  const left = [...ownNodes(before)].filter((node) => !foreign.has(nameOf(node)));
  const already = (before.nodeLedger?.unused ?? []).map((name) => `/${partition}/${name}`);
  return [...left, ...already].filter((node) => !nodes.has(node));
}

/** Nodes in the pool's own partition: those elsewhere are never ours. */
function ownNodes(pool: Pool): ReadonlySet<FullPath> {
  const partition = partitionOf(pool.path);
  return new Set(nodesOfPool(pool).filter((node) => partitionOf(node) === partition));
}

function names(paths: Iterable<FullPath>): readonly string[] {
  return [...paths].map(nameOf).sort(compareText);
}

function poolAt(path: FullPath, snapshot: Snapshot): Pool | undefined {
  const object = snapshot.get(refOf('pool', path))?.object;
  return object?.kind === 'pool' ? object : undefined;
}
