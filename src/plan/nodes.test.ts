import type { Node } from '../ir/node.ts';
import type { NodeLedger, Pool } from '../ir/pool.ts';
import { describe, expect, it } from 'vitest';
import {
  allRefs,
  contribution,
  desiredOf,
  INSTANCE,
  options,
  ours,
  pool,
  snapshotOf,
} from '../../test/support/objects.ts';
import { canonical } from '../ir/canonical.ts';
import { buildPlan } from './build-plan.ts';
import { MemorySnapshot } from './memory-snapshot.ts';
import { isBareNode, isOurNode, nodesBroughtAlong } from './node-ledger.ts';
import { planNodeRemoval } from './node-removal.ts';

function node(ip: string, more: Partial<Node> = {}): Node {
  return { kind: 'node', path: `/k/${ip}`, address: { ip }, ...more };
}

/** The pool that a plan writes, with its ledger. */
function written(ips: readonly string[], snapshot: MemorySnapshot): Pool | undefined {
  const desired = desiredOf(contribution('web', [pool('web', ips)]));
  const changes = buildPlan(allRefs(desired, snapshot), options(desired, snapshot)).plan.units.flatMap(
    (unit) => unit.changes,
  );
  const change = changes.find((one) => one.ref === 'pool:/k/web');
  return change !== undefined && change.op !== 'delete' && change.after.kind === 'pool' ? change.after : undefined;
}

function ledger(ips: readonly string[], before: MemorySnapshot): NodeLedger | undefined {
  return written(ips, before)?.nodeLedger;
}

function withLedger(name: string, ips: readonly string[], nodeLedger: NodeLedger): Pool {
  return ours(canonical({ ...pool(name, ips), nodeLedger }), name);
}

describe('the ledger of nodes', () => {
  it('is empty where all nodes came with the members', () => {
    expect(ledger(['10.0.0.1'], snapshotOf())).toBeUndefined();
    expect(
      ledger(['10.0.0.1', '10.0.0.2'], snapshotOf(ours(pool('web', ['10.0.0.1'])), node('10.0.0.1'))),
    ).toBeUndefined();
  });

  it('names nodes that were there before as foreign, and keeps doing so', () => {
    expect(ledger(['10.0.0.1'], snapshotOf(node('10.0.0.1')))).toEqual({ foreign: ['10.0.0.1'] });
    const before = snapshotOf(withLedger('web', ['10.0.0.1'], { foreign: ['10.0.0.1'] }), node('10.0.0.1'));
    expect(ledger(['10.0.0.1', '10.0.0.2'], before)).toEqual({ foreign: ['10.0.0.1'] });
  });

  it('takes a node that another pool of ours brought along for ours', () => {
    const before = snapshotOf(ours(pool('api', ['10.0.0.1']), 'api'), node('10.0.0.1'));
    expect(ledger(['10.0.0.1'], before)).toBeUndefined();
    const theirs = canonical({ ...pool('api', ['10.0.0.1']), mark: { instance: 'west', origins: [] } });
    expect(ledger(['10.0.0.1'], snapshotOf(theirs, node('10.0.0.1')))).toEqual({ foreign: ['10.0.0.1'] });
  });

  it('takes a node that another ledger of ours calls unused for ours', () => {
    const before = snapshotOf(withLedger('api', [], { unused: ['10.0.0.1'] }), node('10.0.0.1'));
    expect(ledger(['10.0.0.1'], before)).toBeUndefined();
  });

  it('names nodes of former members as unused, but not foreign ones, and drops them when they come back', () => {
    const before = snapshotOf(
      withLedger('web', ['10.0.0.1', '10.0.0.2', '10.0.0.3'], { foreign: ['10.0.0.3'], unused: ['10.0.0.9'] }),
    );
    expect(ledger(['10.0.0.1'], before)).toEqual({ unused: ['10.0.0.2', '10.0.0.9'] });
    expect(ledger(['10.0.0.9'], before)).toEqual({ unused: ['10.0.0.1', '10.0.0.2'] });
  });

  it('members stand on a node that /Common holds under another name', () => {
    const before = new MemorySnapshot(
      [],
      [
        { kind: 'node', address: '10.0.0.1', path: '/Common/web1' },
        { kind: 'node', address: '10.0.0.2', path: '/other/10.0.0.2' },
      ],
    );
    const made = written(['10.0.0.1', '10.0.0.2'], before);
    expect(made?.members?.map((one) => one.node)).toEqual(['/Common/web1', undefined]);
    expect(made?.nodeLedger).toBeUndefined();
    expect(nodesBroughtAlong(made!).map(({ path }) => path)).toEqual(['/k/10.0.0.2']);
    expect(nodesBroughtAlong(node('10.0.0.1'))).toEqual([]);
  });
});

