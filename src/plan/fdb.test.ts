import { describe, expect, it } from 'vitest';
import type { BigipObject } from '../ir/objects.ts';
import { contribution, desiredOf, options, ours, snapshotOf } from '../../test/support/objects.ts';
import { refOf } from '../ir/ref.ts';
import { decide } from './decide.ts';

const REF = refOf('fdb', '/k/t');
const tunnel: BigipObject = { kind: 'tunnel', path: '/k/t', profile: '/k/p' };

function table(...nodes: readonly number[]): BigipObject {
  const records = nodes.map((node) => ({ mac: `c6:d2:32:6f:8f:4${node}`, endpoint: { ip: `10.1.20.10${node}` } }));
  return { kind: 'fdb', path: '/k/t', records };
}

/** What one node gives: its record. */
function node(number: number, more: object = {}) {
  return contribution(`node${number}`, [table(number)], { joins: [REF], ...more });
}

describe('a forwarding table, to which every node gives its record', () => {
  it('is ours if its tunnel is, and changes by records', () => {
    const { changes } = decide(REF, options(desiredOf(node(1), node(2)), snapshotOf(ours(tunnel), table(1))));
    expect(changes).toMatchObject([{ op: 'update', fields: [{ field: 'records', item: 'c6:d2:32:6f:8f:42' }] }]);
  });

  it('of a tunnel that is not ours is left as it is', () => {
    const { changes, withheld } = decide(REF, options(desiredOf(node(1)), snapshotOf(tunnel, table(2))));
    expect([changes, withheld?.reason]).toEqual([[], 'foreign']);
  });

  it('keeps the record of a node that cannot be understood', () => {
    const desired = desiredOf(node(1), node(2));
    desired.update({ ...node(2), objects: [], frozen: true });
    const { changes } = decide(REF, options(desired, snapshotOf(ours(tunnel, 'node1', 'node2'), table(1, 2))));
    expect(changes).toEqual([]);
  });
});
