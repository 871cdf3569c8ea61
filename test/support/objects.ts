import type { Contribution } from '../../src/desired/contribution.ts';
import type { BigipObject } from '../../src/ir/objects.ts';
import type { Pool, PoolMember } from '../../src/ir/pool.ts';
import type { Ref } from '../../src/ir/ref.ts';
import type { VirtualAddress } from '../../src/ir/virtual-address.ts';
import type { VirtualServer } from '../../src/ir/virtual.ts';
import type { PlanOptions } from '../../src/plan/build-plan.ts';
import type { Snapshot } from '../../src/plan/snapshot.ts';
import { DesiredState } from '../../src/desired/desired-state.ts';
import { canonical } from '../../src/ir/canonical.ts';
import { refOf } from '../../src/ir/ref.ts';
import { MemorySnapshot } from '../../src/plan/memory-snapshot.ts';

/** The instance and partition of tests. */
export const INSTANCE = 'east';
export const PARTITION = 'k';

export function member(ip: string, port = 8080, more: Partial<PoolMember> = {}): PoolMember {
  return { address: { ip }, port, ...more };
}

export function pool(name: string, ips: readonly string[] = [], more: Partial<Pool> = {}): Pool {
  return canonical({ kind: 'pool', path: `/${PARTITION}/${name}`, members: ips.map((ip) => member(ip)), ...more });
}

export function virtual(name: string, ip: string, more: Partial<VirtualServer> = {}): VirtualServer {
  return canonical({
    kind: 'virtual',
    path: `/${PARTITION}/${name}`,
    destination: { address: { ip }, port: 80 },
    virtualAddress: `/${PARTITION}/${ip}`,
    ipProtocol: 'tcp',
    pool: `/${PARTITION}/${name}`,
    profiles: [{ path: '/Common/tcp', context: 'all' }],
    ...more,
  });
}

export function virtualAddress(ip: string, more: Partial<VirtualAddress> = {}): VirtualAddress {
  return canonical({ kind: 'virtual-address', path: `/${PARTITION}/${ip}`, address: { ip }, ...more });
}

/** The objects of one Service: virtual server, virtual address, pool. */
export function service(name: string, ip: string, ips: readonly string[]): readonly BigipObject[] {
  return [virtual(name, ip), virtualAddress(ip), pool(name, ips)];
}

export function contribution(
  name: string,
  objects: readonly BigipObject[],
  more: Partial<Contribution> = {},
): Contribution {
  const origin = `east:Service/default/${name}`;
  return { cell: origin, origin, since: '2026-01-01T00:00:00Z', objects, diagnostics: [], ...more };
}

export function ref(object: BigipObject): Ref {
  return refOf(object.kind, object.path);
}

/** An object with our mark, as the device would have it. */
export function ours<T extends BigipObject>(object: T, ...names: readonly string[]): T {
  const origins = (names.length === 0 ? ['web'] : names).map((name) => `east:Service/default/${name}`);
  return canonical({ ...object, mark: { instance: INSTANCE, origins } });
}

export function snapshotOf(...objects: readonly BigipObject[]): MemorySnapshot {
  const partition = { kind: 'partition', path: `/${PARTITION}` } as const;
  return new MemorySnapshot([partition, ...objects].map((object) => [ref(object), { object }]));
}

export function desiredOf(...contributions: readonly Contribution[]): DesiredState {
  const desired = new DesiredState();
  for (const one of contributions) desired.update(one);
  return desired;
}

export function options(desired: DesiredState, snapshot: Snapshot, more: Partial<PlanOptions> = {}): PlanOptions {
  return { instance: INSTANCE, partition: PARTITION, desired, snapshot, incomplete: new Set(), ...more };
}

/** All refs that are wanted or there. */
export function allRefs(desired: DesiredState, snapshot: Snapshot): ReadonlySet<Ref> {
  return new Set([...desired.refs(), ...snapshot.refs()]);
}
