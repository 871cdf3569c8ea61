import type { Change, PlanUnit } from './plan.ts';
import type { Scope } from './scope.ts';
import type { Snapshot } from './snapshot.ts';
import type { Pool } from '../ir/pool.ts';
import type { FullPath } from '../ir/ref.ts';
import { compareText } from '../ir/compare-text.ts';
import { nameOf, pathOf, refOf } from '../ir/ref.ts';
import { isBareNode, isOurNode } from './node-ledger.ts';
import { allows } from './scope.ts';

/**
 * Housekeeping, off the event path: nodes that ledgers call unused and no pool uses are deleted, and the ledgers cleared
 * in the same transaction. At most `most` nodes a call (default 100).
 */
export function planNodeRemoval(context: {
  snapshot: Snapshot;
  instance: string;
  scope?: Scope | undefined;
  most?: number;
}): readonly PlanUnit[] {
  const { snapshot, instance, scope, most = 100 } = context;
  const ready = [...snapshot.unusedNodes()]
    .filter((node) => allows(scope, refOf('node', node)) && isOfPoolInScope(node, snapshot, scope))
    .filter((node) => isOurNode(node, snapshot, instance) && !isHeldByOthers(node, snapshot, instance))
    .sort(compareText);
  const units = new Map<FullPath, Change[]>();
  const cleared = new Map<FullPath, Set<string>>();
  for (const node of ready.slice(0, most)) {
    for (const pool of snapshot.poolsByUnusedNode(node)) {
      if (!isOurPool(pool, snapshot, instance) || !allows(scope, refOf('pool', pool))) continue;
      const names = cleared.get(pool) ?? new Set();
      cleared.set(pool, names.add(nameOf(node)));
    }
    const before = snapshot.get(refOf('node', node))?.object;
    const deletable = before !== undefined && snapshot.poolsOfNode(node).size === 0 && isBareNode(node, snapshot);
    const change = { op: 'delete', ref: refOf('node', node), before, origins: [], optional: true } as const;
    units.set(node, deletable ? [{ ...change, before }] : []);
  }
  return inOneUnit(units, { cleared, snapshot });
}

/** Its ledger must be in scope, too: of another pool it is not ours to clear. */
function isOfPoolInScope(node: FullPath, snapshot: Snapshot, scope: Scope | undefined): boolean {
  return [...snapshot.poolsByUnusedNode(node)].some((pool) => allows(scope, refOf('pool', pool)));
}

/** In use, but by no pool of ours that would vouch for it: it stays in the ledger until the others let go. */
function isHeldByOthers(node: FullPath, snapshot: Snapshot, instance: string): boolean {
  const users = [...snapshot.poolsOfNode(node)];
  return users.length > 0 && !users.some((path) => isOurPool(path, snapshot, instance));
}

function isOurPool(path: FullPath, snapshot: Snapshot, instance: string): boolean {
  return snapshot.get(refOf('pool', path))?.object.mark?.instance === instance;
}

/** One unit for all nodes: their ledgers overlap, and deletes are optional, so that one in use elsewhere stops no other. */
function inOneUnit(
  nodes: ReadonlyMap<FullPath, readonly Change[]>,
  { cleared, snapshot }: { cleared: ReadonlyMap<FullPath, ReadonlySet<string>>; snapshot: Snapshot },
): readonly PlanUnit[] {
  const updates: Change[] = [];
  for (const [path, names] of [...cleared].sort((a, b) => compareText(a[0], b[0]))) {
    const ref = refOf('pool', path);
    const before = snapshot.get(ref)?.object;
    if (before?.kind !== 'pool') continue;
    const after = withoutUnused(before, names);
    const fields = [{ field: 'nodeLedger', from: before.nodeLedger, to: after.nodeLedger }];
    updates.push({ op: 'update', ref, before, after, fields, origins: before.mark?.origins ?? [] });
  }
  const changes = [...updates, ...[...nodes.values()].flat()];
  const [first] = changes;
  return first === undefined ? [] : [{ id: `nodes ${pathOf(first.ref)}`, wave: 3, changes, origins: [] }];
}

function withoutUnused(pool: Pool, names: ReadonlySet<string>): Pool {
  const { nodeLedger: { unused: all = [], ...kept } = {}, ...rest } = pool;
  const unused = all.filter((name) => !names.has(name));
  const ledger = unused.length > 0 ? { ...kept, unused } : kept;
  return Object.keys(ledger).length === 0 ? rest : { ...rest, nodeLedger: ledger };
}
