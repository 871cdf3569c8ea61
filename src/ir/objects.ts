import type { Descriptor } from './descriptor.ts';
import type { Monitor } from './monitor.ts';
import type { Node } from './node.ts';
import type { Partition } from './partition.ts';
import type { Pool } from './pool.ts';
import type { VirtualAddress } from './virtual-address.ts';
import type { VirtualServer } from './virtual.ts';
import { monitorDescriptor } from './monitor.ts';
import { nodeDescriptor } from './node.ts';
import { partitionDescriptor } from './partition.ts';
import { poolDescriptor } from './pool.ts';
import { virtualAddressDescriptor } from './virtual-address.ts';
import { virtualDescriptor } from './virtual.ts';

/** Any object of a BIG-IP configuration that Fairlead knows. Frozen by type; made once, never changed. */
export type BigipObject = Monitor | Node | Partition | Pool | VirtualAddress | VirtualServer;

/** The kinds, by name. */
export type Kind = BigipObject['kind'];

/** The object type of a kind. */
export type ObjectOf<K extends Kind> = Extract<BigipObject, { readonly kind: K }>;

/** One descriptor per kind: a new kind does not compile until it has one. */
export const descriptors: { readonly [K in Kind]: Descriptor<ObjectOf<K>> } = {
  partition: partitionDescriptor,
  monitor: monitorDescriptor,
  node: nodeDescriptor,
  pool: poolDescriptor,
  'virtual-address': virtualAddressDescriptor,
  virtual: virtualDescriptor,
};

/** The descriptor of a kind, seen as one for any object: what generic code works with. */
export function descriptorOf(kind: Kind): Descriptor {
  return descriptors[kind] as unknown as Descriptor;
}