describe('a deleted pool', () => {
  it('takes the nodes along that it alone uses, dressed and foreign ones not', () => {
    const gone = withLedger('web', ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'], {
      foreign: ['10.0.0.4'],
      unused: ['10.0.0.5'],
    });
    const nodes = [
      node('10.0.0.1'),
      node('10.0.0.2', { description: 'mine' }),
      ...['3', '4', '5'].map((n) => node(`10.0.0.${n}`)),
    ];
    const staying = ours(pool('api', ['10.0.0.3']), 'api');
    const snapshot = snapshotOf(gone, staying, ...nodes);
    const desired = desiredOf(contribution('api', [pool('api', ['10.0.0.3'])]));
    const [unit] = buildPlan(allRefs(desired, snapshot), options(desired, snapshot)).plan.units;
    expect(unit?.changes.map((change) => change.ref)).toEqual(['pool:/k/web', 'node:/k/10.0.0.1', 'node:/k/10.0.0.5']);
    expect(unit?.changes[1]).toMatchObject({ optional: true });
  });

  it('leaves a node that two leaving pools share to the last of them', () => {
    const snapshot = snapshotOf(
      ours(pool('a', ['10.0.0.1']), 'a'),
      ours(pool('b', ['10.0.0.1']), 'b'),
      node('10.0.0.1'),
    );
    const { units } = buildPlan(snapshot.refs(), options(desiredOf(), snapshot)).plan;
    expect(units.map(({ changes }) => changes.map((change) => change.ref))).toEqual([
      ['pool:/k/a'],
      ['pool:/k/b', 'node:/k/10.0.0.1'],
    ]);
  });
});

