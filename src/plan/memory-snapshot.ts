import type { Actual, AddressUse, Snapshot } from './snapshot.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { Pool } from '../ir/pool.ts';
import type { FullPath, Ref } from '../ir/ref.ts';
import { printAddress } from '../ir/address.ts';
import { partitionOf } from '../ir/ref.ts';

const NONE: ReadonlySet<FullPath> = new Set();

/** An address held outside the owned partitions. `address` in the form of `printAddress`. */
export interface HeldElsewhere extends AddressUse {
  readonly address: string;
}

/** The snapshot as plain maps. Every change costs what the object is worth, whatever the size of the whole. */
export class MemorySnapshot implements Snapshot {
  readonly #objects = new Map<Ref, Actual>();
  readonly #elsewhere = new Map<string, FullPath>();
  readonly #poolsOfNode = new Map<FullPath, Set<FullPath>>();
  readonly #virtualsOfAddress = new Map<FullPath, Set<FullPath>>();

  constructor(actuals: Iterable<readonly [Ref, Actual]> = [], elsewhere: Iterable<HeldElsewhere> = []) {
    for (const [ref, actual] of actuals) this.set(ref, actual);
    for (const { kind, address, path } of elsewhere) this.#elsewhere.set(`${kind} ${address}`, path);
  }

  get size(): number {
    return this.#objects.size;
  }

  get(ref: Ref): Actual | undefined {
    return this.#objects.get(ref);
  }

  refs(): Iterable<Ref> {
    return this.#objects.keys();
  }

  elsewhere(kind: AddressUse['kind'], address: string): FullPath | undefined {
    return this.#elsewhere.get(`${kind} ${address}`);
  }

  poolsOfNode(node: FullPath): ReadonlySet<FullPath> {
    return this.#poolsOfNode.get(node) ?? NONE;
  }

  virtualsOfAddress(address: FullPath): ReadonlySet<FullPath> {
    return this.#virtualsOfAddress.get(address) ?? NONE;
  }

  set(ref: Ref, actual: Actual | undefined): void {
    const before = this.#objects.get(ref);
    if (before !== undefined) this.#index(before.object, remove);
    if (actual === undefined) {
      this.#objects.delete(ref);
      return;
    }
    this.#objects.set(ref, actual);
    this.#index(actual.object, add);
  }

  #index(object: BigipObject, change: typeof add): void {
    if (object.kind === 'pool') for (const node of nodesOfPool(object)) change(this.#poolsOfNode, node, object.path);
    if (object.kind === 'virtual') change(this.#virtualsOfAddress, object.virtualAddress, object.path);
  }
}

/** The full paths of the nodes behind a pool's members: same partition and named by address, unless a member says otherwise. */
export function nodesOfPool(pool: Pool): readonly FullPath[] {
  const partition = partitionOf(pool.path);
  return (pool.members ?? []).map((member) => member.node ?? `/${partition}/${printAddress(member.address)}`);
}

function add(index: Map<FullPath, Set<FullPath>>, key: FullPath, value: FullPath): void {
  const values = index.get(key);
  if (values === undefined) index.set(key, new Set([value]));
  else values.add(value);
}

function remove(index: Map<FullPath, Set<FullPath>>, key: FullPath, value: FullPath): void {
  const values = index.get(key);
  values?.delete(value);
  if (values?.size === 0) index.delete(key);
}
