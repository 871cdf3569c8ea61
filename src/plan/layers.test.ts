import { describe, expect, it } from 'vitest';
import type { Arp } from '../ir/neighbour.ts';
import type { FdbRecord, TunnelFdb } from '../ir/fdb.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { Pool } from '../ir/pool.ts';
import type { Route } from '../ir/route.ts';
import type { Change } from './plan.ts';
import { parseNetwork } from '../ir/network.ts';
import { refOf } from '../ir/ref.ts';
import { diffObjects } from './diff.ts';
import { atOnce } from './steps.ts';
import { groupUnits } from './units.ts';

const SERVICE = ['east:Service/default/web'];

function create(after: BigipObject, origins = SERVICE): Change {
  return { op: 'create', ref: refOf(after.kind, after.path), after, origins };
}
function remove(before: BigipObject, origins = SERVICE): Change {
  return { op: 'delete', ref: refOf(before.kind, before.path), before, origins };
}
function update(before: BigipObject, after: BigipObject, origins = SERVICE): Change {
  const fields = diffObjects(before, after);
  return { op: 'update', ref: refOf(after.kind, after.path), before, after, fields, origins };
}
function pool(...hosts: readonly number[]): Pool {
  return {
    kind: 'pool',
    path: '/k/web',
    members: hosts.map((host) => ({ address: { ip: `10.244.1.${host}` }, port: 80 })),
  };
}
function fdb(...nodes: readonly number[]): TunnelFdb {
  const record = (node: number): FdbRecord => ({
    mac: `c6:d2:32:6f:8f:0${node}`,
    endpoint: { ip: `10.1.20.10${node}` },
  });
  return { kind: 'fdb', path: '/k/fl', records: nodes.map(record) };
}
function arp(host: number): Arp {
  return { kind: 'arp', path: `/k/10.244.1.${host}`, address: { ip: `10.244.1.${host}` }, mac: 'c6:d2:32:6f:8f:01' };
}
function route(path: string, network: string): Route {
  return { kind: 'route', path, network: parseNetwork(network)!, gateway: { ip: '10.1.20.101' } };
}
function order(changes: readonly Change[]): readonly string[] {
  return atOnce(groupUnits(changes)).flatMap((unit) => unit.changes.map(({ op, ref }) => `${unit.wave} ${op} ${ref}`));
}

describe('what carries the traffic of others', () => {
  it('is made before a member is enabled: FDB record and ARP entry, then the pool', () => {
    const changes = [update(pool(5), pool(5, 6)), create(arp(6)), update(fdb(1), fdb(1, 2), ['east:Node/node2'])];
    expect(order(changes)).toEqual(['0 update fdb:/k/fl', '1 create arp:/k/10.244.1.6', '2 update pool:/k/web']);
  });

  it('is let go of after the members: the pool, then ARP entry and FDB record', () => {
    const changes = [update(fdb(1, 2), fdb(1), ['east:Node/node2']), remove(arp(6)), update(pool(5, 6), pool(5))];
    expect(order(changes)).toEqual(['0 update pool:/k/web', '1 delete arp:/k/10.244.1.6', '2 update fdb:/k/fl']);
  });

  it('leaves what others let go of in its own place, after what was made and before what goes', () => {
    const monitor: BigipObject = { kind: 'monitor', path: '/k/m', type: 'tcp' };
    const watched: Pool = { ...pool(5), monitor: { monitors: ['/k/m'] } };
    const changes = [remove(monitor), create(arp(6)), update(watched, pool(5, 6)), remove(arp(7))];
    expect(order(changes)).toEqual([
      '0 create arp:/k/10.244.1.6',
      '1 update pool:/k/web',
      '2 delete monitor:/k/m',
      '3 delete arp:/k/10.244.1.7',
    ]);
  });

  it('is handed over at once: who lets go of a network does so before another takes it', () => {
    const changes = [
      create(route('/k/east_node2_10.244.1.0-24', '10.244.1.0/24'), ['east:Node/node2']),
      remove(route('/k/east_node1_10.244.1.0-24', '10.244.1.0/24'), ['east:Node/node1']),
      remove(route('/k/east_node1_10.244.9.0-24', '10.244.9.0/24'), ['east:Node/node1']),
      update(pool(5), pool()),
    ];
    expect(order(changes)).toEqual([
      '0 delete route:/k/east_node1_10.244.1.0-24',
      '1 create route:/k/east_node2_10.244.1.0-24',
      '2 update pool:/k/web',
      '3 delete route:/k/east_node1_10.244.9.0-24',
    ]);
  });
});