describe('removing unused nodes', () => {
  it('deletes them and clears all ledgers that name them, in one unit', () => {
    const snapshot = snapshotOf(
      withLedger('a', [], { unused: ['10.0.0.1', '10.0.0.2'] }),
      withLedger('b', ['10.0.0.2'], { unused: ['10.0.0.1'], foreign: ['10.0.0.2'] }),
      node('10.0.0.1'),
      node('10.0.0.2'),
    );
    const [unit, ...others] = planNodeRemoval({ snapshot, instance: INSTANCE });
    expect(others).toEqual([]);
    expect(unit?.changes.map((change) => `${change.op} ${change.ref}`)).toEqual([
      'update pool:/k/a',
      'update pool:/k/b',
      'delete node:/k/10.0.0.1',
    ]);
    const ledgers = unit!.changes.flatMap((change) =>
      change.op === 'update' && change.after.kind === 'pool' ? [change.after.nodeLedger] : [],
    );
    expect(ledgers).toEqual([undefined, { foreign: ['10.0.0.2'] }]);
  });

  it('keeps those that only another instance uses in the ledger', () => {
    const theirs = canonical({ ...pool('x', ['10.0.0.1']), mark: { instance: 'west', origins: [] } });
    const snapshot = snapshotOf(withLedger('a', [], { unused: ['10.0.0.1'] }), theirs, node('10.0.0.1'));
    expect(planNodeRemoval({ snapshot, instance: INSTANCE })).toEqual([]);
  });

  it('clears the ledger of a node that is gone, and takes a limited number at once', () => {
    const snapshot = snapshotOf(withLedger('a', [], { unused: ['10.0.0.1', '10.0.0.2'] }), node('10.0.0.2'));
    const [unit] = planNodeRemoval({ snapshot, instance: INSTANCE, most: 1 });
    expect(unit?.changes).toHaveLength(1);
    expect(unit?.changes[0]).toMatchObject({ op: 'update', after: { nodeLedger: { unused: ['10.0.0.2'] } } });
  });

  it('nodes that others hold do not keep it from those after them', () => {
    const theirs = canonical({ ...pool('x', ['10.0.0.1']), mark: { instance: 'west', origins: [] } });
    const mine = withLedger('a', [], { unused: ['10.0.0.1', '10.0.0.2'] });
    const snapshot = snapshotOf(theirs, mine, node('10.0.0.1'), node('10.0.0.2'));
    const [unit] = planNodeRemoval({ snapshot, instance: INSTANCE, most: 1 });
    expect(unit?.changes.map(({ op, ref }) => `${op} ${ref}`)).toEqual(['update pool:/k/a', 'delete node:/k/10.0.0.2']);
  });

  it('leaves a ledger of ours alone whose node is used by one more pool of ours, but for the entry', () => {
    const snapshot = snapshotOf(
      withLedger('a', [], { unused: ['10.0.0.1'] }),
      withLedger('b', ['10.0.0.1'], {}),
      node('10.0.0.1'),
    );
    const [unit] = planNodeRemoval({ snapshot, instance: INSTANCE });
    expect(unit?.changes.map((change) => `${change.op} ${change.ref}`)).toEqual(['update pool:/k/a']);
  });

  it('does nothing for ledgers of others', () => {
    const theirs = canonical({
      ...pool('x'),
      nodeLedger: { unused: ['10.0.0.1'] },
      mark: { instance: 'west', origins: [] },
    });
    const snapshot = snapshotOf(theirs, node('10.0.0.1'));
    expect(planNodeRemoval({ snapshot, instance: INSTANCE })).toEqual([]);
    expect(isOurNode('/k/10.0.0.1', snapshot, INSTANCE)).toBe(false);
  });

  it('never clears the ledger of a pool that is not ours, though one of ours names the same node', () => {
    const theirs = canonical({
      ...pool('x'),
      nodeLedger: { unused: ['10.0.0.1'] },
      mark: { instance: 'west', origins: [] },
    });
    const unmarked = canonical({ ...pool('y'), nodeLedger: { unused: ['10.0.0.1'] } });
    const snapshot = snapshotOf(theirs, unmarked, withLedger('a', [], { unused: ['10.0.0.1'] }), node('10.0.0.1'));
    const [unit] = planNodeRemoval({ snapshot, instance: INSTANCE });
    expect(unit?.changes.map(({ op, ref }) => `${op} ${ref}`)).toEqual(['update pool:/k/a', 'delete node:/k/10.0.0.1']);
  });

  it('knows a node that somebody dressed up', () => {
    const dressed = new MemorySnapshot([
      ['node:/k/10.0.0.1', { object: node('10.0.0.1'), otherMetadata: [{ name: 'x' }] }],
    ]);
    expect(isBareNode('/k/10.0.0.1', dressed)).toBe(false);
    expect(isBareNode('/k/10.0.0.2', dressed)).toBe(false);
    expect(isBareNode('/k/web', snapshotOf({ kind: 'node', path: '/k/web', address: { ip: '10.0.0.1' } }))).toBe(false);
    expect(isBareNode('/k/10.0.0.1', snapshotOf(node('10.0.0.1')))).toBe(true);
  });
});

describe('the snapshot', () => {
  it('counts what each instance owns and forgets what goes', () => {
    const snapshot = snapshotOf(ours(pool('a', ['10.0.0.1'])), ours(pool('b', ['10.0.0.1'])));
    expect([snapshot.ownedBy(INSTANCE), snapshot.size, snapshot.poolsOfNode('/k/10.0.0.1').size]).toEqual([2, 3, 2]);
    snapshot.set('pool:/k/a', undefined);
    snapshot.set('pool:/k/none', undefined);
    expect([...snapshot.poolsOfNode('/k/10.0.0.1')]).toEqual(['/k/b']);
    snapshot.set('pool:/k/b', undefined);
    expect([snapshot.ownedBy(INSTANCE), snapshot.poolsOfNode('/k/10.0.0.1').size]).toEqual([0, 0]);
    expect([...snapshot.refsOfOrigin('east:Service/default/web')]).toEqual([]);
  });

  it('keeps three users of a node apart', () => {
    const snapshot = snapshotOf(...['a', 'b', 'c'].map((name) => ours(pool(name, ['10.0.0.1']))));
    snapshot.set('pool:/k/b', { object: ours(pool('b', ['10.0.0.1', '10.0.0.2'])) });
    expect([...snapshot.poolsOfNode('/k/10.0.0.1')].sort()).toEqual(['/k/a', '/k/b', '/k/c']);
    expect(snapshot.elsewhere('node', '10.0.0.1')).toBeUndefined();
  });
});
